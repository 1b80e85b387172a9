/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/bundle_folder.h"
#include "site/foreign.h"

#define CANDIDATES_MAX 4096	/* bundles of one root on a stick */

/* A canonical number, "000012": nothing else is a bundle's folder. */
static bool
is_number_name(const char *name, struct number *out)
{
	char canonical[NUMBER_TEXT_SIZE];

	if (!number_from_decimal(name, out))
		return false;
	number_format(out, NUMBER_NAME_DIGITS, canonical);
	return strcmp(canonical, name) == 0;
}

static int
highest_first(const void *a, const void *b)
{
	return number_compare(b, a);
}

enum err
bundle_list_numbers(const struct medium_folder *folder, struct buffer *out,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	struct number number;
	size_t count = 0;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (!is_number_name(name, &number))
			continue;
		if (++count > CANDIDATES_MAX)
			return err_remedy(err, err_fail(err, ERR_FORMAT,
			    "%s: holds more than %d bundles", folder->path,
			    CANDIDATES_MAX), "move old ones away from there");
		TRY(buffer_append(out, &number, sizeof(number), err));
	}
	if (code == ERR_OK && count > 0)
		qsort(out->data, count, sizeof(struct number), highest_first);
	return code;
}

enum err
bundle_has_seal(const struct medium_folder *folder, bool *found,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	*found = false;
	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (!*found && listing_next(&listing, &name, &code, err))
		*found = bundle_is_seal_name(name);
	return code;
}

enum err
bundle_is_complete(const struct medium_folder *folder, bool *found,
    struct error *err)
{
	TRY(bundle_has_seal(folder, found, err));
	return *found ? err_about(err, file_find_at(folder->fd, "bundle.json",
	    found, err), folder->path) : ERR_OK;
}

/* Did a writer that was killed leave it?  It is never opened. */
static bool
is_temporary(const char *root, const char *name)
{
	char inner[MANIFEST_NAME_SIZE];

	if (!bundle_is_temporary_name(name))
		return false;
	snprintf(inner, sizeof(inner), "%.*s",
	    (int)(strlen(name) - strlen(".") - strlen(".crlferry-new")),
	    name + 1);
	return bundle_is_part_name(root, inner) || bundle_is_seal_name(inner);
}

/* It may be one of ours, in letters that another system gave it. */
static enum err
refuse_stranger(const struct medium_folder *folder, const char *root,
    const char *name, struct error *err)
{
	char part[MANIFEST_NAME_SIZE];

	for (int i = 0; i < BUNDLE_PART_COUNT; i++) {
		bundle_part_name((enum bundle_part)i, root, part);
		if (strcasecmp(part, name) == 0)
			return err_remedy(err, err_fail(err, ERR_FORMAT,
			    "%s/%s: is not a file of a bundle, in these "
			    "letters", folder->path, name), "rename it to %s; "
			    "if that is there as well, move it away", part);
	}
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s/%s: is not a "
	    "file of a bundle", folder->path, name),
	    "move it away from that folder");
}

/*
 * Load the seals that a folder holds; a stranger's file is refused, but for
 * what a system leaves everywhere.
 */
static enum err
load_seals(const struct medium_folder *folder, const char *root,
    struct bundle *bundle, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (bundle_is_part_name(root, name) ||
		    is_temporary(root, name) || foreign_is_name(name))
			continue;
		if (!bundle_is_seal_name(name))
			return refuse_stranger(folder, root, name, err);
		if (bundle->seal_count == BUNDLE_SEALS_MAX)
			return err_remedy(err, err_fail(err, ERR_FORMAT,
			    "%s/%s: is one seal more than the %d that a "
			    "bundle may have", folder->path, name,
			    BUNDLE_SEALS_MAX),
			    "move seals of keys that do not count away from "
			    "that folder");
		TRY(bundle_member_load_named(folder, name, MINISIGN_FILE_MAX,
		    &bundle->seals[bundle->seal_count], err));
		bundle->seal_count++;
	}
	return code;
}

