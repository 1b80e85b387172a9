/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/listing.h"
#include "site/medium_folder.h"

#define NAME_SIZE 256
#define SLACK_BLOCKS 4		/* for folders */

void
medium_folder_release(struct medium_folder *folder)
{
	file_close(&folder->fd);
}

enum err
medium_fail(const struct medium_folder *folder, struct error *err,
    const char *subject, const char *doing)
{
	const int reason = errno;
	struct statvfs space;

	if ((reason == EPERM || reason == EIO) &&
	    fstatvfs(folder->fd, &space) == 0 && space.f_blocks > 0 &&
	    space.f_bavail == 0)
		errno = ENOSPC;
	else
		errno = reason;
	return file_fail(err, subject, doing);
}

/* Never out of the folder, through a link or onto another filesystem. */
static int
open_beneath(int folder, const char *name, int flags)
{
	struct open_how how = {
	    .flags = (unsigned int)(flags | O_CLOEXEC | O_NOFOLLOW),
	    .resolve = (uint64_t)RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
}

int
medium_open_beneath(int folder, const char *name, int flags)
{
	CLOSE_FD int path_fd = open_beneath(folder, name, O_PATH);

	return path_fd < 0 ? -1 : file_reopen(path_fd, flags);
}

/*
 * Why a folder could not be opened beneath another: ERR_FORMAT if there is
 * something else, or nothing.
 */
static enum err
fail_beneath(const char *path, struct error *err)
{
	static const struct {
		int number;
		const char *what;
	} strange[] = {{ENOENT, "missing"}, {ENOTDIR, "not a folder"},
	    {ELOOP, "a link, not a folder"},
	    {EXDEV, "on another filesystem than the rest of the medium"}};

	for (size_t i = 0; i < COUNT_OF(strange); i++) {
		if (errno == strange[i].number)
			return err_remedy(err, err_fail(err, ERR_FORMAT,
			    "%s: is %s", path, strange[i].what), "move it away "
			    "from the medium, or take another one");
	}
	return file_fail(err, path, "open");
}

enum err
medium_folder_open(const char *path, struct medium_folder *out,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	TRY(file_join(folder.path, sizeof(folder.path), "", path, err));
	folder.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder.fd < 0)
		return file_fail(err, path, "open");
	*out = folder;
	folder.fd = -1;
	return ERR_OK;
}

enum err
medium_folder_check(const char *medium, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	return medium_folder_open(medium, &folder, err);
}

enum err
medium_folder_find_in(int above, const char *path, const char *beneath,
    struct medium_folder *out, struct error *err)
{
	TRY(file_join(out->path, sizeof(out->path), path, beneath, err));
	out->fd = open_beneath(above, beneath, O_RDONLY | O_DIRECTORY);
	return out->fd < 0 && errno != ENOENT ?
	    fail_beneath(out->path, err) : ERR_OK;
}

enum err
medium_folder_find(const char *medium, const char *beneath,
    struct medium_folder *out, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder above = MEDIUM_FOLDER_NONE;

	TRY(file_join(out->path, sizeof(out->path), medium, beneath, err));
	TRY(medium_folder_open(medium, &above, err));
	return medium_folder_find_in(above.fd, medium, beneath, out, err);
}

enum err
medium_folder_enter(const struct medium_folder *above, const char *name,
    struct medium_folder *out, struct error *err)
{
	TRY(medium_folder_find_in(above->fd, above->path, name, out, err));
	errno = ENOENT;
	return out->fd < 0 ? fail_beneath(out->path, err) : ERR_OK;
}

enum err
medium_folder_make(const char *medium, const char *beneath,
    struct medium_folder *out, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;

	TRY(medium_folder_open(medium, &folder, err));
	while (*beneath != '\0') {
		struct medium_folder below = MEDIUM_FOLDER_NONE;
		const size_t size = strcspn(beneath, "/");
		char name[NAME_SIZE];

		if (size >= sizeof(name))
			return err_fail(err, ERR_FORMAT, "%s: a name in it is "
			    "longer than %d octets", beneath, NAME_SIZE - 1);
		snprintf(name, sizeof(name), "%.*s", (int)size, beneath);
		TRY(file_join(below.path, sizeof(below.path), folder.path,
		    name, err));
		if (mkdirat(folder.fd, name, 0755) != 0 && errno != EEXIST)
			return medium_fail(&folder, err, below.path, "make");
		/* One that a killed run made may not have been synced. */
		TRY(medium_folder_sync(&folder, err));
		TRY(medium_folder_enter(&folder, name, &below, err));
		medium_folder_release(&folder);
		folder = below;
		beneath += size + (beneath[size] == '/');
	}
	*out = folder;
	folder.fd = -1;
	return ERR_OK;
}

enum err
medium_folder_remove(const struct medium_folder *folder, const char *name,
    bool *is_removed, struct error *err)
{
	char path[sizeof(folder->path) + NAME_SIZE];

	*is_removed = unlinkat(folder->fd, name, 0) == 0;
	if (*is_removed || errno == ENOENT)
		return ERR_OK;
	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	return file_fail(err, path, "remove");
}

enum err
medium_folder_remove_all(const struct medium_folder *folder,
    bool (*is_meant)(int folder, const void *context, const char *name),
    const void *context, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	bool has_changed, is_removed;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	/*
	 * A list that changes under the reader may skip some.  One that shows
	 * what is not there, as a damaged FAT does, stays.
	 */
	do {
		has_changed = false;
		listing_rewind(&listing);
		while (listing_next(&listing, &name, &code, err)) {
			if (!is_meant(folder->fd, context, name))
				continue;
			TRY(medium_folder_remove(folder, name, &is_removed,
			    err));
			has_changed = has_changed || is_removed;
		}
	} while (code == ERR_OK && has_changed);
	return code == ERR_OK ? medium_folder_sync(folder, err) : code;
}

enum err
medium_folder_sync(const struct medium_folder *folder, struct error *err)
{
	/* Some filesystems cannot sync a folder, and say so. */
	if (fsync(folder->fd) != 0 && errno != EINVAL && errno != ENOSYS &&
	    errno != EOPNOTSUPP)
		return file_fail(err, folder->path, "sync");
	return ERR_OK;
}

enum err
medium_sync(const struct medium_folder *folder, struct error *err)
{
	if (syncfs(folder->fd) != 0)
		return file_fail(err, folder->path, "sync");
	return ERR_OK;
}

enum err
medium_check_room(const char *medium, const uint64_t *sizes_bytes,
    size_t count, struct error *err)
{
	struct statvfs space;
	uint64_t unit, blocks = SLACK_BLOCKS;

	if (statvfs(medium, &space) != 0)
		return file_fail(err, medium, "measure");
	if (space.f_blocks == 0 || space.f_frsize == 0)
		return ERR_OK;
	unit = space.f_frsize;
	for (size_t i = 0; i < count; i++)
		blocks += sizes_bytes[i] / unit + 1;
	if (blocks <= space.f_bavail)
		return ERR_OK;
	return err_fail(err, ERR_MEDIUM, "%s: want room for %llu KiB, have "
	    "%llu KiB free", medium,
	    (unsigned long long)(blocks * unit / 1024),
	    (unsigned long long)(space.f_bavail * unit / 1024));
}
