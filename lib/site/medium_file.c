/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "site/medium_file.h"

#define SYNC_EVERY (8 * 1024 * 1024)	/* octets */
#define CHUNK (1024 * 1024)
#define ALIGNMENT 4096		/* of memory and offsets: any device's block */

/* So much more is done. */
static void
add_work(struct medium_work *work, uint64_t size_bytes)
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
	add_work(file->work, in.size);
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

/* A file while it is read back. */
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
	/* A link in its place is another file. */
	if (readback->fd < 0 && (errno == ENOENT || errno == ELOOP))
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
			add_work(readback->work, (size_t)got);
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

void
medium_seal_name(const char *file, const struct minisign_public *key,
    char out[MANIFEST_NAME_SIZE])
{
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	char *c;

	if (key == NULL) {
		snprintf(out, MANIFEST_NAME_SIZE, "%s" MEDIUM_SEAL_SUFFIX,
		    file);
		return;
	}
	minisign_key_id_text(key->key_id, key_id);
	for (c = key_id; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	snprintf(out, MANIFEST_NAME_SIZE, "%s.%s" MEDIUM_SEAL_SUFFIX, file,
	    key_id);
}

enum err
medium_seals_make(const struct medium_sealed *sealed,
    const struct minisign_secret *secrets, size_t count,
    struct medium_seals *out, struct medium_content *files,
    struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		const bool is_plain = i == 0 && sealed->has_plain_name;

		medium_seal_name(sealed->name,
		    is_plain ? NULL : &secrets[i].public, out->names[i]);
		out->count++;
		TRY(minisign_sign(&secrets[i], sealed->content,
		    sealed->comment, &out->files[i], err));
		files[i] = (struct medium_content){out->names[i],
		    span_of_buffer(&out->files[i])};
	}
	return ERR_OK;
}

void
medium_seals_release(struct medium_seals *seals)
{
	for (size_t i = 0; i < seals->count; i++)
		buffer_release(&seals->files[i]);
	seals->count = 0;
}

enum err
medium_seals_put(const struct medium_folder *folder,
    const struct medium_sealed *sealed, const struct minisign_secret *secrets,
    size_t count, struct error *err)
{
	RELEASE_MEDIUM_SEALS struct medium_seals seals = {.count = 0};
	struct medium_content files[MEDIUM_SEALS_MAX];

	TRY(medium_seals_make(sealed, secrets, count, &seals, files, err));
	return medium_put_all(folder, files, seals.count, err);
}
