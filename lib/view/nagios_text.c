/* SPDX-License-Identifier: ISC */
#include "base/printable.h"
#include "view/nagios_parts.h"

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

enum err
nagios_append_text(struct buffer *out, const struct standing *standing,
    struct error *err)
{
	const struct standing_concern *loud = standing_loudest(standing);

	TRY(printable_append_pair(out, standing->facts, "|", err));
	TRY(buffer_appendf(out, err, " %s%s",
	    pair_state_word(standing->state), loud == NULL ? ": " :
	    standing->state_severity == SEVERITY_OK ? ", but " : ", and "));
	if (loud != NULL) {
		TRY(printable_append(out, loud->text, PRINTABLE_LINE, "|",
		    err));
		TRY(buffer_append_text(out, "; ", err));
	}
	TRY(printable_append(out, standing->detail, PRINTABLE_LINE, "|", err));
	for (size_t i = 0; i < standing->concern_count; i++) {
		const struct standing_concern *concern =
		    &standing->concerns[i];

		if (concern == loud || concern->severity == SEVERITY_OK)
			continue;
		TRY(buffer_append_text(out, "; ", err));
		TRY(printable_append(out, concern->text, PRINTABLE_LINE, "|",
		    err));
	}
	return ERR_OK;
}
