/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder_parts.h"

static enum err
refuse_kind(const char *path, const char *kind, struct error *err)
{
	return err_fail(
	    err, ERR_FORMAT, "%s is no regular file but %s", path, kind);
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
