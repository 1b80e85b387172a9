/* SPDX-License-Identifier: ISC */
#include "instant.h"
#include "sub/watch/remind.h"
#include "sub/watch/sendmail.h"
#include "test.h"

#define NOW "2027-06-20T12:00:00Z"

/* A pair as it stands, and as people know it; severity of a concern. */
struct row {
	const char *name;
	enum pair_state known;
	enum severity known_concern;
	enum pair_state now;
	enum severity now_concern;
	bool is_worse;
};

static const struct row rows[] = {
    {"fresh stays fresh", PAIR_FRESH, 0, PAIR_FRESH, 0, false},
    {"a reminder", PAIR_FRESH, 0, PAIR_UPCOMING, 0, true},
    {"known", PAIR_UPCOMING, 0, PAIR_UPCOMING, 0, false},
    {"the same severity, a later state", PAIR_UPCOMING, 0, PAIR_OVERDUE, 0,
	true},
    {"and again", PAIR_OVERDUE, 0, PAIR_EXPIRING, 0, true},
    {"a worse severity", PAIR_EXPIRING, 0, PAIR_CRITICAL, 0, true},
    {"critical to expired", PAIR_CRITICAL, 0, PAIR_EXPIRED, 0, true},
    {"cannot be seen any more", PAIR_OVERDUE, 0, PAIR_UNREADABLE, 0, true},
    {"cannot be seen, was critical", PAIR_CRITICAL, 0, PAIR_UNREADABLE, 0,
	false},
    {"can be seen, is critical", PAIR_UNREADABLE, 0, PAIR_CRITICAL, 0, true},
    {"milder", PAIR_CRITICAL, 0, PAIR_EXPIRING, 0, false},
    {"milder of the same severity", PAIR_BEHIND, 0, PAIR_MISSING, 0, false},
    {"all well again", PAIR_EXPIRED, 0, PAIR_FRESH, 0, false},
    {"the clock", PAIR_REVOKED, 0, PAIR_CLOCK_SUSPECT, 0, true},
    {"revoked", PAIR_EXPIRED, 0, PAIR_REVOKED, 0, true},
    {"a concern", PAIR_FRESH, SEVERITY_OK, PAIR_FRESH, SEVERITY_WARNING,
	true},
    {"a known one", PAIR_FRESH, SEVERITY_WARNING, PAIR_FRESH,
	SEVERITY_WARNING, false},
    {"a worse one", PAIR_FRESH, SEVERITY_WARNING, PAIR_FRESH,
	SEVERITY_CRITICAL, true},
    {"a concern beside a worse state", PAIR_EXPIRED, SEVERITY_OK,
	PAIR_EXPIRED, SEVERITY_WARNING, true},
    {"a state beside a worse concern", PAIR_FRESH, SEVERITY_CRITICAL,
	PAIR_UPCOMING, SEVERITY_CRITICAL, true},
    {"only mentioned", PAIR_FRESH, SEVERITY_OK, PAIR_FRESH, SEVERITY_OK,
	false},
};

static void
set_standing(struct standing *standing, struct standing_facts *facts,
    enum pair_state state, enum severity concern)
{
	*facts = (struct standing_facts){.root = "corp",
	    .subordinate = "issuing-1"};
	*standing = (struct standing){.facts = facts, .state = state,
	    .state_severity = pair_state_severity(state),
	    .concern_count = 1};
	standing->concerns[0] = (struct standing_concern){
	    .kind = CONCERN_SUBORDINATE_END, .severity = concern};
	standing->severity = severity_worse(standing->state_severity,
	    concern);
}

/* What is known of it; nothing if it was fresh. */
static size_t
set_known(const struct row *row, struct reminded_pair *out)
{
	struct standing_facts facts;
	struct standing standing;

	set_standing(&standing, &facts, row->known, row->known_concern);
	remind_note(&standing, out);
	return remind_is_open(&standing);
}

TEST(what_is_worse_is_said)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing_facts facts;
		struct reminded_pair pair;
		struct standing standing;
		struct reminded known = {true, instant(NOW), &pair,
		    set_known(&rows[i], &pair)};

		set_standing(&standing, &facts, rows[i].now,
		    rows[i].now_concern);
		if (remind_is_worse(&known, &standing) != rows[i].is_worse)
			fail_msg("%s", rows[i].name);
	}
}

/* Another pair's record is not this one's; a retired pair is silent. */
TEST(only_its_own_record_counts)
{
	struct standing_facts facts;
	struct reminded_pair pair;
	struct standing standing;
	struct reminded known = {true, instant(NOW), &pair, 1};

	set_standing(&standing, &facts, PAIR_EXPIRED, SEVERITY_OK);
	remind_note(&standing, &pair);
	assert_false(remind_is_worse(&known, &standing));
	strcpy(facts.subordinate, "issuing-2");
	assert_true(remind_is_worse(&known, &standing));
	strcpy(facts.subordinate, "issuing-1");
	strcpy(facts.root, "corp-2");
	assert_true(remind_is_worse(&known, &standing));
	facts.is_retired = true;
	assert_false(remind_is_worse(&known, &standing));
	assert_false(remind_is_open(&standing));
}

