/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"

enum err
listing_open(const char *path, struct listing *out, struct error *err)
{
	DIR *dir = opendir(path);

	if (dir == NULL && errno != ENOENT)
		return file_fail(err, path, "list");
	*out = (struct listing){.dir = dir, .path = path};
	return ERR_OK;
}

enum err
listing_open_at(int folder, const char *path, struct listing *out,
    struct error *err)
{
	CLOSE_FD int fd = openat(folder, ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir == NULL)
		return file_fail(err, path, "list");
	fd = -1;
	*out = (struct listing){.dir = dir, .path = path};
	return ERR_OK;
}

bool
listing_next(struct listing *listing, const char **name, enum err *code,
    struct error *err)
{
	const struct dirent *entry;

	if (*code != ERR_OK || listing->dir == NULL)
		return false;
	do {
		errno = 0;
		entry = readdir(listing->dir);
	} while (entry != NULL && (strcmp(entry->d_name, ".") == 0 ||
	    strcmp(entry->d_name, "..") == 0));
	if (entry == NULL && errno != 0)
		*code = file_fail(err, listing->path, "list");
	if (entry == NULL)
		return false;
	*name = entry->d_name;
	return true;
}

void
listing_rewind(struct listing *listing)
{
	if (listing->dir != NULL)
		rewinddir(listing->dir);
}

void
listing_release(struct listing *listing)
{
	if (listing->dir != NULL)
		closedir(listing->dir);
	listing->dir = NULL;
}
