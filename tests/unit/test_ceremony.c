/* SPDX-License-Identifier: ISC */
/* The steps of a ceremony, with people who answer by a script. */
#include <time.h>

#include "ceremony_fixture.h"
#include "exists_fixture.h"
#include "folder_fixture.h"
#include "test.h"

#define TODAY "TODAY"
#define HOUR_S INT64_C(3600)

static struct config *config;
static const struct passphrase_source no_passphrases = {.fd = -1};

static int
enter(void **state)
{
	if (secret_start(NULL) != ERR_OK || enter_folder(state) != 0)
		return -1;
	config = make_room(folder, SIGNS_HERE);
	return 0;
}

static int
leave(void **state)
{
	config_free(config);
	return leave_folder(state);
}

AROUND_EACH(enter, leave)

/* Hold one; TODAY among the answers is the script's date. */
static enum err
hold(struct script *script, const char *const *answers,
    const struct ceremony_options *changed, struct error *err)
{
	const char *filled[ANSWERS_MAX] = {NULL};
	char date[UTC_TEXT_SIZE];
	struct ceremony_options options = *changed;
	const struct ceremony_io io = {script, script_say, script_ask,
	    script_now};
	size_t i;

	utc_format_date(script->now_s + options.issue.utc_offset_s, date);
	for (i = 0; i < ANSWERS_MAX - 1 && answers[i] != NULL; i++)
		filled[i] = strcmp(answers[i], TODAY) == 0 ? date :
		    answers[i];
	script->answers = filled;
	script->asked = 0;
	script->said.size = 0;
	options.medium = "medium";
	options.is_fixed_disk_allowed = true;
	options.issue.is_first = true;
	options.issue.confirmed_s = -1;
	options.issue.passphrases = &no_passphrases;
	options.issue.who = "me@here";
	return ceremony_hold(config, &options, &io, err);
}

/* How many CRLs were signed. */
static size_t
count_crls(void)
{
	return file_exists("state/r/archive") ?
	    count_entries("state/r/archive", ".crl") : 0;
}

static const struct ceremony_options plain = {.medium = NULL};
static const char *const good[] = {"", "Ada", "Bob", "", "y", TODAY, "Yes",
    "", NULL};

static const struct {
	const char *name;
	const char *answers[ANSWERS_MAX];
	enum err want;
	const char *said;
	bool is_signed;
} scripts[] = {
    {"all is well", {"", "Ada", "Bob", "", "", TODAY, "Yes", ""},
	ERR_OK, "may be removed", true},
    {"blanks around names do no harm", {"", " Ada ", "Bob ", "", "Y",
	TODAY, "Yes", ""}, ERR_OK, "may be removed", true},
    {"a name is needed", {"", "", " ", "Ada", "", "", TODAY, "Yes", ""},
	ERR_OK, "A name is needed.", true},
    {"nobody is there twice", {"", "Ada", "Ada", "Bob", "Bob", "", "",
	TODAY, "Yes", ""}, ERR_OK, "on the list already", true},
    {"a name that steers the terminal", {"", "A\033[2J", "Ada", "", "",
	TODAY, "Yes", ""}, ERR_OK, "cannot be shown", true},
    {"a name that is not UTF-8", {"", "A\xff", "Ada", "", "", TODAY,
	"Yes", ""}, ERR_OK, "cannot be shown", true},
    {"a name that turns the direction", {"", "A\xe2\x80\xae" "b",
	"Ada", "", "", TODAY, "Yes", ""}, ERR_OK, "cannot be shown",
	true},
    {"no witness", {"", "Ada", "", "", TODAY, "Yes", ""}, ERR_OK,
	"No witness is present.", true},
    {"eight witnesses end the list", {"", "Ada", "1", "2", "3", "4",
	"5", "6", "7", "8", "", TODAY, "Yes", ""}, ERR_OK,
	"may be removed", true},
    {"an operator is misspelt", {"", "Adda", "Bob", "", "1", "Bob", "Ada",
	"", TODAY, "Yes", ""}, ERR_OK, "  1  Ada, operator\n", true},
    {"a witness is misspelt", {"", "Ada", "Bbo", "Carol", "", "2", "Bob",
	"yes", TODAY, "Yes", ""}, ERR_OK, "  2  Bob, witness\n"
	"  3  Carol, witness\n", true},
    {"a witness has left", {"", "Ada", "Bob", "Carol", "", "2", "", "",
	TODAY, "Yes", ""}, ERR_OK, "  1  Ada, operator\n"
	"  2  Carol, witness\n", true},
    {"all names are wrong", {"", "Bob", "Ada", "", "n", "Ada", "Bob", "",
	"", TODAY, "Yes", ""}, ERR_OK, "  2  Bob, witness\n", true},
    {"no number of the list", {"", "Ada", "Bob", "", "4", "0", "1x", "-1",
	"", TODAY, "Yes", ""}, ERR_OK, "a number of the list.", true},
    {"a witness comes late", {"", "Ada", "", "2", "Bob", "3", "", "", TODAY,
	"Yes", ""}, ERR_OK, "  2  Bob, witness\n", true},
    {"the date at the third try", {"", "Ada", "", "", "today", "1",
	TODAY, "Yes", ""}, ERR_OK, "for example 2026-11-30.", true},
    {"no date after three tries", {"", "Ada", "", "", "a", "", "b", "", "c"},
	ERR_CLOCK, "Nothing was signed.", false},
    {"another day at first", {"", "Ada", "", "", "2020-01-01", TODAY, "Yes",
	""}, ERR_OK, "2020-01-01, and this machine's clock, ", true},
    {"another day three times", {"", "Ada", "", "", "2020-01-01",
	"2020-01-02", "2020-01-01"}, ERR_CLOCK, "Nothing was signed.",
	false},
    {"no", {"", "Ada", "", "", TODAY, "No"}, ERR_DECLINED,
	"Nothing was signed.", false},
    {"yes, and nothing, and Yes", {"", "Ada", "", "", TODAY, "yes", "",
	"YES", "y", "Yes", ""}, ERR_OK, "with a capital Y", true},
    {"Yes and a blank", {"", "Ada", "", "", TODAY, "Yes ", ""},
	ERR_OK, "may be removed", true},
    {"Yes and more", {"", "Ada", "", "", TODAY, "Yes\1"},
	ERR_DECLINED, "Nothing was signed.", false},
    {"yes, but", {"", "Ada", "", "", TODAY, "yes, but"},
	ERR_DECLINED, "Nothing was signed.", false},
    {"a remark", {"", "Ada", "", "", TODAY, "Yes", "it is late"},
	ERR_OK, "- At the reading: it is late", true},
};

