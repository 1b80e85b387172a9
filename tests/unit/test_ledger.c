/* SPDX-License-Identifier: ISC */
/* A history that cannot be changed without somebody noticing. */
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "instant.h"
#include "rooms_fixture.h"
#include "ledger_fixture.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define TAIL_SIZE 77	/* ,"digest":"<64 digits>"} */

/* The i-th event of a history: number i, a day later each. */
static void
append(uint64_t i)
{
	const struct number number = number_from_u64(i);
	const struct ledger_drop drops[] = {
		{ "0a", "acknowledged" }, { "00ff", "certificate expired" },
	};
	const struct ledger_event event = { .event = "issue", .root = "r",
		.number = &number,
		.at_s = instant("2026-01-01") + (int64_t)i * DAY_S,
		.who = "me@here", .details = { { "sha256", "00" },
		    { "why", "a \"quote\"\n" } },
		.dropped = drops, .dropped_count = i == 2 ? 2 : 0 };
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	FINE(ledger_append(&config, &event, NULL, &notices, &err));
	assert_int_equal(notices.lines.size, 0);
}

static void
summarize(struct ledger_summary *out)
{
	struct error err = {0};

	FINE(ledger_read(&config, NULL, NULL, out, &err));
}

TEST(nothing_is_an_empty_ledger)
{
	struct ledger_summary summary = { .count = 77 };

	summarize(&summary);
	assert_int_equal(summary.count, 0);
	assert_int_equal(summary.size_bytes, 0);
	assert_false(summary.is_torn);
	assert_string_equal(summary.head, ZEROS);
	assert_int_equal(count_entries(folder, ""), 0);
	fixture_write_text(folder, LEDGER, "");
	summarize(&summary);
	assert_int_equal(summary.count, 0);
}

/* What a reader is shown, line by line. */
static enum err
check_line(void *context, const struct ledger_line *line, struct error *err)
{
	RELEASE_BUFFER struct buffer details = {0};
	uint64_t *count = context;
	const struct number number = number_from_u64(++*count);
	struct ledger_drop drop;

	assert_int_equal(line->sequence, *count);
	assert_int_equal(line->at_s, instant("2026-01-01") +
	    (int64_t)*count * DAY_S);
	assert_string_equal(line->event, "issue");
	assert_string_equal(line->root, "r");
	assert_string_equal(line->who, "me@here");
	assert_true(line->has_number);
	assert_int_equal(number_compare(&line->number, &number), 0);
	assert_int_equal(ledger_line_details(line, &details, err), ERR_OK);
	assert_true(span_contains(span_of_buffer(&details), "sha256=00"));
	assert_true(span_contains(span_of_buffer(&details),
	    "why=a \"quote\""));
	assert_false(span_contains(span_of_buffer(&details), "previous"));
	assert_int_equal(ledger_line_drop(line, 0, &drop), *count == 2);
	if (*count != 2)
		return ERR_OK;
	assert_string_equal(drop.serial, "0a");
	assert_string_equal(drop.why, "acknowledged");
	assert_true(ledger_line_drop(line, 1, &drop));
	assert_string_equal(drop.serial, "00ff");
	assert_false(ledger_line_drop(line, 2, &drop));
	assert_true(span_contains(span_of_buffer(&details), "2 dropped"));
	return ERR_OK;
}

TEST(what_is_appended_is_read_back)
{
	struct ledger_summary summary;
	struct error err = {0};
	uint64_t count = 0;
	struct stat st;
	char path[PATH_SIZE];

	for (uint64_t i = 1; i <= 5; i++)
		append(i);
	FINE(ledger_read(&config, check_line, &count, &summary, &err));
	assert_int_equal(count, 5);
	assert_int_equal(summary.count, 5);
	assert_int_equal(summary.latest_s, instant("2026-01-06"));
	path_in(path, folder, LEDGER);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, summary.size_bytes);
	assert_int_equal(st.st_mode & 022, 0);
	assert_no_temporaries("ledger", folder);
}

/* Each holds the digest of the one before, and ends in its own. */
TEST(the_chain_is_as_described)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct ledger_summary summary;
	char head[2 * BLAKE2B_256_SIZE + 1] = ZEROS;
	struct span rest;

	append(1);
	append(2);
	append(3);
	fixture_read(folder, LEDGER, &text);
	rest = span_of_buffer(&text);
	for (size_t i = 0; i < 3; i++) {
		const uint8_t *end = memchr(rest.data, '\n', rest.size);
		struct span line = { rest.data, 0 };
		uint8_t digest[BLAKE2B_256_SIZE];
		char tail[TAIL_SIZE + 1];

		assert_non_null(end);
		assert_true(end - line.data > TAIL_SIZE);
		line.size = (size_t)(end - rest.data);
		assert_true(line.data[0] == '{' && end[-1] == '}');
		if (!span_contains(line, head))
			fail_msg("line %zu: want %s in it", i + 1, head);
		blake2b_256((struct span){ line.data, line.size - TAIL_SIZE },
		    digest);
		hex_encode((struct span){ digest, sizeof(digest) }, head,
		    sizeof(head));
		snprintf(tail, sizeof(tail), ",\"digest\":\"%s\"}", head);
		assert_memory_equal(end - TAIL_SIZE, tail, TAIL_SIZE);
		blake2b_256(line, digest);
		hex_encode((struct span){ digest, sizeof(digest) }, head,
		    sizeof(head));
		rest.data = end + 1;
		rest.size -= line.size + 1;
	}
	assert_int_equal(rest.size, 0);
	summarize(&summary);
	assert_string_equal(summary.head, head);
}

