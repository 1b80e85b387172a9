/* SPDX-License-Identifier: ISC */
/*
 * A connection of which every step has a time limit and every reading a bound:
 * the other side may be anybody.  Inside sub/watch/probe* only.
 */
#pragma once

#include "sub/watch/probe.h"

#define PROBE_STEP_S 10

/* The moment, of a clock that nobody sets, at which a step that begins ends. */
int64_t probe_deadline(void);

/*
 * Resolve the host, and connect to the first of its addresses that answers.
 *
 * address  that one, as text
 *
 * ERR_MISSING for an unknown host, ERR_IO.
 */
MUST_CHECK enum err probe_connect(const struct probe_target *target,
    int *out_fd, char address[64], struct error *err);

/* Send all of it.  ERR_IO. */
MUST_CHECK enum err probe_send(int fd, struct span in, int64_t deadline_ms,
    struct error *err);

/* Receive what is there, at least one octet; 0 at the end.  ERR_IO. */
MUST_CHECK enum err probe_receive(int fd, void *out, size_t capacity,
    int64_t deadline_ms, size_t *size, struct error *err);
