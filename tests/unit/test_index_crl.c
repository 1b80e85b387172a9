/* SPDX-License-Identifier: ISC */
/* Revocations of a CRL that go into the index. */
#include "entries_fixture.h"
#include "index_fixture.h"
#include "ca/index_crl.h"
#include "test.h"

AROUND_EACH(enter, NULL)

#define ON(date, reason, serial) "R\t99991231235959Z\t" date reason "\t" \
	serial "\tunknown\t/CN=unknown\n"
#define NEW(reason, serial) ON(DATE, reason, serial)

/* Times, in hex: 1949-12-31T23:59:59Z, 2050-01-01T00:00:00Z, 2026-01-02. */
#define IN_1949 "180f31393439313233313233353935395a"
#define IN_2050 "180f32303530303130313030303030305a"
#define A_DAY_BEFORE "170d3236303130313033303430355a"
#define A_DAY_LATER "170d3236303130333033303430355a"
#define ARCS_32 "2a01010101010101010101010101010101" \
	"010101010101010101010101010101"
#define REJECT "06072a8648ce380203"

static const struct {
	const char *name;
	const char *before;
	struct entry_part entries[5];
	const char *after;
	const char *says;	/* in a notice; NULL: nothing is said */
} rows[] = {
	{ "nothing to do", REVOKED("10"), { { NULL } }, REVOKED("10"), NULL },
	{ "known already", REVOKED("10"), { { "10", "01" } }, REVOKED("10"),
	    NULL },
	{ "valid until now", VALID("10") VALID("11"), { { "10" } },
	    REVOKED("10") VALID("11"), "lacked 1 revocation: entered 10" },
	{ "never seen", VALID("10"), { { "00c0ffee" } },
	    VALID("10") NEW("", "C0FFEE"), "entered C0FFEE" },
	{ "in any order", VALID("10"), { { "30" }, { "20" }, { "10" } },
	    REVOKED("10") NEW("", "20") NEW("", "30"),
	    "3 revocations: entered 30, 20, 10" },
	{ "each reason, 1", "", { { "01", "01" } },
	    NEW(",keyCompromise", "01"), "entered" },
	{ "2", "", { { "01", "02" } }, NEW(",CACompromise", "01"),
	    "entered" },
	{ "3", "", { { "01", "03" } }, NEW(",affiliationChanged", "01"),
	    "entered" },
	{ "4", "", { { "01", "04" } }, NEW(",superseded", "01"), "entered" },
	{ "5", "", { { "01", "05" } }, NEW(",cessationOfOperation", "01"),
	    "entered" },
	{ "6", "", { { "01", "06" } }, NEW(",certificateHold", "01"),
	    "entered" },
	{ "0 is said by leaving it out", "", { { "01", "00" } },
	    NEW("", "01"), "entered" },
	{ "9", "", { { "01", "09" } }, NEW("", "01"),
	    "01: the index cannot hold the reason privilegeWithdrawn" },
	{ "10", "", { { "01", "0a" } }, NEW("", "01"),
	    "01: the index cannot hold the reason aACompromise" },
	{ "since when", "", { { "01", "01", "20250101000000Z" } },
	    NEW(",keyTime,20250101000000Z", "01"), "entered" },
	{ "since when, of a CA", "", { { "01", "02", "20250101000000Z" } },
	    NEW(",CAkeyTime,20250101000000Z", "01"), "entered" },
	{ "since when, without a compromise", "",
	    { { "01", "04", "20250101000000Z" } }, NEW(",superseded", "01"),
	    "01: the index cannot hold an invalidity date" },
	{ "since when, without a reason", "",
	    { { "01", NULL, "20250101000000Z" } }, NEW("", "01"),
	    "01: the index cannot hold an invalidity date" },
	{ "zero and negative, as openssl has them", "",
	    { { "ff01" }, { "00" }, { "80" }, { "0080" } },
	    NEW("", "00") NEW("", "80") NEW("", "-80") NEW("", "-FF"),
	    "4 revocations: entered -FF, 00, -80, 80" },
	{ "zero that was valid", VALID("0000"), { { "00" } },
	    REVOKED("0000"), "entered 00" },
	{ "negative that was valid", VALID("-17fefe"), { { "e80102" } },
	    REVOKED("-17fefe"), "entered -17FEFE" },
	{ "negative that is revoked", REVOKED("-0080") REVOKED("80"),
	    { { "0080" }, { "80" } }, REVOKED("-0080") REVOKED("80"), NULL },
	{ "a hold instruction", "", { { "01", "06", NULL, REJECT } },
	    NEW(",holdInstruction,holdInstructionReject", "01"), "entered" },
	{ "a hold instruction that nobody knows", "",
	    { { "01", "06", NULL, "06072b060104018f00" } },
	    NEW(",holdInstruction,1.3.6.1.4.1.1920", "01"), "entered" },
	{ "a hold instruction for another reason", "",
	    { { "01", "04", NULL, REJECT } }, NEW(",superseded", "01"),
	    "01: the index cannot hold a hold instruction without the "
	    "reason certificateHold: left out" },
	{ "a hold instruction without a reason", "",
	    { { "01", NULL, NULL, REJECT } }, NEW("", "01"),
	    "01: the index cannot hold a hold instruction without" },
	{ "a hold instruction that is none", "",
	    { { "01", "06", NULL, "0500" } }, NEW(",certificateHold", "01"),
	    "01: its hold instruction is no OID" },
	{ "a hold instruction that is too long", "", { { "01", "06", NULL,
	    "0640" ARCS_32 ARCS_32 } }, NEW(",certificateHold", "01"),
	    "01: its hold instruction is no OID, or one too long" },
	{ "a hold instruction that is padded", "", { { "01", "06", NULL,
	    "06042a800101" } }, NEW(",certificateHold", "01"),
	    "01: its hold instruction is no OID" },
	{ "a hold instruction with something behind it", "",
	    { { "01", "06", NULL, REJECT "0500" } },
	    NEW(",certificateHold", "01"),
	    "01: its hold instruction is no OID" },
	{ "before UTCTime", "", { { "01", NULL, NULL, NULL, IN_1949 } },
	    ON("500101000000Z", "", "01"),
	    "01: the index cannot hold the revocation date "
	    "1949-12-31T23:59:59Z: entered as 1950-01-01T00:00:00Z" },
	{ "after UTCTime", "", { { "01", "04", NULL, NULL, IN_2050 } },
	    ON("491231235959Z", ",superseded", "01"),
	    "01: the index cannot hold the revocation date "
	    "2050-01-01T00:00:00Z: entered as 2049-12-31T23:59:59Z" },
	{ "twice, the second earlier", "", { { "02" },
	    { "01", "04", NULL, NULL, A_DAY_LATER }, { "01", "01" } },
	    NEW(",keyCompromise", "01") NEW("", "02"),
	    "01: the CRL lists it more than once: entered once, by its "
	    "earliest revocation, of 2026-01-02T03:04:05Z" },
	{ "twice, the first earlier", "", { { "01", "04" },
	    { "01", "01", NULL, NULL, A_DAY_LATER } },
	    NEW(",superseded", "01"),
	    "01: the CRL lists it more than once" },
	{ "twice on one day: the first", "", { { "80", "04" },
	    { "80", "01" } }, NEW(",superseded", "-80"),
	    "-80: the CRL lists it more than once" },
	{ "three times", VALID("01"), { { "01", "03" }, { "01", "04", NULL,
	    NULL, A_DAY_BEFORE }, { "01", "05" }, { "02" } },
	    "R\t" END "\t260101030405Z,superseded\t01\tunknown\t/CN=x\n"
	    NEW("", "02"), "lacked 2 revocations: entered 01, 02" },
	{ "twice, and known", REVOKED("01"), { { "01", "04" },
	    { "01", "01" } }, REVOKED("01"), NULL },
};

