/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "receipts_text.h"

static bool
is_on_medium(const struct receipt_sent *receipt)
{
	return receipt->path[0] != '\0';
}

enum err
receipts_report(struct invocation *invocation,
    const struct receipts_sent *sent, struct error *err)
{
	for (size_t i = 0; i < receipts_sent_count(sent); i++) {
		const struct receipt_sent *receipt =
		    receipts_sent_at(sent, i);

		if (is_on_medium(receipt))
			TRY(cli_say(invocation, err,
			    "%s: receipt of %s written to %s\n", receipt->root,
			    receipt->subordinate, receipt->path));
	}
	return ERR_OK;
}

size_t
receipts_count(const struct receipts_sent *sent, bool is_written)
{
	size_t count = 0;

	for (size_t i = 0; i < receipts_sent_count(sent); i++)
		count += is_on_medium(receipts_sent_at(sent, i)) ==
		    is_written;
	return count;
}

const char *
receipts_path(const struct receipts_sent *sent, const char *root,
    const char *subordinate)
{
	for (size_t i = 0; i < receipts_sent_count(sent); i++) {
		const struct receipt_sent *receipt =
		    receipts_sent_at(sent, i);

		if (is_on_medium(receipt) &&
		    strcmp(receipt->root, root) == 0 &&
		    strcmp(receipt->subordinate, subordinate) == 0)
			return receipt->path;
	}
	return NULL;
}
