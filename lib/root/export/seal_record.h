/* SPDX-License-Identifier: ISC */
/* The line of `seal` in the ledger: once, whatever was interrupted. */
#pragma once

#include "root/history/history.h"
#include "site/sealkeys.h"

#define SEAL_RECORD_KEYS_SIZE (SEALKEYS_MAX * MINISIGN_PUBLIC_LINE_SIZE)

/*
 * The public keys, divided by spaces, as sealed_by of a line.
 *
 * listed  which of them; NULL: all
 */
void seal_record_keys(const struct sealkeys_secret *secrets,
    const bool listed[SEALKEYS_MAX], char out[SEAL_RECORD_KEYS_SIZE]);

/*
 * Enter the keys that were wanted, and those that had sealed it before and that
 * no line tells of: a crash may have come between the seal and the ledger.
 * Nothing is entered if there are none.
 *
 * event   what was sealed, all but its sealed_by, which is added here as the
 *         last detail.  A detail order_sha256 says that it is an order; a
 *         bundle is known by its sha256
 * wanted  which of the keys have sealed it now
 */
MUST_CHECK enum err seal_record(struct history *history,
    const struct ledger_event *event, const struct sealkeys_secret *secrets,
    const bool wanted[SEALKEYS_MAX], struct notices *notices,
    struct error *err);
