/* SPDX-License-Identifier: ISC */
/*
 * Seal an order that lets one subordinate lower what it accepted to this root's
 * current CRL.
 */
#pragma once

#include "base/notice.h"
#include "ferry/order.h"
#include "root/history/history.h"
#include "site/sealkeys.h"

struct reset_order_options {
	const char *medium;		/* folder, already checked */
	const char *subordinate;
	const char *why;		/* one line of printable text */
	int64_t now_s;
	const char *who;
	const struct sealkeys_secret *seals;
};

struct reset_ordered {
	char path[4096];		/* of the JSON on the medium */
	struct order order;
	bool has_accepted_number;
	struct number accepted_number;	/* of the CRL that is given up */
	bool is_bundle_there;		/* the new CRL's, on the medium */
};

/*
 * Order what the subordinate's latest request calls for: enter it into the
 * ledger, then write it to the medium with its seals.  If the medium has a
 * bundle of the CRL that is given up, that loses its seals: an importer would
 * take it, since its number is higher.  The caller holds the state lock.
 *
 * ERR_MISSING: no such subordinate, no request of it was taken in or it held
 * no CRL, no current CRL; ERR_USAGE if the subordinate would take the current
 * CRL without an order; ERR_CONFIG if a seal key is also a note key; ERR_MEDIUM
 * if there is no room.  All of these leave everything as it was.  ERR_IO,
 * ERR_NO_SPACE, ERR_FORMAT (a link in the way on the medium): the order is in
 * the ledger, and not on the medium.
 */
MUST_CHECK enum err reset_order(struct history *history,
    const struct config_root *root, const struct reset_order_options *options,
    struct reset_ordered *out, struct notices *notices, struct error *err);
