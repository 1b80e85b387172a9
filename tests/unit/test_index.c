/* SPDX-License-Identifier: ISC */
/* An index as a whole: its order, searches, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "instant.h"
#include "root/index.h"
#include "rooms_fixture.h"

#define END "361231235959Z"
#define DATE "260102030405Z"
#define REVOKED(serial) "R\t" END "\t" DATE "\t" serial "\tunknown\t/CN=x\n"
#define VALID(serial) "V\t" END "\t\t" serial "\tunknown\t/CN=x\n"
#define MANY 20000

static char folder[FIXTURE_PATH_SIZE];
static char path[PATH_SIZE];

static int
enter(void **state)
{
	fixture_make_folder(folder);
	path_in(path, folder, "index.txt");
	return 0;
}

static int
leave(void **state)
{
	fixture_remove_folder(folder);
	return 0;
}

static void
load(const char *name, const char *text, struct index *out)
{
	struct error err = {0};

	fixture_write_text(folder, "index.txt", text);
	assert_fine(name, index_load(path, out, &err), &err);
}

/* What index_next gives, as hex divided by blanks. */
static void
list_serials(const struct index *index, struct buffer *out)
{
	struct revocation revocation;
	struct error err = {0};
	size_t offset = 0, count = 0;

	while (index_next(index, &offset, &revocation)) {
		char hex[2 * INDEX_SERIAL_MAX + 1];

		hex_encode(revocation.serial, hex, sizeof(hex));
		assert_int_equal(buffer_appendf(out, &err, "%s%s",
		    count++ > 0 ? " " : "", hex), ERR_OK);
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
	{ "a serial that was valid before", VALID("01") REVOKED("01"),
	    "01" },
	{ "comments between", "# x\n" REVOKED("02") "# y\n" REVOKED("01"),
	    "01 02" },
	{ "CRLF", "R\t" END "\t" DATE "\t02\tunknown\t/CN=x\r\n"
	    "V\t" END "\t\t01\tunknown\t/CN=x\r\n", "02" },
};

static void
revocations_come_in_serial_order(void **state)
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
static void
entries_stay_whole(void **state)
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
	{ "a double", REVOKED("01") REVOKED("01"), "have 01 twice" },
	{ "a double, spelt otherwise", REVOKED("FF") REVOKED("02")
	    REVOKED("00ff"), "have 00ff twice" },
	{ "the third line", VALID("01") REVOKED("02") REVOKED("3"),
	    "index.txt:3: serial" },
	{ "lines are counted with comments", "# x\n\n", "index.txt:2: " },
	{ "no end", VALID("01") "V\t" END "\t\t02\tunknown\t/CN=x",
	    "index.txt:2: want a line with its end" },
	{ "removeFromCRL", "R\t" END "\t" DATE ",removeFromCRL\t01\tunknown"
	    "\t/CN=x\n", "index.txt:1: reason" },
};

static void
bad_files_are_refused(void **state)
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

static void
what_is_no_file_of_ours_is_refused(void **state)
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

/* A number spread over all serials, so that lines come in any order. */
static uint64_t
shuffle(uint64_t i, uint64_t count)
{
	return i * UINT64_C(7919) % count;
}

/* Serials 2, 4, 6 ...: between any two there is one that is not listed. */
static void
write_many(uint64_t count, bool is_shuffled)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	for (uint64_t i = 0; i < count; i++) {
		uint64_t k = is_shuffled ? shuffle(i, count) : i;

		assert_int_equal(buffer_appendf(&text, &err, "R\t" END
		    "\t2601%02u000000Z\t%08llX\tunknown\t/CN=%llu\n",
		    (unsigned int)(k % 28 + 1),
		    (unsigned long long)(2 * k + 2), (unsigned long long)k),
		    ERR_OK);
	}
	fixture_write(folder, "index.txt", span_of_buffer(&text));
}

