/* SPDX-License-Identifier: ISC */
/* An index as a whole: its order, searches, and what is refused. */
#include <sys/stat.h>

#include "index_fixture.h"
#include "instant.h"
#include "test.h"

AROUND_EACH(enter, NULL)

#define MANY 20000

/* What index_next gives, as hex divided by blanks. */
static void
list_serials(const struct index *index, struct buffer *out)
{
	struct revocation revocation;
	struct error err = {0};
	size_t offset = 0, count = 0;

	while (index_next(index, &offset, &revocation)) {
		char hex[2 * SERIAL_OCTETS_MAX + 1];

		hex_encode(revocation.serial, hex, sizeof(hex));
		FINE(buffer_appendf(out, &err, "%s%s", count++ > 0 ? " " : "",
		    hex));
	}
	assert_int_equal(count, index->count);
	assert_false(index_next(index, &offset, &revocation));
}

static const struct {
	const char *name;
	const char *text;
	const char *want;
} orders[] = {
	{ "nothing", "", "" },
	{ "none revoked", VALID("01") VALID("02"), "" },
	{ "one", VALID("01") REVOKED("02") VALID("03"), "02" },
	{ "in order", REVOKED("01") REVOKED("02") REVOKED("03"),
	    "01 02 03" },
	{ "backwards", REVOKED("03") REVOKED("02") REVOKED("01"),
	    "01 02 03" },
	{ "the last out of order", REVOKED("02") REVOKED("03") REVOKED("01"),
	    "01 02 03" },
	{ "by value, not by octets", REVOKED("FF") REVOKED("0100")
	    REVOKED("80") REVOKED("7F"), "7f 0080 00ff 0100" },
	{ "whatever zeros are in front", REVOKED("0005") REVOKED("03")
	    REVOKED("000004"), "03 04 05" },
	{ "equal in the first three octets", REVOKED("01020304FF")
	    REVOKED("0102030400") REVOKED("01020303FF"),
	    "01020303ff 0102030400 01020304ff" },
	{ "differing beyond the eighth octet",
	    REVOKED("0A0000000000000000000002")
	    REVOKED("0A0000000000000000000001"),
	    "0a0000000000000000000001 0a0000000000000000000002" },
	{ "0 first", REVOKED("01") REVOKED("00"), "00 01" },
	{ "as OpenSSL sorts them: magnitude, then sign", REVOKED("-8000")
	    REVOKED("-0100") REVOKED("0100") REVOKED("-FF") REVOKED("-80")
	    REVOKED("80") REVOKED("-7F") REVOKED("-02") REVOKED("-01")
	    REVOKED("01") REVOKED("00"), "00 01 ff fe 81 0080 80 ff01 0100 "
	    "ff00 8000" },
	{ "negative in order, with zeros in front", REVOKED("01")
	    REVOKED("-000001") REVOKED("-17fefe"), "01 ff e80102" },
	{ "a serial that was valid before", VALID("01") REVOKED("01"),
	    "01" },
	{ "comments between", "# x\n" REVOKED("02") "# y\n" REVOKED("01"),
	    "01 02" },
	{ "CRLF", "R\t" END "\t" DATE "\t02\tunknown\t/CN=x\r\n"
	    "V\t" END "\t\t01\tunknown\t/CN=x\r\n", "02" },
};

TEST(revocations_come_in_serial_order)
{
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		RELEASE_INDEX struct index index = {0};
		RELEASE_BUFFER struct buffer serials = {0};

		load(orders[i].name, orders[i].text, &index);
		list_serials(&index, &serials);
		if (!span_equals(span_of_buffer(&serials),
		    span_of_text(orders[i].want)))
			fail_msg("%s: want %s, have %.*s", orders[i].name,
			    orders[i].want, (int)serials.size,
			    (const char *)serials.data);
	}
}

