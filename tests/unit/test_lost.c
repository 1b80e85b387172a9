/* SPDX-License-Identifier: ISC */
/* Which revocations of the last CRL may go. */
#include "base/file.h"
#include "index_fixture.h"
#include "instant.h"
#include "root/evidence/shrunk.h"
#include "root/history/ledger.h"
#include "test.h"

AROUND_EACH(enter, NULL)

#define ENDED "2026-06-01T00:00:00Z"
#define MANY 5000
#define ENDS "V\t260601000000Z\t\t1000\tunknown\t/CN=x\n"

static const struct {
	const char *name;
	const char *index;		/* NULL: there is none */
	const char *last;		/* thisUpdate of the last CRL */
	const char *acknowledged[2];
	const char *serial;		/* hex */
	const char *why;		/* NULL: it may not go */
	const char *shown;		/* the serial in words; NULL: so */
} rows[] = {
	{ "unknown to the index", "", ENDED, { NULL }, "1000", NULL },
	{ "no index", NULL, ENDED, { NULL }, "1000", NULL },
	{ "ended before the last CRL", ENDS, "2026-06-01T00:00:01Z",
	    { NULL }, "1000", "certificate expired" },
	{ "ended with the last CRL", ENDS, ENDED, { NULL }, "1000", NULL },
	{ "ended after it", ENDS, "2026-05-01T00:00:00Z", { NULL }, "1000",
	    NULL },
	{ "another has ended", ENDS, "2027-06-01T00:00:00Z", { NULL },
	    "1001", NULL },
	{ "acknowledged", NULL, ENDED, { "1000" }, "1000", "acknowledged" },
	{ "among others", "", ENDED, { "1001", "1000" }, "1000",
	    "acknowledged" },
	{ "in capitals", NULL, ENDED, { "C0FFEE" }, "00c0ffee",
	    "acknowledged" },
	{ "with leading zeros", NULL, ENDED, { "0001000" }, "1000",
	    "acknowledged" },
	{ "zero", NULL, ENDED, { "00" }, "00", "acknowledged" },
	{ "negative", NULL, ENDED, { "-17FEFE" }, "e80102", "acknowledged" },
	{ "negative, spelt otherwise", NULL, ENDED, { "-0017fefe" },
	    "e80102", "acknowledged" },
	{ "negative, and its content octets were named", NULL, ENDED,
	    { "E80102" }, "e80102", NULL, "CRL: -17FEFE (" },
	{ "positive, and named as such", NULL, ENDED, { "E80102" },
	    "00e80102", "acknowledged" },
	{ "positive, and a negative one was named", NULL, ENDED,
	    { "-17FEFE" }, "17fefe", NULL, "CRL: 17FEFE (" },
	{ "a part of it", NULL, ENDED, { "100" }, "1000", NULL },
	{ "more than it", NULL, ENDED, { "10000" }, "1000", NULL },
	{ "acknowledged before ended", ENDS, "2027-06-01T00:00:00Z",
	    { "1000" }, "1000", "acknowledged" },
};

static void
add(struct lost *lost, const char *serial)
{
	struct crl_entry entry = { .reason = REASON_NONE };
	uint8_t octets[80];
	struct error err = {0};

	assert_true(hex_decode(span_of_text(serial), octets, sizeof(octets),
	    &entry.serial.size));
	entry.serial.data = octets;
	assert_fine(serial, lost_add(lost, &entry, &err), &err);
}

TEST(each_is_judged)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *words[2] = { rows[i].acknowledged[0],
			rows[i].acknowledged[1] };
		const struct config_words list = { words,
			words[1] != NULL ? 2 : words[0] != NULL };
		struct lost lost = { .subject = "x",
			.acknowledged = i % 2 == 0 && list.count == 0 ?
			NULL : &list, .last_s = instant(rows[i].last) };
		const struct ledger_drop *drop;
		struct error err = {0};

		if (rows[i].index != NULL) {
			fixture_write_text(folder, "index.txt",
			    rows[i].index);
			lost.index = path;
		}
		add(&lost, rows[i].serial);
		if (rows[i].why == NULL) {
			assert_refusal(rows[i].name, ERR_SHRUNK,
			    rows[i].shown != NULL ? rows[i].shown :
			    rows[i].serial, lost_check(&lost, &err), &err);
			assert_int_equal(lost.drops.size, 0);
		} else {
			assert_fine(rows[i].name, lost_check(&lost, &err),
			    &err);
			drop = (const void *)lost.drops.data;
			assert_int_equal(lost.drops.size, sizeof(*drop));
			assert_string_equal(drop->serial, rows[i].serial);
			assert_string_equal(drop->why, rows[i].why);
		}
		lost_release(&lost);
	}
}

/* The first ones are named, and how many there are. */
TEST(further_ones_are_counted)
{
	const char *words[] = { "03" };
	const struct config_words list = { words, 1 };
	struct lost lost = { .subject = "the list", .acknowledged = &list };
	struct error err = {0};

	add(&lost, "03");
	add(&lost, "05");
	add(&lost, "07");
	assert_refusal("two", ERR_SHRUNK, "the list lacks revocations of "
	    "the last CRL: 05, 07 (2 in all)",
	    lost_check(&lost, &err), &err);
	assert_int_equal(lost.count, 2);
	assert_int_equal(lost.drops.size, sizeof(struct ledger_drop));
	lost_release(&lost);
}