TEST(lines_cannot_be_moved)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct span lines[4];
	const char *at;
	static const struct {
		const char *name;
		size_t order[4];	/* from 1, 0 ends it */
		const char *says;
	} rows[] = {
		{ "the first is gone", { 2, 3, 4 }, ":1: " },
		{ "one in the middle is gone", { 1, 3, 4 }, ":2: " },
		{ "two change places", { 1, 3, 2, 4 }, ":2: " },
		{ "one stands twice", { 1, 2, 2, 3 }, ":3: " },
	};

	for (uint64_t i = 1; i <= 4; i++)
		append(i);
	fixture_read(folder, LEDGER, &text);
	at = (const char *)text.data;
	for (size_t i = 0; i < 4; i++) {
		lines[i] = (struct span){ (const uint8_t *)at,
			strcspn(at, "\n") + 1 };
		at += lines[i].size;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer changed = {0};
		struct ledger_summary summary;
		struct error err = {0};

		for (size_t k = 0; k < 4 && rows[i].order[k] > 0; k++)
			FINE(buffer_append(&changed, lines[rows[i].order[k] -
			    1].data, lines[rows[i].order[k] - 1].size, &err));
		fixture_write(folder, LEDGER, span_of_buffer(&changed));
		assert_refusal(rows[i].name, ERR_FORMAT, rows[i].says,
		    ledger_read(&config, NULL, NULL, &summary, &err), &err);
	}
}

#define LINE(version, sequence, previous, time, more) "{\"version\":" \
	version ",\"sequence\":" sequence ",\"previous\":\"" previous \
	"\",\"time\":\"" time "\"," more "}\n"
#define REST "\"event\":\"x\",\"root\":\"r\",\"who\":\"w\""
#define TIME "2026-01-01T00:00:00Z"

static const struct {
	const char *name;
	const char *text;
	const char *says;	/* NULL: it is read */
} first_lines[] = {
	{ "as it should be", LINE("1", "1", ZEROS, TIME, REST), NULL },
	{ "with more", LINE("1", "1", ZEROS, TIME, REST ",\"y\":[1]"),
	    NULL },
	{ "version 2 without its digest", LINE("2", "1", ZEROS, TIME, REST),
	    "digest of the line itself is missing as its last key" },
	{ "the next version", LINE("3", "1", ZEROS, TIME, REST),
	    "its version is neither 1 nor 2" },
	{ "version 0", LINE("0", "1", ZEROS, TIME, REST),
	    "its version is neither 1 nor 2" },
	{ "version as text", LINE("\"1\"", "1", ZEROS, TIME, REST),
	    "its version is neither 1 nor 2" },
	{ "not the first", LINE("1", "2", ZEROS, TIME, REST),
	    "sequence 1, have 2" },
	{ "sequence 0", LINE("1", "0", ZEROS, TIME, REST), "have 0" },
	{ "a negative sequence", LINE("1", "-1", ZEROS, TIME, REST),
	    "sequence 1" },
	{ "another digest", LINE("1", "1", "1" ZEROS, TIME, REST),
	    "digest" },
	{ "no digest", LINE("1", "1", "", TIME, REST), "digest" },
	{ "no time", LINE("1", "1", ZEROS, "now", REST), "time" },
	{ "no event", LINE("1", "1", ZEROS, TIME, "\"root\":\"r\","
	    "\"who\":\"w\""), "event" },
	{ "no root", LINE("1", "1", ZEROS, TIME, "\"event\":\"x\","
	    "\"who\":\"w\""), "root" },
	{ "no who", LINE("1", "1", ZEROS, TIME, "\"event\":\"x\","
	    "\"root\":\"r\""), "who" },
	{ "a number that is none", LINE("1", "1", ZEROS, TIME, REST
	    ",\"number\":\"0x1\""), "decimal" },
	{ "a key twice", LINE("1", "1", ZEROS, TIME, REST
	    ",\"root\":\"s\""), "JSON object" },
	{ "an array", "[]\n", "JSON object" },
	{ "an empty line", "\n", "JSON object" },
	{ "no JSON", "hello\n", "JSON object" },
	{ "two objects", "{}{}\n", "JSON object" },
};

TEST(lines_are_judged)
{
	for (size_t i = 0; i < COUNT_OF(first_lines); i++) {
		struct ledger_summary summary = { .count = 77 };
		struct error err = {0};
		enum err code;

		fixture_write_text(folder, LEDGER, first_lines[i].text);
		code = ledger_read(&config, NULL, NULL, &summary, &err);
		if (first_lines[i].says == NULL) {
			assert_fine(first_lines[i].name, code, &err);
			continue;
		}
		assert_refusal(first_lines[i].name, ERR_FORMAT,
		    first_lines[i].says, code, &err);
		assert_non_null(strstr(err.what, LEDGER ":1: "));
		assert_int_equal(summary.count, 77);
	}
}
