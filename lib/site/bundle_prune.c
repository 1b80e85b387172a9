/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/bundle_folder.h"
#include "site/foreign.h"

/* Is it a file that only we have made? */
static bool
is_ours(int folder, const void *context, const char *name)
{
	const char *root = context;
	struct stat st;

	return (bundle_is_part_name(root, name) ||
	    bundle_is_seal_name(name) || bundle_is_temporary_name(name)) &&
	    fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode);
}

/* The first name that is neither that nor foreign; empty if there is none. */
static enum err
find_stranger(const struct medium_folder *folder, const char *root,
    char out[NAME_MAX + 1], struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	out[0] = '\0';
	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (out[0] == '\0' && listing_next(&listing, &name, &code, err)) {
		if (!is_ours(folder->fd, root, name) && !foreign_is_name(name))
			snprintf(out, NAME_MAX + 1, "%s", name);
	}
	return code;
}

/*
 * Files that a system left go too, so that the folder can: of whatever kind,
 * unopened.  One that cannot be removed does no harm.
 */
static enum err
remove_foreign(const struct medium_folder *folder, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (foreign_is_name(name))
			(void)unlinkat(folder->fd, name, 0);
	}
	return code;
}

static enum err
remove_bundle(const struct medium_folder *above, const char *name,
    const char *root, struct notices *notices, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	char stranger[NAME_MAX + 1];
	struct error why;

	if (medium_folder_enter(above, name, &folder, &why) != ERR_OK) {
		notice(notices, "%s; it stays there", why.what);
		return ERR_OK;
	}
	TRY(find_stranger(&folder, root, stranger, err));
	if (stranger[0] != '\0') {
		notice(notices, "%s: is old and stays there: %s in it is not "
		    "a bundle's file", folder.path, stranger);
		return ERR_OK;
	}
	TRY(bundle_remove_seals(&folder, err));
	TRY(medium_folder_remove_all(&folder, is_ours, root, err));
	TRY(remove_foreign(&folder, err));
	/* A foreign folder, or file that is in use, keeps it, empty of ours. */
	if (unlinkat(above->fd, name, AT_REMOVEDIR) != 0 &&
	    errno != ENOTEMPTY && errno != EEXIST)
		return file_fail(err, folder.path, "remove");
	return ERR_OK;
}

/* Is there a whole bundle of this name?  A link or a file is none. */
static enum err
is_complete(const struct medium_folder *above, const char *name, bool *out,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	struct error why;
	const enum err code = medium_folder_enter(above, name, &folder, &why);

	*out = false;
	if (code != ERR_OK)
		return code == ERR_FORMAT ? ERR_OK : err_copy(err, &why);
	return bundle_is_complete(&folder, out, err);
}

/* The highest bundle is the one that every importer takes. */
static void
notice_higher(struct notices *notices, const char *folder, const char *name)
{
	notice_safety(notices, "ATTENTION: %s/%s: its number is higher than "
	    "that of the bundle that was written, and an import takes the "
	    "highest: was this machine restored from an old backup, or has "
	    "the number leapt?  See RESTORING and RECOVERING in "
	    "crlferry-root(1)", folder, name);
}

enum err
bundle_prune(const char *medium, const char *root,
    const struct number *written, struct notices *notices,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	RELEASE_BUFFER struct buffer numbers = {0};
	bool has_higher = false, has_lower = false, has_removed = false;
	const struct number *number, *end;
	char name[MANIFEST_NAME_SIZE];

	bundle_root_folder(root, name);
	TRY(medium_folder_find(medium, name, &folder, err));
	errno = ENOENT;
	if (folder.fd < 0)
		return file_fail(err, folder.path, "open");
	TRY(bundle_list_numbers(&folder, &numbers, err));
	number = (const struct number *)(const void *)numbers.data;
	end = number + numbers.size / sizeof(*number);
	for (; number < end; number++) {
		const int order = number_compare(number, written);

		number_format(number, NUMBER_NAME_DIGITS, name);
		if (order > 0 && !has_higher) {
			TRY(is_complete(&folder, name, &has_higher, err));
			if (has_higher)
				notice_higher(notices, folder.path, name);
		} else if (order < 0 && !has_lower) {
			/* The next lower one stays beside the new one. */
			TRY(is_complete(&folder, name, &has_lower, err));
		} else if (order < 0) {
			TRY(remove_bundle(&folder, name, root, notices, err));
			has_removed = true;
		}
	}
	if (!has_removed)
		return ERR_OK;
	TRY(medium_folder_sync(&folder, err));
	return medium_sync(&folder, err);
}

/* The bundle's folder, opened beneath the medium; -1 if there is none. */
static enum err
open_folder(const char *medium, const char *root,
    const struct number *number, struct medium_folder *out,
    struct error *err)
{
	char beneath[BUNDLE_PATH_SIZE];
	struct error why;
	enum err code;

	bundle_folder(root, number, beneath);
	code = medium_folder_find(medium, beneath, out, &why);
	/* A link or a file there is no bundle; a lost medium has none. */
	return code == ERR_OK || code == ERR_FORMAT || code == ERR_MISSING ?
	    ERR_OK : err_copy(err, &why);
}

static enum err
holds_crl(const struct medium_folder *folder, const char *root,
    const uint8_t crl_sha256[SHA256_SIZE], uint64_t max_crl_bytes,
    bool *out, struct error *err)
{
	RELEASE_BUNDLE_MEMBER struct bundle_member member = BUNDLE_MEMBER_NONE;
	RELEASE_BUFFER struct buffer der = {0};
	char name[MANIFEST_NAME_SIZE];
	uint8_t digest[SHA256_SIZE];
	struct error why;
	enum err code;

	*out = false;
	bundle_part_name(BUNDLE_CRL, root, name);
	code = bundle_member_load_named(folder, name, max_crl_bytes, &member,
	    &why);
	/* A link, a folder, or too large: no importer takes it. */
	if (code == ERR_FORMAT || code == ERR_MISSING)
		return ERR_OK;
	/* If it cannot be read now, it may be that CRL all the same. */
	if (code != ERR_OK)
		return err_copy(err, &why);
	TRY(bundle_member_read(&member, &der, err));
	TRY(sha256(span_of_buffer(&der), digest, err));
	*out = memcmp(digest, crl_sha256, SHA256_SIZE) == 0;
	return ERR_OK;
}

enum err
bundle_retire(const char *medium, const char *root,
    const struct number *number, const uint8_t crl_sha256[SHA256_SIZE],
    uint64_t max_crl_bytes, bool *retired, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	*retired = false;
	TRY(open_folder(medium, root, number, &folder, err));
	if (folder.fd < 0)
		return ERR_OK;
	TRY(holds_crl(&folder, root, crl_sha256, max_crl_bytes, retired, err));
	if (*retired)
		TRY(bundle_has_seal(&folder, retired, err));
	return *retired ? bundle_remove_seals(&folder, err) : ERR_OK;
}

enum err
bundle_is_there(const char *medium, const char *root,
    const struct number *number, bool *out, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	*out = false;
	TRY(open_folder(medium, root, number, &folder, err));
	return folder.fd < 0 ? ERR_OK :
	    bundle_has_seal(&folder, out, err);
}
