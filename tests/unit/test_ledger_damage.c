/* SPDX-License-Identifier: ISC */
/* A line says by itself whether it is whole: no octet changes unseen. */
#include <fcntl.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "rooms_fixture.h"
#include "ledger_fixture.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

static enum err
append(const char *event, struct notices *notices, struct error *err)
{
	const struct ledger_event entry = { .event = event, .root = "r",
		.at_s = INT64_C(1800000000), .who = "me@here",
		.details = { { "why", "a \"quote\" \\ caf\xc3\xa9" } } };

	return ledger_append(&config, &entry, NULL, notices, err);
}

static void
append_good(const char *event)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	assert_fine(event, append(event, &notices, &err), &err);
	assert_int_equal(notices.lines.size, 0);
}

static void
append_three(struct buffer *out)
{
	append_good("one");
	append_good("two");
	append_good("three");
	fixture_read(folder, LEDGER, out);
}

/* Neither read nor appended to, and told by its line. */
static void
assert_damaged(const char *name, size_t line, const char *says)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct ledger_summary summary = { .count = 77 };
	struct error read = {0}, write = {0};
	char where[PATH_SIZE];

	snprintf(where, sizeof(where), "%s/" LEDGER ":%zu: ", folder, line);
	assert_refusal(name, ERR_FORMAT, where,
	    ledger_read(&config, NULL, NULL, &summary, &read), &read);
	assert_int_equal(summary.count, 77);
	assert_refusal(name, ERR_FORMAT, says, ERR_FORMAT, &read);
	assert_refusal(name, ERR_FORMAT, where,
	    append("four", &notices, &write), &write);
}

static void
put_octet(int fd, size_t at, uint8_t octet)
{
	assert_int_equal(pwrite(fd, &octet, 1, (off_t)at), 1);
}

/* Every bit of every octet, the LF of each line, the last one's too. */
TEST(every_flip_is_found)
{
	RELEASE_BUFFER struct buffer text = {0};
	char path[PATH_SIZE];
	size_t line = 1;
	CLOSE_FD int fd = -1;

	append_three(&text);
	path_in(path, folder, LEDGER);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t at = 0; at < text.size; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			char name[64];

			snprintf(name, sizeof(name), "octet %zu, bit %u", at,
			    bit);
			put_octet(fd, at, text.data[at] ^
			    (uint8_t)(1U << bit));
			assert_damaged(name, line, "");
		}
		put_octet(fd, at, text.data[at]);
		line += text.data[at] == '\n';
	}
	assert_int_equal(line, 4);
	assert_file_equals(folder, LEDGER, span_of_buffer(&text));
}

/* Every other value that an octet may have; a part of them by default. */
TEST(every_other_octet_is_found)
{
	RELEASE_BUFFER struct buffer text = {0};
	const unsigned int step = getenv("CRLFERRY_LONG") == NULL ? 15 : 1;
	char path[PATH_SIZE];
	CLOSE_FD int fd = -1;

	append_good("one");
	fixture_read(folder, LEDGER, &text);
	path_in(path, folder, LEDGER);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t at = 0; at < text.size; at++) {
		for (unsigned int add = step; add < 256; add += step) {
			char name[64];

			snprintf(name, sizeof(name), "octet %zu + %u", at,
			    add);
			put_octet(fd, at, (uint8_t)(text.data[at] + add));
			assert_damaged(name, 1, "");
		}
		put_octet(fd, at, text.data[at]);
	}
}

/* The ledger is these parts, one behind the other. */
static void
put_parts(int fd, const struct span parts[3])
{
	off_t size = 0;

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pwrite(fd, parts[i].data, parts[i].size,
		    size), parts[i].size);
		size += (off_t)parts[i].size;
	}
	assert_int_equal(ftruncate(fd, size), 0);
}