/* Every part and seal of the bundle in a folder; a stranger is ERR_FORMAT. */
static enum err
load_folder(const struct medium_folder *folder, const char *root,
    uint64_t max_crl_bytes, struct bundle *bundle, struct error *err)
{
	const uint64_t caps[BUNDLE_PART_COUNT] = {
	    [BUNDLE_CRL] = max_crl_bytes,
	    [BUNDLE_CRL_PEM] = max_crl_bytes + max_crl_bytes / 2,
	    [BUNDLE_CERT] = BUNDLE_SMALL_MAX,
	    [BUNDLE_README] = BUNDLE_SMALL_MAX,
	    [BUNDLE_MANIFEST] = MANIFEST_MAX_BYTES,
	    [BUNDLE_SUMS] = BUNDLE_SMALL_MAX,
	};
	char name[MANIFEST_NAME_SIZE];
	enum err code;

	TRY(load_seals(folder, root, bundle, err));
	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		bundle_part_name((enum bundle_part)part, root, name);
		code = bundle_member_load_named(folder, name, caps[part],
		    &bundle->parts[part], err);
		TRY(code != ERR_MISSING ? code : err_remedy(err, code,
		    "the bundle is not whole: export it again"));
	}
	return ERR_OK;
}

enum err
source_open(const char *path, struct source *out, struct error *err)
{
	/* Looked at before it is opened: it may be a device. */
	CLOSE_FD int path_fd = open(path, O_PATH | O_CLOEXEC);
	CLOSE_FD int fd = -1;
	struct source source = {.fd = -1};
	bool is_bundle = false;
	const char *what;
	struct stat st;

	if (path_fd < 0 || fstat(path_fd, &st) != 0)
		return file_fail(err, path, "open");
	fd = S_ISDIR(st.st_mode) ? openat(path_fd, ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
	    file_reopen(path_fd, O_RDONLY);
	if (fd < 0 && file_is_irregular(errno, &what))
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: is %s, "
		    "not a medium, a bundle or a CRL file", path, what),
		    "name one of those");
	if (fd < 0)
		return file_fail(err, path, "open");
	TRY(file_join(source.path, sizeof(source.path), "", path, err));
	if (S_ISREG(st.st_mode)) {
		source.kind = SOURCE_BARE;
	} else {
		TRY(err_about(err, file_find_at(fd, "bundle.json",
		    &is_bundle, err), path));
		source.kind = is_bundle ? SOURCE_BUNDLE : SOURCE_MEDIUM;
	}
	source.fd = fd;
	fd = -1;
	*out = source;
	return ERR_OK;
}

void
source_release(struct source *source)
{
	file_close(&source->fd);
}

void
bundle_release(struct bundle *bundle)
{
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle_member_release(&bundle->parts[i]);
	for (size_t i = 0; i < bundle->seal_count; i++)
		bundle_member_release(&bundle->seals[i]);
}

/* The highest bundle that has a seal; out->fd stays -1 if there is none. */
static enum err
find_highest(const struct medium_folder *above, struct bundle *bundle,
    struct medium_folder *out, struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer numbers = {0};
	const struct number *list;

	TRY(bundle_list_numbers(above, &numbers, err));
	list = (const struct number *)(const void *)numbers.data;
	for (size_t i = 0; i < numbers.size / sizeof(*list); i++) {
		RELEASE_MEDIUM struct medium_folder folder =
		    MEDIUM_FOLDER_NONE;
		char name[NUMBER_TEXT_SIZE];
		bool found;

		number_format(&list[i], NUMBER_NAME_DIGITS, name);
		TRY(medium_folder_enter(above, name, &folder, err));
		TRY(bundle_is_complete(&folder, &found, err));
		if (found) {
			bundle->is_chosen = true;
			bundle->number = list[i];
			*out = folder;
			folder.fd = -1;
			return ERR_OK;
		}
		TRY(bundle_has_seal(&folder, &found, err));
		notice(notices, "%s: has no %s: passed over", folder.path,
		    found ? "bundle.json" : "seal, since an export was "
		    "interrupted or its CRL given up");
	}
	return ERR_OK;
}

