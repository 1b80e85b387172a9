/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/pair_name.h"

enum err
printable_append_pair(struct buffer *out, const struct standing_facts *facts,
    const char *unwanted, struct error *err)
{
	TRY(printable_append(out, facts->root, PRINTABLE_LINE, unwanted, err));
	if (facts->subordinate[0] == '\0')
		return ERR_OK;
	TRY(buffer_append_text(out, "/", err));
	return printable_append(out, facts->subordinate, PRINTABLE_LINE,
	    unwanted, err);
}
