/* SPDX-License-Identifier: ISC */
/* CRL entries by their parts. */
#pragma once

#include "crl_fixture.h"
#include "test.h"

#define ENTRY_AT "170d3236303130323033303430355a"	/* DATE of an index */

struct entry_part {
	const char *serial;	/* hex of the content octets; NULL: no more */
	const char *reason;	/* hex of the ENUMERATED's octet, or NULL */
	const char *invalidity;	/* YYYYMMDDHHMMSSZ, or NULL */
	const char *hold;	/* hex of holdInstructionCode, whole, or NULL */
	const char *at;		/* hex of the Time; NULL: ENTRY_AT */
};

static inline void
put_entry_extension(struct buffer *out, const char *oid, uint8_t tag,
    struct span value)
{
	RELEASE_BUFFER struct buffer inner = {0};
	RELEASE_BUFFER struct buffer whole = {0};

	put_hex(&whole, oid);
	put_value(&inner, tag, value);
	put_value(&whole, DER_OCTET_STRING, span_of_buffer(&inner));
	put_value(out, DER_SEQUENCE, span_of_buffer(&whole));
}

static inline void
put_entry(struct buffer *out, const struct entry_part *part)
{
	RELEASE_BUFFER struct buffer extensions = {0};
	RELEASE_BUFFER struct buffer reason = {0};
	RELEASE_BUFFER struct buffer hold = {0};
	RELEASE_BUFFER struct buffer entry = {0};

	put_wrapped(&entry, DER_INTEGER, part->serial);
	put_hex(&entry, part->at == NULL ? ENTRY_AT : part->at);
	if (part->reason != NULL) {
		put_hex(&reason, part->reason);
		put_entry_extension(&extensions, "0603551d15",
		    DER_ENUMERATED, span_of_buffer(&reason));
	}
	if (part->invalidity != NULL)
		put_entry_extension(&extensions, "0603551d18",
		    DER_GENERALIZEDTIME, span_of_text(part->invalidity));
	if (part->hold != NULL) {
		put_hex(&hold, "0603551d17");
		put_wrapped(&hold, DER_OCTET_STRING, part->hold);
		put_value(&extensions, DER_SEQUENCE, span_of_buffer(&hold));
	}
	if (extensions.size > 0)
		put_value(&entry, DER_SEQUENCE, span_of_buffer(&extensions));
	put_value(out, DER_SEQUENCE, span_of_buffer(&entry));
}

/* A CRL of these entries, as craft makes it. */
static inline void
craft_entries(const struct entry_part *parts, struct buffer *out)
{
	RELEASE_BUFFER struct buffer list = {0};

	for (; parts->serial != NULL; parts++)
		put_entry(&list, parts);
	craft_list(&(struct crafted){0}, list.size > 0 ? &list : NULL, out);
}