/* However often a CRL lists it; what may go is told as often as it is lost. */
TEST(a_serial_counts_once)
{
	const char *words[] = { "03" };
	const struct config_words list = { words, 1 };
	struct lost lost = { .subject = "x", .acknowledged = &list };
	struct error err = {0};

	add(&lost, "07");
	add(&lost, "03");
	add(&lost, "05");
	add(&lost, "07");
	add(&lost, "03");
	add(&lost, "07");
	assert_refusal("two", ERR_SHRUNK, ": 07, 05 (2 in all)",
	    lost_check(&lost, &err), &err);
	assert_int_equal(lost.drops.size, 2 * sizeof(struct ledger_drop));
	lost_release(&lost);
}

/* The last CRL brings them back, if the index can hold one of them. */
TEST(adopt_is_offered_first)
{
	static const char none[] = "restore it from a backup, or allow each "
	    "serial: --acknowledge-removed ";
	static const struct {
		const char *serial, *path, *says;
	} offers[] = {
		{ "05", "it is", "enter them: crlferry-root adopt --config c "
		    "corp 'it is', restore the index from a backup, or allow "
		    "each serial: --acknowledge-removed 05" },
		{ "7f00000000000000000000000000000000000000000000000000000000"
		    "0000000000000000000000000000000000000000000000000000000000"
		    "000000000000", "x", "the index cannot hold such serials: "
		    "leave it to the program that signed them, or allow each "
		    "serial: --acknowledge-removed 7F0000" },
		{ "05", "a/path/that/is/so/long/that/a/command/with/it/would/"
		    "have/to/be/cut/somewhere/in/its/long/course/and/be/worse/"
		    "than/no/command/at/all.crl", none },
	};
	const struct config config = { .option = " --config c" };

	for (size_t i = 0; i < COUNT_OF(offers); i++) {
		struct lost lost = { .subject = "x" };
		struct error err = {0};

		add(&lost, offers[i].serial);
		FINE(lost_offer_adopt(&lost, &config, "corp", offers[i].path,
		    &err));
		assert_int_equal(lost_check(&lost, &err), ERR_SHRUNK);
		assert_memory_equal(err.remedy, offers[i].says,
		    strlen(offers[i].says));
		lost_release(&lost);
	}
}

TEST(a_damaged_index_is_no_excuse)
{
	struct lost lost = { .subject = "x", .index = path };
	struct error err = {0};

	add(&lost, "01");
	fixture_write_text(folder, "index.txt", "garbage\n");
	assert_refusal("damaged", ERR_FORMAT, "index.txt:1",
	    lost_judge(&lost, &err), &err);
	err = (struct error){0};
	FINE(file_remove(path, &err));
	assert_refusal("gone", ERR_MISSING, "index.txt",
	    lost_judge(&lost, &err), &err);
	assert_int_equal(lost.drops.size, 0);
	lost_release(&lost);
}

/* Octets that this process has read from files so far. */
static unsigned long long
octets_read(void)
{
	unsigned long long count = 0;
	FILE *io = fopen("/proc/self/io", "r");

	if (io == NULL)
		skip();
	assert_int_equal(fscanf(io, "rchar: %llu", &count), 1);
	fclose(io);
	return count;
}

/* Each second line of the index has ended; the file is read once. */
TEST(many_cost_one_pass)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct lost lost = { .subject = "x", .index = path,
		.last_s = instant(ENDED) };
	const struct ledger_drop *drops;
	struct error err = {0};
	unsigned long long before;
	unsigned int k;
	char serial[8];

	for (unsigned int i = 0; i < MANY; i++) {
		k = (unsigned int)shuffle(i, MANY);
		FINE(buffer_appendf(&text, &err,
		    "V\t%s0601000000Z\t\t%04X\tunknown\t/CN=%u\n", k % 2 == 0 ?
		    "25" : "27", 0x1000 + k, k));
	}
	fixture_write(folder, "index.txt", span_of_buffer(&text));
	for (k = 0; k < MANY; k++) {
		snprintf(serial, sizeof(serial), "%04x", 0x1000 + k);
		add(&lost, serial);
	}
	before = octets_read();
	assert_refusal("every second", ERR_SHRUNK, "1001, 1003",
	    lost_check(&lost, &err), &err);
	assert_true(octets_read() - before < 2 * text.size);
	assert_int_equal(lost.count, MANY / 2);
	assert_int_equal(lost.drops.size, MANY / 2 * sizeof(*drops));
	drops = (const void *)lost.drops.data;
	for (k = 0; k < MANY; k += 2) {
		snprintf(serial, sizeof(serial), "%04x", 0x1000 + k);
		assert_string_equal(drops[k / 2].serial, serial);
	}
	lost_release(&lost);
}
