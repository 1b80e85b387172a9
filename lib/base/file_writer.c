/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/file.h"

enum err
file_write_all(int fd, const char *subject, struct span in,
    struct error *err)
{
	size_t done = 0;

	while (done < in.size) {
		ssize_t put = write(fd, in.data + done, in.size - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return file_fail(err, subject, "write");
		done += (size_t)put;
	}
	return ERR_OK;
}

enum err
file_sync_folder_at(int folder, const char *name, const char *path,
    struct error *err)
{
	CLOSE_FD int fd = openat(folder, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return file_fail(err, path, "open");
	/* Some filesystems cannot sync a folder and say EINVAL. */
	if (fsync(fd) != 0 && errno != EINVAL)
		return file_fail(err, path, "sync");
	return ERR_OK;
}

enum err
file_sync_folder(const char *path, struct error *err)
{
	return file_sync_folder_at(AT_FDCWD, path, path, err);
}

/*
 * ERR_LOCKED while another process writes this temporary: it holds its lock.
 * A link or a socket in its place is nobody's work.
 */
static enum err
check_idle(int folder, const char *name, const char *path, struct error *err)
{
	CLOSE_FD int fd = openat(folder, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno == ENOENT || errno == ELOOP || errno == ENXIO ?
		    ERR_OK : file_fail(err, path, "write");
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return err_fail(err, ERR_LOCKED, "%s: another process is "
		    "writing it", path);
	return ERR_OK;
}

enum err
file_make_temporary(int folder, const char *name, const char *path,
    int *out_fd, struct error *err)
{
	CLOSE_FD int fd = -1;

	for (int tries = 0; tries < 2; tries++) {
		fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL |
		    O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0 || errno != EEXIST)
			break;
		TRY(check_idle(folder, name, path, err));
		unlinkat(folder, name, 0);
	}
	if (fd < 0)
		return file_fail(err, path, "write");
	/* Filesystems without locks have a single writer at a time. */
	flock(fd, LOCK_EX | LOCK_NB);
	*out_fd = fd;
	fd = -1;
	return ERR_OK;
}

/* ".<name>.crlferry-new" beside the file, so that the rename is atomic. */
static enum err
name_temporary(struct file_writer *writer, struct error *err)
{
	const char *slash = strrchr(writer->path, '/');
	const char *name = slash == NULL ? writer->path : slash + 1;
	int size = snprintf(writer->temporary, sizeof(writer->temporary),
	    "%.*s.%s.crlferry-new", (int)(name - writer->path), writer->path,
	    name);

	if (name[0] == '\0' || size < 0 ||
	    (size_t)size >= sizeof(writer->temporary))
		return err_fail(err, ERR_FORMAT,
		    "%s: the path is longer than %zu octets", writer->path,
		    sizeof(writer->temporary));
	return ERR_OK;
}

/* Give the temporary what the file has that it will replace. */
static enum err
copy_owner(const struct file_writer *writer, mode_t mode, struct error *err)
{
	CLOSE_FD int before = -1;
	struct stat st;

	if (lstat(writer->path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return err_remedy(err, err_fail(err, ERR_FORMAT,
			    "%s is not a regular file, and only one is "
			    "replaced", writer->path), "move it away, or name "
			    "another file");
		before = open(writer->path, O_RDONLY | O_CLOEXEC |
		    O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
		if (before < 0)
			return file_fail(err, writer->path, "open");
		TRY(attributes_copy(before, writer->fd, writer->path, err));
		if ((st.st_uid != geteuid() || st.st_gid != getegid()) &&
		    fchown(writer->fd, st.st_uid, st.st_gid) != 0 &&
		    errno != EPERM)
			return file_fail(err, writer->path, "chown");
		mode = st.st_mode & 0777;
	} else if (errno != ENOENT && errno != ENOTDIR) {
		return file_fail(err, writer->path, "look at");
	}
	/* FAT has no modes and says EPERM. */
	return fchmod(writer->fd, mode) == 0 || errno == EPERM ? ERR_OK :
	    file_fail(err, writer->path, "chmod");
}

enum err
file_writer_open(struct file_writer *writer, const char *path, mode_t mode,
    struct error *err)
{
	writer->fd = -1;
	TRY(file_join(writer->path, sizeof(writer->path), "", path, err));
	TRY(name_temporary(writer, err));
	TRY(file_make_temporary(AT_FDCWD, writer->temporary, writer->path,
	    &writer->fd, err));
	return copy_owner(writer, mode, err);
}

enum err
file_writer_write(struct file_writer *writer, struct span in,
    struct error *err)
{
	return file_write_all(writer->fd, writer->path, in, err);
}

enum err
file_writer_sync(struct file_writer *writer, struct error *err)
{
	return fsync(writer->fd) == 0 ? ERR_OK :
	    file_fail(err, writer->path, "sync");
}

enum err
file_writer_commit(struct file_writer *writer, struct error *err)
{
	char folder[sizeof(writer->path)];
	int fd = writer->fd;
	enum err code;

	TRY(file_folder(folder, sizeof(folder), writer->path, err));
	/*
	 * One failed fsync may be all that is ever heard of a lost write, so
	 * it is not tried again.
	 */
	if (fsync(fd) != 0)
		return file_fail(err, writer->path, "sync");
	writer->fd = -1;
	if (close(fd) != 0)
		code = file_fail(err, writer->path, "close");
	else if (rename(writer->temporary, writer->path) != 0)
		code = file_fail(err, writer->path, "rename");
	else
		return file_sync_folder(folder, err);
	unlink(writer->temporary);
	return code;
}

void
file_writer_abort(struct file_writer *writer)
{
	if (writer->fd < 0)
		return;
	file_close(&writer->fd);
	unlink(writer->temporary);
}

enum err
file_replace(const char *path, struct span in, mode_t mode,
    struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;

	TRY(file_writer_open(&writer, path, mode, err));
	TRY(file_writer_write(&writer, in, err));
	return file_writer_commit(&writer, err);
}

enum err
file_update(const char *path, struct span in, mode_t mode, struct error *err)
{
	RELEASE_BUFFER struct buffer before = {0};

	/* Whatever else is there is replaced. */
	if (file_read(path, FILE_OURS, in.size, &before, NULL) == ERR_OK &&
	    span_equals(span_of_buffer(&before), in))
		return ERR_OK;
	return file_replace(path, in, mode, err);
}

enum err
file_open_to_append(const char *path, mode_t mode, int *out_fd,
    struct error *err)
{
	const char *what;

	*out_fd = file_open_or_make(path, O_RDWR | O_APPEND, mode);
	if (*out_fd >= 0)
		return ERR_OK;
	if (file_is_irregular(errno, &what))
		return err_fail(err, ERR_FORMAT, "%s is %s, not a regular file",
		    path, what);
	return file_fail(err, path, "open");
}

enum err
file_append(int fd, const char *path, struct span in, struct error *err)
{
	char folder[4096];
	struct stat st;
	enum err code;

	if (fstat(fd, &st) != 0)
		return file_fail(err, path, "look at");
	code = file_write_all(fd, path, in, err);
	if (code == ERR_OK && fsync(fd) != 0)
		code = file_fail(err, path, "sync");
	if (code != ERR_OK && ftruncate(fd, st.st_size) != 0)
		return err_about(err, code, "and it cannot be cut back");
	if (code != ERR_OK || st.st_size > 0)
		return code;
	/* Its first octets: the name in the folder must last as well. */
	TRY(file_folder(folder, sizeof(folder), path, err));
	return file_sync_folder(folder, err);
}

/* One folder, whose parent is there. */
static enum err
make_one_folder(const char *path, mode_t mode, struct error *err)
{
	char parent[4096];
	struct stat st;
	int reason;

	if (mkdir(path, mode) == 0) {
		TRY(file_folder(parent, sizeof(parent), path, err));
		return file_sync_folder(parent, err);
	}
	/* "/" and what is not ours to write are there. */
	reason = errno;
	if (stat(path, &st) != 0)
		errno = reason == EEXIST ? errno : reason;
	else if (S_ISDIR(st.st_mode))
		return ERR_OK;
	else
		errno = reason == EEXIST ? ENOTDIR : reason;
	return file_fail(err, path, "make");
}

enum err
file_make_folder(const char *path, mode_t mode, struct error *err)
{
	char partial[4096];
	const char *slash;

	TRY(file_join(partial, sizeof(partial), "", path, err));
	for (slash = strchr(path, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		if (slash == path)
			continue;
		partial[slash - path] = '\0';
		TRY(make_one_folder(partial, mode, err));
		partial[slash - path] = '/';
	}
	return make_one_folder(partial, mode, err);
}

enum err
file_remove(const char *path, struct error *err)
{
	char folder[4096];

	TRY(file_folder(folder, sizeof(folder), path, err));
	if (unlink(path) != 0)
		return errno == ENOENT ? ERR_OK :
		    file_fail(err, path, "remove");
	return file_sync_folder(folder, err);
}
