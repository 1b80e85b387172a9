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
#include "site/bundle_output.h"

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

/* The first name that is not; empty where there is none. */
static enum err
find_stranger(const struct medium_folder *folder, const char *root,
    char out[NAME_MAX + 1], struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code;

	out[0] = '\0';
	code = listing_open_at(folder->fd, folder->path, &listing, err);
	while (out[0] == '\0' && listing_next(&listing, &name, &code, err)) {
		if (!is_ours(folder->fd, root, name))
			snprintf(out, NAME_MAX + 1, "%s", name);
	}
	return code;
}

static enum err
remove_bundle(const struct medium_folder *above, const char *name,
    const char *root, struct notices *notices, struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder folder =
	    MEDIUM_FOLDER_NONE;
	char stranger[NAME_MAX + 1];
	enum err code;

	code = file_join(folder.path, sizeof(folder.path), above->path, name,
	    err);
	if (code != ERR_OK)
		return code;
	folder.fd = bundle_open_beneath(above->fd, name,
	    O_RDONLY | O_DIRECTORY);
	if (folder.fd < 0) {
		notice(notices, "%s: is old and is left there: want a folder, "
		    "have: %s", folder.path, strerror(errno));
		return ERR_OK;
	}
	code = find_stranger(&folder, root, stranger, err);
	if (code == ERR_OK && stranger[0] != '\0') {
		notice(notices, "%s: is old and is left there: %s in it is "
		    "none of a bundle's files", folder.path, stranger);
		return ERR_OK;
	}
	if (code == ERR_OK)
		code = bundle_remove_seals(&folder, err);
	if (code == ERR_OK)
		code = medium_folder_remove_all(&folder, is_ours, root, err);
	if (code == ERR_OK && unlinkat(above->fd, name, AT_REMOVEDIR) != 0)
		return file_fail(err, folder.path, "remove");
	return code;
}

static enum err
is_complete(const struct medium_folder *folder, const struct number *number,
    bool *out, struct error *err)
{
	char name[NUMBER_TEXT_SIZE];
	CLOSE_FD int fd = -1;
	struct error why;
	enum err code;

	number_format(number, NUMBER_NAME_DIGITS, name);
	fd = bundle_open_beneath(folder->fd, name, O_RDONLY | O_DIRECTORY);
	*out = false;
	if (fd >= 0)
		return bundle_is_complete(fd, folder->path, out, err);
	/* A link or a file of that name is no bundle. */
	code = bundle_fail_beneath(folder->path, &why);
	return code == ERR_FORMAT ? ERR_OK :
	    err_fail(err, code, "%s", why.what);
}

/* The highest bundle is the one that every importer takes. */
static enum err
note_higher(const struct medium_folder *folder, const struct number *list,
    size_t count, const struct number *written, struct notices *notices,
    struct error *err)
{
	char name[NUMBER_TEXT_SIZE];
	enum err code = ERR_OK;
	bool found = false;
	size_t i;

	for (i = 0; code == ERR_OK && i < count && !found &&
	    number_compare(&list[i], written) > 0; i++) {
		code = is_complete(folder, &list[i], &found, err);
		if (code != ERR_OK || !found)
			continue;
		number_format(&list[i], NUMBER_NAME_DIGITS, name);
		notice_safety(notices, "ATTENTION: %s/%s: its number is higher "
		    "than that of the bundle that was written, and an import "
		    "takes the highest: was this machine restored from an old "
		    "backup, or has the number leapt?  See RESTORING and "
		    "RECOVERING in crlferry-root(1)", folder->path, name);
	}
	return code;
}

/* The bundle that stays beside the one that was written: the next lower. */
static enum err
find_kept(const struct medium_folder *folder, const struct number *list,
    size_t count, const struct number *written, size_t *out,
    struct error *err)
{
	enum err code = ERR_OK;
	bool found = false;
	size_t i;

	for (i = 0; code == ERR_OK && i < count && !found; i++) {
		if (number_compare(&list[i], written) < 0)
			code = is_complete(folder, &list[i], &found, err);
	}
	*out = i;
	return code;
}

enum err
bundle_prune(const char *medium, const char *root,
    const struct number *written, struct notices *notices,
    struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder folder =
	    MEDIUM_FOLDER_NONE;
	RELEASE_BUFFER struct buffer numbers = {0};
	CLOSE_FD int top = open(medium, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct number *list;
	char name[NUMBER_TEXT_SIZE + SITE_NAME_SIZE];
	size_t count, i;
	enum err code;

	snprintf(name, sizeof(name), BUNDLE_FOLDER "/%s", root);
	code = file_join(folder.path, sizeof(folder.path), medium, name, err);
	if (code != ERR_OK)
		return code;
	folder.fd = top < 0 ? -1 : bundle_open_beneath(top, name,
	    O_RDONLY | O_DIRECTORY);
	if (folder.fd < 0)
		return file_fail(err, folder.path, "open");
	code = bundle_list_numbers(folder.fd, folder.path, &numbers, err);
	if (code != ERR_OK)
		return code;
	list = (const struct number *)(const void *)numbers.data;
	count = numbers.size / sizeof(*list);
	code = note_higher(&folder, list, count, written, notices, err);
	if (code == ERR_OK)
		code = find_kept(&folder, list, count, written, &i, err);
	if (code != ERR_OK || i == count)
		return code;
	for (; code == ERR_OK && i < count; i++) {
		number_format(&list[i], NUMBER_NAME_DIGITS, name);
		code = remove_bundle(&folder, name, root, notices, err);
	}
	if (code == ERR_OK)
		code = medium_folder_sync(&folder, err);
	return code == ERR_OK ? medium_sync(&folder, err) : code;
}