/* One octet too many, or too few, anywhere. */
TEST(every_octet_more_or_less_is_found)
{
	static const uint8_t more[] = { ' ', '\n', '0', '}', '\0', 0xff };
	RELEASE_BUFFER struct buffer text = {0};
	char path[PATH_SIZE];
	CLOSE_FD int fd = -1;

	append_good("one");
	fixture_read(folder, LEDGER, &text);
	path_in(path, folder, LEDGER);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	/* Without its end, a line is another matter: see below. */
	for (size_t at = 0; at + 1 < text.size; at++) {
		put_parts(fd, (struct span[]){ { text.data, at },
		    { text.data, 0 },
		    { text.data + at + 1, text.size - at - 1 } });
		assert_damaged("one less", 1, "");
	}
	for (size_t i = 0; i < (text.size + 1) * COUNT_OF(more); i++) {
		const size_t at = i / COUNT_OF(more);
		const uint8_t *octet = &more[i % COUNT_OF(more)];

		put_parts(fd, (struct span[]){ { text.data, at },
		    { octet, 1 }, { text.data + at, text.size - at } });
		/* A second LF is an empty second line. */
		assert_damaged("one more", at == text.size ||
		    (at + 1 == text.size && *octet == '\n') ? 2 : 1, "");
	}
}

#define FRONT(version) "{\"version\":" version ",\"sequence\":1," \
	"\"previous\":\"" ZEROS "\",\"time\":\"2026-01-01T00:00:00Z\"," \
	"\"event\":\"x\",\"root\":\"r\",\"who\":\"w\""
#define DIGEST ",\"digest\":"

/* What stands between the front, which the digest is over, and the LF. */
static const struct {
	const char *name;
	const char *front;
	const char *tail;	/* %s: the digest of the front */
	const char *says;	/* NULL: it is read */
} rows[] = {
	{ "as it should be", FRONT("2"), DIGEST "\"%s\"}", NULL },
	{ "blanks in it", FRONT("2") " ,\"y\" : 1", DIGEST "\"%s\"}", NULL },
	{ "version 1 without", FRONT("1"), "}", NULL },
	{ "version 1 with it", FRONT("1"), DIGEST "\"%s\"}", NULL },
	{ "version 1 with another", FRONT("1"), DIGEST "\"" ZEROS "\"}",
	    "digest of the line itself, " },
	{ "version 1, not last", FRONT("1"), DIGEST "\"%s\",\"y\":1}",
	    "is not its last key" },
	{ "version 2 without", FRONT("2"), "}", "is missing as its last key" },
	{ "version 2 with another", FRONT("2"), DIGEST "\"" ZEROS "\"}",
	    "have 0000000000000000..." },
	{ "not last", FRONT("2"), DIGEST "\"%s\",\"y\":1}",
	    "is not its last key" },
	{ "first", "{\"digest\":\"" ZEROS "\",\"y\":1,\"version\":2", "}",
	    "is not its last key" },
	{ "a blank in front", FRONT("2"), DIGEST " \"%s\"}",
	    "is not its last key" },
	{ "a blank behind", FRONT("2"), DIGEST "\"%s\"} ",
	    "is not its last key" },
	{ "an escape", FRONT("2"), ",\"\\u0064igest\":\"%s\"}",
	    "is not its last key" },
	{ "a digit more", FRONT("2"), DIGEST "\"0%s\"}",
	    "is not its last key" },
	{ "a number", FRONT("2"), DIGEST "7}", "is not its last key" },
	{ "of an object in it", FRONT("2") ",\"y\":{\"z\":1",
	    DIGEST "\"%s\"}}", "is missing as its last key" },
	{ "in a text", FRONT("2") ",\"y\":\"", DIGEST "\"%s\"}",
	    "JSON object" },
	{ "twice", FRONT("2") DIGEST "\"" ZEROS "\"", DIGEST "\"%s\"}",
	    "JSON object" },
	{ "version 3", FRONT("3"), DIGEST "\"%s\"}",
	    "its version is neither 1 nor 2" },
	{ "nothing else", "{", "\"digest\":\"%s\"}",
	    "its version is neither 1 nor 2" },
	{ "version and it", "{\"version\":2", DIGEST "\"%s\"}",
	    "sequence 1, have 0" },
};

static void
write_line(const char *front, const char *tail)
{
	char digest[LEDGER_DIGEST_SIZE];
	uint8_t octets[BLAKE2B_256_SIZE];
	const char *hole = strstr(tail, "%s");
	char line[1024];

	blake2b_256(span_of_text(front), octets);
	hex_encode((struct span){ octets, sizeof(octets) }, digest,
	    sizeof(digest));
	if (hole == NULL)
		snprintf(line, sizeof(line), "%s%s\n", front, tail);
	else
		snprintf(line, sizeof(line), "%s%.*s%s%s\n", front,
		    (int)(hole - tail), tail, digest, hole + 2);
	fixture_write_text(folder, LEDGER, line);
}

