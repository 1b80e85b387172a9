/* SPDX-License-Identifier: ISC */
/*
 * The revocations of the last CRL that a new set lacks: which of them may go,
 * and why.
 */
#pragma once

#include "base/bytes.h"
#include "pki/crl.h"
#include "root/ledger.h"
#include "site/config.h"

/* Fill the first group, the rest from {0}; release in the end. */
struct lost {
	const char *subject;		/* what lacks them, for the message */
	const char *index;		/* path; NULL: none */
	const struct config_words *acknowledged;	/* hex; NULL: none */
	int64_t last_s;			/* the last CRL's thisUpdate */

	struct buffer drops;		/* struct ledger_drop: these may go */
	uint64_t count;			/* those that may not */
	char first[LEDGER_SERIAL_SIZE];
	char more[192];			/* ", SERIAL" each, while they fit */
};

/*
 * Judge one entry that is lacking.  It may go where the operator acknowledged
 * it, or where the index knows that its certificate ended before last_s.
 * After the first that may not, what certificates have ended is not asked.
 *
 * lost  a struct lost: the shape is that of crl_compare's lost()
 */
MUST_CHECK enum err lost_add(void *lost, const struct crl_entry *entry,
    struct error *err);

/* ERR_SHRUNK where there was one that may not go. */
MUST_CHECK enum err lost_check(const struct lost *lost, struct error *err);
void lost_release(struct lost *lost);
