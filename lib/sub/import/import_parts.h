/* SPDX-License-Identifier: ISC */
/* What the parts of import share.  Inside of import*.c only. */
#pragma once

#include "site/sealkeys.h"
#include "sub/import/accepted.h"
#include "sub/import/import.h"
#include "sub/import/orders.h"
#include "sub/import/pair_stores.h"

/* One root on its way in. */
struct importing {
	const struct config *config;
	const struct config_root *root;
	const struct import_options *options;
	struct notices *notices;
	struct pair_stores stores;
	struct bundle bundle;
	struct sealkeys_trusted trusted;
	enum accepted_state state;
	struct accepted accepted;
	struct orders orders;
	const struct order *waiting;	/* for its CRL; or NULL */
	struct buffer previous;		/* the newest CRL that was seen */
	struct buffer seen;		/* struct crl_facts each */
	struct buffer der;
	struct verdict verdict;
};

/*
 * Gather what was seen of the root: what was accepted, what every store holds,
 * and which orders were carried out.  If the mark is lost, stores and
 * accepted.crl take its place.
 *
 * ERR_MISSING if nobody can say any more what was accepted; ERR_FORMAT
 * if the orders are damaged.
 */
MUST_CHECK enum err importing_see(struct importing *importing,
    struct error *err);

/*
 * Each store with a newer CRL than was accepted, but for the verdict's own; if
 * nothing was, and the verdict is ERR_ROLLBACK, each with a CRL.
 */
void importing_note_ahead(const struct importing *importing,
    bool is_rollback);
