/* SPDX-License-Identifier: ISC */
#include "manifest_fixture.h"
#include "test.h"

static void
check_round_trip(const char *name, struct span json)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	if (manifest_parse(json, &manifest, &err) != ERR_OK ||
	    manifest_encode(&manifest, &text, &err) != ERR_OK)
		fail_msg("%s: %s", name, err.what);
	if (!span_equals(span_of_buffer(&text), json))
		fail_msg("%s: want\n%.*shave\n%.*s", name, (int)json.size,
		    (const char *)json.data, (int)text.size,
		    (const char *)text.data);
}

/* Values that are fine; each comes back from the encoder as it was. */
static const struct {
	const char *name;
	const char *from;
	const char *to;
} fine_rows[] = {
	{ "as it is", "12", "12" },
	{ "no next ceremony", "  \"next_ceremony\": \"2027-05-04\",\n", "" },
	{ "no ledger", "\"ledger_head\": \"" HEX64, "\"ledger_head\": \"" },
	{ "number 2^159-1", "\"12\"",
	    "\"730750818665451459101842416358141509827966271487\"" },
	{ "dropped by this very CRL", "\"number\": \"7\"",
	    "\"number\": \"12\"" },
	{ "nothing answered", "[\n    \"" HEX64 "\"\n  ]", "[]" },
	{ "an empty file", "\"size\": 3", "\"size\": 0" },
	{ "the largest file", "\"size\": 3", "\"size\": 9223372036854775807" },
	{ "a name of one", "corp-root-g1.crl", "a" },
	{ "a name of 63", "corp-root-g1.crl", "abcdefghijklmnopqrstuvwxyz012345"
	    "6789-_.abcdefghijklmnopqrstuvwx" },
	{ "a root of 32", "\"root\": \"corp-root-g1\"",
	    "\"root\": \"abcdefghijklmnopqrstuvwxyz-01234\"" },
	{ "a second of validity", "  \"next_ceremony\": \"2027-05-04\",\n"
	    "  \"next_update\": \"2027-06-22T09:50:00Z\"",
	    "  \"next_update\": \"2026-11-22T09:50:01Z\"" },
	{ "ends on the day of the next ceremony", "2027-06-22T09:50:00Z",
	    "2027-05-04T00:00:00Z" },
	{ "an emergency after a ceremony that was missed", "2027-05-04",
	    "2026-11-03" },
	{ "an emergency without why", "Schl\xc3\xbcssel verloren", "" },
};

TEST(test_round_trips)
{
	size_t i;

	for (i = 0; i < COUNT_OF(fine_rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};

		edit(fine_rows[i].from, fine_rows[i].to, &text);
		check_round_trip(fine_rows[i].name, span_of_buffer(&text));
	}
}

TEST(test_values)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	const struct number twelve = number_from_u64(12);
	const struct number seven = number_from_u64(7);
	struct error err = {0};

	FINE(manifest_parse(span_of_text(sample), &manifest, &err));
	assert_string_equal(manifest.root, "corp-root-g1");
	assert_int_equal(number_compare(&manifest.number, &twelve), 0);
	assert_int_equal(manifest.spki_sha256[1], 0x11);
	assert_int_equal(manifest.created_s, 1795341600);
	assert_int_equal(manifest.this_update_s, 1795341000);
	assert_int_equal(manifest.next_update_s, 1813657800);
	assert_true(manifest.has_next_ceremony);
	assert_int_equal(manifest.next_ceremony_s, 1809388800);
	assert_true(manifest.is_emergency);
	assert_string_equal(manifest.why, "Schl\xc3\xbcssel verloren");
	assert_string_equal(manifest.published_as, "Corp Root.crl");
	assert_int_equal(manifest.revoked_count, 4);
	assert_string_equal(manifest.ledger_head, HEX64);
	assert_int_equal(manifest.file_count, 1);
	assert_string_equal(manifest.files[0].name, "corp-root-g1.crl");
	assert_int_equal(manifest.files[0].size_bytes, 3);
	assert_int_equal(manifest.files[0].sha256[31], 0xad);
	assert_int_equal(manifest.dropped_count, 1);
	assert_string_equal(manifest.dropped[0].serial, "00ff01");
	assert_string_equal(manifest.dropped[0].why, "certificate expired");
	assert_int_equal(number_compare(&manifest.dropped[0].number, &seven),
	    0);
	assert_int_equal(manifest.answer_count, 1);
	assert_string_equal(manifest.answers[0], HEX64);
}

static void
start(struct manifest *manifest)
{
	struct error err = {0};

	FINE(manifest_parse(span_of_text(sample), manifest, &err));
}

/* One file more, as a bundle's writer lists it. */
static enum err
add_file(struct manifest *manifest, const char *name, struct span content,
    struct error *err)
{
	struct manifest_file file = { .size_bytes = content.size };
	RELEASE_BUFFER struct buffer text = {0};
	enum err code;

