/* SPDX-License-Identifier: ISC */
/* Which ceremony comes next, by what the ledger says of the CRLs. */
#include "instant.h"
#include "rooms_fixture.h"
#include "own_folder_fixture.h"
#include "root/history/calendar.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

/* On the first of January and of July, two weeks early. */
static const struct config_root root = {
	.name = "r",
	.schedule = { .every_months = 6, .from_year = 2020, .from_month = 1,
	    .on_day = 1, .early = { .seconds = 14 * DAY_S } },
};

static struct config config = { .path = "x.cfg", .state = folder };

struct entry {
	const char *event;
	const char *root;
	unsigned int number;
	const char *this_update;	/* NULL: not said */
	const char *why;		/* of an emergency; NULL: none */
};

static const struct {
	const char *name;
	struct entry entries[6];	/* event NULL ends them */
	unsigned int number;		/* of the current CRL */
	const char *this_update;
	const char *why;		/* it is an emergency */
	const char *next;
} rows[] = {
	{ "an empty ledger", {{0}}, 7, "2026-03-01T10:00:00Z", NULL,
	    "2026-07-01" },
	{ "two weeks early", {{0}}, 7, "2026-06-17T00:00:00Z", NULL,
	    "2027-01-01" },
	{ "a second earlier still", {{0}}, 7, "2026-06-16T23:59:59Z", NULL,
	    "2026-07-01" },
	{ "a regular one", { { "issue-intent", "r", 7, NULL, NULL },
	    { "issue", "r", 7, "2026-06-20T10:00:00Z", NULL } },
	    7, "2026-06-20T10:00:00Z", NULL, "2027-01-01" },
	{ "an emergency on the day after a regular one",
	    { { "issue", "r", 6, "2026-06-19T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-06-20T10:00:00Z", "stolen" } },
	    7, "2026-06-20T10:00:00Z", "stolen", "2027-01-01" },
	{ "an emergency on the date of the ceremony itself",
	    { { "issue", "r", 6, "2026-03-01T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-07-01T10:00:00Z", "stolen" } },
	    7, "2026-07-01T10:00:00Z", "stolen", "2026-07-01" },
	{ "long after the ceremony was missed",
	    { { "issue", "r", 6, "2025-03-01T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-03-02T10:00:00Z", "stolen" } },
	    7, "2026-03-02T10:00:00Z", "stolen", "2025-07-01" },
	{ "an emergency after an emergency",
	    { { "issue", "r", 5, "2026-01-01T10:00:00Z", NULL },
	    { "issue", "r", 6, "2026-06-20T10:00:00Z", "stolen" },
	    { "issue", "r", 7, "2026-08-01T10:00:00Z", "again" } },
	    7, "2026-08-01T10:00:00Z", "again", "2026-07-01" },
	{ "a regular one after an emergency",
	    { { "issue", "r", 6, "2026-03-01T10:00:00Z", "stolen" },
	    { "issue", "r", 7, "2026-06-20T10:00:00Z", NULL } },
	    7, "2026-06-20T10:00:00Z", NULL, "2027-01-01" },
	{ "nothing but emergencies", { { "issue", "r", 7,
	    "2026-06-20T10:00:00Z", "stolen" } }, 7, "2026-06-20T10:00:00Z",
	    "stolen", "2026-07-01" },
	{ "and on the date itself", { { "issue", "r", 7,
	    "2026-07-01T10:00:00Z", "stolen" } }, 7, "2026-07-01T10:00:00Z",
	    "stolen", "2026-07-01" },
	{ "what was adopted is regular",
	    { { "adopt", "r", 6, "2026-06-20T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-06-21T10:00:00Z", "stolen" } },
	    7, "2026-06-21T10:00:00Z", "stolen", "2027-01-01" },
	{ "another root's is none of ours",
	    { { "issue", "s", 6, "2026-06-20T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-06-21T10:00:00Z", "stolen" } },
	    7, "2026-06-21T10:00:00Z", "stolen", "2026-07-01" },
	{ "another root's emergency is none of ours",
	    { { "issue", "s", 7, "2026-06-21T10:00:00Z", "stolen" } },
	    7, "2026-06-21T10:00:00Z", NULL, "2027-01-01" },
	{ "one from a clock that ran ahead has fulfilled nothing",
	    { { "issue", "r", 5, "2026-01-02T10:00:00Z", NULL },
	    { "issue", "r", 6, "2099-06-20T10:00:00Z", NULL },
	    { "issue", "r", 7, "2026-03-01T10:00:00Z", "stolen" } },
	    7, "2026-03-01T10:00:00Z", "stolen", "2026-07-01" },
	{ "a crash has cost it its line, the intent tells",
	    { { "issue", "r", 6, "2026-01-02T10:00:00Z", NULL },
	    { "issue-intent", "r", 7, NULL, "stolen" } },
	    7, "2026-06-21T10:00:00Z", "stolen", "2026-07-01" },
	{ "an intent that came to nothing",
	    { { "issue-intent", "r", 6, NULL, "stolen" },
	    { "issue-intent", "r", 7, NULL, NULL },
	    { "issue", "r", 7, "2026-06-21T10:00:00Z", NULL } },
	    7, "2026-06-21T10:00:00Z", NULL, "2027-01-01" },
};

static void
append(const struct entry *entry)
{
	const struct number number = number_from_u64(entry->number);
	RELEASE_NOTICES struct notices notices = {0};
	struct ledger_event event = {
	    .event = entry->event, .root = entry->root, .number = &number,
	    .at_s = INT64_C(1800000000), .who = "me@here"};

	if (entry->this_update != NULL)
		event.details[0] = (struct ledger_detail){"this_update",
		    entry->this_update};
	ledger_mark_emergency(&event, entry->why != NULL, entry->why);
	assert_int_equal(ledger_append(&config, &event, NULL, &notices, NULL),
	    ERR_OK);
}

static void
check_next(const char *name, const char *want, int64_t have_s)
{
	char have[UTC_TEXT_SIZE];

	utc_format_date(have_s, have);
	if (strcmp(have, want) != 0)
		fail_msg("%s: want the ceremony of %s, have %s", name, want,
		    have);
}

TEST(the_next_ceremony_follows)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct number number =
		    number_from_u64(rows[i].number);
		const bool is_emergency = rows[i].why != NULL;
		RELEASE_HISTORY struct history history = {0};
		struct error err = {0};
		struct calendar have;

		fixture_remove_folder(folder);
		make_own_folder(state);
		for (size_t k = 0; rows[i].entries[k].event != NULL; k++)
			append(&rows[i].entries[k]);
		assert_fine(rows[i].name, history_read(&config, &history,
		    &err), &err);
		calendar_read(&history, &root, &number,
		    instant(rows[i].this_update), &have);
		check_next(rows[i].name, rows[i].next, have.next_ceremony_s);
		assert_int_equal(have.is_emergency, is_emergency);
		assert_string_equal(have.why, is_emergency ? rows[i].why :
		    "");
		/* It was foreseen the same before it was signed. */
		check_next(rows[i].name, rows[i].next,
		    calendar_foresee(&history, &root,
		    instant(rows[i].this_update), is_emergency));
	}
}
