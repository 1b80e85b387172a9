/* SPDX-License-Identifier: ISC */
/* Files: capped reads, permissions on the open descriptor, atomic replace. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

#define CLOSE_FD __attribute__((cleanup(file_close)))

/* Who may read and write a file, and own it. */
enum file_privacy {
	FILE_PUBLIC,	/* anyone may own, read, even write it */
	FILE_TRUSTED,	/* only its owner, whoever that is, may write it */
	FILE_OURS,	/* trust rests on it: only we or root may write it */
	FILE_SECRET,	/* and nobody else may read it */
};

/* Close *fd if it is not -1, and make it -1. */
void file_close(int *fd);

/*
 * Open the file of an O_PATH descriptor with flags.  Opening a device or a FIFO
 * can have effects (a tape is rewound, a watchdog started), so the file is
 * looked at first, and only a regular one is opened.
 *
 * The descriptor, or -1 and errno: ELOOP for a link, EISDIR for a folder, ENXIO
 * for a device, a FIFO or a socket, ENOSYS if /proc is not mounted.
 */
int file_reopen(int path_fd, int flags);

/*
 * Open a regular file for writing, made with mode if there is none; no link is
 * followed, and nothing else is opened.  -1 and errno as above.
 */
int file_open_or_make(const char *path, int flags, mode_t mode);

/* Is errno one of file_reopen's?  Then *what says what it is: "a folder". */
bool file_is_irregular(int number, const char **what);

/*
 * Open an existing regular file for reading; nothing else is ever opened.
 * ERR_MISSING if there is none, ERR_FORMAT if it is not a regular file,
 * ERR_PERMISSIONS if its mode or owner is looser than privacy.
 */
MUST_CHECK enum err file_open(const char *path, enum file_privacy privacy,
    int *out_fd, struct error *err);

/*
 * Check an open descriptor against privacy: except for FILE_PUBLIC, its mode
 * must not let others write (or read) it; from FILE_OURS on, we or root must
 * own it.
 * ERR_PERMISSIONS names subject, what was found, and the command that mends it.
 */
MUST_CHECK enum err file_check_privacy(int fd, const char *subject,
    enum file_privacy privacy, struct error *err);

/*
 * Append all of a file to out.  ERR_FORMAT for more than max_bytes, before
 * anything is read.
 */
MUST_CHECK enum err file_read(const char *path, enum file_privacy privacy,
    uint64_t max_bytes, struct buffer *out, struct error *err);
MUST_CHECK enum err file_read_fd(int fd, const char *subject,
    uint64_t max_bytes, struct buffer *out, struct error *err);

/* write(2) until all is written; EINTR and short writes are continued. */
MUST_CHECK enum err file_write_all(int fd, const char *subject,
    struct span in, struct error *err);

/*
 * A file that is being written beside its final name, and appears there
 * whole or not at all: temporary file, fsync, rename, fsync of the folder.
 * Mode, without setuid and the like, owner, ACL and extended attributes of a
 * file that is replaced are kept (attributes_copy).  A temporary that a
 * killed run left behind is taken over.  ERR_LOCKED while another process
 * writes the same file.
 */
struct file_writer {
	char path[4096];
	char temporary[4096];
	int fd;
};

#define ABORT_WRITER __attribute__((cleanup(file_writer_abort)))
#define FILE_WRITER_NONE {.fd = -1}

/*
 * mode is that of a file which did not exist; umask does not apply.  A writer
 * that could not be opened is aborted like any other.
 */
MUST_CHECK enum err file_writer_open(struct file_writer *writer,
    const char *path, mode_t mode, struct error *err);
MUST_CHECK enum err file_writer_write(struct file_writer *writer,
    struct span in, struct error *err);
/* Make what is written durable now; commit, which does so too, is fast then. */
MUST_CHECK enum err file_writer_sync(struct file_writer *writer,
    struct error *err);
MUST_CHECK enum err file_writer_commit(struct file_writer *writer,
    struct error *err);

/* Remove the temporary of a writer that was not committed. */
void file_writer_abort(struct file_writer *writer);

/* All of the above at once. */
MUST_CHECK enum err file_replace(const char *path, struct span in, mode_t mode,
    struct error *err);

/* The same, unless the file holds these octets already. */
MUST_CHECK enum err file_update(const char *path, struct span in, mode_t mode,
    struct error *err);

/*
 * Open a regular file, made with mode if it is missing, to append to it and
 * to read it.
 */
MUST_CHECK enum err file_open_to_append(const char *path, mode_t mode,
    int *out_fd, struct error *err);

/*
 * Append to such a file, and fsync it; if the write fails the file is cut
 * back to what it was.
 */
MUST_CHECK enum err file_append(int fd, const char *path, struct span in,
    struct error *err);

/* Make a folder and those above it; existing ones are left as they are. */
MUST_CHECK enum err file_make_folder(const char *path, mode_t mode,
    struct error *err);

/* Remove a file, and fsync its folder; a missing one is fine. */
MUST_CHECK enum err file_remove(const char *path, struct error *err);

/*
 * fsync a folder, so that renames in it last; its name as openat(2) has it, and
 * its path for messages.
 */
MUST_CHECK enum err file_sync_folder(const char *path, struct error *err);
MUST_CHECK enum err file_sync_folder_at(int folder, const char *name,
    const char *path, struct error *err);

/*
 * Make the temporary that will replace a file, open to its maker alone, and
 * lock it.  One that a killed run left behind goes first.  ERR_LOCKED while
 * another process writes it.
 *
 * name  of the temporary, in folder, as openat(2) has it
 * path  of the file that it will be, for messages
 */
MUST_CHECK enum err file_make_temporary(int folder, const char *name,
    const char *path, int *out_fd, struct error *err);

/*
 * Is there anything at this path, or of this name in an open folder?  (Links
 * are not followed.)  ENOENT and ENOTDIR mean that there is not.  A
 * name that cannot be looked at is not absent: *found is set only with ERR_OK.
 * ERR_PERMISSIONS, ERR_IO
 */
MUST_CHECK enum err file_find(const char *path, bool *found,
    struct error *err);
MUST_CHECK enum err file_find_at(int folder, const char *name, bool *found,
    struct error *err);

/*
 * Join folder and name into out.  A name that is absolute stands alone.
 * ERR_FORMAT if it does not fit.
 */
MUST_CHECK enum err file_join(char *out, size_t capacity, const char *folder,
    const char *name, struct error *err);

/* The folder part of a path, "." if it has none. */
MUST_CHECK enum err file_folder(char *out, size_t capacity, const char *path,
    struct error *err);

/*
 * Take an exclusive lock (flock) on a file, made if it is missing, waiting
 * up to wait_s seconds.  ERR_LOCKED after that.  Closing *out_fd, or dying,
 * gives it back.
 */
MUST_CHECK enum err file_lock(const char *path, unsigned int wait_s,
    int *out_fd, struct error *err);

/* ERR_NO_SPACE, ERR_MISSING, ERR_PERMISSIONS or ERR_IO from errno. */
enum err file_fail(struct error *err, const char *subject, const char *doing);
