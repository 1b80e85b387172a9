/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/window.h"

void
window_init_memory(struct window *window, struct span memory)
{
	*window = (struct window){
	    .memory = memory, .fd = -1, .size = memory.size};
}

enum err
window_init_file(struct window *window, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return file_fail(err, "file", "look at");
	if (!S_ISREG(st.st_mode))
		return err_fail(err, ERR_FORMAT, "this is not a regular file");
	*window = (struct window){.fd = fd, .size = (uint64_t)st.st_size};
	return ERR_OK;
}

void
window_release(struct window *window)
{
	buffer_release(&window->buffered);
	*window = (struct window){.fd = -1};
}

/* Read the window's worth of octets from offset on. */
static enum err
window_fill(struct window *window, uint64_t offset, size_t size,
    struct error *err)
{
	struct buffer *buffered = &window->buffered;

	/* Emptied first: a read that fails leaves nothing to mistake. */
	buffered->size = 0;
	window->offset = offset;
	TRY(buffer_reserve(buffered, WINDOW_SIZE, err));
	while (buffered->size < size) {
		ssize_t got = pread(window->fd,
		    buffered->data + buffered->size, size - buffered->size,
		    (off_t)(offset + buffered->size));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return file_fail(err, "file", "read");
		if (got == 0)
			return err_fail(err, ERR_IO,
			    "the file was cut while it was read: it had %llu "
			    "octets",
			    (unsigned long long)window->size);
		buffered->size += (size_t)got;
	}
	return ERR_OK;
}

enum err
window_view(struct window *window, uint64_t offset, size_t need,
    struct span *out, struct error *err)
{
	uint64_t left;

	if (offset > window->size || need > window->size - offset)
		return err_fail(err, ERR_FORMAT,
		    "octet %llu: want %zu more octets, have %llu",
		    (unsigned long long)offset, need,
		    (unsigned long long)(offset > window->size ?
		    0 : window->size - offset));
	left = window->size - offset;
	if (left == 0) {
		*out = (struct span){0};
		return ERR_OK;
	}
	if (window->fd < 0) {
		*out = (struct span){window->memory.data + offset,
		    (size_t)left};
		return ERR_OK;
	}
	if (window->buffered.size == 0 || offset < window->offset ||
	    offset + need > window->offset + window->buffered.size) {
		size_t size = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;

		if (need > WINDOW_SIZE)
			return err_fail(err, ERR_FORMAT,
			    "octet %llu: want at most %d octets in one piece, "
			    "have %zu", (unsigned long long)offset,
			    WINDOW_SIZE, need);
		TRY(window_fill(window, offset, size, err));
	}
	*out = (struct span){
	    window->buffered.data + (offset - window->offset),
	    window->buffered.size - (size_t)(offset - window->offset)};
	return ERR_OK;
}

enum err
window_sha256(struct window *window, uint8_t out[SHA256_SIZE],
    struct error *err)
{
	FREE_SHA256 struct sha256 *hash = NULL;
	struct span view;
	uint64_t at;

	TRY(sha256_new(&hash, err));
	for (at = 0; at < window->size; at += view.size) {
		TRY(window_view(window, at, 1, &view, err));
		TRY(sha256_update(hash, view, err));
	}
	return sha256_final(hash, out, err);
}
