/* SPDX-License-Identifier: ISC */
/* Searches in an index. */
#include "ca/index.h"
#include "index_fixture.h"
#include "instant.h"
#include "test.h"

AROUND_EACH(enter, NULL)

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

TEST(serials_are_found_in_any_order)
{
	for (size_t c = 0; c < COUNT_OF(counts); c++) {
		RELEASE_INDEX struct index index = {0};
		const uint64_t end = 2 * counts[c] + 4;
		struct index_search rising = {0}, falling = {0}, any = {0};
		struct error err = {0};

		write_many(counts[c], true);
		FINE(index_load(path, &index, &err));
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
TEST(lengths_differ_in_a_search)
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

TEST(expiry_is_found_by_any_line)
{
	static const struct {
		const char *serial;
		const char *not_after;	/* NULL: not known */
	} rows[] = {
		{ "\x05", NULL },
		{ "\x03", "2020-01-01T00:00:00Z" },
		{ "\x01", "2030-01-01T00:00:00Z" },
		{ "\x02", "2031-01-01T00:00:00Z" },
	};
	struct index_expiry list[2 * COUNT_OF(rows)];
	struct error err = {0};

	fixture_write_text(folder, "index.txt",
	    "V\t300101000000Z\t\t0001\tunknown\t/CN=a\n"
	    "R\t310101000000Z\t" DATE "\t02\tunknown\t/CN=b\n"
	    "E\t200101000000Z\t\t03\tunknown\t/CN=c\n"
	    "V\t320101000000Z\t\t02\tunknown\t/CN=b\n");
	/* Those not known are in between, and one is asked for twice. */
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		list[i] = list[i + COUNT_OF(rows)] = (struct index_expiry){
		    span_of_text(rows[i].serial), false, 77};
	FINE(index_expiries(path, list, COUNT_OF(list), &err));
	for (size_t i = 0; i < COUNT_OF(list); i++) {
		size_t row = i % COUNT_OF(rows);

		assert_int_equal(list[i].is_found, rows[row].not_after != NULL);
		assert_int_equal(list[i].not_after_s,
		    rows[row].not_after == NULL ? 77 :
		    instant(rows[row].not_after));
	}
	FINE(index_expiries(path, NULL, 0, &err));
}

TEST(expiry_of_a_bad_index_is_refused)
{
	struct index_expiry asked = { span_of_text("\x02"), false, 77 };
	struct error err = {0};

	assert_refusal("missing", ERR_MISSING, "index.txt",
	    index_expiries(path, &asked, 1, &err), &err);
	fixture_write_text(folder, "index.txt", VALID("01") "V\n");
	err = (struct error){0};
	assert_refusal("bad", ERR_FORMAT, "index.txt:2: ",
	    index_expiries(path, &asked, 1, &err), &err);
	assert_false(asked.is_found);
	assert_int_equal(asked.not_after_s, 77);
}

/* Of both signs, so that marks lie on either. */
TEST(serials_of_either_sign_are_found)
{
	RELEASE_BUFFER struct buffer text = {0};
	RELEASE_INDEX struct index index = {0};
	struct index_search search = {0};
	struct error err = {0};
	size_t offset = 0, count = 0, at;
	struct revocation is;

	for (unsigned int i = 0; i < 300; i++)
		FINE(buffer_appendf(&text, &err, "R\t" END "\t" DATE "\t%s%04X"
		    "\tunknown\t/CN=x\n", i % 3 == 0 ? "" : "-", 3 * i + 1));
	fixture_write(folder, "index.txt", span_of_buffer(&text));
	FINE(index_load(path, &index, &err));
	while (index_next(&index, &offset, &is)) {
		struct index_search far = {0};

		assert_true(index_find(&index, &search, is.serial, &at));
		assert_int_equal(at, count);
		assert_true(index_find(&index, &far, is.serial, &at));
		assert_int_equal(at, count++);
	}
	/* The other sign of each is not listed. */
	offset = 0;
	while (index_next(&index, &offset, &is)) {
		char hex[SERIAL_TEXT_SIZE + 1] = "-";
		uint8_t other[SERIAL_OCTETS_MAX];
		size_t size;

		serial_format(is.serial, hex + 1);
		assert_true(serial_parse(span_of_text(hex[1] == '-' ?
		    hex + 2 : hex), other, &size));
		assert_false(index_find(&index, &search,
		    (struct span){ other, size }, &at));
	}
}
