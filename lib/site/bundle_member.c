/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "site/bundle.h"

/*
 * Copy the first size octets, wherever the descriptor stands, and refuse a
 * file that ends before.
 */
static enum err
copy_octets(int from, int to, const char *subject, uint64_t size,
    struct error *err)
{
	RELEASE_BUFFER struct buffer chunk = {0};
	uint64_t done = 0;

	TRY(buffer_reserve(&chunk, 1024 * 1024, err));
	while (done < size) {
		size_t want = size - done < chunk.capacity ?
		    (size_t)(size - done) : chunk.capacity;
		ssize_t got = pread(from, chunk.data, want, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_fail(err, subject, "read");
		if (got == 0)
			return err_fail(err, ERR_FORMAT,
			    "%s: want %llu octets, have %llu", subject,
			    (unsigned long long)size,
			    (unsigned long long)done);
		TRY(file_write_all(to, subject,
		    (struct span){chunk.data, (size_t)got}, err));
		done += (uint64_t)got;
	}
	return ERR_OK;
}

enum err
bundle_member_load(int fd, const char *folder, const char *name,
    uint64_t max_bytes, struct bundle_member *out, struct error *err)
{
	CLOSE_FD int memory = -1;
	char subject[4096];
	struct stat st;
	uint64_t size;

	TRY(file_join(subject, sizeof(subject), folder, name, err));
	if (fstat(fd, &st) != 0)
		return file_fail(err, subject, "look at");
	size = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode))
		return err_fail(err, ERR_FORMAT, "%s is not a regular file",
		    subject);
	if (st.st_nlink != 1)
		return err_fail(err, ERR_FORMAT, "%s: want one link, have %lu",
		    subject, (unsigned long)st.st_nlink);
	if (size > max_bytes)
		return err_fail(err, ERR_FORMAT, "%s: want at most %llu "
		    "octets, have %llu", subject,
		    (unsigned long long)max_bytes, (unsigned long long)size);
	memory = memfd_create("crlferry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0)
		return file_fail(err, subject, "hold");
	/* Let it come from the device, if it was just written; a wish. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	TRY(copy_octets(fd, memory, subject, size, err));
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return file_fail(err, subject, "seal in memory");
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->size_bytes = size;
	out->fd = memory;
	memory = -1;
	return ERR_OK;
}

enum err
bundle_member_load_named(const struct medium_folder *folder, const char *name,
    uint64_t max_bytes, struct bundle_member *out, struct error *err)
{
	CLOSE_FD int fd = medium_open_beneath(folder->fd, name, O_RDONLY);
	const int number = errno;
	char subject[4096];
	const char *what;

	if (fd >= 0)
		return bundle_member_load(fd, folder->path, name, max_bytes,
		    out, err);
	TRY(file_join(subject, sizeof(subject), folder->path, name, err));
	if (file_is_irregular(number, &what))
		return err_fail(err, ERR_FORMAT, "%s is %s, not a regular "
		    "file", subject, what);
	if (number == EXDEV)
		return err_fail(err, ERR_FORMAT, "%s: is on another "
		    "filesystem than the rest of the medium", subject);
	errno = number;
	return file_fail(err, subject, "open");
}

enum err
bundle_member_find(const struct medium_folder *folder, const char *name,
    uint64_t max_bytes, struct bundle_member *out, bool *found,
    struct error *err)
{
	struct error why;
	const enum err code = bundle_member_load_named(folder, name, max_bytes,
	    out, &why);

	*found = code == ERR_OK;
	return code == ERR_OK || code == ERR_MISSING ? ERR_OK :
	    err_copy(err, &why);
}

void
bundle_member_release(struct bundle_member *member)
{
	file_close(&member->fd);
}

enum err
bundle_member_read(const struct bundle_member *member, struct buffer *out,
    struct error *err)
{
	if (lseek(member->fd, 0, SEEK_SET) != 0)
		return file_fail(err, member->name, "read");
	return file_read_fd(member->fd, member->name, member->size_bytes, out,
	    err);
}

enum err
bundle_member_map(const struct bundle_member *member, struct span *out,
    struct error *err)
{
	void *memory;

	if (member->fd < 0 || member->size_bytes == 0)
		return ERR_OK;
	memory = mmap(NULL, (size_t)member->size_bytes, PROT_READ,
	    MAP_PRIVATE | MAP_POPULATE, member->fd, 0);
	if (memory == MAP_FAILED)
		return file_fail(err, member->name, "map");
	*out = (struct span){memory, (size_t)member->size_bytes};
	return ERR_OK;
}

void
bundle_member_unmap(const struct span *span)
{
	if (span->size > 0)
		munmap((void *)(uintptr_t)span->data, span->size);
}
