/* SPDX-License-Identifier: ISC */
/* An issue that was cut off: what it left is taken, or is not. */
#include <unistd.h>

#include "base/file.h"
#include "config_fixture.h"
#include "root/history/ledger.h"
#include "root/issue/issue.h"
#include "test.h"

#define CONFIGURATION \
	"state = \"state\"; air_gap = \"off\"; roots = ({ name = \"r\";" \
	" certificate = \"root.pem\"; schedule = \"semiannual\";" \
	" signing = { key = \"root.key\"; index = \"root.index\";" \
	" crlnumber = \"root.crlnumber\"; }; });"

static const char revoked[] =
    "R\t300101000000Z\t250101000000Z,keyCompromise\t1005\tunknown\t/CN=a\n";
static const char revoked_two[] =
    "R\t300101000000Z\t250101000000Z,keyCompromise\t1005\tunknown\t/CN=a\n"
    "R\t300101000000Z\t250101000000Z,keyCompromise\t1006\tunknown\t/CN=b\n";

static char folder[FIXTURE_PATH_SIZE];
static struct config *config;
static int64_t made_s;		/* when the root was made */

static int
enter(void **state)
{
	struct error err = {0};
	struct cert *cert;

	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_write_text(folder, "root.index", revoked);
	copy_schedule(folder, "semiannual", "semiannual");
	FINE(load_text(folder, CONFIGURATION, &config, &err));
	cert = load_cert(folder, "root");
	made_s = cert->not_before_s;
	cert_free(cert);
	return 0;
}

static int
leave(void **state)
{
	config_free(config);
	return 0;
}

AROUND_EACH(enter, leave)

/* Issue after_s seconds after the root was made. */
static enum err
issue(int64_t after_s, bool is_resuming, struct issued *out,
    struct notices *notices, struct error *err)
{
	const struct config_words none = {NULL, 0};
	RELEASE_HISTORY struct history history = {0};
	const struct passphrase_source no_secrets = {-1};
	const struct issue_options options = {
	    .now_s = made_s + after_s, .confirmed_s = -1, .is_first = true,
	    .is_resuming = is_resuming, .is_emergency = true,
	    .why = "key stolen", .acknowledged = &none,
	    .passphrases = &no_secrets, .who = "me@here"};

	TRY(history_read(config, &history, err));
	return issue_root(&history, &config->roots[0], &options, out, notices,
	    err);
}

static void
issue_good(int64_t after_s, struct issued *out)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	FINE(issue(after_s, false, out, &notices, &err));
}

/* As a power cut leaves it before the archive: the CRL waits, no last line. */
static void
cut_off(const struct issued *issued)
{
	RELEASE_BUFFER struct buffer ledger = {0};
	char waiting[PATH_SIZE];

	path_in(waiting, folder, "state/r/unverified.crl");
	assert_int_equal(rename(issued->path, waiting), 0);
	fixture_read(folder, "state/ledger.jsonl", &ledger);
	do
		ledger.size--;
	while (ledger.data[ledger.size - 1] != '\n');
	fixture_write(folder, "state/ledger.jsonl", span_of_buffer(&ledger));
}

static void
set_key_aside(bool is_aside)
{
	char key[PATH_SIZE], aside[PATH_SIZE];

	path_in(key, folder, "root.key");
	path_in(aside, folder, "aside.key");
	assert_int_equal(is_aside ? rename(key, aside) : rename(aside, key),
	    0);
}

static void
take_waiting(void)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct issued first, cut, taken, after;
	struct error err = {0};

	issue_good(1000, &first);
	issue_good(2000, &cut);
	cut_off(&cut);
	set_key_aside(true);
	FINE(issue(2060, true, &taken, &notices, &err));
	assert_true(span_contains(span_of_buffer(&notices.lines),
	    "was signed before the interruption"));
	assert_int_equal(number_compare(&taken.number, &cut.number), 0);
	assert_memory_equal(taken.sha256, cut.sha256, SHA256_SIZE);
	assert_string_equal(taken.path, cut.path);
	assert_int_equal(taken.this_update_s, cut.this_update_s);
	assert_int_equal(taken.next_update_s, cut.next_update_s);
	assert_int_equal(taken.next_ceremony_s, cut.next_ceremony_s);
	assert_int_equal(taken.revoked_count, 1);
	assert_true(taken.is_emergency);
	assert_string_equal(taken.why, "key stolen");
	set_key_aside(false);
	issue_good(3000, &after);
	assert_true(number_compare(&after.number, &cut.number) > 0);
}

/* The same octets under the same number, and nobody asks for a key. */
TEST(what_waits_is_taken)
{
	take_waiting();
}

TEST(what_waits_with_the_extensions_of_ad_cs_is_taken)
{
	config->roots[0].is_microsoft = true;
	take_waiting();
}

