/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/pair_name.h"

enum err
printable_append_pair(struct buffer *out, const struct standing_facts *facts,
    const char *unwanted, struct error *err)
{
	enum err code = printable_append(out, facts->root, PRINTABLE_LINE,
	    unwanted, err);

	if (code != ERR_OK || facts->subordinate[0] == '\0')
		return code;
	if ((code = buffer_append_text(out, "/", err)) != ERR_OK)
		return code;
	return printable_append(out, facts->subordinate, PRINTABLE_LINE,
	    unwanted, err);
}
