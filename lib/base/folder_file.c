/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/file.h"
#include "base/folder_parts.h"

static enum err
refuse_kind(const char *path, const char *kind, struct error *err)
{
	return err_fail(
	    err, ERR_FORMAT, "%s is %s, not a regular file", path, kind);
}

enum err
folder_read(const struct folder *folder, uint64_t max_bytes,
    struct folder_file *out, struct error *err)
{
	RELEASE_FOLDER_FILE struct folder_file file = FOLDER_FILE_NONE;
	char path[PATH_MAX];
	int fd;

	TRY(folder_join(folder, folder->name, path, err));
	/* O_NONBLOCK: neither a FIFO nor a lease must hang us. */
	TRY(folder_open_name(folder, folder->name,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY, &fd, err));
	if (fd == -ENOENT && !folder->is_linked) {
		*out = file;
		return ERR_OK;
	}
	if (fd == -ENOENT)
		return err_fail(err, ERR_FORMAT, "%s: a link leads here, and "
		    "there is nothing", path);
	if (fd == -ENXIO)
		return refuse_kind(path, "a socket", err);
	if (fd < 0)
		return folder_fail(folder, folder->name, "open", -fd, err);
	file.fd = fd;
	if (fstat(fd, &file.st) != 0)
		return file_fail(err, path, "stat");
	if (!S_ISREG(file.st.st_mode))
		return refuse_kind(path, S_ISDIR(file.st.st_mode) ?
		    "a folder" : "something else", err);
	TRY(file_read_fd(fd, path, max_bytes, &file.content, err));
	*out = file;
	file = (struct folder_file)FOLDER_FILE_NONE;
	return ERR_OK;
}

/*
 * The new file beside the old one.  It is the caller's, and closed to all
 * others, until its content is whole.
 */
struct temporary {
	const struct folder *folder;
	char name[NAME_MAX + 1];
	char path[PATH_MAX];	/* of the file that it will be, for messages */
	int fd;
};

static void
discard(struct temporary *temporary)
{
	if (temporary->fd < 0)
		return;
	file_close(&temporary->fd);
	unlinkat(temporary->folder->fd, temporary->name, 0);
}

#define DISCARD __attribute__((cleanup(discard)))

static enum err
sync_folder(const struct folder *folder, struct error *err)
{
	return file_sync_folder_at(folder->fd, ".", folder->path, err);
}

static enum err
start(const struct folder *folder, struct temporary *out, struct error *err)
{
	int size;

	*out = (struct temporary){.folder = folder, .fd = -1};
	TRY(folder_join(folder, folder->name, out->path, err));
	size = snprintf(out->name, sizeof(out->name), ".%s.crlferry-new",
	    folder->name);
	if (size < 0 || (size_t)size >= sizeof(out->name))
		return err_fail(err, ERR_FORMAT, "%s: so long a name leaves "
		    "none for a temporary file", out->path);
	return file_make_temporary(folder->fd, out->name, out->path, &out->fd,
	    err);
}

/*
 * The owner of the file that is replaced.  Who is not root may be unable to
 * give it away; that does no harm to a file that all may read.
 */
static enum err
keep_owner(const struct temporary *temporary, const struct stat *st,
    struct error *err)
{
	const mode_t everybody = S_IRUSR | S_IRGRP | S_IROTH;
	char owner[IDENTITY_NAME_SIZE];
	struct stat now;

	if (fstat(temporary->fd, &now) != 0)
		return file_fail(err, temporary->path, "stat");
	if ((now.st_uid == st->st_uid && now.st_gid == st->st_gid) ||
	    fchown(temporary->fd, st->st_uid, st->st_gid) == 0)
		return ERR_OK;
	if (errno != EPERM)
		return file_fail(err, temporary->path, "chown");
	if (fchown(temporary->fd, (uid_t)-1, st->st_gid) != 0 &&
	    errno != EPERM)
		return file_fail(err, temporary->path, "chown");
	if ((st->st_mode & everybody) == everybody)
		return ERR_OK;
	identity_name(st->st_uid, owner);
	return err_fail(err, ERR_PERMISSIONS, "%s: not replaced: it is not "
	    "readable for all (mode %04o), and only %s and root can keep its "
	    "owner; run this as root, or: chown %u %s", temporary->path,
	    st->st_mode & 07777, owner, geteuid(),
	    shell_word(temporary->path, strlen(temporary->path)).text);
}

/* Content first, then who may read it. */
static enum err
fill(const struct temporary *temporary, struct span content,
    const struct folder_file *like, mode_t mode, struct error *err)
{
	TRY(file_write_all(temporary->fd, temporary->path, content, err));
	if (like != NULL && like->fd >= 0) {
		TRY(attributes_copy(like->fd, temporary->fd,
		    temporary->path, err));
		TRY(keep_owner(temporary, &like->st, err));
		mode = like->st.st_mode & 0777;
	}
	/* FAT has no modes and says EPERM. */
	if (fchmod(temporary->fd, mode) != 0 && errno != EPERM)
		return file_fail(err, temporary->path, "chmod");
	/*
	 * One failed fsync may be all that is ever heard of a lost write, so
	 * it is not tried again.
	 */
	return fsync(temporary->fd) == 0 ? ERR_OK :
	    file_fail(err, temporary->path, "sync");
}

/* Into its place; a file that was missing must not have come since. */
static int
place(const struct temporary *temporary, bool is_new)
{
	const struct folder *folder = temporary->folder;
	int result = -1;

	errno = EINVAL;
	if (is_new)
		result = renameat2(folder->fd, temporary->name, folder->fd,
		    folder->name, RENAME_NOREPLACE);
	/* Not every filesystem can promise that. */
	if (result != 0 && (errno == EINVAL || errno == ENOSYS))
		result = renameat(folder->fd, temporary->name, folder->fd,
		    folder->name);
	return result;
}

static enum err
finish(struct temporary *temporary, bool is_new, struct error *err)
{
	const struct folder *folder = temporary->folder;
	int fd = temporary->fd;
	enum err code;

	temporary->fd = -1;
	if (close(fd) != 0)
		code = file_fail(err, temporary->path, "close");
	else if (place(temporary, is_new) != 0)
		code = errno == EEXIST ? err_fail(err, ERR_LOCKED, "%s: came "
		    "into being just now: run the same command again",
		    temporary->path) :
		    file_fail(err, temporary->path, "rename");
	else
		return sync_folder(folder, err);
	unlinkat(folder->fd, temporary->name, 0);
	return code;
}

enum err
folder_replace(const struct folder *folder, struct span content,
    const struct folder_file *like, mode_t mode, struct error *err)
{
	DISCARD struct temporary temporary = {.fd = -1};

	TRY(start(folder, &temporary, err));
	TRY(fill(&temporary, content, like, mode, err));
	return finish(&temporary, like != NULL && like->fd < 0, err);
}

enum err
folder_put(const struct folder *folder, struct span content, mode_t mode,
    struct error *err)
{
	return folder_replace(folder, content, NULL, mode, err);
}

enum err
folder_remove(const struct folder *folder, const char *name,
    struct error *err)
{
	if (unlinkat(folder->fd, name, 0) != 0)
		return errno == ENOENT ? ERR_OK :
		    folder_fail(folder, name, "remove", errno, err);
	return sync_folder(folder, err);
}

enum err
folder_rename(const struct folder *folder, const char *from, const char *to,
    struct error *err)
{
	if (renameat(folder->fd, from, folder->fd, to) != 0)
		return folder_fail(folder, from, "rename", errno, err);
	return sync_folder(folder, err);
}
