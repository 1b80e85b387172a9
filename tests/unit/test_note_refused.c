/* SPDX-License-Identifier: ISC */
#include "note_fixture.h"
#include "test.h"

#define SEALS "  \"seals\": [\n    \"untrusted comment: one\\n\",\n" \
	"    \"untrusted comment: two\\n\"\n  ],\n"
#define MANIFEST "  \"manifest\": \"{\\n  \\\"root\\\": " \
	"\\\"corp-root-g1\\\"\\n}\\n\",\n"

static const struct refusal bad_rows[] = {
	{ "cut", "\n}\n", "", "line" },
	{ "trailing text", "\n}\n", "\n}x", "line" },
	{ "an array", "{\n  \"crl\"", "[{\n  \"crl\"", "line" },
	{ "a duplicate key", "\"version\": 1",
	    "\"version\": 1, \"version\": 1", "duplicate" },
	{ "an unknown key", "\"version\": 1", "\"version\": 1, \"x\": 1",
	    "\"x\"" },
	{ "not UTF-8", "untrusted", "\xfc", "line" },
	{ "a NUL", "untrusted", "\\u0000", "line" },

	{ "no type", "  \"type\": \"crlferry-request\",\n", "", "type" },
	{ "a bundle", "crlferry-request", "crlferry-bundle",
	    "crlferry-bundle" },
	{ "a type without ours", "crlferry-request", "request", "request" },
	{ "a type that goes on", "crlferry-request", "crlferry-requests",
	    "crlferry-requests" },
	{ "a receipt of this", "crlferry-request", "crlferry-receipt",
	    "sha256" },
	{ "type as a number", "\"crlferry-request\"", "1", "type" },
	{ "no version", ",\n  \"version\": 1", "", "version" },
	{ "another version", "\"version\": 1", "\"version\": 2, \"new\": 1",
	    "have 2" },
	{ "version as text", "\"version\": 1", "\"version\": \"1\"",
	    "integer" },

	{ "no root", "  \"root\": \"corp-root-g1\",\n", "", "root" },
	{ "an empty root", "\"root\": \"corp-root-g1\"", "\"root\": \"\"",
	    "root" },
	{ "upper-case root", "\"root\": \"corp-root", "\"root\": \"Corp-root",
	    "root" },
	{ "a root with a slash", "\"root\": \"corp-", "\"root\": \"../",
	    "root" },
	{ "a root of 33", "\"root\": \"corp-root-g1\"",
	    "\"root\": \"abcdefghijklmnopqrstuvwxyz-012345\"", "root" },
	{ "root as a list", "\"root\": \"corp-root-g1\"", "\"root\": []",
	    "root" },

	{ "no SPKI digest", "  \"spki_sha256\": \"" HEX64 "\",\n", "",
	    "spki_sha256" },
	{ "SPKI digest in upper case", "\"spki_sha256\": \"0",
	    "\"spki_sha256\": \"A", "spki_sha256" },
	{ "SPKI digest cut", "\"spki_sha256\": \"0", "\"spki_sha256\": \"",
	    "spki_sha256" },

	{ "no subordinate", "  \"subordinate\": \"issuing-1\",\n", "",
	    "subordinate" },
	{ "an empty subordinate", "\"issuing-1\"", "\"\"", "subordinate" },
	{ "a subordinate with a dot", "issuing-1", "issuing.1",
	    "subordinate" },
	{ "a subordinate of 33", "issuing-1",
	    "abcdefghijklmnopqrstuvwxyz-012345", "subordinate" },
	{ "subordinate as true", "\"issuing-1\"", "true", "subordinate" },

	{ "no sequence", "  \"sequence\": 17,\n", "", "sequence" },
	{ "sequence 0", "17", "0", "sequence" },
	{ "sequence below 0", "17", "-17", "sequence" },
	{ "sequence as text", "17", "\"17\"", "sequence" },
	{ "sequence as a real", "17", "17.0", "sequence" },
	{ "sequence beyond 2^63", "17", "9223372036854775808", "line" },

	{ "no time", "  \"time\": \"2026-11-22T10:00:00Z\",\n", "", "time" },
	{ "a date", "2026-11-22T10:00:00Z", "2026-11-22", "time" },
	{ "a day that is none", "2026-11-22T", "2026-02-30T", "time" },
	{ "time as a number", "\"2026-11-22T10:00:00Z\"", "1795341600",
	    "time" },

	{ "no nonce", "  \"nonce\": \"" HEX64 "\",\n", "", "nonce" },
	{ "a short nonce", "\"nonce\": \"00", "\"nonce\": \"", "nonce" },
	{ "a long nonce", "\"nonce\": \"00", "\"nonce\": \"0000", "nonce" },
	{ "a nonce in upper case", "\"nonce\": \"00", "\"nonce\": \"AA",
	    "nonce" },
	{ "nonce as null", "\"nonce\": \"" HEX64 "\"", "\"nonce\": null",
	    "nonce" },

	{ "number as a number", "\"12\"", "12", "number" },
	{ "number with a zero in front", "\"12\"", "\"012\"", "zeros" },
	{ "number below zero", "\"12\"", "\"-1\"", "number" },
	{ "number 2^159", "\"12\"",
	    "\"730750818665451459101842416358141509827966271488\"",
	    "2^159-1" },

	{ "an empty CRL", "MAMCAQU=", "", "crl" },
	{ "CRL as a list", "\"MAMCAQU=\"", "[]", "crl" },
	{ "CRL without padding", "MAMCAQU=", "MAMCAQU", "base64" },
	{ "CRL with a line end", "MAMCAQU=", "MAMC\\nAQU=", "base64" },
	{ "CRL with bits to spare", "MAMCAQU=", "MAMCAQV=", "base64" },
	{ "CRL with more behind", "MAMCAQU=", "MAMCAQU=MAMC", "base64" },
	{ "a manifest without its CRL", "  \"crl\": \"MAMCAQU=\",\n", "",
	    "the CRL" },

	{ "manifest as an object", "\"{\\n  \\\"root\\\": "
	    "\\\"corp-root-g1\\\"\\n}\\n\"", "{}", "manifest" },
	{ "an empty manifest", "{\\n  \\\"root\\\": \\\"corp-root-g1\\\"\\n}"
	    "\\n", "", "manifest" },
	{ "seals without a manifest", MANIFEST, "", "seals without" },
	{ "a manifest without seals", SEALS, "", "manifest without" },
	{ "no seal in the list", SEALS, "  \"seals\": [],\n", "seals" },
	{ "seals as text", SEALS, "  \"seals\": \"one\",\n", "seals" },
	{ "a seal as a number", "\"untrusted comment: two\\n\"", "2",
	    "seals" },
	{ "an empty seal", "untrusted comment: two\\n", "", "seals" },
	{ "17 seals", SEALS, "  \"seals\": [ \"1\", \"2\", \"3\", \"4\", "
	    "\"5\", \"6\", \"7\", \"8\", \"9\", \"10\", \"11\", \"12\", "
	    "\"13\", \"14\", \"15\", \"16\", \"17\" ],\n", "have 17" },
};

