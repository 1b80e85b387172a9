/* SPDX-License-Identifier: ISC */
/*
 * Carry out reset orders: the one way to lower what was accepted of a root.
 * Nothing is installed here: import then takes the CRL that the order names,
 * that very one, and the ordinary rules hold again from there.
 */
#pragma once

#include "base/notice.h"
#include "ferry/admit.h"
#include "ferry/order.h"
#include "site/config.h"

enum recovered_fate {
	RECOVERED_DONE,
	RECOVERED_KNOWN,	/* it was before, and waits for its CRL */
	RECOVERED_REFUSED,	/* nothing was changed, and why */
};

struct recovered {
	char root[SITE_NAME_SIZE];
	char subordinate[SITE_NAME_SIZE];
	enum recovered_fate fate;
	/* the rest is of an order that was not refused */
	struct order order;
	struct seals seals;
	struct crl_facts accepted;	/* the CRL that it gives up */
	struct error why;		/* RECOVERED_REFUSED */
};

/* release */
struct recoveries {
	struct recovered *list;
	size_t count;
};

#define RELEASE_RECOVERIES __attribute__((cleanup(recoveries_release)))

/*
 * Look for an order for every configured subordinate of every root.  Those
 * that fail are refused, one by one, and the others are carried out.  The
 * caller holds the state lock.
 *
 * The mark is one for each root: an order for any of its subordinates here
 * lowers it for all of them.
 *
 * Refusals, each in its `why`: ERR_SEAL, ERR_FORMAT; ERR_ISSUER for another
 * root, key or subordinate; ERR_ROLLBACK for an order that was carried out
 * before, answers another request than the last one, or is about another CRL
 * than what is accepted now; ERR_MISSING if nothing is accepted, or no
 * request was sent.
 *
 * ERR_CONFIG, ERR_KEY for seal.trusted; ERR_IO.
 */
MUST_CHECK enum err recover_medium(const struct config *config,
    const char *medium, struct recoveries *out, struct notices *notices,
    struct error *err);
void recoveries_release(struct recoveries *recoveries);