static struct span
serial_of(uint64_t value, uint8_t octets[9])
{
	size_t at = 9;

	do {
		octets[--at] = (uint8_t)value;
		value >>= 8;
	} while (value > 0);
	if ((octets[at] & 0x80) != 0)
		octets[--at] = 0;
	return (struct span){ octets + at, 9 - at };
}

static void
many_shuffled_lines_are_sorted(void **state)
{
	RELEASE_INDEX struct index index = {0}, sorted = {0};
	struct revocation is;
	struct error err = {0};
	size_t offset = 0;

	write_many(MANY, true);
	assert_fine("shuffled", index_load(path, &index, &err), &err);
	assert_int_equal(index.count, MANY);
	for (uint64_t i = 0; i < MANY; i++) {
		uint8_t octets[9];

		assert_true(index_next(&index, &offset, &is));
		if (!span_equals(is.serial, serial_of(2 * i + 2, octets)))
			fail_msg("serial %llu is not in its place",
			    (unsigned long long)i);
		assert_int_equal(is.revoked_at_s,
		    instant("2026-01-01") + (int64_t)(i % 28) * DAY_S);
	}
	assert_false(index_next(&index, &offset, &is));
	/* The order of the lines leaves no trace. */
	write_many(MANY, false);
	assert_fine("sorted", index_load(path, &sorted, &err), &err);
	assert_true(span_equals(span_of_buffer(&index.records),
	    span_of_buffer(&sorted.records)));
	assert_true(span_equals(span_of_buffer(&index.marks),
	    span_of_buffer(&sorted.marks)));
}

static void
one_double_among_many_is_found(void **state)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct index index = {0};
	struct error err = {0};

	write_many(2000, true);
	fixture_read(folder, "index.txt", &text);
	assert_int_equal(buffer_append_text(&text, REVOKED("0FA0"), &err),
	    ERR_OK);
	fixture_write(folder, "index.txt", span_of_buffer(&text));
	assert_refusal("double", ERR_FORMAT, "have 0fa0 twice",
	    index_load(path, &index, &err), &err);
}

/* The search against arithmetic: 2k + 2 has the place k, if it is listed. */
static void
check_find(const struct index *index, struct index_search *search,
    uint64_t value)
{
	uint8_t octets[9];
	size_t ordinal = SIZE_MAX;
	bool want = value >= 2 && value % 2 == 0 &&
	    value / 2 <= index->count;
	bool have = index_find(index, search, serial_of(value, octets),
	    &ordinal);

	if (have != want || (want && ordinal != value / 2 - 1))
		fail_msg("%zu entries, serial %llu: want %d, have %d at %zu",
		    index->count, (unsigned long long)value, want, have,
		    ordinal);
}

/* Around the marks, one for every 64 records, and far from them. */
static const uint64_t counts[] = {
	0, 1, 2, 63, 64, 65, 127, 128, 129, 1000,
};

static void
serials_are_found_in_any_order(void **state)
{
	for (size_t c = 0; c < COUNT_OF(counts); c++) {
		RELEASE_INDEX struct index index = {0};
		const uint64_t end = 2 * counts[c] + 4;
		struct index_search rising = {0}, falling = {0}, any = {0};
		struct error err = {0};

		write_many(counts[c], true);
		assert_fine("many", index_load(path, &index, &err), &err);
		assert_int_equal(index.count, counts[c]);
		for (uint64_t i = 0; i < end; i++)
			check_find(&index, &rising, i);
		for (uint64_t i = end; i > 0; i--)
			check_find(&index, &falling, i - 1);
		for (uint64_t i = 0; i < 2 * end; i++)
			check_find(&index, &any, shuffle(i, end));
		/* Twice the same, and from each place to each other. */
		for (uint64_t i = 0; i < end; i += 31) {
			for (uint64_t k = 0; k < end; k += 29) {
				check_find(&index, &any, i);
				check_find(&index, &any, i);
				check_find(&index, &any, k);
			}
		}
	}
}

