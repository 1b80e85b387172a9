/* SPDX-License-Identifier: ISC */
#include "ca/index_crl.h"
#include "root/issue/issue_rules.h"

/* Entries that neither CRL lists: those that a note has proven come last. */
static enum err
add_proven(struct issuing *issuing, struct error *err)
{
	const struct buffer *proven = &issuing->proven.drops;
	const struct ledger_drop *list = (const void *)proven->data;
	struct buffer *drops = &issuing->lost.drops;
	size_t i;

	for (i = 0; i < proven->size / sizeof(*list); i++) {
		if (!ledger_drops_have(drops, list[i].serial))
			TRY(buffer_append(drops, &list[i], sizeof(*list),
			    err));
	}
	return ERR_OK;
}

/*
 * Every entry of the last CRL must be in the new set, unless there is a
 * reason to leave it out; and so must what the ledger has recorded since.
 */
enum err
issuing_check_lost(struct issuing *issuing, struct error *err)
{
	struct lost *lost = &issuing->lost;
	enum err code;

	lost->subject = lost->index = issuing->root->signing->index;
	lost->acknowledged = issuing->options->acknowledged;
	if (!issuing->has_last)
		return pending_check(&issuing->pending, lost->index,
		    &issuing->index, lost->acknowledged, err);
	lost->last_s = issuing->last.crl.this_update.at_s;
	/* Where that is still to come, no certificate has ended before it. */
	if (lost->last_s > issuing->options->now_s)
		lost->last_s = issuing->options->now_s;
	code = index_crl_lost(&issuing->index, &issuing->last.crl, lost_add,
	    lost, err);
	if (code == ERR_OK)
		code = lost_check(lost, err);
	if (code == ERR_OK)
		code = add_proven(issuing, err);
	return code == ERR_OK ? pending_check(&issuing->pending, lost->index,
	    &issuing->index, lost->acknowledged, err) : code;
}

enum err
issuing_check_first(const struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;

	if (issuing->has_last && options->is_first)
		notice(issuing->notices, "%s: --first has no effect: there "
		    "is a last CRL", issuing->root->name);
	if (issuing->has_last || options->is_first)
		return ERR_OK;
	return err_fail(err, ERR_MISSING, "%s: want the last CRL, to keep its "
	    "revocations, have none: say with --first that there was none, or "
	    "take it: crlferry-root adopt %s FILE", issuing->root->name,
	    issuing->root->name);
}
