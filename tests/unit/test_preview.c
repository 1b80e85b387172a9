/* SPDX-License-Identifier: ISC */
/* A CRL that is not signed yet, as text and as JSON. */
#include <jansson.h>

#include "instant.h"
#include "rooms_fixture.h"
#include "test.h"
#include "view/preview.h"

static const struct preview_entry entries[] = {
	{ .change = PREVIEW_KEPT, .serial = "1004", .reason = -1,
	    .revoked_at_s = 1700000000 },
	{ .change = PREVIEW_ADDED, .serial = "1005", .reason = 1,
	    .reason_name = "keyCompromise", .revoked_at_s = 1700000001,
	    .has_invalidity = true, .invalidity_s = 1600000000,
	    .subject = "CN=Mail\x1b Gateway" },
	{ .change = PREVIEW_REMOVED, .serial = "1006", .reason = 4,
	    .reason_name = "superseded", .revoked_at_s = 1500000000,
	    .why = "certificate expired",
	    .subject = "issuing-1 (CN=\xc3\xa9 \"x\")" },
};

static struct preview
make_preview(void)
{
	return (struct preview){
	    .root = "corp", .issuer = "CN=Ro\"ot\x1b,O=\xc3\xa9",
	    .algorithm = "ecdsa-with-SHA384",
	    .number = number_from_u64(13),
	    .this_update_s = instant("2026-05-05T09:50:00Z"),
	    .next_update_s = instant("2026-12-05T09:50:00Z"),
	    .next_ceremony_s = instant("2026-11-03"),
	    .has_last = true, .last_has_number = true,
	    .last_number = number_from_u64(12),
	    .last_this_update_s = instant("2026-01-06T09:50:00Z"),
	    .last_next_update_s = instant("2026-08-06T09:50:00Z"),
	    .revoked_count = 2, .added_count = 1, .removed_count = 1};
}

static void
assert_text(struct buffer *have, const char *want)
{
	assert_int_equal(buffer_append(have, "", 1, NULL), ERR_OK);
	assert_string_equal((const char *)have->data, want);
}

TEST(heads_are_text)
{
	RELEASE_BUFFER struct buffer out = {0}, other = {0};
	struct preview preview = make_preview();
	struct error err = {0};

	FINE(preview_text(&preview, &out, &err));
	assert_text(&out, "corp: CRL #13, not signed\n"
	    "  issuer         CN=Ro\"ot?,O=\xc3\xa9\n"
	    "  signature      ecdsa-with-SHA384\n"
	    "  thisUpdate     2026-05-05T09:50:00Z\n"
	    "  nextUpdate     2026-12-05T09:50:00Z\n"
	    "  next ceremony  2026-11-03\n"
	    "  last CRL       #12, 2026-01-06T09:50:00Z to "
	    "2026-08-06T09:50:00Z\n"
	    "  revoked        2 (1 added, 1 removed)\n");
	preview.is_emergency = true;
	strcpy(preview.why, "key stolen");
	preview.has_last = false;
	FINE(preview_text(&preview, &other, &err));
	assert_true(span_contains(span_of_buffer(&other),
	    "\n  emergency      key stolen\n"));
	assert_true(span_contains(span_of_buffer(&other),
	    "\n  last CRL       none\n"));
	other.size = 0;
	preview.has_last = true;
	preview.last_has_number = false;
	preview.last_next_update_s = 0;
	FINE(preview_text(&preview, &other, &err));
	assert_true(span_contains(span_of_buffer(&other), "last CRL       "
	    "without a number, 2026-01-06T09:50:00Z to no end\n"));
}

TEST(entries_are_lines)
{
	RELEASE_BUFFER struct buffer out = {0};

	for (size_t i = 0; i < COUNT_OF(entries); i++)
		assert_int_equal(preview_entry_text(&entries[i], &out, NULL),
		    ERR_OK);
	assert_text(&out, "  1004  2023-11-14T22:13:20Z\n"
	    "+ 1005  2023-11-14T22:13:21Z  keyCompromise  invalid since "
	    "2020-09-13T12:26:40Z  CN=Mail? Gateway\n"
	    "- 1006  2017-07-14T02:40:00Z  superseded  "
	    "(certificate expired)  issuing-1 (CN=\xc3\xa9 \"x\")\n");
}

/* Of roots previews, each with `times` entries; parsed, and compared. */
static json_t *
print_document(size_t roots, size_t times, const struct preview *preview)
{
	RELEASE_BUFFER struct buffer list = {0}, out = {0};
	struct error err = {0};
	json_t *parsed;
	char *again;

	for (size_t k = 0; k < roots; k++) {
		RELEASE_BUFFER struct buffer added = {0}, removed = {0};

		for (size_t i = 0; i < times; i++) {
			FINE(preview_entry_json(&entries[1], &added, &err));
			FINE(preview_entry_json(&entries[2], &removed, &err));
		}
		FINE(preview_json(preview, span_of_buffer(&added),
		    span_of_buffer(&removed), &list, &err));
	}
	FINE(preview_document(span_of_buffer(&list), &out, &err));
	parsed = json_loadb((const char *)out.data, out.size,
	    JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(parsed);
	/* It is written as all other documents are. */
	again = json_dumps(parsed, JSON_INDENT(2) | JSON_SORT_KEYS |
	    JSON_ENSURE_ASCII);
	FINE(buffer_append(&out, "", 1, &err));
	assert_int_equal(strlen(again) + 1, strlen((char *)out.data));
	assert_memory_equal(again, out.data, strlen(again));
	free(again);
	return parsed;
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

TEST(the_document_is_json)
{
	struct preview preview = make_preview();
	json_t *document = print_document(2, 3, &preview);
	const json_t *root = json_array_get(
	    json_object_get(document, "roots"), 1);
	const json_t *entry;

	assert_string_equal(text_of(document, "type"), "crlferry-preview");
	assert_string_equal(text_of(root, "root"), "corp");
	assert_string_equal(text_of(root, "issuer"),
	    "CN=Ro\"ot?,O=\xc3\xa9");
	assert_string_equal(text_of(root, "number"), "13");
	assert_string_equal(text_of(root, "next_ceremony"), "2026-11-03");
	assert_true(json_is_false(json_object_get(root, "emergency")));
	assert_true(json_is_null(json_object_get(root, "why")));
	assert_string_equal(text_of(json_object_get(root, "last"),
	    "number"), "12");
	assert_int_equal(json_array_size(json_object_get(root, "added")), 3);
	entry = json_array_get(json_object_get(root, "removed"), 2);
	assert_string_equal(text_of(entry, "why"), "certificate expired");
	assert_string_equal(text_of(entry, "reason"), "superseded");
	assert_string_equal(text_of(entry, "subject"),
	    "issuing-1 (CN=\xc3\xa9 \"x\")");
	assert_true(json_is_null(json_object_get(entry, "invalidity")));
	json_decref(document);
}

TEST(empty_lists_are_json)
{
	struct preview preview = make_preview();
	json_t *document;

	json_decref(print_document(0, 0, &preview));
	preview.has_last = false;
	preview.is_emergency = true;
	strcpy(preview.why, "\"stolen\"");
	document = print_document(1, 0, &preview);
	assert_string_equal(text_of(json_array_get(json_object_get(document,
	    "roots"), 0), "why"), "\"stolen\"");
	json_decref(document);
}
