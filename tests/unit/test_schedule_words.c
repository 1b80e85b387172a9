/* SPDX-License-Identifier: ISC */
#include "schedule_fixture.h"
#include "test.h"

static const char absent[] = "absent";

static const struct {
	const char *name;
	struct schedule_text text;	/* what differs from plain_text */
	const char *word;		/* that the message names */
} refused_rows[] = {
    {"no every", {.every = absent}, "every is missing"},
    {"days are no months", {.every = "30 days"}, "every: expected"},
    {"every 0", {.every = "0 months"}, "every: expected"},
    {"every 121", {.every = "121 months"}, "every: expected"},
    {"every and a second", {.every = "6 months + 1 s"}, "every: expected"},
    {"every is no text", {.every = "often"}, "every: expected"},
    {"no from", {.from = absent}, "from is missing"},
    {"from month 13", {.from = "2026-13"}, "from: expected"},
    {"from month 0", {.from = "2026-00"}, "from: expected"},
    {"from with a day", {.from = "2026-01-01"}, "from: expected"},
    {"from too early", {.from = "1969-12"}, "from: expected"},
    {"from too late", {.from = "3000-01"}, "from: expected"},
    {"fifth week", {.on = "fifth tuesday"}, "on: expected"},
    {"no such weekday", {.on = "first tueday"}, "on: expected"},
    {"weekday alone", {.on = "tuesday"}, "on: expected"},
    {"more words", {.on = "first tuesday morning"}, "on: expected"},
    {"two spaces", {.on = "first  tuesday"}, "on: expected"},
    {"day 0", {.on = "day 0"}, "on: expected"},
    {"day 32", {.on = "day 32"}, "on: expected"},
    {"day 100", {.on = "day 100"}, "on: expected"},
    {"day without number", {.on = "day "}, "on: expected"},
    {"hour 24", {.at = "24:00"}, "at: expected"},
    {"minute 60", {.at = "10:60"}, "at: expected"},
    {"one digit", {.at = "9:00"}, "at: expected"},
    {"with seconds", {.at = "10:00:00"}, "at: expected"},
    {"no validity", {.validity = absent}, "validity is missing"},
    {"no cushion", {.cushion = absent}, "cushion is missing"},
    {"validity 0", {.validity = "0 days"}, "validity: expected"},
    {"cushion 0", {.cushion = "0 days"}, "cushion: expected"},
    {"critical 0", {.critical = "0 s"}, "critical: expected"},
    {"validity may be none", {.validity = "1 month - 28 days"},
	"validity: expected"},
    {"grace below nothing", {.grace = "1 day - 1 week"},
	"grace: expected"},
    {"validity for ever", {.validity = "1201 months + 99 years"},
	"validity: expected"},
    {"grace is no text", {.grace = "soon"}, "grace: expected"},
    {"remind is no text", {.remind = "early"}, "remind: expected"},
    {"remind below nothing", {.remind = "1 day - 1 week"},
	"remind: expected"},
    {"remind before the ceremony before", {.remind = "6 months"},
	"remind: so early"},
    {"renew is no text", {.renew = "in time"}, "renew: expected"},
    {"renew_critical longer", {.renew = "20 days",
	.renew_critical = "21 days"}, "renew_critical: longer than renew"},
    {"avoid is no span", {.avoid = {"12-20"}, .avoid_count = 1},
	"avoid: expected"},
    {"avoid month 13", {.avoid = {"13-01..13-02"}, .avoid_count = 1},
	"avoid: expected"},
    {"avoid 30 February", {.avoid = {"02-30..03-01"},
	.avoid_count = 1}, "avoid: expected"},
    {"avoid to a day 0", {.avoid = {"02-01..02-00"},
	.avoid_count = 1}, "avoid: expected"},
    {"avoid, and more", {.avoid = {"02-01..02-03,"},
	.avoid_count = 1}, "avoid: expected"},
    {"avoid is absent", {.avoid = {NULL}, .avoid_count = 1},
	"avoid is missing"},
    {"avoid too many", {.avoid_count = SCHEDULE_AVOID_MAX + 1},
	"avoid: want at most"},
    {"avoid all of the year", {.avoid = {"07-01..06-30"},
	.avoid_count = 1}, "avoid: every day of the year"},
    {"avoid all but a leap day", {.avoid = {"01-01..02-28",
	"03-01..12-31"}, .avoid_count = 2}, "avoid: every day"},
    {"two ceremonies on one date", {.every = "1 month",
	.on = "day 15", .avoid = {"07-15..08-15"}, .avoid_count = 1},
	"avoid: two ceremonies fall on one day"},
    /* The second monday, from the 8th, and the next one on the 8th itself. */
    {"two on one date, in some year", {.every = "12 months",
	.on = "second monday", .avoid = {"01-09..01-07"}, .avoid_count = 1},
	"avoid: two ceremonies fall on one day"},
    {"early as long as a month", {.every = "1 month",
	.early = "28 days"}, "early: so early that"},
    {"critical beyond the cushion", {.critical = "22 days"},
	"critical: longer than the cushion"},
};

