/* SPDX-License-Identifier: ISC */
/* What stands in the way of an entry: power cuts, damage, odd texts. */
#include <sys/stat.h>

#include "base/file.h"
#include "exists_fixture.h"
#include "rooms_fixture.h"
#include "ledger_fixture.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

static enum err
append(const char *event, const char *why, struct notices *notices,
    struct error *err)
{
	const struct ledger_event entry = { .event = event, .root = "r",
		.at_s = INT64_C(1800000000), .who = "me@here",
		.details = { { "why", why } } };

	return ledger_append(&config, &entry, NULL, notices, err);
}

static void
append_good(const char *event)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	assert_fine(event, append(event, "x", &notices, &err), &err);
	assert_int_equal(notices.lines.size, 0);
}

/*
 * Cut wherever the power fails, it is mended by the next entry; without its
 * last octet only, it is whole and not cut.
 */
TEST(every_torn_line_is_cut)
{
	static const char why[] = "a \"quote\" \\ caf\xc3\xa9 {}}";
	RELEASE_BUFFER struct buffer whole = {0}, two = {0};
	RELEASE_NOTICES struct notices none = {0};
	struct error err = {0};

	append_good("one");
	append_good("two");
	fixture_read(folder, LEDGER, &two);
	FINE(append("three", why, &none, &err));
	fixture_read(folder, LEDGER, &whole);
	for (size_t size = two.size + 1; size + 1 < whole.size; size++) {
		RELEASE_NOTICES struct notices notices = {0};
		struct ledger_summary summary;

		fixture_write(folder, LEDGER, (struct span){ whole.data,
		    size });
		/* Reading sees the whole lines, and changes nothing. */
		FINE(ledger_read(&config, NULL, NULL, &summary, &err));
		assert_true(summary.is_torn);
		assert_int_equal(summary.count, 2);
		assert_int_equal(summary.size_bytes, two.size);
		FINE(append("three", why, &notices, &err));
		assert_true(span_contains(span_of_buffer(&notices.lines),
		    "the last line was cut short"));
		assert_file_equals(folder, LEDGER, span_of_buffer(&whole));
	}
}

/* The very first line, torn. */
TEST(a_ledger_of_one_torn_line_begins_anew)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct ledger_summary summary;
	struct error err = {0};

	fixture_write_text(folder, LEDGER, "{\"vers");
	FINE(append("one", "x", &notices, &err));
	assert_true(notices.lines.size > 0);
	FINE(ledger_read(&config, NULL, NULL, &summary, &err));
	assert_int_equal(summary.count, 1);
	assert_false(summary.is_torn);
}

TEST(nothing_is_appended_to_a_damaged_ledger)
{
	RELEASE_BUFFER struct buffer text = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	append_good("one");
	append_good("two");
	fixture_read(folder, LEDGER, &text);
	text.data[20] ^= 1;
	fixture_write(folder, LEDGER, span_of_buffer(&text));
	REFUSED(append("three", "x", &notices, &err), ERR_FORMAT);
	assert_file_equals(folder, LEDGER, span_of_buffer(&text));
	/* Nor cut, where its end is torn as well. */
	FINE(buffer_append_text(&text, "{", &err));
	fixture_write(folder, LEDGER, span_of_buffer(&text));
	REFUSED(append("three", "x", &notices, &err), ERR_FORMAT);
	assert_file_equals(folder, LEDGER, span_of_buffer(&text));
}

TEST(loose_modes_are_refused)
{
	static const mode_t modes[] = { 0660, 0606, 0666, 0664 };
	RELEASE_BUFFER struct buffer before = {0};
	char path[PATH_SIZE];

	append_good("one");
	fixture_read(folder, LEDGER, &before);
	path_in(path, folder, LEDGER);
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct ledger_summary summary;
		struct notices notices = {0};
		struct error read = {0}, write = {0};

		assert_int_equal(chmod(path, modes[i]), 0);
		assert_refusal("read", ERR_PERMISSIONS, LEDGER,
		    ledger_read(&config, NULL, NULL, &summary, &read), &read);
		assert_refusal("append", ERR_PERMISSIONS, LEDGER,
		    append("two", "x", &notices, &write), &write);
		assert_file_equals(folder, LEDGER, span_of_buffer(&before));
	}
}

TEST(a_link_is_not_followed)
{
	struct notices notices = {0};
	struct error err = {0};
	char path[PATH_SIZE], target[PATH_SIZE];

	path_in(path, folder, LEDGER);
	path_in(target, folder, "elsewhere");
	assert_int_equal(symlink(target, path), 0);
	assert_int_not_equal(append("one", "x", &notices, &err), ERR_OK);
	assert_true(err.what[0] != '\0');
	assert_false(file_exists(target));
}

/* What is shown to the visitor below. */
static enum err
check_texts(void *context, const struct ledger_line *line, struct error *err)
{
	RELEASE_BUFFER struct buffer details = {0};

	assert_string_equal(line->who, "m?e\xc3\xa9@here");
	assert_int_equal(ledger_line_details(line, &details, err), ERR_OK);
	assert_true(span_equals(span_of_buffer(&details),
	    span_of_text(context)));
	return ERR_OK;
}

/* A path may be in any encoding; it is entered all the same. */
TEST(odd_texts_are_made_printable)
{
	static const struct {
		const char *why;
		const char *want;
	} rows[] = {
		{ "caf\xc3\xa9", "why=caf\xc3\xa9" },
		{ "/media/caf\xe9", "why=/media/caf?" },
		{ "half \xc3", "why=half ?" },
		{ "\x1b[2J\n\x7f", "why=?[2J??" },
		{ "", "why=" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct ledger_event entry = { .event = "x",
			.root = "r", .who = "m\xe9" "e\xc3\xa9@here",
			.details = { { "why", rows[i].why } } };
		char *want = (char *)(uintptr_t)rows[i].want;
		struct ledger_summary summary;
		struct notices notices = {0};
		struct error err = {0};

		fixture_write_text(folder, LEDGER, "");
		assert_fine(rows[i].want, ledger_append(&config, &entry, NULL,
		    &notices, &err), &err);
		assert_fine(rows[i].want, ledger_read(&config, check_texts,
		    want, &summary, &err), &err);
		assert_int_equal(summary.count, 1);
	}
}

static enum err
stop(void *context, const struct ledger_line *line, struct error *err)
{
	uint64_t *last = context;

	*last = line->sequence;
	return line->sequence < 2 ? ERR_OK :
	    err_fail(err, ERR_DECLINED, "want no more");
}

TEST(a_visitor_can_end_the_walk)
{
	struct ledger_summary summary = { .count = 77 };
	struct error err = {0};
	uint64_t last = 0;

	append_good("one");
	append_good("two");
	append_good("three");
	assert_refusal("stop", ERR_DECLINED, ":2: want no more",
	    ledger_read(&config, stop, &last, &summary, &err), &err);
	assert_int_equal(last, 2);
	assert_int_equal(summary.count, 77);
}

TEST(no_state_is_an_error_for_writing)
{
	char nowhere[PATH_SIZE];
	struct config other = { .path = "x.cfg", .state = nowhere };
	const struct ledger_event event = { .event = "x", .root = "r",
		.who = "w" };
	struct ledger_summary summary;
	struct notices notices = {0};
	struct error err = {0};

	path_in(nowhere, folder, "none");
	FINE(ledger_read(&other, NULL, NULL, &summary, &err));
	assert_refusal("append", ERR_MISSING, LEDGER,
	    ledger_append(&other, &event, NULL, &notices, &err), &err);
}
