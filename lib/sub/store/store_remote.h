/* SPDX-License-Identifier: ISC */
/*
 * What stores have in common that are no files here: an installed program
 * reads and writes them.  Inside sub/store_* only.
 */
#pragma once

#include "base/process/process.h"
#include "sub/store/store.h"

#define REMOTE_TIMEOUT_S 20

/*
 * Run a program for a store, within its timeout (process->timeout_s is set
 * here).  Its exit status is the caller's to judge.
 *
 * package  that has it, for the remedy; or NULL
 *
 * ERR_STORE if it is not installed, or takes too long; ERR_PERMISSIONS if
 * others can change it.
 */
MUST_CHECK enum err remote_run(const struct store *store,
    struct process *process, const char *package,
    struct process_result *out, struct error *err);

/*
 * Judge what it holds, in DER, as its consumer would use it; empty: nothing.
 * The caller has called store_reading_start.
 */
MUST_CHECK enum err remote_judge(const struct store *store, struct span der,
    struct store_reading *reading, struct error *err);

/*
 * Before it is changed: may what it holds be replaced?  It is kept in *change,
 * and as a copy in the store's `previous`.  Nothing, or a CRL of this root,
 * may be; ERR_STORE for anything else.
 *
 * *is_same  it is this very CRL: there is nothing to be done
 */
MUST_CHECK enum err remote_begin(const struct store *store,
    struct span before, const struct store_crl *crl,
    struct store_change *change, bool *is_same, struct error *err);