enum damage {
	OTHER_ENTRIES,
	CUT_SHORT,
	ANOTHER_CRL,
	LATER_INTENT,
	OTHER_EXTENSIONS,
	NO_RESUMPTION,
};

/* As another crash leaves it: the next number is used up as well. */
static void
add_intent(const struct number *before)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct number number = *before;
	const struct ledger_event intent = {
	    .event = "issue-intent", .root = "r", .number = &number,
	    .at_s = made_s + 2001, .who = "me@here"};

	assert_true(number_increment(&number));
	assert_int_equal(ledger_append(config, &intent, NULL, &notices, NULL),
	    ERR_OK);
}

static void
do_damage(enum damage damage, const struct issued *first,
    const struct issued *cut)
{
	RELEASE_BUFFER struct buffer der = {0};

	if (damage == LATER_INTENT)
		add_intent(&cut->number);
	if (damage == OTHER_EXTENSIONS)
		config->roots[0].is_microsoft = true;
	if (damage == OTHER_ENTRIES)
		fixture_write_text(folder, "root.index", revoked_two);
	if (damage == CUT_SHORT) {
		fixture_read(folder, "state/r/unverified.crl", &der);
		der.size--;
	}
	if (damage == ANOTHER_CRL)
		assert_int_equal(file_read(first->path, FILE_OURS, 1 << 20,
		    &der, NULL), ERR_OK);
	if (der.size > 0)
		fixture_write(folder, "state/r/unverified.crl",
		    span_of_buffer(&der));
}

/* Then another is signed, with another number. */
TEST(what_does_not_fit_is_left)
{
	static const struct {
		const char *name;
		enum damage damage;
	} rows[] = {
		{ "other entries", OTHER_ENTRIES },
		{ "cut short", CUT_SHORT },
		{ "another CRL in its place", ANOTHER_CRL },
		{ "a later intent", LATER_INTENT },
		{ "without the extensions that it should have",
		    OTHER_EXTENSIONS },
		{ "nobody resumes", NO_RESUMPTION },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		struct issued first, cut, out;
		struct error err = {0};

		if (i > 0) {
			leave(state);
			enter(state);
		}
		issue_good(1000, &first);
		issue_good(2000, &cut);
		cut_off(&cut);
		do_damage(rows[i].damage, &first, &cut);
		assert_fine(rows[i].name, issue(2060,
		    rows[i].damage != NO_RESUMPTION, &out, &notices, &err),
		    &err);
		if (number_compare(&out.number, &cut.number) <= 0)
			fail_msg("%s: want a number of its own, have the one "
			    "that was used up", rows[i].name);
		assert_int_equal(rows[i].damage != NO_RESUMPTION,
		    span_contains(span_of_buffer(&notices.lines),
		    "was left by an interruption and is not taken"));
		assert_int_equal(count_entries(folder, "unverified"), 0);
	}
}

static bool
finished(const struct number *since, struct issued *out,
    struct notices *notices)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};
	bool found;

	FINE(history_read(config, &history, &err));
	FINE(issue_finished(&history, &config->roots[0], since, made_s + 5000,
	    "me@here", out, &found, notices, &err));
	return found;
}

TEST(what_was_finished_is_told)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer ledger = {0};
	struct issued first, second, out;
	char waiting[PATH_SIZE];

	assert_false(finished(NULL, &out, &notices));
	issue_good(1000, &first);
	assert_true(finished(NULL, &out, &notices));
	assert_int_equal(number_compare(&out.number, &first.number), 0);
	assert_false(finished(&first.number, &out, &notices));
	issue_good(2000, &second);
	/* cut off after the archive: the line is made up for, once */
	path_in(waiting, folder, "state/r/unverified.crl");
	cut_off(&second);
	assert_false(finished(&first.number, &out, &notices));
	assert_int_equal(rename(waiting, second.path), 0);
	assert_int_equal(notices.lines.size, 0);
	assert_true(finished(&first.number, &out, &notices));
	assert_true(span_contains(span_of_buffer(&notices.lines),
	    "the ledger lacked a line"));
	assert_string_equal(out.path, second.path);
	assert_int_equal(number_compare(&out.number, &second.number), 0);
	assert_memory_equal(out.sha256, second.sha256, SHA256_SIZE);
	assert_int_equal(out.this_update_s, second.this_update_s);
	assert_int_equal(out.next_update_s, second.next_update_s);
	assert_int_equal(out.next_ceremony_s, second.next_ceremony_s);
	assert_int_equal(out.revoked_count, 1);
	assert_true(out.is_emergency);
	assert_string_equal(out.why, "key stolen");
	fixture_read(folder, "state/ledger.jsonl", &ledger);
	assert_true(span_contains(span_of_buffer(&ledger), "\"recorded\""));
	notices_release(&notices);
	assert_true(finished(&first.number, &out, &notices));
	assert_int_equal(notices.lines.size, 0);
}

static int
start(void **state)
{
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(start, NULL)