TEST(answers_decide)
{
	size_t i;

	for (i = 0; i < COUNT_OF(scripts); i++) {
		struct script script = {.now_s = tomorrow_s()};
		struct error err = {0};
		size_t before = count_crls();
		enum err code;

		/* Each comes after what the last one has left. */
		script.now_s += (int64_t)i * HOUR_S / 60;
		code = hold(&script, scripts[i].answers, &plain, &err);
		if (code != scripts[i].want)
			fail_msg("%s: want %s, have %s: %s", scripts[i].name,
			    error_token(scripts[i].want), error_token(code),
			    err.what);
		assert_said(scripts[i].name, &script, scripts[i].said);
		assert_int_equal(count_crls() - before,
		    scripts[i].is_signed ? 1 : 0);
		assert_false(file_exists("state/ceremony.json"));
		buffer_release(&script.said);
	}
}

/* Whoever interrupts, and wherever: the same command ends it, with one CRL. */
TEST(every_interrupt_can_be_made_up_for)
{
	size_t i;

	for (i = 0; i + 1 < COUNT_OF(good); i++) {
		const bool is_bound = i == COUNT_OF(good) - 2;
		const char *again[] = {TODAY, "", NULL};
		const char *cut[ANSWERS_MAX] = {NULL};
		struct script script = {.now_s = tomorrow_s() +
		    (int64_t)i * HOUR_S};
		struct error err = {0};
		size_t before = count_crls();

		memcpy(cut, good, i * sizeof(cut[0]));
		REFUSED(hold(&script, cut, &plain, &err), ERR_DECLINED);
		assert_int_equal(file_exists("state/ceremony.json"),
		    is_bound);
		assert_said(good[i], &script, is_bound ? "is issued." :
		    "Nothing was signed.");
		script.now_s += HOUR_S / 2;
		assert_fine(good[i], hold(&script, is_bound ? again : good,
		    &plain, &err), &err);
		assert_int_equal(count_crls() - before, 1);
		assert_false(file_exists("state/ceremony.json"));
		buffer_release(&script.said);
	}
}

TEST(the_date_may_be_local)
{
	static const struct {
		const char *name;
		int64_t second_of_day;
		int64_t utc_offset_s;
	} rows[] = {
	    {"late in the west", 2 * HOUR_S, -7 * HOUR_S},
	    {"early in the east", 23 * HOUR_S, 9 * HOUR_S},
	};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct script script = {
		    .now_s = utc_day_start(tomorrow_s()) +
			(int64_t)(i + 1) * DAY_S + rows[i].second_of_day};
		const struct ceremony_options options = {
		    .issue = {.utc_offset_s = rows[i].utc_offset_s}};
		struct error err = {0};

		assert_fine(rows[i].name, hold(&script, good, &options, &err),
		    &err);
		buffer_release(&script.said);
	}
}

TEST(it_may_run_over_midnight)
{
	struct script script = {
	    .now_s = utc_day_start(tomorrow_s()) + DAY_S - 7,
	    .hurry_s = 1};
	struct error err = {0};

	/* The date is the sixth question, and the day ends after it. */
	FINE(hold(&script, good, &plain, &err));
	assert_true(script.now_s > utc_day_start(script.now_s));
	buffer_release(&script.said);
}

TEST(a_dry_run_ends_before_the_question)
{
	const char *const answers[] = {"", "Ada", "", "", TODAY, NULL};
	const struct ceremony_options options = {.is_dry_run = true};
	struct script script = {.now_s = tomorrow_s()};
	struct error err = {0};

	FINE(hold(&script, answers, &options, &err));
	assert_said("dry run", &script, "This was a dry run");
	assert_int_equal(count_crls(), 0);
	assert_false(file_exists("state/ceremony.json"));
	assert_int_equal(count_entries("medium", ""), 0);
	buffer_release(&script.said);
}

TEST(nothing_said_is_too_wide)
{
	struct script script = {.now_s = tomorrow_s()};
	struct error err = {0};
	const char *line, *end;

	FINE(hold(&script, good, &plain, &err));
	FINE(buffer_append(&script.said, "", 1, &err));
	for (line = (const char *)script.said.data; *line != '\0';
	    line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		if (end - line > 78)
			fail_msg("want 78 columns, have %.*s",
			    (int)(end - line), line);
	}
	buffer_release(&script.said);
}

TEST(a_root_must_sign_here)
{
	struct script script = {.now_s = tomorrow_s()};
	struct error err = {0};

	config_free(config);
	config = NULL;
	FINE(load_text(folder, "state = \"state\";"
	    " roots = ( { name = \"r\"; certificate = \"r.pem\";"
	    " schedule = \"semiannual\"; } );", &config, &err));
	REFUSED(hold(&script, good, &plain, &err), ERR_CONFIG);
	assert_int_equal(script.asked, 0);
	buffer_release(&script.said);
}
