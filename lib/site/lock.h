/* SPDX-License-Identifier: ISC */
/*
 * The locks and their order.  There is one: STATE/lock, exclusive, taken by
 * every verb that writes, before it reads anything that it will decide upon,
 * and held to the end.  Verbs that only read take none: every file they read
 * is replaced atomically.  A lock that comes later is taken after this one.
 */
#pragma once

#include "site/config.h"

#define LOCK_WAIT_S 10

/*
 * Take STATE/lock.  Closing *out_fd gives it back.  ERR_LOCKED after
 * LOCK_WAIT_S seconds.
 */
MUST_CHECK enum err lock_state(const struct config *config, int *out_fd,
    struct error *err);