#define STORE "    {\n      \"outcome\": \"installed\",\n" \
	"      \"path\": \"/etc/ssl/crls\",\n" \
	"      \"type\": \"hashdir\"\n    },\n"

static const struct refusal bad_receipts[] = {
	{ "as a request", "crlferry-receipt", "crlferry-request",
	    "unknown key" },
	{ "with a CRL", "\"version\": 1", "\"version\": 1, \"crl\": "
	    "\"MAMCAQU=\"", "\"crl\"" },
	{ "with seals", "\"version\": 1", "\"version\": 1, \"seals\": "
	    "[\"x\"]", "\"seals\"" },
	{ "no digest", "  \"sha256\": \"" HEX64 "\",\n", "", "sha256" },
	{ "a short digest", "\"sha256\": \"00", "\"sha256\": \"",
	    "sha256" },
	{ "no thisUpdate", "  \"this_update\": \"2026-11-22T09:50:00Z\""
	    ",\n", "", "this_update" },
	{ "no nextUpdate", "  \"next_update\": \"2027-06-22T10:00:00Z\""
	    ",\n", "", "next_update" },
	{ "a date", "2027-06-22T10:00:00Z", "2027-06-22", "next_update" },
	{ "no stores", "\"stores\"", "\"shops\"", "stores" },
	{ "stores as an object", "[\n" STORE, "{\"x\": [\n" STORE,
	    "line" },
	{ "stores as text", "\"stores\": [\n" STORE, "\"stores\": \"x\", "
	    "\"y\": [\n" STORE, "stores" },
	{ "a store as text", STORE, "\"x\",", "stores" },
	{ "a store without a path", "      \"path\": \"/etc/ssl/crls\",\n",
	    "", "path" },
	{ "a store with more", "\"type\": \"hashdir\"", "\"type\": "
	    "\"hashdir\", \"x\": 1", "\"x\"" },
	{ "another outcome", "\"failed\"", "\"refused\"", "outcome" },
	{ "an outcome as a number", "\"failed\"", "1", "outcome" },
	{ "an empty type", "\"hashdir\"", "\"\"", "type" },
	{ "a type of 16", "\"hashdir\"", "\"abcdefghijklmnop\"", "type" },
	{ "a type that steers", "\"hashdir\"", "\"\\u001b[2J\"", "type" },
	{ "an empty path", "/etc/ssl/crls", "", "path" },
	{ "a path that steers", "/etc/ssl/crls", "/\\u001b[2J", "path" },
	{ "a path with a line end", "/etc/ssl/crls", "/a\\nb", "path" },
	{ "a path with C1", "/etc/ssl/crls", "/\\u009b2J", "path" },
};