TEST(tails_are_judged)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct ledger_summary summary;
		struct error err = {0};

		write_line(rows[i].front, rows[i].tail);
		if (rows[i].says != NULL) {
			assert_damaged(rows[i].name, 1, rows[i].says);
			continue;
		}
		assert_fine(rows[i].name, ledger_read(&config, NULL, NULL,
		    &summary, &err), &err);
		assert_int_equal(summary.count, 1);
	}
}

/* An upgrade: what was written before stays, and binds what comes. */
TEST(a_ledger_goes_on_and_not_back)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct ledger_summary summary;
	struct error err = {0};
	char line[1024];

	write_line(FRONT("1"), "}");
	append_good("two");
	FINE(ledger_read(&config, NULL, NULL, &summary, &err));
	assert_int_equal(summary.count, 2);
	assert_int_equal(summary.version, 2);
	snprintf(line, sizeof(line), "{\"version\":1,\"sequence\":3,"
	    "\"previous\":\"%s\",\"time\":\"2026-01-01T00:00:00Z\","
	    "\"event\":\"x\",\"root\":\"r\",\"who\":\"w\"}\n", summary.head);
	fixture_read(folder, LEDGER, &text);
	FINE(buffer_append_text(&text, line, &err));
	fixture_write(folder, LEDGER, span_of_buffer(&text));
	assert_damaged("back", 3, "want version 2, as the line before has "
	    "it, have 1");
}

/* What is whole is no longer lost for want of its last octet. */
TEST(a_whole_line_gets_its_end)
{
	RELEASE_BUFFER struct buffer three = {0}, four = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct ledger_summary summary;
	struct error err = {0};

	append_three(&three);
	append_good("four");
	fixture_read(folder, LEDGER, &four);
	fixture_write(folder, LEDGER, (struct span){ three.data,
	    three.size - 1 });
	FINE(ledger_read(&config, NULL, NULL, &summary, &err));
	assert_int_equal(summary.count, 3);
	assert_int_equal(summary.size_bytes, three.size - 1);
	assert_true(summary.lacks_end);
	assert_false(summary.is_torn);
	FINE(append("four", &notices, &err));
	assert_true(span_contains(span_of_buffer(&notices.lines),
	    "the last line lacked its newline"));
	assert_file_equals(folder, LEDGER, span_of_buffer(&four));
}

/* So is one of version 1. */
TEST(an_old_line_gets_its_end)
{
	RELEASE_BUFFER struct buffer text = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct ledger_summary summary;
	struct error err = {0};

	write_line(FRONT("1"), "}");
	fixture_read(folder, LEDGER, &text);
	fixture_write(folder, LEDGER, (struct span){ text.data,
	    text.size - 1 });
	FINE(append("two", &notices, &err));
	assert_true(notices.lines.size > 0);
	FINE(ledger_read(&config, NULL, NULL, &summary, &err));
	assert_int_equal(summary.count, 2);
	assert_false(summary.lacks_end);
}

/* Behind the last LF: nothing that a power cut does not leave is cut off. */
TEST(what_is_no_beginning_is_refused)
{
	struct error err = {0};
	static const struct {
		const char *name;
		struct span rest;
	} rests[] = {
#define R(text) { (const uint8_t *)(text), sizeof(text) - 1 }
		{ "a blank", R(" ") },
		{ "NUL", R("\0") },
		{ "many of them", R("\0\0\0\0\0\0\0\0") },
		{ "a brace", R("}") },
		{ "another JSON", R("[") },
		{ "no key", R("{1") },
		{ "an empty object", R("{}") },
		{ "an object", R("{\"version\":2}") },
		{ "an object, and more", R("{\"version\":2}{\"vers") },
		{ "a beginning with a control", R("{\"version\0") },
		{ "a brace in a text", R("{\"a\":\"}\"}x") },
#undef R
	};
	RELEASE_BUFFER struct buffer three = {0};

	append_three(&three);
	for (size_t i = 0; i < COUNT_OF(rests); i++) {
		RELEASE_BUFFER struct buffer text = {0};

		FINE(buffer_append(&text, three.data, three.size, &err));
		FINE(buffer_append(&text, rests[i].rest.data,
		    rests[i].rest.size, &err));
		fixture_write(folder, LEDGER, span_of_buffer(&text));
		assert_damaged(rests[i].name, 4, "a line without its end: ");
		assert_file_equals(folder, LEDGER, span_of_buffer(&text));
	}
}
