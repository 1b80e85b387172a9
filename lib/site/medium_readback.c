/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "site/medium_file.h"

#define CHUNK (1024 * 1024)
#define ALIGNMENT 4096		/* of memory and offsets: any device's block */

struct readback {
	const struct manifest_file *meant;
	struct medium_work *work;	/* or NULL */
	char path[4096];
	uint8_t *memory;		/* CHUNK octets, aligned */
	struct sha256 *hash;
	uint64_t done_bytes;
	bool is_direct;
	int fd;
};

static void
readback_release(struct readback *readback)
{
	file_close(&readback->fd);
	sha256_free(readback->hash);
	free(readback->memory);
}

/* From now on through the page cache, which is asked to forget first. */
static enum err
leave_direct(struct readback *readback, struct error *err)
{
	const int flags = fcntl(readback->fd, F_GETFL);

	readback->is_direct = false;
	if (flags < 0 || fcntl(readback->fd, F_SETFL, flags & ~O_DIRECT) != 0)
		return file_fail(err, readback->path, "read back");
	posix_fadvise(readback->fd, 0, 0, POSIX_FADV_DONTNEED);
	return ERR_OK;
}

static enum err
open_direct(struct readback *readback, int folder, struct error *err)
{
	const char *name = readback->meant->name;
	struct stat st;

	readback->fd = medium_open_beneath(folder, name,
	    O_RDONLY | O_DIRECT);
	readback->is_direct = readback->fd >= 0;
	if (readback->fd < 0 && errno == EINVAL)
		readback->fd = medium_open_beneath(folder, name, O_RDONLY);
	if (readback->fd < 0 && errno == ENOENT)
		return err_fail(err, ERR_IO, "%s: is gone after it was "
		    "written: the medium is bad", readback->path);
	if (readback->fd < 0 || fstat(readback->fd, &st) != 0)
		return file_fail(err, readback->path, "read back");
	if (!S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != readback->meant->size_bytes)
		return err_fail(err, ERR_IO, "%s: want the %llu octets that "
		    "were written, have %lld", readback->path,
		    (unsigned long long)readback->meant->size_bytes,
		    (long long)st.st_size);
	return readback->is_direct ? ERR_OK : leave_direct(readback, err);
}

static enum err
read_all(struct readback *readback, struct error *err)
{
	ssize_t got;

	do {
		got = pread(readback->fd, readback->memory, CHUNK,
		    (off_t)readback->done_bytes);
		if (got >= 0) {
			TRY(sha256_update(readback->hash, (struct span){
			    readback->memory, (size_t)got}, err));
			readback->done_bytes += (size_t)got;
			medium_work_add(readback->work, (size_t)got);
		} else if (errno == EINVAL && readback->is_direct) {
			/* Some take the flag, and refuse what it asks for. */
			TRY(leave_direct(readback, err));
		} else if (errno != EINTR) {
			return file_fail(err, readback->path, "read back");
		}
	} while (got != 0 &&
	    readback->done_bytes <= readback->meant->size_bytes);
	return ERR_OK;
}

enum err
medium_file_read_back(const struct medium_folder *folder,
    const struct manifest_file *meant, struct medium_work *work,
    struct error *err)
{
	__attribute__((cleanup(readback_release))) struct readback readback = {
	    .meant = meant, .work = work, .fd = -1};
	uint8_t digest[SHA256_SIZE];

	TRY(file_join(readback.path, sizeof(readback.path), folder->path,
	    meant->name, err));
	TRY(sha256_new(&readback.hash, err));
	readback.memory = aligned_alloc(ALIGNMENT, CHUNK);
	if (readback.memory == NULL)
		return err_no_memory(err);
	TRY(open_direct(&readback, folder->fd, err));
	TRY(read_all(&readback, err));
	TRY(sha256_final(readback.hash, digest, err));
	if (readback.done_bytes != meant->size_bytes ||
	    memcmp(digest, meant->sha256, sizeof(digest)) != 0)
		return err_fail(err, ERR_IO, "%s: came back otherwise than it "
		    "was written: the medium is bad", readback.path);
	return ERR_OK;
}

enum err
medium_put_all(const struct medium_folder *folder,
    const struct medium_content *files, size_t count, struct error *err)
{
	struct manifest_file meant[MEDIUM_PUT_MAX];

	for (size_t i = 0; i < count; i++) {
		TRY(medium_file_put(folder, files[i].name, files[i].content,
		    &meant[i], err));
		TRY(medium_folder_sync(folder, err));
	}
	TRY(medium_sync(folder, err));
	for (size_t i = 0; i < count; i++)
		TRY(medium_file_read_back(folder, &meant[i], NULL, err));
	return ERR_OK;
}
