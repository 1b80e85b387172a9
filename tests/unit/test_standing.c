/* SPDX-License-Identifier: ISC */
#include "standing_scenes_fixture.h"
#include "test.h"

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	enum pair_state want;
	const char *detail;
} state_rows[] = {
    {"fresh", accept_the_same, "2026-11-22", PAIR_FRESH,
	"CRL #12 ends 2027-06-22 (in 212 days), next ceremony 2027-05-04"},
    {"fresh, without a number", same_date_without_number, "2026-11-22",
	PAIR_FRESH, "the CRL of 2026-11-22T00:00:00Z ends 2027-06-22 (in 212 "
	"days), next ceremony 2027-05-04"},
    {"upcoming", nothing, "2027-04-20T12:00:00Z", PAIR_UPCOMING, "a "
	"ceremony is planned for 2027-05-04 (in 14 days); without its CRL "
	"issuing-1 stops on 2027-06-22 (in 63 days): prepare the ceremony and "
	"import its bundle before 2027-05-07"},
    {"tomorrow", nothing, "2027-05-03T23:59:59Z", PAIR_UPCOMING, "a "
	"ceremony is planned for 2027-05-04 (tomorrow); without its CRL "
	"issuing-1 stops on 2027-06-22 (in 50 days): prepare the ceremony and "
	"import its bundle before 2027-05-07"},
    {"today", nothing, "2027-05-04T23:59:59Z", PAIR_UPCOMING, "a ceremony "
	"is planned for 2027-05-04 (today); without its CRL issuing-1 stops "
	"on 2027-06-22 (in 49 days): hold the ceremony and import its bundle "
	"before 2027-05-07"},
    {"yesterday", nothing, "2027-05-05", PAIR_UPCOMING, "a ceremony was "
	"planned for 2027-05-04 (yesterday) and its CRL has not come; without "
	"it issuing-1 stops on 2027-06-22 (in 48 days): hold a ceremony and "
	"import its bundle before 2027-05-07"},
    {"yesterday, if nobody is to be told", told_of_nothing, "2027-05-05",
	PAIR_FRESH, "CRL #12 ends 2027-06-22 (in 48 days), the ceremony of "
	"2027-05-04 is overdue from 2027-05-07 on"},
    {"overdue", nothing, "2027-05-08", PAIR_OVERDUE, "the ceremony of "
	"2027-05-04 is overdue since 2027-05-07 and its CRL has not come; "
	"issuing-1 stops on 2027-06-22 (in 45 days): hold a ceremony and "
	"import its bundle"},
    {"expiring", nothing, "2027-06-13", PAIR_EXPIRING, "CRL #12 ends on "
	"2027-06-22 (in 9 days) and issuing-1 stops then; the ceremony of "
	"2027-05-04 is overdue since 2027-05-07: hold a ceremony now and "
	"import its bundle"},
    {"overdue, and the next is before the end", monthly, "2027-05-25",
	PAIR_OVERDUE, "the ceremony of 2027-05-04 is overdue since 2027-05-07 "
	"and its CRL has not come; issuing-1 stops on 2027-06-22 (in 28 "
	"days); the next is planned for 2027-06-01 (in 7 days): hold a "
	"ceremony and import its bundle"},
    {"overdue, and the next is today", monthly, "2027-06-01T12:00:00Z",
	PAIR_EXPIRING, "CRL #12 ends on 2027-06-22 (in 21 days) and issuing-1 "
	"stops then; the ceremony of 2027-05-04 is overdue since 2027-05-07; "
	"the next is planned for 2027-06-01 (today): hold a ceremony now and "
	"import its bundle"},
    {"expiring, and another pair has a later one", later_in_another_pair,
	"2027-06-13", PAIR_EXPIRING, "CRL #12 in hashdir /etc/ssl/crls ends "
	"on 2027-06-22 (in 9 days), and issuing-2 has a later one: import the "
	"newest bundle: crlferry-sub import MEDIUM"},
    {"expiring two days before its ceremony", manifest_names_june,
	"2027-06-13", PAIR_EXPIRING, "CRL #12 ends on 2027-06-22 (in 9 days) "
	"and issuing-1 stops then; a ceremony is planned for 2027-06-15 (in 2 "
	"days): hold that ceremony and import its bundle"},
    {"expiring on the eve of its ceremony", manifest_names_june,
	"2027-06-14T23:00:00Z", PAIR_EXPIRING, "CRL #12 ends on 2027-06-22 "
	"(in 8 days) and issuing-1 stops then; a ceremony is planned for "
	"2027-06-15 (tomorrow): hold that ceremony and import its bundle"},
    {"critical on the day of its ceremony", manifest_names_june,
	"2027-06-15", PAIR_CRITICAL, "CRL #12 ends on 2027-06-22 (in 7 days) "
	"and issuing-1 stops then; a ceremony is planned for 2027-06-15 "
	"(today): hold a ceremony at once and import its bundle"},
    {"expired, and a ceremony is today", manifest_names_july, "2027-07-06",
	PAIR_EXPIRED, "CRL #12 ended on 2027-06-22 (14 days ago) and "
	"issuing-1 has stopped; a ceremony is planned for 2027-07-06 (today): "
	"hold a ceremony at once and import its bundle"},
    {"no grace: its day", without_grace, "2027-05-04T10:00:00Z",
	PAIR_OVERDUE, "a ceremony is planned for 2027-05-04 (today); without "
	"its CRL issuing-1 stops on 2027-06-22 (in 49 days): hold a ceremony "
	"and import its bundle"},
    {"no grace: the day before", without_grace, "2027-05-03",
	PAIR_UPCOMING, "a ceremony is planned for 2027-05-04 (tomorrow); "
	"without its CRL issuing-1 stops on 2027-06-22 (in 50 days): prepare "
	"the ceremony and import its bundle on that day"},
    {"no grace: the day after", without_grace, "2027-05-05",
	PAIR_OVERDUE, "the ceremony of 2027-05-04 is overdue since 2027-05-04 "
	"and its CRL has not come; issuing-1 stops on 2027-06-22 (in 48 "
	"days): hold a ceremony and import its bundle"},
    {"expiring before any ceremony", manifest_names_july, "2027-06-13",
	PAIR_EXPIRING, "CRL #12 ends on 2027-06-22 (in 9 days) and issuing-1 "
	"stops then: hold a ceremony now and import its bundle"},
    {"critical", nothing, "2027-06-20T00:00:01Z", PAIR_CRITICAL, "CRL #12 "
	"ends on 2027-06-22 00:00 UTC (in 47 hours) and issuing-1 stops then; "
	"the ceremony of 2027-05-04 is overdue since 2027-05-07: hold a "
	"ceremony at once and import its bundle"},
    {"two days are no hours", nothing, "2027-06-20", PAIR_CRITICAL,
	"CRL #12 ends on 2027-06-22 (in 2 days) and issuing-1 stops then; the "
	"ceremony of 2027-05-04 is overdue since 2027-05-07: hold a ceremony "
	"at once and import its bundle"},
    {"critical in one store", shorter_in_one_store, "2027-02-21T00:00:00Z",
	PAIR_CRITICAL, "CRL #11 in der /var/www/pki/r.crl ends on 2027-02-22 "
	"00:00 UTC (in 24 hours), and another store holds a later one: import "
	"the newest bundle: crlferry-sub import MEDIUM"},
    {"expired in one store", shorter_in_one_store, "2027-02-28",
	PAIR_EXPIRED, "CRL #11 in der /var/www/pki/r.crl ended on 2027-02-22 "
	"(6 days ago), and another store holds a later one: import the newest "
	"bundle: crlferry-sub import MEDIUM"},
    {"expired", nothing, "2027-06-22T00:00:00Z", PAIR_EXPIRED, "CRL #12 "
	"ended on 2027-06-22 00:00 UTC (now) and issuing-1 has stopped; the "
	"ceremony of 2027-05-04 is overdue since 2027-05-07: hold a ceremony "
	"at once and import its bundle"},
    {"expired a second ago", nothing, "2027-06-22T00:00:01Z", PAIR_EXPIRED,
	"CRL #12 ended on 2027-06-22 00:00 UTC (1 second ago) and issuing-1 "
	"has stopped; the ceremony of 2027-05-04 is overdue since 2027-05-07: "
	"hold a ceremony at once and import its bundle"},
    {"fresh for the last time", root_ends_with_it, "2026-11-22",
	PAIR_FRESH, "CRL #12 ends 2027-06-22 (in 212 days), and no ceremony "
	"follows before its root ends"},
    {"the last CRL expires", root_ends_with_it, "2027-06-13",
	PAIR_EXPIRING, "CRL #12 ends on 2027-06-22 (in 9 days) and issuing-1 "
	"stops then: bring in the successor of the root"},
    {"missing in one", second_is_missing, "2026-11-22", PAIR_MISSING,
	"der /var/www/pki/r.crl holds no CRL of corp-root-g1, and issuing-1 "
	"needs one: import the newest bundle: crlferry-sub import MEDIUM"},
    {"missing everywhere", missing_everywhere, "2026-11-22", PAIR_MISSING,
	"hashdir /etc/ssl/crls holds no CRL of corp-root-g1, and issuing-1 "
	"needs one: import the newest bundle: crlferry-sub import MEDIUM"},
    {"missing in one, though accepted", accepted_but_not_in_one,
	"2026-11-22", PAIR_MISSING, "der /var/www/pki/r.crl holds no CRL of "
	"corp-root-g1, and issuing-1 has stopped there: import the newest "
	"bundle: crlferry-sub import MEDIUM"},
    {"missing everywhere, though accepted", accepted_but_nowhere,
	"2026-11-22", PAIR_MISSING, "hashdir /etc/ssl/crls holds no CRL of "
	"corp-root-g1, and issuing-1 has stopped: import the newest bundle: "
	"crlferry-sub import MEDIUM"},
    {"missing, and what was accepted has ended", accepted_but_nowhere,
	"2027-06-22", PAIR_MISSING, "hashdir /etc/ssl/crls holds no CRL of "
	"corp-root-g1, and issuing-1 has stopped: hold a ceremony at once and "
	"import its bundle"},
    {"with a configuration elsewhere", missing_elsewhere, "2026-11-22",
	PAIR_MISSING, "hashdir /etc/ssl/crls holds no CRL of corp-root-g1, "
	"and issuing-1 needs one: import the newest bundle: crlferry-sub "
	"import --config a.cfg MEDIUM"},
    {"no stores", no_stores, "2026-11-22", PAIR_MISSING, "no store is "
	"configured, so nothing is known of the CRL that issuing-1 uses: "
	"configure one"},
    {"invalid", second_is_invalid, "2026-11-22", PAIR_INVALID, "der "
	"/var/www/pki/r.crl is of no use to issuing-1, which may have "
	"stopped: signature: want the root's: import the newest bundle: "
	"crlferry-sub import MEDIUM"},
    {"invalid, its dates do not count", invalid_and_ended, "2026-11-22",
	PAIR_INVALID, NULL},
    {"no nextUpdate is invalid", without_next_update, "2026-11-22",
	PAIR_INVALID, "der /var/www/pki/r.crl is of no use to issuing-1, "
	"which may have stopped: the CRL has no nextUpdate: import the newest "
	"bundle: crlferry-sub import MEDIUM"},
    {"not yet valid", nothing, "2026-11-21T23:00:00Z", PAIR_NOT_YET_VALID,
	"CRL #12 in hashdir /etc/ssl/crls begins on 2026-11-22 00:00 UTC (in "
	"60 minutes) and is refused until then: set this machine's clock"},
    {"behind by number", behind_by_number, "2026-11-22", PAIR_BEHIND,
	"hashdir /etc/ssl/crls holds CRL #12, but CRL #13 was accepted "
	"already; issuing-1 stops on 2027-06-22 (in 212 days): import the "
	"newest bundle: crlferry-sub import MEDIUM"},
    {"behind, and at its end", behind_by_number, "2027-06-25", PAIR_BEHIND,
	"hashdir /etc/ssl/crls holds CRL #12, but CRL #13 was accepted "
	"already; issuing-1 stopped on 2027-06-22 (3 days ago): import the "
	"newest bundle: crlferry-sub import MEDIUM"},
    {"behind, and what was accepted has ended", behind_and_all_ended,
	"2027-06-25", PAIR_BEHIND, "hashdir /etc/ssl/crls holds CRL #12, but "
	"CRL #13 was accepted already; issuing-1 stopped on 2027-06-22 (3 "
	"days ago): hold a ceremony at once and import its bundle"},
    {"a newer number is fine", ahead_by_number, "2026-11-22", PAIR_FRESH,
	"CRL #12 ends 2027-06-22 (in 212 days), next ceremony 2027-05-04; "
	"hashdir /etc/ssl/crls holds CRL #12, newer than what was accepted: "
	"import its bundle"},
    {"another of that number", another_of_that_number, "2026-11-22",
	PAIR_BEHIND, "hashdir /etc/ssl/crls holds another CRL #12 than the "
	"one that was accepted; issuing-1 stops on 2027-06-22 (in 212 days): "
	"import the newest bundle: crlferry-sub import MEDIUM"},
    {"another of that date", another_of_that_date, "2026-11-22",
	PAIR_BEHIND, "hashdir /etc/ssl/crls holds another CRL of "
	"2026-11-22T00:00:00Z than the one that was accepted; issuing-1 stops "
	"on 2027-06-22 (in 212 days): import the newest bundle: crlferry-sub "
	"import MEDIUM"},
    {"another with a higher number", another_ahead, "2026-11-22",
	PAIR_FRESH, NULL},
    {"unreadable", unreadable_store, "2026-11-22", PAIR_UNREADABLE,
	"cannot read hashdir /etc/ssl/crls as nobody: Permission denied; give "
	"it read access; by CRL #12, which another store holds, issuing-1 "
	"stops on 2027-06-22 (in 212 days)"},
    {"unreadable, but one was accepted", unreadable_and_accepted,
	"2026-11-22", PAIR_UNREADABLE, "cannot read hashdir /etc/ssl/crls as "
	"nobody: Permission denied; give it read access; by CRL #12, which "
	"was accepted, issuing-1 stops on 2027-05-30 (in 189 days)"},
    {"unreadable, and that one has ended", unreadable_and_accepted,
	"2027-06-12", PAIR_UNREADABLE, "cannot read hashdir /etc/ssl/crls as "
	"nobody: Permission denied; give it read access; by CRL #12, which "
	"was accepted, issuing-1 stopped on 2027-05-30 (13 days ago)"},
    {"unreadable, and nothing is known", all_unreadable, "2026-11-22",
	PAIR_UNREADABLE, "cannot read hashdir /etc/ssl/crls as nobody: "
	"Permission denied; give it read access; when issuing-1 stops is not "
	"known"},
    {"unreadable, with a remedy of its own", unreadable_by_mode,
	"2026-11-22", PAIR_UNREADABLE, "when issuing-1 stops is not known; "
	"hashdir /etc/ssl/crls: others can write it: chmod go-w /etc/ssl"},
    {"unreadable outranks overdue", unreadable_store, "2027-05-08",
	PAIR_UNREADABLE, NULL},
    {"missing outranks unreadable", unreadable_and_missing, "2026-11-22",
	PAIR_MISSING, NULL},
    {"a remedy of its own", mended_by_hand_only, "2026-11-22", PAIR_INVALID,
	"der /var/www/pki/r.crl is of no use to issuing-1, which may have "
	"stopped: signature: want the root's: mend or remove that block"},
    {"behind by date", behind_by_date, "2026-11-22", PAIR_BEHIND,
	"hashdir /etc/ssl/crls holds the CRL of 2026-11-22T00:00:00Z, but the "
	"CRL of 2026-11-22T00:00:01Z was accepted already; issuing-1 stops on "
	"2027-06-22 (in 212 days): import the newest bundle: crlferry-sub "
	"import MEDIUM"},
    {"the same date", same_date_without_number, "2026-11-22", PAIR_FRESH,
	NULL},
    {"behind, and missing", behind_and_missing, "2026-11-22", PAIR_BEHIND,
	NULL},
    {"revoked", revoked, "2026-11-22", PAIR_REVOKED, "the certificate of "
	"issuing-1 is on the CRL (keyCompromise) and is rejected: replace it, "
	"or mark the subordinate as retired"},
    {"retired", revoked_and_retired, "2026-11-22", PAIR_FRESH, NULL},
    {"revoked wins", revoked_behind_and_broken, "2027-12-01", PAIR_REVOKED,
	NULL},
    {"clock suspect", accept_the_same, "2026-11-01", PAIR_CLOCK_SUSPECT,
	"this machine's clock says 2026-11-01, but a CRL of 2026-11-22 was "
	"accepted before: set the clock"},
    {"clock suspect by minutes", accept_the_same, "2026-11-21T23:50:00Z",
	PAIR_CLOCK_SUSPECT, "this machine's clock says 2026-11-21 23:50 UTC, "
	"but a CRL of 2026-11-22 00:00 UTC was accepted before: set the "
	"clock"},
};

TEST(the_worst_state_wins)
{
	for (size_t i = 0; i < COUNT_OF(state_rows); i++) {
		struct standing standing;
		struct scene scene;

		print_message("%s\n", state_rows[i].name);
		set_scene(&scene);
		state_rows[i].arrange(&scene);
		standing_decide(&scene.facts, instant(state_rows[i].now),
		    &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(state_rows[i].want));
		assert_int_equal(standing.severity,
		    pair_state_severity(state_rows[i].want));
		if (state_rows[i].detail != NULL)
			assert_string_equal(standing.detail,
			    state_rows[i].detail);
		/* To be read aloud. */
		assert_in_range(strlen(standing.detail), 1, 250);
		assert_ptr_equal(standing.facts, &scene.facts);
	}
}
