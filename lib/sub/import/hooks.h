/* SPDX-License-Identifier: ISC */
/*
 * The commands of a store that make its consumers read it anew, and say whether
 * they are content.  Inside sub/import only.
 */
#pragma once

#include "sub/import/pair_stores.h"

enum hook {
	HOOK_RELOAD,
	HOOK_VERIFY,
};

/*
 * Is there such a hook for the store, or for another subordinate's of the same
 * place?
 */
bool hooks_are_set(const struct pair_store *first, enum hook which);

/*
 * Run it, for each subordinate that shares the store; the same command once.
 * All are run; the first that fails is the result, the others are noticed.
 *
 * ERR_HOOK if one cannot be started, runs out of time, is killed, or ends with
 * another status than 0; ERR_PERMISSIONS if others could change it.  The
 * caller names the store.
 */
MUST_CHECK enum err hooks_run(const struct pair_store *first, enum hook which,
    struct notices *notices, struct error *err);

/* ERR_PERMISSIONS if others could change one, or the script that it runs. */
MUST_CHECK enum err hooks_check(const struct pair_store *first,
    enum hook which, struct error *err);
