/* SPDX-License-Identifier: ISC */
/*
 * A folder that is held open, and one file in it.  Nothing that others do to
 * names while we work can lead out of it: the way to the folder is walked
 * once, name by name, each looked at by descriptor, and everything else is
 * done from the folder's descriptor.
 *
 * A folder on the way is safe if only root or the caller can change what
 * names in it mean: they own it, and neither its group nor others may write
 * it; in front of the last one, a sticky folder is as good.  (With an ACL, the
 * bits of the group are its mask.)  A link is followed only if root or the
 * caller owns it, and every folder up to it is safe.
 *
 * Whoever else can change the way is its master: the owner of the folder, the
 * one whom its ACL lets write, or nobody in its group, or nobody.  For a
 * caller with the rights of root, the rest of the way and the file are opened
 * with the master's rights, so that nothing is read which he could not read
 * himself, and files are replaced only in a folder that he may write.  A
 * caller without has his own rights, and they suffice.
 */
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/identity.h"

/* The use that is made of the file or folder. */
enum folder_use {
	FOLDER_LOOK,	/* it is judged, and goes nowhere */
	FOLDER_CHANGE,	/* the file is replaced, or copied */
	FOLDER_RUN,	/* a program, or what names some: all must be safe */
};

struct folder {
	int fd;			/* O_PATH */
	enum folder_use use;
	bool is_privileged;	/* the caller, as root is */
	bool is_shared;		/* others can change the way */
	bool has_master;	/* and the caller is privileged */
	struct identity master;
	size_t shared_size;	/* of path: the folder that is shared */
	bool is_linked;		/* the file was named by a link */
	char path[PATH_MAX];	/* as it was walked, links resolved */
	char name[NAME_MAX + 1];	/* of the file */
};

/* A file as it was found: content, owner and mode of one descriptor. */
struct folder_file {
	int fd;			/* -1: there is none */
	struct stat st;
	struct buffer content;
};

#define FOLDER_NONE {.fd = -1}
#define FOLDER_FILE_NONE {.fd = -1}
#define RELEASE_FOLDER __attribute__((cleanup(folder_release)))
#define RELEASE_FOLDER_FILE __attribute__((cleanup(folder_file_release)))

/*
 * Walk to the folder of a file, which itself may be missing.
 *
 * ERR_MISSING     there is no such folder, or the link leads to none
 * ERR_FORMAT      not a regular file, or a link that leads nowhere
 * ERR_PERMISSIONS the way is not to be trusted, or not open to us; the message
 *                 names the folder or link, whose it is, and the way out
 */
MUST_CHECK enum err folder_open(const char *path, enum folder_use use,
    struct folder *out, struct error *err);

/* The same for a folder; its name stays empty. */
MUST_CHECK enum err folder_open_whole(const char *path, enum folder_use use,
    struct folder *out, struct error *err);

/* A file of an open folder, or what a link there leads to. */
MUST_CHECK enum err folder_open_in(const struct folder *folder,
    const char *name, struct folder *out, struct error *err);

/* A name of an open folder itself, without looking what is there. */
MUST_CHECK enum err folder_hold(const struct folder *folder,
    const char *name, struct folder *out, struct error *err);

/* The folder's path and a name in it.  ERR_FORMAT if that is too long. */
MUST_CHECK enum err folder_join(const struct folder *folder,
    const char *name, char out[PATH_MAX], struct error *err);

/* Is this name taken, by whatever?  ERR_IO, ERR_PERMISSIONS. */
MUST_CHECK enum err folder_find(const struct folder *folder,
    const char *name, bool *found, struct error *err);

/*
 * Read the file; out->fd is -1 if there is none.  Never blocks.
 *
 * ERR_FORMAT for more than max_bytes, or not a regular file;
 * ERR_PERMISSIONS for a link in a folder that others can change, and for what
 * its master may not read.
 */
MUST_CHECK enum err folder_read(const struct folder *folder,
    uint64_t max_bytes, struct folder_file *out, struct error *err);

/*
 * Put content in the file's place: a temporary file beside it, fsync, rename,
 * fsync of the folder.
 *
 * like  the file as folder_read found it, whose owner, mode (without setuid,
 *       setgid and sticky), ACL and attributes the new one gets; if there was
 *       none, the file must be missing still
 * mode  of a new file; umask does not apply
 *
 * ERR_PERMISSIONS if the owner of a file that not all may read, or an
 * attribute, cannot be kept; ERR_LOCKED if another process is at the file, or
 * made it meanwhile, and nothing was done; ERR_NO_SPACE, ERR_IO.  The old file
 * stays then.
 */
MUST_CHECK enum err folder_replace(const struct folder *folder,
    struct span content, const struct folder_file *like, mode_t mode,
    struct error *err);

/* The same with the caller as owner and this mode, whatever was there. */
MUST_CHECK enum err folder_put(const struct folder *folder,
    struct span content, mode_t mode, struct error *err);

/* Remove a name, and fsync the folder; a missing one is fine. */
MUST_CHECK enum err folder_remove(const struct folder *folder,
    const char *name, struct error *err);

/* Rename within the folder, over what is there, and fsync it. */
MUST_CHECK enum err folder_rename(const struct folder *folder,
    const char *from, const char *to, struct error *err);

void folder_release(struct folder *folder);
void folder_file_release(struct folder_file *file);
