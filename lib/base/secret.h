/* SPDX-License-Identifier: ISC */
/* Secrets: guarded, locked memory, and how they come from a descriptor. */
#pragma once

#include "base/bytes.h"

#define SECRET_LINE_MAX 1023	/* octets of a passphrase */

/* Guarded memory: locked, zeroed on free, fenced by unmapped pages. */
struct secret {
	uint8_t *data;	/* NUL-terminated beyond size */
	size_t size;
};

#define RELEASE_SECRET __attribute__((cleanup(secret_release)))

/* Start libsodium; must succeed before anything else of this header. */
MUST_CHECK enum err secret_start(struct error *err);

/*
 * No core dump, not dumpable, not traceable: called first in main().
 * ERR_IO if the kernel refuses one of them.
 */
MUST_CHECK enum err secret_harden_process(struct error *err);

/*
 * Have libcrypto wipe whatever it frees: it does so itself with most secrets,
 * yet not with every copy of a private key that it decodes.  ERR_IO after its
 * first allocation.
 */
MUST_CHECK enum err secret_wipe_freed(struct error *err);

/* size zeroed octets.  ERR_IO if memory or its lock is exhausted. */
MUST_CHECK enum err secret_new(size_t size, struct secret *out,
    struct error *err);
void secret_release(struct secret *secret);

/* Wipe octets on the stack or heap that held a secret for a moment. */
#define WIPE_BUFFER __attribute__((cleanup(secret_wipe_buffer)))
void secret_wipe(void *data, size_t size);
void secret_wipe_buffer(struct buffer *buffer);	/* and free them */

/*
 * Read one line (LF ends it and is not kept) from a descriptor, octet by
 * octet so that the next line stays there for the next reader.
 * ERR_KEY if there is no line or it exceeds SECRET_LINE_MAX.
 */
MUST_CHECK enum err secret_read_line(int fd, const char *what,
    struct secret *out, struct error *err);

/* Random octets from the kernel. */
void secret_random(void *out, size_t size);