/* Everything of an entry moves with it when it is sorted. */
TEST(entries_stay_whole)
{
	RELEASE_INDEX struct index index = {0};
	struct revocation is;
	size_t offset = 0;

	load("mixed",
	    "R\t" END "\t20500101000000Z\t05\tunknown\t/CN=e\n"
	    "R\t" END "\t500101000000Z,holdInstruction,1.2.840.10040.2.1\t04"
	    "\tunknown\t/CN=d\n"
	    "R\t" END "\t" DATE ",CAkeyTime,20251231235959Z\t03\tunknown\t/"
	    "CN=c\n"
	    "R\t" END "\t" DATE ",superseded\t02\tunknown\t/CN=b\n"
	    "R\t" END "\t" DATE "\t01\tunknown\t/CN=a\n", &index);
	assert_true(index_next(&index, &offset, &is));
	assert_int_equal(is.reason, -1);
	assert_false(is.has_invalidity);
	assert_int_equal(is.hold.size, 0);
	assert_int_equal(is.revoked_at_s, instant("2026-01-02T03:04:05Z"));
	assert_true(index_next(&index, &offset, &is));
	assert_int_equal(is.reason, 4);
	assert_false(is.has_invalidity);
	assert_true(index_next(&index, &offset, &is));
	assert_int_equal(is.reason, 2);
	assert_true(is.has_invalidity);
	assert_int_equal(is.invalidity_s, instant("2025-12-31T23:59:59Z"));
	assert_int_equal(is.hold.size, 0);
	assert_true(index_next(&index, &offset, &is));
	assert_int_equal(is.reason, 6);
	assert_false(is.has_invalidity);
	assert_int_equal(is.hold.size, 7);
	assert_memory_equal(is.hold.data, "\x2a\x86\x48\xce\x38\x02\x01", 7);
	assert_int_equal(is.revoked_at_s, instant("1950-01-01T00:00:00Z"));
	assert_true(index_next(&index, &offset, &is));
	assert_int_equal(is.serial.data[0], 5);
	assert_int_equal(is.revoked_at_s, instant("2050-01-01T00:00:00Z"));
	assert_false(index_next(&index, &offset, &is));
}

static const struct {
	const char *name;
	const char *text;
	const char *says;
} refused[] = {
	{ "a double", REVOKED("01") REVOKED("01"),
	    "serial 01 is revoked twice" },
	{ "a double, spelt otherwise", REVOKED("FF") REVOKED("02")
	    REVOKED("00ff"), "serial FF is revoked twice" },
	{ "a negative double", REVOKED("-80") REVOKED("80")
	    REVOKED("-0080"), "serial -80 is revoked twice" },
	{ "a double of zero", REVOKED("00") REVOKED("-00"),
	    "serial 00 is revoked twice" },
	{ "the third line", VALID("01") REVOKED("02") REVOKED("3"),
	    "index.txt:3: serial" },
	{ "lines are counted with comments", "# x\n\n", "index.txt:2: " },
	{ "no end", VALID("01") "V\t" END "\t\t02\tunknown\t/CN=x",
	    "index.txt:2: the last line has no end" },
	{ "removeFromCRL", "R\t" END "\t" DATE ",removeFromCRL\t01\tunknown"
	    "\t/CN=x\n", "index.txt:1: reason" },
};

TEST(bad_files_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct index index = {0};
		struct error err = {0};

		fixture_write_text(folder, "index.txt", refused[i].text);
		assert_refusal(refused[i].name, ERR_FORMAT, refused[i].says,
		    index_load(path, &index, &err), &err);
		assert_int_equal(index.count, 0);
		assert_null(index.records.data);
	}
}

TEST(what_is_no_file_of_ours_is_refused)
{
	struct index index = {0};
	struct error err = {0};

	assert_refusal("missing", ERR_MISSING, "index.txt",
	    index_load(path, &index, &err), &err);
	fixture_write_text(folder, "index.txt", VALID("01"));
	assert_int_equal(chmod(path, 0664), 0);
	err = (struct error){0};
	assert_refusal("loose", ERR_PERMISSIONS, "index.txt",
	    index_load(path, &index, &err), &err);
	err = (struct error){0};
	assert_refusal("folder", ERR_FORMAT, "folder",
	    index_load(folder, &index, &err), &err);
}

TEST(many_shuffled_lines_are_sorted)
{
	RELEASE_INDEX struct index index = {0}, sorted = {0};
	struct revocation is;
	struct error err = {0};
	size_t offset = 0;

	write_many(MANY, true);
	FINE(index_load(path, &index, &err));
	assert_int_equal(index.count, MANY);
	for (uint64_t i = 0; i < MANY; i++) {
		uint8_t octets[9];

		assert_true(index_next(&index, &offset, &is));
		if (!span_equals(is.serial, serial_of(2 * i + 2, octets)))
			fail_msg("serial %llu is not in its place",
			    (unsigned long long)i);
		assert_int_equal(is.revoked_at_s,
		    instant("2025-01-01") + (int64_t)(i % 28) * DAY_S);
	}
	assert_false(index_next(&index, &offset, &is));
	/* The order of the lines leaves no trace. */
	write_many(MANY, false);
	FINE(index_load(path, &sorted, &err));
	assert_true(span_equals(span_of_buffer(&index.records),
	    span_of_buffer(&sorted.records)));
	assert_true(span_equals(span_of_buffer(&index.marks),
	    span_of_buffer(&sorted.marks)));
}

TEST(one_double_among_many_is_found)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct index index = {0};
	struct error err = {0};

	write_many(2000, true);
	fixture_read(folder, "index.txt", &text);
	FINE(buffer_append_text(&text, REVOKED("0FA0"), &err));
	fixture_write(folder, "index.txt", span_of_buffer(&text));
	assert_refusal("double", ERR_FORMAT, "serial 0FA0 is revoked twice",
	    index_load(path, &index, &err), &err);
}
