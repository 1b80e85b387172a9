/* SPDX-License-Identifier: ISC */
/* Many events in one run: what was verified once is not read again. */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "ledger_fixture.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

/* Event i; times go up and down.  end NULL: alone. */
static enum err
append(int i, struct ledger_end *end, struct notices *notices,
    struct error *err)
{
	char why[64];
	const struct ledger_event event = { .event = "x", .root = "r",
		.at_s = 1800000000 + (i * 7) % 5, .who = "me@here",
		.details = { { "why", why } } };

	snprintf(why, sizeof(why), "%.*s", i % 60, "for as many reasons as "
	    "there are events, and a few more of them");
	return ledger_append(&config, &event, end, notices, err);
}

static void
append_good(int i, struct ledger_end *end)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	FINE(append(i, end, &notices, &err));
	assert_int_equal(notices.lines.size, 0);
}

/* What end knows must be what reading tells. */
static void
assert_known(const struct ledger_end *end)
{
	struct ledger_summary summary;
	struct error err = {0};

	FINE(ledger_read(&config, NULL, NULL, &summary, &err));
	assert_true(end->is_known);
	assert_int_equal(end->summary.count, summary.count);
	assert_int_equal(end->summary.version, summary.version);
	assert_int_equal(end->summary.latest_s, summary.latest_s);
	assert_int_equal(end->summary.size_bytes, summary.size_bytes);
	assert_string_equal(end->summary.head, summary.head);
	assert_false(end->summary.is_torn || end->summary.lacks_end);
}

TEST(many_are_as_one_by_one)
{
	struct ledger_end end = { .is_known = false };
	RELEASE_BUFFER struct buffer want = {0};

	for (int i = 0; i < 20; i++)
		append_good(i, NULL);
	fixture_read(folder, LEDGER, &want);
	fixture_write_text(folder, LEDGER, "");
	for (int i = 0; i < 20; i++) {
		append_good(i, &end);
		assert_known(&end);
	}
	assert_file_equals(folder, LEDGER, span_of_buffer(&want));
}

/* The first of them mends what a power cut left. */
TEST(the_first_one_mends)
{
	RELEASE_BUFFER struct buffer two = {0};

	append_good(1, NULL);
	append_good(2, NULL);
	fixture_read(folder, LEDGER, &two);
	for (size_t less = 1; less <= 2; less++) {
		struct ledger_end end = { .is_known = false };
		RELEASE_NOTICES struct notices notices = {0};
		struct error err = {0};

		fixture_write(folder, LEDGER, (struct span){ two.data,
		    two.size - less });
		FINE(append(3, &end, &notices, &err));
		assert_true(notices.lines.size > 0);
		assert_int_equal(end.summary.count, less == 1 ? 3 : 2);
		assert_known(&end);
		append_good(4, &end);
		assert_known(&end);
	}
}

/* This is what it saves; whoever reads next finds the change. */
TEST(what_is_known_is_not_read_again)
{
	struct ledger_end end = { .is_known = false };
	RELEASE_BUFFER struct buffer text = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	append_good(1, NULL);
	append_good(2, &end);
	fixture_read(folder, LEDGER, &text);
	text.data[20] ^= 1;
	fixture_write(folder, LEDGER, span_of_buffer(&text));
	append_good(3, &end);
	assert_refusal("alone", ERR_FORMAT, LEDGER ":1: ",
	    append(4, NULL, &notices, &err), &err);
}

/* Where the end is another, all of it is read and judged. */
TEST(another_end_is_read_again)
{
	static const struct {
		const char *name;
		size_t kept;		/* lines of three */
		const char *more;	/* behind them */
		size_t flip;		/* this octet from the end; 0: none */
		const char *says;	/* NULL: it goes on behind */
		uint64_t count;
	} rows[] = {
		{ "gone", 0, "", 0, NULL, 1 },
		{ "cut by a line", 2, "", 0, NULL, 3 },
		{ "one octet more", 3, "x", 0, ":4: ", 0 },
		{ "a beginning more", 3, "{\"a", 0, NULL, 4 },
		{ "an empty line more", 3, "\n", 0, ":4: ", 0 },
		{ "its LF is another octet", 3, "", 1, ":3: ", 0 },
		{ "its brace is", 3, "", 2, ":3: ", 0 },
		{ "a fact of it is", 3, "", 100, ":3: ", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct ledger_end end = { .is_known = false };
		RELEASE_BUFFER struct buffer text = {0};
		RELEASE_NOTICES struct notices notices = {0};
		struct error err = {0};
		size_t lines = 0, at = 0;
		enum err code;

		fixture_write_text(folder, LEDGER, "");
		for (int k = 1; k <= 3; k++)
			append_good(k, &end);
		fixture_read(folder, LEDGER, &text);
		while (lines < rows[i].kept)
			lines += text.data[at++] == '\n';
		text.size = at;
		FINE(buffer_append_text(&text, rows[i].more, &err));
		if (rows[i].flip > 0)
			text.data[text.size - rows[i].flip] ^= 1;
		fixture_write(folder, LEDGER, span_of_buffer(&text));
		code = append(4, &end, &notices, &err);
		if (rows[i].says == NULL) {
			assert_fine(rows[i].name, code, &err);
			assert_int_equal(end.summary.count, rows[i].count);
			assert_known(&end);
			continue;
		}
		assert_refusal(rows[i].name, ERR_FORMAT, rows[i].says, code,
		    &err);
		assert_false(end.is_known);
		assert_file_equals(folder, LEDGER, span_of_buffer(&text));
	}
}

static void
limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A line of which only a part could be written is no line, and not known. */
TEST(a_failure_is_forgotten)
{
	struct ledger_end end = { .is_known = false };
	RELEASE_BUFFER struct buffer text = {0};

	signal(SIGXFSZ, SIG_IGN);
	append_good(1, &end);
	append_good(2, &end);
	fixture_read(folder, LEDGER, &text);
	for (size_t room = 0; room < 200; room += 50) {
		struct notices notices = {0};
		struct error err = {0};
		enum err code;

		limit_files((rlim_t)(text.size + room));
		code = append(3, &end, &notices, &err);
		limit_files(RLIM_INFINITY);
		assert_int_not_equal(code, ERR_OK);
		assert_true(err.what[0] != '\0');
		assert_false(end.is_known);
		assert_file_equals(folder, LEDGER, span_of_buffer(&text));
	}
	append_good(3, &end);
	assert_known(&end);
	assert_int_equal(end.summary.count, 3);
}
