/* SPDX-License-Identifier: ISC */
/*
 * Add seals to a reset order that lies on a medium: what another officer does
 * where a subordinate wants more than one.
 */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "root/export/sealed_file.h"
#include "site/config.h"
#include "site/orderbox.h"

/* An order that is verified. */
struct order_sealing {
	const struct config_root *root;		/* borrowed */
	const struct config_subordinate *subordinate;	/* borrowed */
	const char *medium;			/* borrowed */
	struct orderbox box;
	struct order order;
	bool has_accepted_number;	/* this machine's ledger knows it */
	struct number accepted_number;	/* of the CRL that is given up */
	bool is_trust_known;		/* seal.trusted names keys */
	struct sealkeys_trusted trusted;
	bool has_sealed[SEALKEYS_MAX];	/* which of the trusted keys */
};

/*
 * Load the order for a subordinate and verify it: sealed by a trusted key,
 * where any is configured; an order that is written as recover takes it, for
 * this root and its key, and for this subordinate.  Whether it answers the
 * last request, and what is accepted, only the subordinate knows.
 *
 * root, subordinate  the latter is one of the former's
 * found              false, with ERR_OK, where there is no sealed order for it
 *
 * out is to be released whatever is returned.  ERR_SEAL, ERR_FORMAT (of the
 * ledger, too), ERR_ISSUER.
 */
MUST_CHECK enum err order_sealing_open(const struct config *config,
    const struct config_root *root,
    const struct config_subordinate *subordinate, const char *medium,
    struct order_sealing *out, bool *found, struct error *err);
void order_sealing_release(struct order_sealing *sealing);

/*
 * Seal with every key that has not sealed it yet, read all back, and enter in
 * the ledger what is not in it.  The caller holds the state lock.
 *
 * added  how many seals were written: 0 where all were there
 *
 * Errors as of sealing_add.  ERR_SEAL also where no trusted key is configured
 * and none of these has sealed it before: unlike a bundle, which the root has
 * signed, an order is worth what its seals are.
 */
MUST_CHECK enum err order_sealing_add(const struct config *config,
    const struct order_sealing *sealing, const struct seal_options *options,
    size_t *added, struct notices *notices, struct error *err);
