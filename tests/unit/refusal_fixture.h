/* SPDX-License-Identifier: ISC */
/* Edits of a JSON text, and tables of those that its parser must refuse. */
#pragma once

#include "base/bytes.h"
#include "test.h"

#define HEX64 "00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"

/* text with the first `from` replaced; from must be there. */
static inline void
edit_text(const char *text, const char *from, const char *to,
    struct buffer *out)
{
	const char *at = strstr(text, from);
	struct error err = {0};

	assert_non_null(at);
	FINE(buffer_append(out, text, (size_t)(at - text), &err));
	FINE(buffer_append_text(out, to, &err));
	FINE(buffer_append_text(out, at + strlen(from), &err));
}

/* What a change of a text is refused with. */
struct refusal {
	const char *name;
	const char *from;
	const char *to;
	const char *says;	/* somewhere in the message */
};

/* The parser; it asserts that what it was to fill stays as it was. */
typedef enum err refusing_parser(struct span json, struct error *err);

static inline void
assert_refused(const char *name, struct span json, const char *says,
    refusing_parser *parse)
{
	struct error err = {0};
	enum err have = parse(json, &err);

	if (have != ERR_FORMAT || err.code != ERR_FORMAT ||
	    strstr(err.what, says) == NULL)
		fail_msg("%s: want format and \"%s\", have %s and \"%s\"",
		    name, says, error_token(have), err.what);
}

static inline void
assert_all_refused(const char *text, const struct refusal *rows, size_t count,
    refusing_parser *parse)
{
	for (size_t i = 0; i < count; i++) {
		RELEASE_BUFFER struct buffer edited = {0};

		edit_text(text, rows[i].from, rows[i].to, &edited);
		assert_refused(rows[i].name, span_of_buffer(&edited),
		    rows[i].says, parse);
	}
}

/* Ends at every octet; only the last LF is nothing to JSON. */
static inline void
assert_cut_refused(const char *text, refusing_parser *parse)
{
	for (size_t size = 0; size < strlen(text) - 1; size++)
		assert_refused("cut", (struct span){
		    (const uint8_t *)text, size }, "", parse);
}