static const struct {
	const char *name;
	bool has_mail;
	const char *at;		/* of the last mail */
	enum pair_state known, now;
	enum remind_reason want;
} days[] = {
    {"never a mail, fresh", false, NULL, PAIR_FRESH, PAIR_FRESH,
	REMIND_FRESH},
    {"never a mail, expired", false, NULL, PAIR_FRESH, PAIR_EXPIRED,
	REMIND_WORSE},
    {"known without a mail", false, NULL, PAIR_EXPIRED, PAIR_EXPIRED,
	REMIND_WEEK},
    {"just said", true, NOW, PAIR_EXPIRED, PAIR_EXPIRED, REMIND_KNOWN},
    {"six days ago", true, "2027-06-14T12:00:00Z", PAIR_EXPIRED,
	PAIR_EXPIRED, REMIND_KNOWN},
    {"a second before it is time", true, "2027-06-14T00:00:01Z",
	PAIR_EXPIRED, PAIR_EXPIRED, REMIND_KNOWN},
    {"a week less half a day ago", true, "2027-06-14T00:00:00Z",
	PAIR_EXPIRED, PAIR_EXPIRED, REMIND_WEEK},
    {"a year ago", true, "2026-06-20", PAIR_EXPIRED, PAIR_EXPIRED,
	REMIND_WEEK},
    {"a year ago, and fresh", true, "2026-06-20", PAIR_EXPIRED, PAIR_FRESH,
	REMIND_FRESH},
    {"worse within the week", true, "2027-06-19", PAIR_CRITICAL,
	PAIR_EXPIRED, REMIND_WORSE},
    {"milder within the week", true, "2027-06-19", PAIR_CRITICAL,
	PAIR_EXPIRING, REMIND_KNOWN},
    {"milder after it", true, "2027-06-01", PAIR_CRITICAL, PAIR_EXPIRING,
	REMIND_WEEK},
    {"the clock went back an hour", true, "2027-06-20T13:00:00Z",
	PAIR_EXPIRED, PAIR_EXPIRED, REMIND_KNOWN},
    {"the clock went back a year", true, "2028-06-20", PAIR_EXPIRED,
	PAIR_EXPIRED, REMIND_WEEK},
};

TEST(a_mail_is_due_when_it_is_worse_or_a_week_is_over)
{
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		const struct row row = {.known = days[i].known};
		struct standing_facts facts;
		struct reminded_pair pair;
		struct standing standing;
		struct reminded known = {days[i].has_mail,
		    days[i].at == NULL ? 0 : instant(days[i].at), &pair,
		    set_known(&row, &pair)};
		struct remind remind;

		set_standing(&standing, &facts, days[i].now, SEVERITY_OK);
		remind_decide(&known, &standing, 1, instant(NOW), &remind);
		if (remind.reason != days[i].want)
			fail_msg("%s: want %d, have %d", days[i].name,
			    days[i].want, remind.reason);
	}
}

static const struct {
	const char *address;
	bool is_good;
} addresses[] = {
    {"root", true}, {"admin@example.com", true}, {"a.b+c@x-1.example", true},
    {"o'hara@example.com", true}, {"root@[127.0.0.1]", true},
    {"root@[IPv6:::1]", true}, {"", false}, {"-oQ/tmp", false},
    {"-t", false}, {"a b", false}, {"a@b\nBcc: c@d", false},
    {"a@b\r", false}, {"a\t", false}, {"a,b", false}, {"a;b", false},
    {"\"a\"@b", false}, {"<a@b>", false}, {"a(b)", false}, {"a@", false},
    {"@b", false}, {"a@b@c", false}, {"a\\b", false},
    {"\xc3\xa4@example.com", false}, {"a@\xc3\xa4", false},
    {"\x7f", false}, {"a:b", false},
};

TEST(addresses_are_plain)
{
	char longest[SENDMAIL_ADDRESS_MAX + 2];

	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		struct error err = {0};
		enum err code = sendmail_check_address(addresses[i].address,
		    &err);

		if (code != (addresses[i].is_good ? ERR_OK : ERR_USAGE))
			fail_msg("%s: %d", addresses[i].address, code);
	}
	memset(longest, 'a', sizeof(longest));
	longest[SENDMAIL_ADDRESS_MAX + 1] = '\0';
	assert_int_equal(sendmail_check_address(longest, NULL), ERR_USAGE);
	longest[SENDMAIL_ADDRESS_MAX] = '\0';
	assert_int_equal(sendmail_check_address(longest, NULL), ERR_OK);
}
