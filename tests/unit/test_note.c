/* SPDX-License-Identifier: ISC */
#include "note_fixture.h"
#include "secret_fixture.h"
#include "test.h"

/* Values that are fine; each comes back from the encoder as it was. */
static const struct {
	const char *name;
	const char *from;
	const char *to;
} fine_rows[] = {
	{ "as it is", "17", "17" },
	{ "sequence 1", "17", "1" },
	{ "sequence 2^63-1", "17", "9223372036854775807" },
	{ "no number", "  \"number\": \"12\",\n", "" },
	{ "number 0", "\"12\"", "\"0\"" },
	{ "number 2^159-1", "\"12\"",
	    "\"730750818665451459101842416358141509827966271487\"" },
	{ "one seal", ",\n    \"untrusted comment: two\\n\"", "" },
	{ "names of 32", "issuing-1", "abcdefghijklmnopqrstuvwxyz-01234" },
	{ "the year 0", "2026-11-22T10:00:00Z", "0000-01-01T00:00:00Z" },
	{ "the last second", "2026-11-22T10:00:00Z", "9999-12-31T23:59:59Z" },
	{ "text beyond ASCII", "comment: one", "comment: \xc3\xbc" },
};

static const struct {
	const char *name;
	const char *from;
	const char *to;
} fine_receipts[] = {
	{ "as it is", "17", "17" },
	{ "no number", "  \"number\": \"12\",\n", "" },
	{ "had it already", "\"installed\"", "\"same\"" },
	{ "a path beyond ASCII", "/etc/ssl", "/\xc3\xbc/ssl" },
	{ "a path with quotes", "/etc/ssl", "/\\\"\\\\" },
	{ "ends before it begins", "2027", "1927" },
};

static void
check_round_trip(const char *name, struct span json)
{
	RELEASE_NOTE struct note note = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	if (note_parse(json, &note, &err) != ERR_OK ||
	    note_encode(&note, &text, &err) != ERR_OK)
		fail_msg("%s: %s", name, err.what);
	if (!span_equals(span_of_buffer(&text), json))
		fail_msg("%s: want\n%.*shave\n%.*s", name, (int)json.size,
		    (const char *)json.data, (int)text.size,
		    (const char *)text.data);
}

TEST(test_round_trips)
{
	for (size_t i = 0; i < COUNT_OF(fine_rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};

		edit(fine_rows[i].from, fine_rows[i].to, &text);
		check_round_trip(fine_rows[i].name, span_of_buffer(&text));
	}
	for (size_t i = 0; i < COUNT_OF(fine_receipts); i++) {
		RELEASE_BUFFER struct buffer text = {0};

		edit_text(receipt_sample, fine_receipts[i].from,
		    fine_receipts[i].to, &text);
		check_round_trip(fine_receipts[i].name,
		    span_of_buffer(&text));
	}
}

/* A subordinate that holds nothing yet, and one that holds a bare CRL. */
TEST(test_holds_less)
{
	struct error err = {0};
	RELEASE_NOTE struct note note = { .kind = NOTE_REQUEST,
		.root = "r", .subordinate = "s", .sequence = 1 };
	RELEASE_BUFFER struct buffer text = {0}, bare = {0};

	memset(note.nonce, '0', sizeof(note.nonce) - 1);
	FINE(note_encode(&note, &text, &err));
	check_round_trip("nothing", span_of_buffer(&text));
	assert_false(span_contains(span_of_buffer(&text), "crl\""));
	assert_false(span_contains(span_of_buffer(&text), "seals"));
	FINE(buffer_append(&note.crl, "\x30\0", 2, &err));
	FINE(note_encode(&note, &bare, &err));
	check_round_trip("bare", span_of_buffer(&bare));
	assert_true(span_contains(span_of_buffer(&bare), "\"crl\": \"MAA=\""));
}

