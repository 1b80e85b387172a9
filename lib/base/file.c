/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/identity.h"
#include "base/shell_word.h"

void
file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum err
file_fail(struct error *err, const char *subject, const char *doing)
{
	int number = errno;
	enum err code = ERR_IO;

	if (number == ENOENT || number == ENOTDIR)
		code = ERR_MISSING;
	else if (number == ENOSPC || number == EDQUOT || number == EFBIG)
		code = ERR_NO_SPACE;
	else if (number == EACCES || number == EPERM)
		code = ERR_PERMISSIONS;
	else if (number == ELOOP)
		code = ERR_FORMAT;
	err_fail(err, code, "%s: cannot %s it: %s", subject, doing,
	    strerror(number));
	if (err != NULL)
		err->number = number;
	return code != ERR_PERMISSIONS && code != ERR_FORMAT ? code :
	    err_remedy(err, code, code == ERR_FORMAT ? "a link leads in a "
	    "circle, or is not followed here: name the file itself" :
	    "correct its owner and mode, or run this as its owner");
}

int
file_reopen(int path_fd, int flags)
{
	char path[sizeof("/proc/self/fd/") + 16];
	struct stat st;
	int fd;

	if (fstat(path_fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISLNK(st.st_mode) ? ELOOP :
		    S_ISDIR(st.st_mode) ? EISDIR : ENXIO;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", path_fd);
	fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	/* The file is there: it is its name in /proc that is not. */
	if (fd < 0 && errno == ENOENT)
		errno = ENOSYS;
	return fd;
}

int
file_open_or_make(const char *path, int flags, mode_t mode)
{
	int fd = -1;

	/* Again, if another process makes it at this moment. */
	for (int tries = 0; fd < 0 && tries < 3; tries++) {
		CLOSE_FD int path_fd = open(path,
		    O_PATH | O_CLOEXEC | O_NOFOLLOW);

		if (path_fd >= 0)
			return file_reopen(path_fd, flags);
		if (errno != ENOENT)
			return -1;
		fd = open(path, flags | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

bool
file_is_irregular(int number, const char **what)
{
	*what = number == ELOOP ? "a link" : number == EISDIR ? "a folder" :
	    "a device, a FIFO or a socket";
	return number == ELOOP || number == EISDIR || number == ENXIO;
}

static enum err
check_owner(const struct stat *st, const char *subject, struct error *err)
{
	char owner[IDENTITY_NAME_SIZE];

	if (identity_is_trusted(st->st_uid))
		return ERR_OK;
	identity_name(st->st_uid, owner);
	return err_fail(err, ERR_PERMISSIONS,
	    "%s: belongs to %s, who can change it at will, and trust rests "
	    "on it: see that it is still what it should be, then: chown root "
	    "%s", subject, owner, shell_word(subject, strlen(subject)).text);
}

enum err
file_check_privacy(int fd, const char *subject, enum file_privacy privacy,
    struct error *err)
{
	const struct shell_word word = shell_word(subject, strlen(subject));
	const bool is_secret = privacy == FILE_SECRET;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return file_fail(err, subject, "look at");
	if (privacy == FILE_PUBLIC)
		return ERR_OK;
	if (privacy != FILE_TRUSTED)
		TRY(check_owner(&st, subject, err));
	if (is_secret && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_fail(err, ERR_PERMISSIONS,
		    "%s: is secret, and others can read or write it (mode "
		    "%04o): chmod go= %s", subject, st.st_mode & 07777,
		    word.text);
	if (!is_secret && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_fail(err, ERR_PERMISSIONS,
		    "%s: others can write it (mode %04o): chmod go-w %s",
		    subject, st.st_mode & 07777, word.text);
	return ERR_OK;
}

enum err
file_open(const char *path, enum file_privacy privacy, int *out_fd,
    struct error *err)
{
	CLOSE_FD int path_fd = open(path, O_PATH | O_CLOEXEC);
	CLOSE_FD int fd = path_fd < 0 ? -1 : file_reopen(path_fd, O_RDONLY);
	const char *what;

	if (fd < 0 && file_is_irregular(errno, &what) && path_fd >= 0)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is %s, "
		    "not a regular file", path, what),
		    "name a regular file, or move that away");
	if (fd < 0 && errno == ENOSYS)
		return err_fail(err, ERR_IO, "%s: cannot be opened safely, "
		    "because /proc is not mounted: mount -t proc proc /proc",
		    path);
	if (fd < 0)
		return file_fail(err, path, "open");
	TRY(file_check_privacy(fd, path, privacy, err));
	*out_fd = fd;
	fd = -1;
	return ERR_OK;
}

enum err
file_read_fd(int fd, const char *subject, uint64_t max_bytes,
    struct buffer *out, struct error *err)
{
	size_t before = out->size;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return file_fail(err, subject, "look at");
	if ((uint64_t)st.st_size > max_bytes)
		return err_fail(err, ERR_FORMAT,
		    "%s: want at most %llu octets, have %llu", subject,
		    (unsigned long long)max_bytes,
		    (unsigned long long)st.st_size);
	TRY(buffer_reserve(out, (size_t)st.st_size, err));
	while (out->size - before < (size_t)st.st_size) {
		ssize_t got = read(fd, out->data + out->size,
		    (size_t)st.st_size - (out->size - before));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			out->size = before;
			if (got < 0)
				return file_fail(err, subject, "read");
			return err_fail(err, ERR_IO,
			    "%s was cut while it was read: it had %llu octets",
			    subject, (unsigned long long)st.st_size);
		}
		out->size += (size_t)got;
	}
	return ERR_OK;
}

enum err
file_read(const char *path, enum file_privacy privacy, uint64_t max_bytes,
    struct buffer *out, struct error *err)
{
	CLOSE_FD int fd = -1;

	TRY(file_open(path, privacy, &fd, err));
	return file_read_fd(fd, path, max_bytes, out, err);
}

enum err
file_find_at(int folder, const char *name, bool *found, struct error *err)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		*found = true;
	else if (errno == ENOENT || errno == ENOTDIR)
		*found = false;
	else
		return file_fail(err, name, "look for");
	return ERR_OK;
}

enum err
file_find(const char *path, bool *found, struct error *err)
{
	return file_find_at(AT_FDCWD, path, found, err);
}

enum err
file_join(char *out, size_t capacity, const char *folder, const char *name,
    struct error *err)
{
	int size;

	if (name[0] == '/' || folder[0] == '\0')
		size = snprintf(out, capacity, "%s", name);
	else
		size = snprintf(out, capacity, "%s/%s", folder, name);
	if (size < 0 || (size_t)size >= capacity)
		return err_fail(err, ERR_FORMAT,
		    "%s: the path is longer than %zu octets", name, capacity);
	return ERR_OK;
}

enum err
file_folder(char *out, size_t capacity, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	size_t size;

	if (slash == NULL)
		return file_join(out, capacity, "", ".", err);
	size = slash == path ? 1 : (size_t)(slash - path);
	if (size >= capacity)
		return err_fail(err, ERR_FORMAT,
		    "%s: the path is longer than %zu octets", path, capacity);
	memcpy(out, path, size);
	out[size] = '\0';
	return ERR_OK;
}

enum err
file_lock(const char *path, unsigned int wait_s, int *out_fd,
    struct error *err)
{
	const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
	CLOSE_FD int fd = file_open_or_make(path, O_RDWR, 0600);
	unsigned int tries = wait_s * 20;

	if (fd < 0)
		return file_fail(err, path, "open");
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return file_fail(err, path, "lock");
		if (tries-- == 0)
			return err_fail(err, ERR_LOCKED,
			    "%s: another process holds the lock, and did not "
			    "give it up within %u s",
			    path, wait_s);
		nanosleep(&pause, NULL);
	}
	*out_fd = fd;
	fd = -1;
	return ERR_OK;
}
