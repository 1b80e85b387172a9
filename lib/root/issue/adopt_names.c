/* SPDX-License-Identifier: ISC */
#include "root/issue/adopting.h"

#define VANISHING_SHOWN 5

void
adopting_say_vanishing(const struct adopting *adopting)
{
	const struct buffer *drops = &adopting->lost.drops;
	const struct ledger_drop *list = (const void *)drops->data;
	const size_t count = drops->size / sizeof(*list);
	char hex[LEDGER_SERIAL_SIZE], subject[SUBJECT_SIZE];

	for (size_t i = 0; i < count && i < VANISHING_SHOWN; i++) {
		lost_spell(list[i].serial, hex);
		lost_name(adopting->root, list[i].serial, subject);
		notice(adopting->notices, "%s: %s%s is listed no more: %s",
		    adopting->file, hex, subject, list[i].why);
	}
	if (count > VANISHING_SHOWN)
		notice(adopting->notices, "%s: %zu more are listed no more: "
		    "the ledger has all", adopting->file,
		    count - VANISHING_SHOWN);
}

static enum err
append_name(const void *root, struct span serial, struct buffer *out,
    struct error *err)
{
	char subject[SUBJECT_SIZE];

	subject_beside(root, serial, subject);
	return buffer_append_text(out, subject, err);
}

struct merge
adopting_merge(const struct adopting *adopting)
{
	return (struct merge){.notices = adopting->notices,
	    .beside = append_name, .context = adopting->root};
}

void
adopting_say_twice(const struct adopting *adopting, const char *hex)
{
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span serial = {octets, 0};
	char subject[SUBJECT_SIZE] = "";

	if (serial_parse(span_of_text(hex), octets, &serial.size))
		subject_beside(adopting->root, serial, subject);
	notice(adopting->notices, "%s lists serial %s%s more than once: that "
	    "is kept as one; no subordinate takes this CRL, so that another "
	    "one must follow before the next export", adopting->file, hex,
	    subject);
}
