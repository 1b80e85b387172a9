/* SPDX-License-Identifier: ISC */
/* The ledger as rules ask for it: by root, read once, with what is appended. */
#include "rooms_fixture.h"
#include "ledger_fixture.h"
#include "root/history/history.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

static const struct number seven = { .octets = { [NUMBER_OCTETS - 1] = 7 } };

static struct ledger_event
event_of(const char *root, const char *why)
{
	return (struct ledger_event){ .event = "issue", .root = root,
		.number = &seven, .at_s = 1, .who = "me@here",
		.details = { { "why", why }, { "place", "elsewhere" } } };
}

/* history NULL: as another program does it. */
static void
append(struct history *history, const char *root, const char *why)
{
	const struct ledger_event event = event_of(root, why);
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	assert_fine(why, history == NULL ?
	    ledger_append(&config, &event, NULL, &notices, &err) :
	    history_append(history, &event, &notices, &err), &err);
}

/* The "why" of each line of a root, one after another. */
static void
assert_lines(const struct history *history, const char *root,
    const char *want)
{
	const struct history_line *line = history_lines(history, root);
	char have[256] = "";

	for (; line != NULL; line = line->next) {
		assert_string_equal(line->root, root);
		assert_ptr_equal(history_line_at(history, line->sequence),
		    line);
		strcat(have, history_line_detail(line, "why"));
	}
	assert_string_equal(have, want);
}

TEST(each_root_has_its_lines)
{
	RELEASE_HISTORY struct history history = {0}, none = {0};
	struct error err = {0};

	FINE(history_read(&config, &none, &err));
	assert_lines(&none, "r", "");
	assert_false(history_has_head(&none, ZEROS));
	append(NULL, "s", "a");
	append(NULL, "r", "b");
	append(NULL, "q", "c");
	append(NULL, "r", "d");
	append(NULL, "s", "e");
	FINE(history_read(&config, &history, &err));
	assert_int_equal(history.end.summary.count, 5);
	assert_lines(&history, "q", "c");
	assert_lines(&history, "r", "bd");
	assert_lines(&history, "s", "ae");
	assert_lines(&history, "p", "");
	assert_lines(&history, "t", "");
}

TEST(a_line_says_what_rules_ask_for)
{
	RELEASE_HISTORY struct history history = {0};
	const struct ledger_drop drops[] = { { "0A", "acknowledged" },
		{ "0B", "certificate expired" } };
	struct ledger_event event = event_of("r", "a \"text\" = b");
	RELEASE_NOTICES struct notices notices = {0};
	const struct history_line *line;
	struct ledger_drop drop;
	const char *at = NULL;
	struct error err = {0};

	event.dropped = drops;
	event.dropped_count = 2;
	FINE(history_read(&config, &history, &err));
	FINE(history_append(&history, &event, &notices, &err));
	line = history_lines(&history, "r");
	assert_true(history_line_is(line, "issue"));
	assert_false(history_line_is(line, "issue-intent"));
	assert_true(line->has_number);
	assert_int_equal(number_compare(&line->number, &seven), 0);
	assert_true(history_line_says(line, "why", "a \"text\" = b"));
	assert_false(history_line_says(line, "why", "a"));
	assert_null(history_line_detail(line, "wh"));
	assert_null(history_line_detail(line, "a \"text\" "));
	assert_null(history_line_detail(line, "place"));
	assert_false(history_line_is_emergency(line));
	assert_int_equal(line->drop_count, 2);
	for (size_t i = 0; i < 2; i++) {
		history_line_drop(line, &at, &drop);
		assert_string_equal(drop.serial, drops[i].serial);
		assert_string_equal(drop.why, drops[i].why);
	}
}

/* What is appended is seen, and its digest known; nothing is read again. */
TEST(what_is_appended_is_seen)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};

	append(NULL, "r", "a");
	FINE(history_read(&config, &history, &err));
	for (int i = 0; i < 3; i++) {
		char head[LEDGER_DIGEST_SIZE];

		assert_true(history_has_head(&history,
		    history.end.summary.head));
		append(&history, i == 1 ? "s" : "r", "b");
		memcpy(head, history.end.summary.head, sizeof(head));
		head[5] = head[5] == '0' ? '1' : '0';
		assert_false(history_has_head(&history, head));
	}
	assert_lines(&history, "r", "abb");
	assert_lines(&history, "s", "b");
}

/* Another program wrote in spite of the lock: behind ours, or anew. */
TEST(another_ledger_is_read_again)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};

	append(NULL, "r", "a");
	FINE(history_read(&config, &history, &err));
	append(NULL, "r", "b");
	append(&history, "r", "c");
	assert_lines(&history, "r", "abc");
	fixture_write_text(folder, LEDGER, "");
	append(NULL, "s", "d");
	append(&history, "r", "e");
	assert_lines(&history, "r", "e");
	assert_lines(&history, "s", "d");
	assert_int_equal(history.end.summary.count, 2);
}

TEST(a_damaged_ledger_is_no_history)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};

	append(NULL, "r", "a");
	fixture_write_text(folder, LEDGER, "{}\n");
	assert_refusal("damaged", ERR_FORMAT, LEDGER ":1: ",
	    history_read(&config, &history, &err), &err);
}
