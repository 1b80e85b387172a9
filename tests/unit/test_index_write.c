/* SPDX-License-Identifier: ISC */
/* Revocations written into an index: what changes, and what must not. */
#include <sys/stat.h>

#include "index_write_fixture.h"
#include "test.h"

AROUND_EACH(enter, NULL)

static const struct {
	const char *name;
	const char *before;
	struct part list[LIST_MAX];
	const char *after;	/* NULL: nothing is written */
	size_t changed;
	size_t added;
} rows[] = {
	{ "nothing to do", VALID("01"), { { 0 } }, NULL, 0, 0 },
	{ "the only line", V("01", REST), { { "01", "superseded", NULL } },
	    R(",superseded", "01", REST), 1, 0 },
	{ "no reason", V("01", REST), { { "01", "", NULL } },
	    R("", "01", REST), 1, 0 },
	{ "unspecified, said", V("01", REST), { { "01", "UNSPECIFIED",
	    NULL } }, R(",unspecified", "01", REST), 1, 0 },
	{ "an invalidity date", V("01", REST), { { "01",
	    "keytime,20251231235959Z", NULL } },
	    R(",keyTime,20251231235959Z", "01", REST), 1, 0 },
	{ "a CA's invalidity date", V("01", REST), { { "01",
	    "CAkeyTime,19491231235959Z", NULL } },
	    R(",CAkeyTime,19491231235959Z", "01", REST), 1, 0 },
	{ "a hold", V("01", REST), { { "01", "certificatehold", NULL } },
	    R(",certificateHold", "01", REST), 1, 0 },
	{ "a hold instruction by name", V("01", REST), { { "01",
	    "holdInstruction,holdInstructionReject", NULL } },
	    R(",holdInstruction,holdInstructionReject", "01", REST), 1, 0 },
	{ "a hold instruction by its number", V("01", REST), { { "01",
	    "holdInstruction,1.2.840.10040.2.3", NULL } },
	    R(",holdInstruction,holdInstructionReject", "01", REST), 1, 0 },
	{ "a hold instruction without a name", V("01", REST), { { "01",
	    "holdInstruction,1.3.6.1.4.1.99999.4294967296.7", NULL } },
	    R(",holdInstruction,1.3.6.1.4.1.99999.4294967296.7", "01", REST),
	    1, 0 },
	{ "an expired line", "E\t200101000000Z\t\t01\t" REST,
	    { { "01", "superseded", NULL } },
	    "R\t200101000000Z\t" NOW ",superseded\t01\t" REST, 1, 0 },
	{ "an expiry after 2049", "V\t20500101000000Z\t\t01\t" REST,
	    { { "01", "superseded", NULL } },
	    "R\t20500101000000Z\t" NOW ",superseded\t01\t" REST, 1, 0 },
	{ "a date after 2049", V("01", REST),
	    { { "01", "superseded", "2050-01-01T00:00:00Z" } },
	    "R\t" END "\t20500101000000Z,superseded\t01\t" REST, 1, 0 },
	{ "the last second of UTCTime", V("01", REST),
	    { { "01", "superseded", "2049-12-31T23:59:59Z" } },
	    "R\t" END "\t491231235959Z,superseded\t01\t" REST, 1, 0 },
	{ "revoked already, otherwise", REVOKED("01") VALID("02"),
	    { { "01", "keyCompromise", NULL } }, NULL, 0, 0 },
	{ "one of three, in the middle",
	    VALID("01") V("02", REST) VALID("03"),
	    { { "02", "keyCompromise", NULL } },
	    VALID("01") R(",keyCompromise", "02", REST) VALID("03"), 1, 0 },
	{ "three in any order, one revoked, one lost",
	    V("0A", REST) REVOKED("FF") "# kept\n" V("03", "f\t/CN=3\n"),
	    { { "03", "superseded", NULL }, { "00ff", "superseded", NULL },
	    { "0a", "", NULL }, { "00abcdef", "CACompromise", NULL } },
	    R("", "0A", REST) REVOKED("FF") "# kept\n"
	    R(",superseded", "03", "f\t/CN=3\n")
	    LOST(",CACompromise", "ABCDEF"), 2, 1 },
	{ "CRLF lines and comments keep their octets",
	    "# a\r\n" V("01", "unknown\t/CN=x\r\n") "#\n"
	    V("02", "unknown\t/CN=y\r\n") "#\tend\n",
	    { { "02", "superseded", NULL } },
	    "# a\r\n" V("01", "unknown\t/CN=x\r\n") "#\n"
	    R(",superseded", "02", "unknown\t/CN=y\r\n") "#\tend\n", 1, 0 },
	{ "a serial keeps its spelling", V("0000aB", REST),
	    { { "00ab", "superseded", NULL } },
	    R(",superseded", "0000aB", REST), 1, 0 },
	{ "escaped tabs and other octets stay",
	    V("01", "a\\\tb\t/CN=\x80\xff\\\\\n"),
	    { { "01", "superseded", NULL } },
	    R(",superseded", "01", "a\\\tb\t/CN=\x80\xff\\\\\n"), 1, 0 },
	{ "an empty index", "", { { "01", "superseded", NULL } },
	    LOST(",superseded", "01"), 0, 1 },
	{ "lost ones in the order of their serials", VALID("05"),
	    { { "00ff", "", NULL }, { "0100", "", NULL }, { "01", "", NULL },
	    { "00", "", NULL } }, VALID("05") LOST("", "00") LOST("", "01")
	    LOST("", "FF") LOST("", "0100"), 0, 4 },
};