TEST(test_values)
{
	RELEASE_NOTE struct note note = {0};
	const struct number twelve = number_from_u64(12);

	assert_int_equal(note_parse(span_of_text(sample), &note, NULL),
	    ERR_OK);
	assert_int_equal(note.kind, NOTE_REQUEST);
	assert_string_equal(note.root, "corp-root-g1");
	assert_int_equal(note.spki_sha256[1], 0x11);
	assert_string_equal(note.subordinate, "issuing-1");
	assert_int_equal(note.sequence, 17);
	assert_int_equal(note.at_s, 1795341600);
	assert_string_equal(note.nonce, HEX64);
	assert_true(note.has_number);
	assert_int_equal(number_compare(&note.number, &twelve), 0);
	assert_int_equal(note.crl.size, 5);
	assert_memory_equal(note.crl.data, "\x30\x03\x02\x01\x05", 5);
	assert_true(span_equals(span_of_buffer(&note.manifest),
	    span_of_text("{\n  \"root\": \"corp-root-g1\"\n}\n")));
	assert_int_equal(note.seal_count, 2);
	assert_true(span_equals(span_of_buffer(&note.seals[1]),
	    span_of_text("untrusted comment: two\n")));
}

TEST(test_receipt_values)
{
	RELEASE_NOTE struct note note = {0};
	char comment[MINISIGN_COMMENT_SIZE];

	assert_int_equal(note_parse(span_of_text(receipt_sample), &note,
	    NULL), ERR_OK);
	assert_int_equal(note.kind, NOTE_RECEIPT);
	assert_int_equal(note.sha256[1], 0x11);
	assert_int_equal(note.this_update_s, 1795341000);
	assert_int_equal(note.next_update_s, 1813658400);
	assert_int_equal(note.crl.size, 0);
	assert_int_equal(note_store_count(&note), 2);
	assert_int_equal(note_store_failures(&note), 1);
	assert_string_equal(note_store_at(&note, 0)->type, "hashdir");
	assert_string_equal(note_store_at(&note, 1)->path,
	    "/etc/nginx/ca.crl.pem");
	assert_int_equal(note_store_at(&note, 0)->outcome, NOTE_INSTALLED);
	assert_int_equal(note_store_at(&note, 1)->outcome, NOTE_FAILED);
	note_comment(&note, comment, sizeof(comment));
	assert_string_equal(comment, "type:crlferry-receipt root:corp-root-g1 "
	    "subordinate:issuing-1 sequence:17 time:2026-11-22T10:00:00Z "
	    "number:12");
}

/* As many stores as there may be, and their longest paths. */
TEST(test_many_stores)
{
	struct error err = {0};
	RELEASE_NOTE struct note note = { .kind = NOTE_RECEIPT, .root = "r",
		.subordinate = "s", .sequence = 1 };
	struct note_store store = { .type = "hashdir" };
	RELEASE_BUFFER struct buffer text = {0};

	memset(note.nonce, '0', sizeof(note.nonce) - 1);
	FINE(note_encode(&note, &text, &err));
	check_round_trip("no store", span_of_buffer(&text));
	memset(store.path, '"', sizeof(store.path) - 1);
	for (size_t i = 0; i < NOTE_STORES_MAX; i++)
		FINE(buffer_append(&note.stores, &store, sizeof(store), &err));
	text.size = 0;
	FINE(note_encode(&note, &text, &err));
	check_round_trip("many stores", span_of_buffer(&text));
	assert_true(text.size < note_max_bytes(0));
	FINE(buffer_append(&note.stores, &store, sizeof(store), &err));
	assert_int_equal(note_encode(&note, &text, NULL), ERR_FORMAT);
}

TEST(test_names)
{
	char stem[NOTE_STEM_SIZE];

	note_stem(NOTE_REQUEST, "issuing-1", stem);
	assert_string_equal(stem, "request-issuing-1");
	note_stem(NOTE_RECEIPT, "abcdefghijklmnopqrstuvwxyz-01234", stem);
	assert_string_equal(stem, "receipt-abcdefghijklmnopqrstuvwxyz-01234");
	assert_string_equal(note_kind_word(NOTE_REQUEST), "request");
}

