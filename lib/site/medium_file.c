/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "site/medium_file.h"

#define SYNC_EVERY (8 * 1024 * 1024)	/* octets */

void
medium_work_add(struct medium_work *work, uint64_t size_bytes)
{
	if (work == NULL)
		return;
	work->done_bytes += size_bytes;
	if (work->progress != NULL && work->progress->tell != NULL)
		work->progress->tell(work->progress->context, work->doing,
		    work->done_bytes, work->total_bytes);
}

enum err
medium_file_open(struct medium_file *file,
    const struct medium_folder *folder, const char *name, struct error *err)
{
	bool was_there;

	*file = (struct medium_file){.folder = folder, .fd = -1};
	TRY(file_join(file->path, sizeof(file->path), folder->path, name, err));
	if (strlen(name) >= sizeof(file->meant.name))
		return err_fail(err, ERR_FORMAT, "%s: its name is longer than "
		    "%zu octets", file->path, sizeof(file->meant.name) - 1);
	snprintf(file->meant.name, sizeof(file->meant.name), "%s", name);
	snprintf(file->temporary, sizeof(file->temporary),
	    ".%s.crlferry-new", name);
	TRY(sha256_new(&file->hash, err));
	TRY(medium_folder_remove(folder, file->temporary, &was_there, err));
	/* A plain name, made anew: there is no link to follow. */
	file->fd = openat(folder->fd, file->temporary, O_WRONLY | O_CREAT |
	    O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (file->fd < 0)
		return medium_fail(folder, err, file->path, "write");
	/* Whatever the umask; what has no modes refuses in many ways. */
	if (fchmod(file->fd, 0644) != 0 && errno == EIO)
		return medium_fail(folder, err, file->path, "chmod");
	return ERR_OK;
}

enum err
medium_file_write(struct medium_file *file, struct span in,
    struct error *err)
{
	size_t done = 0;

	TRY(sha256_update(file->hash, in, err));
	while (done < in.size) {
		ssize_t put = write(file->fd, in.data + done,
		    in.size - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return medium_fail(file->folder, err, file->path,
			    "write");
		done += (size_t)put;
	}
	file->meant.size_bytes += in.size;
	medium_work_add(file->work, in.size);
	/* A slow stick is to be heard of now and then, not at the end. */
	file->unsynced_bytes += in.size;
	if (file->unsynced_bytes >= SYNC_EVERY) {
		file->unsynced_bytes = 0;
		if (fdatasync(file->fd) != 0)
			return medium_fail(file->folder, err, file->path,
			    "sync");
	}
	return ERR_OK;
}

enum err
medium_file_commit(struct medium_file *file, struct manifest_file *out,
    struct error *err)
{
	const int folder = file->folder->fd;
	const int fd = file->fd;
	enum err code;

	TRY(sha256_final(file->hash, file->meant.sha256, err));
	/*
	 * One failed fsync may be all that is ever heard of a lost write, so
	 * it is not tried again.
	 */
	if (fsync(fd) != 0)
		return medium_fail(file->folder, err, file->path, "sync");
	file->fd = -1;
	if (close(fd) == 0 && renameat(folder, file->temporary, folder,
	    file->meant.name) == 0) {
		*out = file->meant;
		return ERR_OK;
	}
	code = medium_fail(file->folder, err, file->path, "write");
	unlinkat(folder, file->temporary, 0);
	return code;
}

void
medium_file_abort(struct medium_file *file)
{
	sha256_free(file->hash);
	file->hash = NULL;
	if (file->fd < 0)
		return;
	file_close(&file->fd);
	unlinkat(file->folder->fd, file->temporary, 0);
}

enum err
medium_file_put(const struct medium_folder *folder, const char *name,
    struct span in, struct manifest_file *out, struct error *err)
{
	ABORT_MEDIUM_FILE struct medium_file file = MEDIUM_FILE_NONE;

	TRY(medium_file_open(&file, folder, name, err));
	TRY(medium_file_write(&file, in, err));
	return medium_file_commit(&file, out, err);
}