static void
change(const char **word, const char *to)
{
	if (to != NULL)
		*word = to == absent ? NULL : to;
}

static struct schedule_text
changed_text(const struct schedule_text *to)
{
	struct schedule_text text = plain_text();

	change(&text.every, to->every);
	change(&text.on, to->on);
	change(&text.at, to->at);
	change(&text.from, to->from);
	change(&text.validity, to->validity);
	change(&text.cushion, to->cushion);
	change(&text.critical, to->critical);
	change(&text.early, to->early);
	change(&text.grace, to->grace);
	change(&text.remind, to->remind);
	change(&text.renew, to->renew);
	change(&text.renew_critical, to->renew_critical);
	memcpy(text.avoid, to->avoid, sizeof(text.avoid));
	text.avoid_count = to->avoid_count;
	return text;
}

TEST(bad_words_are_refused)
{
	size_t i;

	for (i = 0; i < COUNT_OF(refused_rows); i++) {
		struct schedule_text text =
		    changed_text(&refused_rows[i].text);
		struct schedule before, schedule;
		struct error err = {0};

		memset(&schedule, 0x5a, sizeof(schedule));
		before = schedule;
		print_message("%s\n", refused_rows[i].name);
		REFUSED(schedule_parse("test", &text, &schedule, &err),
		    ERR_CONFIG);
		assert_non_null(strstr(err.what, "schedule test: "));
		assert_non_null(strstr(err.what, refused_rows[i].word));
		assert_memory_equal(&schedule, &before, sizeof(schedule));
	}
}

TEST(bad_names_are_refused)
{
	static const char *const names[] = {"", "../x", "a b", "\xc3\xa4",
	    "a234567890123456789012345678901234"};
	struct schedule_text text = plain_text();
	struct schedule schedule;
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++) {
		struct error err = {0};

		REFUSED(schedule_parse(names[i], &text, &schedule, &err),
		    ERR_CONFIG);
		assert_non_null(strstr(err.what, "name"));
	}
}

TEST(words_have_defaults)
{
	struct schedule_text text = plain_text();
	struct schedule schedule;

	text.on = NULL;
	schedule = parsed(&text);
	assert_string_equal(schedule.name, "test");
	assert_int_equal(schedule.on_week, 0);
	assert_int_equal(schedule.on_day, 1);
	assert_int_equal(schedule.at_minute, 600);
	assert_int_equal(schedule.critical.seconds, 7 * DAY_S);
	assert_int_equal(schedule.early.seconds, 14 * DAY_S);
	assert_int_equal(schedule.grace.seconds, 3 * DAY_S);
	assert_int_equal(schedule.remind.seconds, 14 * DAY_S);
	assert_int_equal(schedule.renew.months, 12);
	assert_int_equal(schedule.renew_critical.seconds, 30 * DAY_S);
	assert_int_equal(schedule.avoid_count, 0);
	text.cushion = "5 days";
	schedule = parsed(&text);
	assert_int_equal(schedule.critical.seconds, 5 * DAY_S);
	text.cushion = "7 days";
	text.grace = text.early = text.remind = "0 days";
	text.renew = "2 weeks";
	text.at = "23:59";
	text.every = "1 year";
	schedule = parsed(&text);
	assert_int_equal(schedule.critical.seconds, 7 * DAY_S);
	assert_int_equal(schedule.grace.seconds, 0);
	assert_int_equal(schedule.early.seconds, 0);
	assert_int_equal(schedule.remind.seconds, 0);
	assert_int_equal(schedule.renew_critical.seconds, 14 * DAY_S);
	assert_int_equal(schedule.at_minute, 1439);
	assert_int_equal(schedule.every_months, 12);
}