static void
merge_rows(const char *name, const struct entry_part *entries,
    struct merge *merge, struct notices *notices, enum err want,
    const char *says)
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	struct error err = {0};
	enum err code;

	craft_entries(entries, &der);
	assert_fine(name, open_memory(&der, &window, &crl, &err), &err);
	merge->notices = notices;
	code = merge_find(&crl, path, merge, &err);
	if (want != ERR_OK) {
		assert_refusal(name, want, says, code, &err);
		return;
	}
	assert_fine(name, code, &err);
	assert_fine(name, merge_enter(merge, path, &err), &err);
}

TEST(what_is_lacking_is_entered)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_MERGE struct merge merge = {0};
		RELEASE_MERGE struct merge again = {0};

		fixture_write_text(folder, "index.txt", rows[i].before);
		merge_rows(rows[i].name, rows[i].entries, &merge, &notices,
		    ERR_OK, NULL);
		assert_file_equals(folder, "index.txt",
		    span_of_text(rows[i].after));
		if (rows[i].says == NULL)
			assert_int_equal(notices.lines.size, 0);
		else if (!span_contains(span_of_buffer(&notices.lines),
		    rows[i].says))
			fail_msg("%s: want \"%s\", have %.*s", rows[i].name,
			    rows[i].says, (int)notices.lines.size,
			    (const char *)notices.lines.data);
		/* The second time there is nothing to do. */
		merge_rows(rows[i].name, rows[i].entries, &again, &notices,
		    ERR_OK, NULL);
		assert_int_equal(again.count, 0);
	}
}

