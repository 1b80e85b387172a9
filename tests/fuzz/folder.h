/* SPDX-License-Identifier: ISC */
/*
 * A folder of its own for a target of code that takes a path.  Inside
 * tests/fuzz only.
 */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

/* In memory where there is such a place: it is written all the time. */
static char folder[] = "/dev/shm/crlferry-fuzz-XXXXXX";
static int folder_fd = -1;

static inline int
folder_remove(const char *path, const struct stat *st, int type,
    struct FTW *walk)
{
	return remove(path);
}

static inline void
folder_leave(void)
{
	nftw(folder, folder_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* False where it was entered before.  It goes with the process. */
static inline bool
folder_enter(void)
{
	if (folder_fd >= 0)
		return false;
	if (mkdtemp(folder) == NULL) {
		strcpy(folder, "/tmp/crlferry-fuzz-XXXXXX");
		if (mkdtemp(folder) == NULL)
			abort();
	}
	if (atexit(folder_leave) != 0)
		abort();
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0)
		abort();
	return true;
}

/* Have a file of this name hold these octets and no others. */
static inline void
folder_put(const char *name, struct span content)
{
	int fd = openat(folder_fd, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, content.data, content.size) !=
	    (ssize_t)content.size)
		abort();
	close(fd);
}