/* The folder of the bundle to load; out->fd stays -1 if there is none. */
static enum err
find_folder(const struct source *source, const char *root,
    struct bundle *bundle, struct medium_folder *out,
    struct notices *notices, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	char name[MANIFEST_NAME_SIZE];
	bool found;

	if (source->kind == SOURCE_MEDIUM) {
		bundle_root_folder(root, name);
		TRY(medium_folder_find_in(source->fd, source->path, name,
		    &folder, err));
		return folder.fd < 0 ? ERR_OK :
		    find_highest(&folder, bundle, out, notices, err);
	}
	bundle_part_name(BUNDLE_CRL, root, name);
	TRY(err_about(err, file_find_at(source->fd, name, &found, err),
	    source->path));
	if (!found)
		return ERR_OK;
	memcpy(out->path, source->path, sizeof(out->path));
	out->fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 0);
	return out->fd < 0 ? file_fail(err, source->path, "open") : ERR_OK;
}

enum err
bundle_load(const struct source *source, const char *root,
    uint64_t max_crl_bytes, struct bundle *out, bool *found,
    struct notices *notices, struct error *err)
{
	RELEASE_BUNDLE struct bundle bundle = {0};
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle.parts[i].fd = -1;
	for (size_t i = 0; i < BUNDLE_SEALS_MAX; i++)
		bundle.seals[i].fd = -1;
	bundle.is_bare = source->kind == SOURCE_BARE;
	if (bundle.is_bare) {
		memcpy(bundle.path, source->path, sizeof(bundle.path));
		TRY(bundle_member_load(source->fd, "", source->path,
		    max_crl_bytes + max_crl_bytes / 2,
		    &bundle.parts[BUNDLE_CRL], err));
	} else {
		TRY(find_folder(source, root, &bundle, &folder, notices, err));
		memcpy(bundle.path, folder.path, sizeof(bundle.path));
		if (folder.fd >= 0)
			TRY(load_folder(&folder, root, max_crl_bytes, &bundle,
			    err));
	}
	*found = bundle.is_bare || folder.fd >= 0;
	*out = bundle;
	/* Its descriptors belong to *out now. */
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle.parts[i].fd = -1;
	bundle.seal_count = 0;
	return ERR_OK;
}

static enum err
check_listed(const struct manifest *manifest, enum bundle_part part,
    struct span content, struct error *err)
{
	const struct manifest_file *file;
	uint8_t digest[SHA256_SIZE];
	char name[MANIFEST_NAME_SIZE];

	bundle_part_name(part, manifest->root, name);
	file = manifest_find(manifest, name);
	if (file == NULL)
		return err_fail(err, ERR_FORMAT, "bundle.json: does not list "
		    "%s", name);
	if (file->size_bytes != content.size)
		return err_fail(err, ERR_DIGEST,
		    "%s: want %llu octets, have %zu", name,
		    (unsigned long long)file->size_bytes, content.size);
	TRY(sha256(content, digest, err));
	if (memcmp(digest, file->sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_DIGEST, "%s: its SHA-256 is not the "
		    "one in bundle.json", name);
	return ERR_OK;
}

enum err
bundle_check_members(const struct manifest *manifest,
    const struct span parts[BUNDLE_PART_COUNT], struct error *err)
{
	RELEASE_BUFFER struct buffer sums = {0};
	uint8_t digest[SHA256_SIZE];

	for (int part = 0; part < BUNDLE_LISTED_COUNT; part++)
		TRY(check_listed(manifest, (enum bundle_part)part, parts[part],
		    err));
	if (manifest->file_count != BUNDLE_LISTED_COUNT)
		return err_fail(err, ERR_FORMAT, "bundle.json: want %d files "
		    "listed, have %zu", BUNDLE_LISTED_COUNT,
		    manifest->file_count);
	TRY(sha256(parts[BUNDLE_MANIFEST], digest, err));
	TRY(bundle_sums(manifest, digest, &sums, err));
	if (!span_equals(span_of_buffer(&sums), parts[BUNDLE_SUMS]))
		return err_fail(err, ERR_DIGEST, "SHA256SUMS: its digests are "
		    "not those of bundle.json");
	return ERR_OK;
}

enum err
bundle_check_number(const struct bundle *bundle,
    const struct manifest *manifest, struct error *err)
{
	char want[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE];

	if (!bundle->is_chosen ||
	    number_compare(&bundle->number, &manifest->number) == 0)
		return ERR_OK;
	number_format(&bundle->number, 1, want);
	number_format(&manifest->number, 1, have);
	return err_fail(err, ERR_FORMAT, "bundle.json: want number %s, as its "
	    "folder says, have %s", want, have);
}
