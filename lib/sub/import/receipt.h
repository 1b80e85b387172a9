/* SPDX-License-Identifier: ISC */
/*
 * Receipts: what an import has installed where, for the root to know.  Each
 * waits in STATE/<root>/outbox/ until it is on a medium; the newest of a
 * subordinate takes the place of one that waits there.
 *
 * No import fails because of a receipt: what goes wrong is a notice, and the
 * receipt waits for the next request or import.
 */
#pragma once

#include "base/notice.h"
#include "pki/crl.h"
#include "sub/import/pair_stores.h"
#include "sub/import/senders.h"

/* One that waited. */
struct receipt_sent {
	char root[SITE_NAME_SIZE];
	char subordinate[SITE_NAME_SIZE];
	char path[4096];	/* on the medium; empty: it waits still */
};

/* release */
struct receipts_sent {
	struct buffer list;	/* struct receipt_sent each */
};

#define RELEASE_RECEIPTS_SENT __attribute__((cleanup(receipts_sent_release)))

/*
 * Put a receipt, unsealed as yet, into the outbox of every subordinate of the
 * root that has a note_secret: what came of each of its stores.  False if
 * one is not there.
 */
bool receipts_make(const struct config *config,
    const struct pair_stores *stores, const struct crl_facts *crl,
    int64_t now_s, struct notices *notices);

struct receipts_options {
	const struct config_root *root;	/* NULL: of all */
	const char *medium;		/* folder; NULL: there is none */
	const struct passphrase_source *passphrases;	/* as senders_open */
};

/*
 * Seal the receipts that wait, and write them to the medium.  One that is
 * there leaves the outbox.
 */
void receipts_send(const struct config *config, struct senders *senders,
    const struct receipts_options *options, struct receipts_sent *out,
    struct notices *notices);

size_t receipts_sent_count(const struct receipts_sent *sent);
const struct receipt_sent *receipts_sent_at(const struct receipts_sent *sent,
    size_t i);
void receipts_sent_release(struct receipts_sent *sent);
