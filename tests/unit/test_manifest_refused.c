/* SPDX-License-Identifier: ISC */
#include "manifest_fixture.h"
#include "test.h"

static const struct refusal bad_rows[] = {
	{ "cut", "]", "", "line" },
	{ "trailing text", "verloren\"\n}", "verloren\"\n}x", "line" },
	{ "a duplicate key", "\"version\": 1",
	    "\"version\": 1, \"version\": 1", "duplicate" },
	{ "a duplicate key below", "\"size\": 3", "\"size\": 3, \"size\": 3",
	    "duplicate" },
	{ "an unknown key", "\"version\": 1", "\"version\": 1, \"x\": 1",
	    "\"x\"" },
	{ "an unknown key below", "\"size\": 3", "\"size\": 3, \"y\": 1",
	    "\"y\"" },
	{ "another type", "crlferry-bundle", "crlferry-request",
	    "crlferry-request" },
	{ "another version", "\"version\": 1", "\"version\": 2, \"new\": 1",
	    "have 2" },
	{ "version as text", "\"version\": 1", "\"version\": \"1\"",
	    "integer" },
	{ "version as a real", "\"version\": 1", "\"version\": 1.0",
	    "integer" },
	{ "NUL in a string", "Corp Root", "Corp\\u0000Root", "line" },
	{ "not UTF-8", "Schl\xc3\xbc", "Schl\xfc", "line" },
	{ "escape in why", "Schl\xc3\xbcssel", "\\u001b[2J", "printable" },
	{ "C1 control in why", "Schl\xc3\xbcssel", "\\u009b2J",
	    "printable" },
	{ "why without an emergency", "true", "false", "emergency" },
	{ "emergency as a number", "true", "1", "true or false" },
	{ "upper-case root", "\"root\": \"corp", "\"root\": \"Corp", "root" },
	{ "root with a dot", "\"root\": \"corp-", "\"root\": \"corp.",
	    "root" },
	{ "no root", "\"root\": \"corp-root-g1\"", "\"root\": \"\"", "root" },
	{ "a root of 33", "\"root\": \"corp-root-g1\"",
	    "\"root\": \"abcdefghijklmnopqrstuvwxyz-012345\"", "root" },
	{ "number as a number", "\"12\"", "12", "decimal" },
	{ "number with a zero in front", "\"12\"", "\"012\"", "zeros" },
	{ "number below zero", "\"12\"", "\"-1\"", "decimal" },
	{ "number in hex", "\"12\"", "\"0xc\"", "decimal" },
	{ "no number", "\"12\"", "\"\"", "decimal" },
	{ "number 2^159", "\"12\"",
	    "\"730750818665451459101842416358141509827966271488\"",
	    "2^159-1" },
	{ "SPKI digest in upper case", "\"spki_sha256\": \"0",
	    "\"spki_sha256\": \"A", "spki_sha256" },
	{ "SPKI digest cut", "\"spki_sha256\": \"0", "\"spki_sha256\": \"",
	    "spki_sha256" },
	{ "SPKI digest too long", "\"spki_sha256\": \"0",
	    "\"spki_sha256\": \"000", "spki_sha256" },
	{ "created on a date", "2026-11-22T10:00:00Z", "2026-11-22",
	    "created" },
	{ "created nowhere", "2026-11-22T10:00:00Z", "2026-02-30T10:00:00Z",
	    "created" },
	{ "created in no zone", "2026-11-22T10:00:00Z",
	    "2026-11-22T10:00:00+", "created" },
	{ "this_update as a number", "\"2026-11-22T09:50:00Z\"", "17",
	    "this_update" },
	{ "ends as it begins", "2027-06-22T09:50:00Z",
	    "2026-11-22T09:50:00Z", "next_update" },
	{ "ceremony at a time", "2027-05-04", "2027-05-04T10:00:00Z",
	    "next_ceremony" },
	{ "ceremony nowhere", "2027-05-04", "2027-05-34", "next_ceremony" },
	{ "ceremony once the CRL has ended", "2027-05-04", "2027-06-23",
	    "by the end of its CRL" },
	{ "ceremony in a hundred years", "2027-05-04", "2126-05-04",
	    "by the end of its CRL" },
	{ "ceremony null", "\"2027-05-04\"", "null", "next_ceremony" },
	{ "count below zero", "\"revoked_count\": 4",
	    "\"revoked_count\": -1", "revoked_count" },
	{ "count as text", "\"revoked_count\": 4",
	    "\"revoked_count\": \"4\"", "revoked_count" },
	{ "count beyond 2^63", "\"revoked_count\": 4",
	    "\"revoked_count\": 9223372036854775808", "line" },
	{ "ledger head cut", "\"ledger_head\": \"0", "\"ledger_head\": \"",
	    "ledger_head" },
	{ "ledger head no hex", "\"ledger_head\": \"0",
	    "\"ledger_head\": \"g", "ledger_head" },
	{ "published nowhere", "Corp Root.crl", "", "published_as" },
	{ "published elsewhere", "Corp Root.crl", "../x", "published_as" },
	{ "published in a folder", "Corp Root.crl", "a/b", "published_as" },
	{ "published on Windows", "Corp Root.crl", "a\\\\b",
	    "published_as" },
	{ "file ../x", "corp-root-g1.crl", "../x", "file name" },
	{ "file /x", "corp-root-g1.crl", "/x", "file name" },
	{ "file a..b", "corp-root-g1.crl", "a..b", "file name" },
	{ "file .x", "corp-root-g1.crl", ".x", "file name" },
	{ "file with NUL", "corp-root-g1.crl", "a\\u0000", "line" },
	{ "file with a blank", "corp-root-g1.crl", "a b", "file name" },
	{ "file without a name", "corp-root-g1.crl", "", "file name" },
	{ "file of 80", "corp-root-g1.crl", "abcdefghijklmnopqrstuvwxyz012345"
	    "0123456789abcdef"
	    "6789-_.abcdefghijklmnopqrstuvwxy", "name" },
	{ "file twice", "\"files\": [", "\"files\": [ { \"name\": "
	    "\"corp-root-g1.crl\", \"size\": 1, \"sha256\": \"" HEX64
	    "\" },", "twice" },
	{ "size below zero", "\"size\": 3", "\"size\": -3", "size" },
	{ "files as an object", "\"files\": [", "\"files\": {}, \"f\": [",
	    "files" },
	{ "file as text", "\"files\": [", "\"files\": [ \"x\",", "object" },
	{ "nine files", "\"files\": [", "\"files\": [1,2,3,4,5,6,7,8,",
	    "at most 8" },
	{ "odd serial", "00ff01", "0ff01", "serial" },
	{ "upper-case serial", "00ff01", "00FF01", "serial" },
	{ "no serial", "00ff01", "", "serial" },
	{ "a serial of 132", "00ff01", HEX64 HEX64 "00ff", "serial" },
	{ "dropped without why", "certificate expired", "", "why" },
	{ "dropped by a later CRL", "\"number\": \"7\"",
	    "\"number\": \"13\"", "is higher" },
	{ "answer cut", "[\n    \"0", "[\n    \"", "answers" },
	{ "answer in upper case", "[\n    \"0", "[\n    \"A", "answers" },
	{ "answer as a number", "[\n    \"", "[\n    1, \"", "answers" },
};

