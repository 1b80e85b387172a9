/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/bundle_folder.h"

#define CANDIDATES_MAX 4096	/* bundles of one root on a stick */

/* Is there such a file in a folder?  path is the folder's, for messages. */
static enum err
find_in(int folder, const char *path, const char *name, bool *found,
    struct error *err)
{
	return err_about(err, file_find_at(folder, name, found, err), path);
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
		return err_fail(err, ERR_FORMAT, "%s: want a medium, a "
		    "bundle or a CRL file, have %s", path, what);
	if (fd < 0)
		return file_fail(err, path, "open");
	TRY(file_join(source.path, sizeof(source.path), "", path, err));
	if (S_ISREG(st.st_mode)) {
		source.kind = SOURCE_BARE;
	} else {
		TRY(find_in(fd, path, "bundle.json", &is_bundle, err));
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
	size_t i;

	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		file_close(&bundle->parts[i].fd);
	for (i = 0; i < bundle->seal_count; i++)
		file_close(&bundle->seals[i].fd);
}

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
bundle_list_numbers(int folder, const char *path, struct buffer *out,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	struct number number;
	size_t count = 0;
	const char *name;
	enum err code;

	code = listing_open_at(folder, path, &listing, err);
	while (listing_next(&listing, &name, &code, err)) {
		if (!is_number_name(name, &number))
			continue;
		if (++count > CANDIDATES_MAX)
			code = err_fail(err, ERR_FORMAT, "%s: want at most "
			    "%d bundles, have more", path, CANDIDATES_MAX);
		else
			code = buffer_append(out, &number, sizeof(number),
			    err);
	}
	if (code == ERR_OK && count > 0)
		qsort(out->data, count, sizeof(struct number), highest_first);
	return code;
}

enum err
bundle_has_seal(int folder, const char *path, bool *found, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code;

	*found = false;
	code = listing_open_at(folder, path, &listing, err);
	while (!*found && listing_next(&listing, &name, &code, err))
		*found = bundle_is_seal_name(name);
	return code;
}

enum err
bundle_is_complete(int folder, const char *path, bool *found,
    struct error *err)
{
	TRY(bundle_has_seal(folder, path, found, err));
	return *found ? find_in(folder, path, "bundle.json", found, err) :
	    ERR_OK;
}

/* The highest bundle that has a seal; -1 in *out_fd where there is none. */
static enum err
find_highest(int root_folder, struct bundle *bundle, const char *path,
    int *out_fd, struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer numbers = {0};
	const struct number *list;
	enum err code;
	size_t i;

	code = bundle_list_numbers(root_folder, path, &numbers, err);
	if (code != ERR_OK)
		return code;
	list = (const struct number *)(const void *)numbers.data;
	for (i = 0; i < numbers.size / sizeof(*list); i++) {
		char name[NUMBER_TEXT_SIZE];
		CLOSE_FD int fd = -1;
		bool found = false;

		number_format(&list[i], NUMBER_NAME_DIGITS, name);
		TRY(file_join(bundle->path, sizeof(bundle->path), path, name,
		    err));
		fd = bundle_open_beneath(root_folder, name,
		    O_RDONLY | O_DIRECTORY);
		if (fd < 0)
			return bundle_fail_beneath(bundle->path, err);
		code = bundle_is_complete(fd, bundle->path, &found, err);
		if (code != ERR_OK)
			return code;
		if (found) {
			bundle->is_chosen = true;
			bundle->number = list[i];
			*out_fd = fd;
			fd = -1;
			return ERR_OK;
		}
		notice(notices, "%s: has no seal, since an export was "
		    "interrupted or its CRL given up: passed over",
		    bundle->path);
	}
	return ERR_OK;
}

static enum err
find_folder(const struct source *source, const char *root,
    struct bundle *bundle, int *out_fd, struct notices *notices,
    struct error *err)
{
	CLOSE_FD int folder = -1;
	char name[MANIFEST_NAME_SIZE];
	char path[4096];
	bool found;

	if (source->kind == SOURCE_BUNDLE) {
		bundle_part_name(BUNDLE_CRL, root, name);
		TRY(find_in(source->fd, source->path, name, &found, err));
		if (!found)
			return ERR_OK;
		*out_fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 0);
		if (*out_fd < 0)
			return file_fail(err, source->path, "open");
		return file_join(bundle->path, sizeof(bundle->path), "",
		    source->path, err);
	}
	bundle_root_folder(root, name);
	TRY(file_join(path, sizeof(path), source->path, name, err));
	folder = bundle_open_beneath(source->fd, name,
	    O_RDONLY | O_DIRECTORY);
	if (folder < 0 && errno == ENOENT)
		return ERR_OK;
	if (folder < 0)
		return bundle_fail_beneath(path, err);
	return find_highest(folder, bundle, path, out_fd, notices, err);
}

enum err
bundle_load(const struct source *source, const char *root,
    uint64_t max_crl_bytes, struct bundle *out, bool *found,
    struct notices *notices, struct error *err)
{
	RELEASE_BUNDLE struct bundle bundle = {0};
	CLOSE_FD int folder = -1;
	enum err code;
	size_t i;

	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle.parts[i].fd = -1;
	for (i = 0; i < BUNDLE_SEALS_MAX; i++)
		bundle.seals[i].fd = -1;
	bundle.is_bare = source->kind == SOURCE_BARE;
	if (bundle.is_bare) {
		code = file_join(bundle.path, sizeof(bundle.path), "",
		    source->path, err);
		if (code == ERR_OK)
			code = bundle_load_file(source->fd, "", source->path,
			    max_crl_bytes + max_crl_bytes / 2,
			    &bundle.parts[BUNDLE_CRL], err);
	} else {
		code = find_folder(source, root, &bundle, &folder, notices,
		    err);
		if (code == ERR_OK && folder >= 0)
			code = bundle_load_folder(folder, root, max_crl_bytes,
			    &bundle, err);
	}
	if (code != ERR_OK)
		return code;
	*found = bundle.is_bare || folder >= 0;
	*out = bundle;
	/* Its descriptors belong to *out now. */
	for (i = 0; i < BUNDLE_PART_COUNT; i++)
		bundle.parts[i].fd = -1;
	bundle.seal_count = 0;
	return ERR_OK;
}

enum err
bundle_member_read(const struct bundle_member *member, struct buffer *out,
    struct error *err)
{
	if (lseek(member->fd, 0, SEEK_SET) != 0)
		return file_fail(err, member->name, "read");
	return file_read_fd(member->fd, member->name, member->size_bytes, out,
	    err);
}

enum err
bundle_member_map(const struct bundle_member *member, struct span *out,
    struct error *err)
{
	void *memory;

	if (member->fd < 0 || member->size_bytes == 0)
		return ERR_OK;
	memory = mmap(NULL, (size_t)member->size_bytes, PROT_READ,
	    MAP_PRIVATE | MAP_POPULATE, member->fd, 0);
	if (memory == MAP_FAILED)
		return file_fail(err, member->name, "map");
	*out = (struct span){memory, (size_t)member->size_bytes};
	return ERR_OK;
}

void
bundle_member_unmap(const struct span *span)
{
	if (span->size > 0)
		munmap((void *)(uintptr_t)span->data, span->size);
}
