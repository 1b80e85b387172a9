/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder_parts.h"

void
folder_release(struct folder *folder)
{
	file_close(&folder->fd);
}

void
folder_file_release(struct folder_file *file)
{
	file_close(&file->fd);
	buffer_release(&file->content);
}

enum err
folder_hold(const struct folder *folder, const char *name,
    struct folder *out, struct error *err)
{
	struct folder at = *folder;

	at.is_linked = false;
	TRY(file_join(at.name, sizeof(at.name), "", name, err));
	at.fd = fcntl(folder->fd, F_DUPFD_CLOEXEC, 3);
	if (at.fd < 0)
		return file_fail(err, folder->path, "open");
	*out = at;
	return ERR_OK;
}

enum err
folder_join(const struct folder *folder, const char *name,
    char out[PATH_MAX], struct error *err)
{
	const char *path = strcmp(folder->path, "/") == 0 ? "" : folder->path;
	int size = snprintf(out, PATH_MAX, "%s/%s", path, name);

	return size >= 0 && size < PATH_MAX ? ERR_OK : err_fail(err,
	    ERR_FORMAT, "%s: too long a path", folder->path);
}

enum err
folder_fail(const struct folder *folder, const char *name,
    const char *doing, int number, struct error *err)
{
	const struct shell_word shared = shell_word(folder->path,
	    folder->shared_size);
	char remedy[FOLDER_REMEDY_SIZE];
	char who[IDENTITY_NAME_SIZE];
	char path[PATH_MAX];

	if (folder_join(folder, name, path, NULL) != ERR_OK)
		snprintf(path, sizeof(path), "%s", name);
	folder_who(&folder->master, who);
	folder_remedy(folder, path, "r", remedy);
	if (number == ELOOP && folder->is_shared)
		return err_fail(err, ERR_PERMISSIONS, "%s: not followed: it is "
		    "a link in a folder that %s can change; put the file "
		    "itself there, or remove the link: rm %s", path, who,
		    shell_word(path, strlen(path)).text);
	if (number == EXDEV && folder->has_master)
		return err_fail(err, ERR_PERMISSIONS, "%s: not opened: "
		    "another filesystem is mounted there, below a folder that "
		    "%s can change: chown root %s && chmod go-w %s",
		    path, who, shared.text, shared.text);
	if (number == EACCES && folder->has_master)
		return err_fail(err, ERR_PERMISSIONS, "%s: not opened: %s can "
		    "change its folder, but may not read it: %s", path, who,
		    remedy);
	errno = number;
	return file_fail(err, path, doing);
}

/* As openat; no link, and no mount below, as openat2 can promise it. */
static int
open_as_master(int folder, const char *name, int flags)
{
	struct open_how how = {
	    .flags = (unsigned int)flags,
	    .resolve = (uint64_t)RESOLVE_NO_SYMLINKS |
		RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
}

enum err
folder_open_name(const struct folder *folder, const char *name, int flags,
    int *out, struct error *err)
{
	struct identity_before before;

	flags |= O_NOFOLLOW | O_CLOEXEC;
	if (!folder->has_master) {
		*out = openat(folder->fd, name, flags);
		*out = *out < 0 ? -errno : *out;
		return ERR_OK;
	}
	TRY(identity_take(&folder->master, &before, err));
	*out = open_as_master(folder->fd, name, flags);
	*out = *out < 0 ? -errno : *out;
	return identity_give_back(&before, err);
}

/*
 * One that he may not write is not his: he has moved it here.  A file that is
 * written into it would land where he could not have put it.
 */
enum err
folder_check_master(const struct folder *folder, struct error *err)
{
	struct identity_before before;
	char remedy[FOLDER_REMEDY_SIZE];
	char who[IDENTITY_NAME_SIZE];
	int number;

	if (!folder->has_master)
		return ERR_OK;
	TRY(identity_take(&folder->master, &before, err));
	number = syscall(SYS_faccessat2, folder->fd, "", W_OK | X_OK,
	    AT_EACCESS | AT_EMPTY_PATH) == 0 ? 0 : errno;
	TRY(identity_give_back(&before, err));
	if (number == 0)
		return ERR_OK;
	if (number != EACCES) {
		errno = number;
		return file_fail(err, folder->path, "write");
	}
	folder_who(&folder->master, who);
	folder_remedy(folder, folder->path, "rwx", remedy);
	return err_fail(err, ERR_PERMISSIONS, "%s: nothing is written there: "
	    "%s can put another folder in its place, but may not write into "
	    "it: %s", folder->path, who, remedy);
}

enum err
folder_find(const struct folder *folder, const char *name, bool *found,
    struct error *err)
{
	return err_about(err, file_find_at(folder->fd, name, found, err),
	    folder->path);
}
