/* SPDX-License-Identifier: ISC */
/* Put a verified CRL into the stores of a root.  Inside sub/import only. */
#pragma once

#include "sub/import/pair_stores.h"

struct installing {
	const struct store_crl *crl;
	bool is_reload_due;	/* an earlier run ended before its reloads */
	/* each counted once, however many subordinates share it */
	size_t count;		/* stores */
	size_t changed;		/* those whose content changed */
	size_t failed;
};

/*
 * Each store in turn: install, reload, verify, confirm.  One that subordinates
 * share is written once, the hooks of all of them run, each different command
 * once, and it is confirmed for each.  One that fails gets its previous content
 * back, is reloaded again if it was before, and the next has its turn.  The
 * outcome of each says how it went.
 *
 * A store with a hook that others can change is left as it is.
 *
 * ERR_STORE, ERR_HOOK, ERR_PERMISSIONS, ERR_NO_SPACE or ERR_IO of the first
 * that failed; each of the others is a notice.  ERR_STORE if the
 * system denies it and another was changed.
 */
MUST_CHECK enum err install_all(struct pair_stores *stores,
    struct installing *installing, struct notices *notices,
    struct error *err);
