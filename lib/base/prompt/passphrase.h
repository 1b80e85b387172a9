/* SPDX-License-Identifier: ISC */
/* Passphrases and PINs: where they come from, and another try. */
#pragma once

#include "base/secret.h"

#define PASSPHRASE_TRIES 3	/* of a file's; a token's PIN has one */

struct passphrase_ring;		/* new/free */

/* Somebody who keeps a record. */
struct passphrase_listener {
	void (*refused)(void *context, const char *what);
	void *context;
};

struct passphrase_source {
	int fd;		/* --passphrase-fd, one line each; -1: the terminal */
	struct passphrase_ring *ring;	/* keeps those that fitted; or NULL */
	const struct passphrase_listener *listener;	/* or NULL */
};

/*
 * Ask on the terminal, without echo; "PROMPT: ".  ERR_KEY if there is no
 * terminal, ERR_DECLINED as prompt_ask.
 */
MUST_CHECK enum err passphrase_ask(const char *prompt, struct secret *out,
    struct error *err);

/* What is asked for of a file: "passphrase of root.key". */
#define PASSPHRASE_WHAT_SIZE 512
void passphrase_of(const char *path, char out[PASSPHRASE_WHAT_SIZE]);

/*
 * The passphrase of something, which is how it is asked for: one that fitted
 * before, else the next of the source.  ERR_KEY if it has none.
 */
MUST_CHECK enum err passphrase_obtain(const struct passphrase_source *source,
    const char *what, struct secret *out, struct error *err);

/* It fitted: if the source has a ring, it is not asked for again. */
void passphrase_keep(const struct passphrase_source *source, const char *what,
    const struct secret *passphrase);

/*
 * It did not fit.  True, and said on the terminal, if there is another try.
 *
 * tried  how often it was asked for by now, from 1
 */
bool passphrase_has_another_try(const struct passphrase_source *source,
    const char *what, unsigned int tried);

/* NULL if there is no memory: then each is asked for again. */
struct passphrase_ring *passphrase_ring_new(void);
void passphrase_ring_free(struct passphrase_ring **ring);
void passphrase_ring_empty(struct passphrase_ring *ring);	/* or NULL */