/* A longer serial is larger, whatever its first octets say. */
static void
lengths_differ_in_a_search(void **state)
{
	RELEASE_INDEX struct index index = {0};
	static const struct {
		const char *serial;
		bool want;
		size_t ordinal;
	} rows[] = {
		{ "01", true, 0 }, { "7f", true, 1 }, { "0080", true, 2 },
		{ "0100", true, 3 }, { "7f0000", true, 4 },
		{ "0100000000", true, 5 }, { "02", false, 0 },
		{ "00ff", false, 0 }, { "7f00", false, 0 },
		{ "010000", false, 0 }, { "010000000000", false, 0 },
	};

	load("lengths", REVOKED("7F0000") REVOKED("01") REVOKED("80")
	    REVOKED("7F") REVOKED("0100000000") REVOKED("0100"), &index);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct index_search search = {0};
		uint8_t octets[16];
		size_t size, ordinal = 77;

		assert_true(hex_decode(span_of_text(rows[i].serial), octets,
		    sizeof(octets), &size));
		if (index_find(&index, &search, (struct span){ octets, size },
		    &ordinal) != rows[i].want ||
		    (rows[i].want && ordinal != rows[i].ordinal))
			fail_msg("%s: want %d at %zu, have %zu",
			    rows[i].serial, rows[i].want, rows[i].ordinal,
			    ordinal);
	}
}

static void
expiry_is_found_by_any_line(void **state)
{
	static const struct {
		const char *serial;
		bool want;
		const char *not_after;
	} rows[] = {
		{ "\x01", true, "2030-01-01T00:00:00Z" },
		{ "\x02", true, "2031-01-01T00:00:00Z" },
		{ "\x03", true, "2020-01-01T00:00:00Z" },
		{ "\x04", false, NULL },
	};

	fixture_write_text(folder, "index.txt",
	    "V\t300101000000Z\t\t0001\tunknown\t/CN=a\n"
	    "R\t310101000000Z\t" DATE "\t02\tunknown\t/CN=b\n"
	    "E\t200101000000Z\t\t03\tunknown\t/CN=c\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = {0};
		int64_t not_after_s = 77;
		bool found = !rows[i].want;

		assert_fine(rows[i].not_after, index_expiry(path,
		    span_of_text(rows[i].serial), &found, &not_after_s,
		    &err), &err);
		assert_int_equal(found, rows[i].want);
		assert_int_equal(not_after_s, rows[i].want ?
		    instant(rows[i].not_after) : 77);
	}
}

static void
expiry_of_a_bad_index_is_refused(void **state)
{
	struct error err = {0};
	int64_t not_after_s = 77;
	bool found = true;

	assert_refusal("missing", ERR_MISSING, "index.txt",
	    index_expiry(path, span_of_text("\x01"), &found, &not_after_s,
	    &err), &err);
	assert_false(found);
	fixture_write_text(folder, "index.txt", VALID("01") "V\n");
	err = (struct error){0};
	assert_refusal("bad", ERR_FORMAT, "index.txt:2: ",
	    index_expiry(path, span_of_text("\x02"), &found, &not_after_s,
	    &err), &err);
	assert_false(found);
	assert_int_equal(not_after_s, 77);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(revocations_come_in_serial_order),
		IN_FOLDER(entries_stay_whole),
		IN_FOLDER(bad_files_are_refused),
		IN_FOLDER(what_is_no_file_of_ours_is_refused),
		IN_FOLDER(many_shuffled_lines_are_sorted),
		IN_FOLDER(one_double_among_many_is_found),
		IN_FOLDER(serials_are_found_in_any_order),
		IN_FOLDER(lengths_differ_in_a_search),
		IN_FOLDER(expiry_is_found_by_any_line),
		IN_FOLDER(expiry_of_a_bad_index_is_refused),
	};
#undef IN_FOLDER

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