/* For an index that is lost: all that the CRL lists, each serial once. */
TEST(without_an_index_all_is_lacking)
{
	static const struct entry_part entries[] = { { "30", "01" }, { "10" },
		{ "10", "04" }, { NULL } };
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_MERGE struct merge merge = { .notices = &notices };
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	struct error err = {0};

	craft_entries(entries, &der);
	FINE(open_memory(&der, &window, &crl, &err));
	FINE(merge_find(&crl, NULL, &merge, &err));
	assert_int_equal(merge.count, 2);
	fixture_write_text(folder, "index.txt", "");
	FINE(merge_enter(&merge, path, &err));
	assert_file_equals(folder, "index.txt", span_of_text(NEW("", "10")
	    NEW(",keyCompromise", "30")));
}

TEST(what_cannot_be_is_refused)
{
	static const struct entry_part removed[] = { { "02", "04" },
		{ "01", "08" }, { NULL } };
	static const struct entry_part plain[] = { { "02" }, { NULL } };
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_MERGE struct merge merge = {0};
	RELEASE_MERGE struct merge other = {0};

	fixture_write_text(folder, "index.txt", VALID("01"));
	merge_rows("removeFromCRL", removed, &merge, &notices, ERR_FORMAT,
	    "serial 01: a complete CRL cannot hold removeFromCRL");
	assert_file_equals(folder, "index.txt", span_of_text(VALID("01")));
	fixture_write_text(folder, "index.txt", "garbage\n");
	merge_rows("a damaged index", plain, &other, &notices, ERR_FORMAT,
	    "index.txt:1");
}

/* Many are not all named. */
TEST(the_first_ones_are_named)
{
	static const struct entry_part many[] = { { "01" }, { "02" }, { "03" },
		{ "04" }, { "05" }, { "06" }, { "07" }, { NULL } };
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_MERGE struct merge merge = {0};

	fixture_write_text(folder, "index.txt", "");
	merge_rows("many", many, &merge, &notices, ERR_OK, NULL);
	assert_int_equal(merge.count, 7);
	assert_true(span_contains(span_of_buffer(&notices.lines),
	    "7 revocations: entered 01, 02, 03, 04, 05, ..."));
}