TEST(rows_are_written)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *after = rows[i].after == NULL ? rows[i].before :
		    rows[i].after;
		struct index_written written = {9, 9};
		struct stat first, second;
		RELEASE_INDEX struct index index = {0};
		struct error err = {0};
		struct list list;

		fixture_write_text(folder, "index.txt", rows[i].before);
		assert_int_equal(stat(path, &first), 0);
		build_list(rows[i].list, &list);
		assert_fine(rows[i].name, index_revoke(path, list.items,
		    list.count, NULL, &written, &err), &err);
		assert_int_equal(stat(path, &second), 0);
		if ((first.st_ino == second.st_ino) != (rows[i].after ==
		    NULL))
			fail_msg("%s: want it %s", rows[i].name,
			    rows[i].after == NULL ? "left alone" :
			    "replaced");
		assert_int_equal(written.changed, rows[i].changed);
		assert_int_equal(written.added, rows[i].added);
		assert_file_equals(folder, "index.txt", span_of_text(after));
		assert_no_temporaries(rows[i].name, folder);
		assert_fine(rows[i].name, index_load(path, &index, &err),
		    &err);
		/* Once more changes nothing. */
		assert_fine(rows[i].name, index_revoke(path, list.items,
		    list.count, NULL, &written, &err), &err);
		assert_int_equal(written.changed + written.added, 0);
		assert_file_equals(folder, "index.txt", span_of_text(after));
	}
}

static const struct {
	const char *name;
	const char *before;
	struct part list[LIST_MAX];
	const char *says;
} refusals[] = {
	{ "a last line without its end", VALID("01") "V\t" END
	    "\t\t02\tunknown\t/CN=x", { { "01", "", NULL } }, "cut off" },
	{ "a bad line behind the good one", VALID("01") "V\n",
	    { { "01", "", NULL } }, "index.txt:2: the line does not "
	    "have 6 fields" },
	{ "a bad line where nothing is to change", REVOKED("01") "V\n",
	    { { "01", "", NULL } }, "index.txt:2: the line does not "
	    "have 6 fields" },
	{ "the serial on two lines", VALID("01") VALID("02") VALID("0001"),
	    { { "01", "", NULL } }, "index.txt:3: the serial is that of "
	    "line 1 again" },
	{ "the serial valid and revoked", REVOKED("01") VALID("01"),
	    { { "01", "", NULL } }, "index.txt:2: the serial is that of "
	    "line 1 again" },
	{ "a serial twice in the list", VALID("01"),
	    { { "01", "", NULL }, { "02", "", NULL }, { "01", "superseded",
	    NULL } }, "serial 01 is to be revoked twice" },
};