static enum err
refuse(struct span json, struct error *err)
{
	struct note note, before;
	enum err code;

	memset(&note, 0x5a, sizeof(note));
	before = note;
	code = note_parse(json, &note, err);
	assert_memory_equal(&note, &before, sizeof(note));
	return code;
}

TEST(test_refused)
{
	assert_all_refused(sample, bad_rows, COUNT_OF(bad_rows), refuse);
	assert_all_refused(receipt_sample, bad_receipts,
	    COUNT_OF(bad_receipts), refuse);
}

TEST(test_cut)
{
	assert_cut_refused(sample, refuse);
	assert_cut_refused(receipt_sample, refuse);
}

/* A seal of more octets than a seal file may have. */
TEST(test_long_seal)
{
	static char text[MINISIGN_FILE_MAX + 2];
	RELEASE_BUFFER struct buffer json = {0};

	memset(text, 'x', sizeof(text) - 1);
	edit("untrusted comment: two\\n", text, &json);
	assert_refused("a long seal", span_of_buffer(&json), "seals", refuse);
}

/* Before it is read: of three octets JSON makes hundreds. */
TEST(test_many_values)
{
	static const char *const values[] = { "{},", "[],", "1,", "\"\"," };

	for (size_t i = 0; i < COUNT_OF(values); i++) {
		RELEASE_BUFFER struct buffer json = {0};
		struct error err = {0};

		FINE(buffer_append_text(&json, "[", &err));
		for (size_t k = 0; k < 2000; k++)
			FINE(buffer_append_text(&json, values[i], &err));
		FINE(buffer_append_text(&json, "1]", &err));
		assert_refused(values[i], span_of_buffer(&json),
		    "more than 1088 values", refuse);
	}
}

static void
refuses_receipt(const char *name, const struct note *note)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	if (note_encode(note, &out, &err) != ERR_FORMAT || out.size > 0)
		fail_msg("%s: want format, have \"%s\"", name, err.what);
}

/* What no JSON could say is refused by the encoder alone. */
TEST(test_encode_refuses_receipt)
{
	RELEASE_NOTE struct note note = {0};
	struct note_store *store;
	struct error err = {0};

	FINE(note_parse(span_of_text(receipt_sample), &note, &err));
	store = (void *)note.stores.data;
	note.kind = NOTE_REQUEST;
	refuses_receipt("stores in a request", &note);
	note.kind = NOTE_RECEIPT;
	note.this_update_s = UTC_MAX_S + 1;
	refuses_receipt("thisUpdate", &note);
	note.this_update_s = 0;
	note.next_update_s = UTC_MIN_S - 1;
	refuses_receipt("nextUpdate", &note);
	note.next_update_s = 0;
	store->path[0] = '\n';
	refuses_receipt("a path of two lines", &note);
	store->path[0] = (char)0xff;
	refuses_receipt("a path that is not UTF-8", &note);
	store->path[0] = '/';
	FINE(buffer_append(&note.crl, "\x30\0", 2, &err));
	refuses_receipt("a CRL", &note);
}

/* The encoder refuses what the parser would. */
TEST(test_encode_refuses)
{
	RELEASE_NOTE struct note note = {0};
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(note_parse(span_of_text(sample), &note, &err));
	note.sequence = 0;
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	note.sequence = (uint64_t)INT64_MAX + 1;
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	note.sequence = 1;
	note.at_s = UTC_MAX_S + 1;
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	note.at_s = 0;
	note.nonce[3] = 'X';
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	note.nonce[3] = '0';
	note.manifest.data[0] = 0xff;
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	note.manifest.data[0] = '{';
	note.crl.size = 0;
	REFUSED(note_encode(&note, &out, &err), ERR_FORMAT);
	assert_int_equal(out.size, 0);
}

int
main(void)
{
	manifest_start();
	return tests_run();
}