static enum err
refuse(struct span json, struct error *err)
{
	struct manifest manifest, before;
	enum err code;

	memset(&manifest, 0x5a, sizeof(manifest));
	before = manifest;
	code = manifest_parse(json, &manifest, err);
	assert_memory_equal(&manifest, &before, sizeof(manifest));
	return code;
}

TEST(test_refusals)
{
	assert_all_refused(sample, bad_rows, COUNT_OF(bad_rows), refuse);
	assert_refused("empty", (struct span){0}, "empty", refuse);
	assert_refused("an array", span_of_text("[]"), "object", refuse);
	assert_refused("an empty object", span_of_text("{}"), "type", refuse);
}

/* Each mandatory key, named another way, is missed. */
TEST(test_missing_keys)
{
	static const char *const keys[] = { "answers", "created", "dropped",
	    "emergency", "files", "ledger_head", "next_update", "number",
	    "published_as", "revoked_count", "root", "spki_sha256",
	    "this_update", "type", "version", "why", "name", "sha256", "size",
	    "serial" };
	size_t i;

	for (i = 0; i < COUNT_OF(keys); i++) {
		RELEASE_BUFFER struct buffer text = {0};
		char from[64], to[64], says[64];

		snprintf(from, sizeof(from), "\"%s\":", keys[i]);
		snprintf(to, sizeof(to), "\"x%s\":", keys[i]);
		snprintf(says, sizeof(says), "the key %s", keys[i]);
		edit(from, to, &text);
		assert_refused(keys[i], span_of_buffer(&text), says, refuse);
	}
}

/* The seal protects a manifest; here a flip is refused or seen. */
TEST(test_every_flip)
{
	char text[sizeof(sample)];
	size_t i, bit;

	memcpy(text, sample, sizeof(sample));
	for (i = 0; i < sizeof(sample) - 1; i++)
		for (bit = 0; bit < 8; bit++) {
			RELEASE_MANIFEST struct manifest manifest = {0};
			RELEASE_BUFFER struct buffer again = {0};
			struct span in = { (uint8_t *)text, strlen(sample) };
			struct error err = {0};

			text[i] ^= (char)(1U << bit);
			if (manifest_parse(in, &manifest, &err) != ERR_OK)
				assert_true(err.what[0] != '\0');
			else if (strchr(" \n\t\r", text[i]) == NULL)
				assert_false(manifest_encode(&manifest,
				    &again, &err) != ERR_OK ||
				    span_equals(span_of_buffer(&again),
				    span_of_text(sample)));
			text[i] ^= (char)(1U << bit);
		}
}

TEST(test_every_prefix)
{
	assert_cut_refused(sample, refuse);
}

TEST(test_sizes)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	FINE(buffer_reserve(&text, MANIFEST_MAX_BYTES + 1, &err));
	memset(text.data, ' ', MANIFEST_MAX_BYTES + 1);
	text.size = MANIFEST_MAX_BYTES + 1;
	assert_refused("16 MiB and one", span_of_buffer(&text), "at most",
	    refuse);
}

/* Before it is read: of three octets JSON makes hundreds. */
TEST(test_many_values)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};
	size_t i;

	FINE(buffer_append_text(&text, "[", &err));
	for (i = 0; i < 1000; i++)
		FINE(buffer_append_text(&text, "{},", &err));
	FINE(buffer_append_text(&text, "1]", &err));
	assert_refused("1001 values", span_of_buffer(&text), "values", refuse);
}

int
main(void)
{
	manifest_start();
	return tests_run();
}
