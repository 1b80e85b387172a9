/* SPDX-License-Identifier: ISC */
/*
 * Bytes seen through a window, so that one parser reads memory without a copy
 * and a large file without holding it.  The file must be ours alone: a file
 * that is cut while it is read gives ERR_IO.
 */
#pragma once

#include "base/digest.h"

#define WINDOW_SIZE (256 * 1024)

struct window {
	struct span memory;	/* all of it, if there is no file */
	int fd;			/* -1 for memory; borrowed */
	uint64_t size;		/* octets in all */
	uint64_t offset;	/* where buffered begins in the file */
	struct buffer buffered;
};

/* Over nothing yet, and let go of at the end of its block. */
#define WINDOW_NONE {.fd = -1}
#define RELEASE_WINDOW __attribute__((cleanup(window_release)))

/* Look at memory; it must outlive the window. */
void window_init_memory(struct window *window, struct span memory);

/* Look at an open regular file; fd is borrowed. */
MUST_CHECK enum err window_init_file(struct window *window, int fd,
    struct error *err);

void window_release(struct window *window);

/*
 * The octets at offset: at least `need` of them (up to WINDOW_SIZE for a
 * file), more if they are at hand.  They stay valid until the next call.
 * ERR_FORMAT if fewer than need remain.
 */
MUST_CHECK enum err window_view(struct window *window, uint64_t offset,
    size_t need, struct span *out, struct error *err);

/* SHA-256 of all octets, from the first to the last. */
MUST_CHECK enum err window_sha256(struct window *window,
    uint8_t out[SHA256_SIZE], struct error *err);