/* The largest that can be said fits what is read. */
TEST(test_max_bytes)
{
	struct error err = {0};
	RELEASE_NOTE struct note note = { .root = "r", .subordinate = "s",
		.sequence = INT64_MAX, .has_number = true };
	RELEASE_BUFFER struct buffer text = {0};
	static char quotes[MANIFEST_MAX_BYTES];

	memset(quotes, '"', sizeof(quotes));
	memset(note.nonce, '0', sizeof(note.nonce) - 1);
	note.at_s = UTC_MAX_S;
	note.seal_count = NOTE_SEALS_MAX;
	FINE(buffer_append(&note.crl, quotes, 1000, &err));
	FINE(buffer_append(&note.manifest, quotes, MANIFEST_MAX_BYTES, &err));
	for (size_t i = 0; i < NOTE_SEALS_MAX; i++)
		FINE(buffer_append(&note.seals[i], quotes, MINISIGN_FILE_MAX,
		    &err));
	FINE(note_encode(&note, &text, &err));
	assert_true(text.size <= note_max_bytes(1000));
	assert_true(text.size > note_max_bytes(1000) - 8192);
}

TEST(test_comment)
{
	RELEASE_NOTE struct note note = {0};
	char comment[MINISIGN_COMMENT_SIZE];

	assert_int_equal(note_parse(span_of_text(sample), &note, NULL),
	    ERR_OK);
	note_comment(&note, comment, sizeof(comment));
	assert_string_equal(comment, SAMPLE_COMMENT);
	note.has_number = false;
	note_comment(&note, comment, sizeof(comment));
	assert_string_equal(comment, "type:crlferry-request root:corp-root-g1 "
	    "subordinate:issuing-1 sequence:17 time:2026-11-22T10:00:00Z");
}

/* Seal a text with a comment and open it; ERR_OK or why not. */
static enum err
seal_and_open(const struct minisign_secret *secret,
    const struct minisign_public *key, const char *json, const char *comment,
    struct error *err)
{
	RELEASE_BUFFER struct buffer seal = {0};
	RELEASE_NOTE struct note note = {0};

	assert_int_equal(minisign_sign(secret, span_of_text(json), comment,
	    &seal, NULL), ERR_OK);
	return note_open(span_of_text(json), span_of_buffer(&seal), key,
	    &note, err);
}

TEST(test_open)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret one = {0}, two = {0};
	char comment[] = SAMPLE_COMMENT;
	struct error err = {0};

	make_secret(&one);
	make_secret(&two);
	FINE(seal_and_open(&one, &one.public, sample, comment, &err));
	REFUSED(seal_and_open(&one, &two.public, sample, comment, &err),
	    ERR_SEAL);
	/* A text of no sense is not looked at under another's key. */
	REFUSED(seal_and_open(&one, &two.public, "x", comment, &err), ERR_SEAL);
	REFUSED(seal_and_open(&one, &one.public, "x", comment, &err),
	    ERR_FORMAT);
	for (size_t i = 0; i < strlen(SAMPLE_COMMENT); i++) {
		comment[i] ^= 1;
		err = (struct error){0};
		REFUSED(seal_and_open(&one, &one.public, sample, comment, &err),
		    ERR_SEAL);
		assert_non_null(strstr(err.what, "trusted comment"));
		comment[i] ^= 1;
	}
	REFUSED(seal_and_open(&one, &one.public, sample, "", &err), ERR_SEAL);
	REFUSED(seal_and_open(&one, &one.public, sample, SAMPLE_COMMENT "3",
	    &err), ERR_SEAL);
}

int
main(void)
{
	if (secret_start(NULL) != ERR_OK)
		return 1;
	return tests_run();
}