TEST(refusals_change_nothing)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct index_written written = {9, 9};
		struct error err = {0};
		struct list list;

		fixture_write_text(folder, "index.txt", refusals[i].before);
		build_list(refusals[i].list, &list);
		assert_refusal(refusals[i].name, ERR_FORMAT,
		    refusals[i].says, index_revoke(path, list.items,
		    list.count, NULL, &written, &err), &err);
		assert_int_equal(written.changed, 9);
		assert_file_equals(folder, "index.txt",
		    span_of_text(refusals[i].before));
		assert_no_temporaries(refusals[i].name, folder);
	}
}

static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0xce, 0x38, 2, 3};
static const uint8_t broken_oid[] = {0x2a, 0x86};

/* What a CRL can hold and OpenSSL's index cannot. */
static const struct {
	const char *name;
	struct revocation revocation;
	const char *says;
} wordless[] = {
	{ "removeFromCRL", { .reason = 8 }, "removeFromCRL" },
	{ "privilegeWithdrawn", { .reason = 9 }, "privilegeWithdrawn" },
	{ "aACompromise", { .reason = 10 }, "aACompromise" },
	{ "7", { .reason = 7 }, "reason" },
	{ "11", { .reason = 11 }, "unknown" },
	{ "superseded since", { .reason = 4, .has_invalidity = true },
	    "superseded with an invalidity date" },
	{ "nothing since", { .reason = -1, .has_invalidity = true },
	    "unspecified with an invalidity date" },
	{ "held since", { .reason = 6, .has_invalidity = true,
	    .hold = { oid, sizeof(oid) } },
	    "certificateHold with an invalidity date with a hold" },
	{ "compromised and held", { .reason = 1,
	    .hold = { oid, sizeof(oid) } }, "keyCompromise with a hold" },
	{ "held, by no OID", { .reason = 6,
	    .hold = { broken_oid, sizeof(broken_oid) } }, "its OID" },
};

TEST(what_the_index_has_no_word_for_is_refused)
{
	static const char before[] = VALID("01") VALID("02");

	for (size_t i = 0; i < COUNT_OF(wordless); i++) {
		/* Known and unknown to the index. */
		for (uint8_t serial = 2; serial < 4; serial++) {
			struct revocation revocation =
			    wordless[i].revocation;
			struct index_written written;
			struct error err = {0};

			revocation.serial = (struct span){&serial, 1};
			fixture_write_text(folder, "index.txt", before);
			assert_refusal(wordless[i].name, ERR_FORMAT,
			    wordless[i].says, index_revoke(path, &revocation,
			    1, NULL, &written, &err), &err);
			assert_file_equals(folder, "index.txt",
			    span_of_text(before));
			assert_no_temporaries(wordless[i].name, folder);
		}
	}
}

TEST(a_certificate_at_hand_fills_its_line)
{
	static const struct part part[LIST_MAX] = {
		{ "02", "superseded", NULL } };
	const struct index_certificate certificate = {
	    instant("2030-01-02T03:04:05Z"),
	    span_of_text("/C=DE/CN=at hand") };
	struct index_written written;
	struct error err = {0};
	struct list list;

	build_list(part, &list);
	fixture_write_text(folder, "index.txt", VALID("01"));
	FINE(index_revoke(path, list.items, 1, &certificate,
	    &written, &err));
	assert_int_equal(written.added, 1);
	assert_file_equals(folder, "index.txt", span_of_text(VALID("01")
	    "R\t300102030405Z\t" NOW ",superseded\t02\tunknown\t"
	    "/C=DE/CN=at hand\n"));
	/* A line that is there keeps what it says. */
	fixture_write_text(folder, "index.txt", V("02", REST));
	FINE(index_revoke(path, list.items, 1, &certificate,
	    &written, &err));
	assert_file_equals(folder, "index.txt",
	    span_of_text(R(",superseded", "02", REST)));
}

TEST(mode_and_link_stay)
{
	static const struct part part[LIST_MAX] = { { "01", "", NULL } };
	char link[PATH_SIZE];
	struct index_written written;
	struct stat st;
	struct error err = {0};
	struct list list;

	build_list(part, &list);
	fixture_write_text(folder, "index.txt", V("01", REST));
	assert_int_equal(chmod(path, 0640), 0);
	path_in(link, folder, "link.txt");
	assert_int_equal(symlink("index.txt", link), 0);
	FINE(index_revoke(link, list.items, 1, NULL, &written, &err));
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	assert_file_equals(folder, "index.txt", span_of_text(R("", "01",
	    REST)));
}