	TRY(sha256(content, file.sha256, err));
	snprintf(file.name, sizeof(file.name), "%s", name);
	if (manifest->file_count < MANIFEST_FILES_MAX)
		manifest->files[manifest->file_count] = file;
	manifest->file_count++;
	code = manifest_encode(manifest, &text, err);
	if (code != ERR_OK)
		manifest->file_count--;
	return code;
}

TEST(test_add_file)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	const struct manifest_file *file;
	struct error err = {0};
	size_t i;

	start(&manifest);
	manifest.file_count = 0;
	FINE(add_file(&manifest, "a.crl", span_of_text("abc"), &err));
	assert_null(manifest_find(&manifest, "b.crl"));
	file = manifest_find(&manifest, "a.crl");
	assert_non_null(file);
	assert_int_equal(file->size_bytes, 3);
	assert_int_equal(file->sha256[0], 0xba);
	REFUSED(add_file(&manifest, "a.crl", span_of_text("abc"),
	    &err), ERR_FORMAT);
	REFUSED(add_file(&manifest, "../a", span_of_text("abc"), &err),
	    ERR_FORMAT);
	for (i = 1; i < MANIFEST_FILES_MAX; i++) {
		char name[8];

		snprintf(name, sizeof(name), "f%zu", i);
		FINE(add_file(&manifest, name, (struct span){0},
		    &err));
	}
	REFUSED(add_file(&manifest, "f9", (struct span){0}, &err),
	    ERR_FORMAT);
	assert_int_equal(manifest.file_count, MANIFEST_FILES_MAX);
}

TEST(test_add_lists)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct manifest_dropped dropped = { .why = "acknowledged" };
	struct error err = {0};
	size_t i;

	start(&manifest);
	for (i = 0; i < 1000; i++) {
		snprintf(dropped.serial, sizeof(dropped.serial), "%04zx", i);
		FINE(manifest_add_dropped(&manifest, &dropped, &err));
	}
	for (i = manifest.answer_count; i < 1024; i++)
		FINE(manifest_add_answer(&manifest, HEX64, &err));
	REFUSED(manifest_add_answer(&manifest, HEX64, &err), ERR_FORMAT);
	assert_string_equal(manifest.dropped[1000].serial, "03e7");
	FINE(manifest_encode(&manifest, &text, &err));
	check_round_trip("long lists", span_of_buffer(&text));
}

TEST(test_encode_refuses)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	start(&manifest);
	manifest.next_ceremony_s++;
	REFUSED(manifest_encode(&manifest, &text, &err), ERR_FORMAT);
	assert_non_null(strstr(err.what, "next_ceremony"));
	manifest.next_ceremony_s--;
	memcpy(manifest.why, "\xff", 2);
	REFUSED(manifest_encode(&manifest, &text, &err), ERR_FORMAT);
	assert_non_null(strstr(err.what, "UTF-8"));
	manifest.why[0] = '\0';
	manifest.revoked_count = UINT64_MAX;
	REFUSED(manifest_encode(&manifest, &text, &err), ERR_FORMAT);
	assert_int_equal(text.size, 0);
}

/* A regular CRL calls for a ceremony to come. */
TEST(test_ceremony_behind)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	start(&manifest);
	manifest.is_emergency = false;
	manifest.why[0] = '\0';
	manifest.this_update_s = utc_day_start(manifest.this_update_s);
	manifest.next_ceremony_s = manifest.this_update_s;
	REFUSED(manifest_encode(&manifest, &text, &err), ERR_FORMAT);
	assert_non_null(strstr(err.what, "thisUpdate"));
	manifest.next_ceremony_s += DAY_S;
	FINE(manifest_encode(&manifest, &text, &err));
	check_round_trip("the next day", span_of_buffer(&text));
}

TEST(test_comment)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	char comment[256];
	struct error err = {0};
	size_t i;

	start(&manifest);
	manifest_comment(&manifest, comment, sizeof(comment));
	assert_string_equal(comment, "type:crlferry-bundle "
	    "root:corp-root-g1 number:12 time:2026-11-22T10:00:00Z");
	FINE(manifest_check_comment(&manifest, comment, &err));
	for (i = 0; i < strlen(comment); i++) {
		comment[i] ^= 1;
		REFUSED(manifest_check_comment(&manifest, comment, &err),
		    ERR_SEAL);
		comment[i] ^= 1;
	}
	REFUSED(manifest_check_comment(&manifest, "", &err), ERR_SEAL);
	comment[strlen(comment) - 1] = '\0';
	REFUSED(manifest_check_comment(&manifest, comment, &err), ERR_SEAL);
}

int
main(void)
{
	manifest_start();
	return tests_run();
}
