/* SPDX-License-Identifier: ISC */
/* The CRL that issue would sign now: judged by every rule, not signed. */
#pragma once

#include "pki/crl.h"
#include "root/issue/issue.h"
#include "view/preview.h"

/*
 * What an entry says, its serial as the index and `revoke` spell it: what
 * people have on their lists.  It counts as kept.
 */
struct preview_entry preview_entry_of(const struct crl_entry *entry);

/*
 * Reads only.  No key is opened, no passphrase asked for.
 *
 * visit  called for each entry: first those of the new list in serial order,
 *        then those that it no longer has; an error from it ends the walk.
 *        NULL: only the counts are wanted
 *
 * Errors are those of issue_root up to the signature.
 */
MUST_CHECK enum err issue_preview(struct history *history,
    const struct config_root *root, const struct issue_options *options,
    enum err (*visit)(void *context, const struct preview_entry *entry,
    struct error *err), void *context, struct preview *out,
    struct notices *notices, struct error *err);
