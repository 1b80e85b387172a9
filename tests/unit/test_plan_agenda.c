/* SPDX-License-Identifier: ISC */
/* The sentences that say what is to be done next. */
#include "plan_stage_fixture.h"
#include "test.h"

#define LIVE "issuing-1 stops on 2027-06-22."

static void
as_it_is(struct stage *stage)
{
}

static void
root_without_subordinates(struct stage *stage)
{
	seen_by_the_root(stage);
	stage->scenes[0].facts.subordinate[0] = '\0';
}

static void
not_reminded(struct stage *stage)
{
	stage->scenes[0].schedule.remind = (struct duration){0};
}

static void
end_pair(struct stage *stage, size_t at, const char *end)
{
	stage->scenes[at].places[0].next_update_s = instant(end);
	stage->scenes[at].places[1].next_update_s = instant(end);
}

static void
ends_at_noon(struct stage *stage)
{
	end_pair(stage, 0, "2027-06-22T12:34:56Z");
}

static void
two_pairs(struct stage *stage)
{
	stage->used = 2;
}

static void
seven_pairs(struct stage *stage)
{
	stage->used = 7;
}

static void
three_days(struct stage *stage)
{
	stage->used = 4;
	end_pair(stage, 2, "2027-06-25");
	end_pair(stage, 3, "2027-06-30T08:00:00Z");
	end_pair(stage, 1, "2027-06-22T20:00:00Z");
}

static void
seven_days(struct stage *stage)
{
	static const char *const ends[] = {"2027-06-28", "2027-06-22",
	    "2027-06-27", "2027-06-23", "2027-06-26", "2027-06-24",
	    "2027-06-25"};
	size_t i;

	stage->used = 7;
	for (i = 0; i < PAIRS; i++)
		end_pair(stage, i, ends[i]);
}

static void
too_short(struct stage *stage)
{
	end_pair(stage, 0, "2027-03-01");
}

static void
lasts_a_year(struct stage *stage)
{
	end_pair(stage, 0, "2027-12-01");
}

static void
held_early(struct stage *stage)
{
	end_pair(stage, 0, "2027-05-22");
}

static void
held_early_not_reminded(struct stage *stage)
{
	held_early(stage);
	not_reminded(stage);
}

static void
root_ends(struct stage *stage)
{
	size_t i;

	for (i = 0; i < PAIRS; i++) {
		stage->scenes[i].facts.has_root_not_after = true;
		stage->scenes[i].facts.root_not_after_s =
		    instant("2027-04-20T08:00:00Z");
		end_pair(stage, i, "2027-04-20T08:00:00Z");
	}
	stage->used = 2;
}

static void
short_of_the_root(struct stage *stage)
{
	root_ends(stage);
	stage->used = 1;
	end_pair(stage, 0, "2027-03-01");
}

static void
all_retired(struct stage *stage)
{
	stage->scenes[0].facts.is_retired = true;
}

static void
clock_is_late(struct stage *stage)
{
	accept_the_same(&stage->scenes[0]);
	stage->scenes[0].facts.accepted_this_update_s = instant("2027-01-01");
}

static void
root_of_the_future(struct stage *stage)
{
	seen_by_the_root(stage);
	stage->scenes[0].places[0].this_update_s = instant("2027-01-01");
}

static void
missing(struct stage *stage)
{
	missing_everywhere(&stage->scenes[0]);
}

static void
manifest_alone(struct stage *stage)
{
	missing(stage);
	manifest_names_march(&stage->scenes[0]);
}

#define PREPARE ", 10:00 local time: call the operator, the witnesses and " \
    "the keeper of the safe; without it " LIVE
#define MISSED "the one of 2027-05-04 was missed, or its stick has not come"

static const struct {
	const char *name;
	prepare *prepare;
	const char *now;
	const char *want;
} rows[] = {
    {"fresh", as_it_is, "2026-12-01", "The next ceremony is on Tuesday "
	"2027-05-04 (in 154 days), 10:00 local time; nothing is to be done "
	"before 2027-04-20, when reminders begin."},
    {"not reminded", not_reminded, "2027-05-03T23:59:59Z", "The next "
	"ceremony is on Tuesday 2027-05-04 (tomorrow), 10:00 local time; "
	"nothing is to be done before then."},
    {"upcoming", as_it_is, "2027-04-20", "Prepare the ceremony of Tuesday "
	"2027-05-04 (in 14 days)" PREPARE},
    {"tomorrow", as_it_is, "2027-05-03T23:59:59Z", "Prepare the ceremony "
	"of Tuesday 2027-05-04 (tomorrow)" PREPARE},
    {"today", as_it_is, "2027-05-04", "Hold the ceremony of Tuesday "
	"2027-05-04 (today), 10:00 local time; without it " LIVE},
    {"late", as_it_is, "2027-05-05", "Hold the ceremony of Tuesday "
	"2027-05-04 by 2027-05-06 (tomorrow): its CRL has not come, and is "
	"overdue from 2027-05-07 on; without it " LIVE},
    {"late, on the root", seen_by_the_root, "2027-05-06", "Hold the "
	"ceremony of Tuesday 2027-05-04 by 2027-05-06 (today): it is late, "
	"and overdue from 2027-05-07 on; without it " LIVE},
    {"overdue", as_it_is, "2027-05-07", "Hold a ceremony by 2027-06-21 (in "
	"45 days): " MISSED "; without it " LIVE},
    {"overdue, on the root", seen_by_the_root, "2027-06-11", "Hold a "
	"ceremony by 2027-06-21 (in 10 days): the one of 2027-05-04 was "
	"missed; without it " LIVE},
    {"critical", as_it_is, "2027-06-20", "Hold a ceremony by 2027-06-21 "
	"(tomorrow): " MISSED "; without it " LIVE},
    {"the day before", as_it_is, "2027-06-21", "Hold a ceremony by "
	"2027-06-21 (today): " MISSED "; without it issuing-1 stops on "
	"2027-06-22 00:00 UTC."},
    {"the day itself", ends_at_noon, "2027-06-22", "Hold a ceremony by "
	"2027-06-22 (today): " MISSED "; without it issuing-1 stops on "
	"2027-06-22 12:34 UTC."},
    {"expired", as_it_is, "2027-06-22", "Hold a ceremony now: issuing-1 has "
	"been stopped since 2027-06-22 (today); " MISSED "."},
    {"expired for long", seen_by_the_root, "2027-11-04T23:59:59Z", "Hold a "
	"ceremony now: issuing-1 has been stopped since 2027-06-22 (135 days "
	"ago); the one of 2027-05-04 was missed."},
    {"two missed", as_it_is, "2027-11-05", "Hold a ceremony now: issuing-1 "
	"has been stopped since 2027-06-22 (136 days ago); those of "
	"2027-05-04 and 2027-11-02 were missed, or their sticks have not "
	"come."},
    {"many missed", seen_by_the_root, "2030-01-01", "Hold a ceremony now: "
	"issuing-1 has been stopped since 2027-06-22 (924 days ago); all 6 "
	"since 2027-05-04 were missed."},
    {"missed, and the next is near", lasts_a_year, "2027-10-27", "Hold a "
	"ceremony by 2027-11-30 (in 34 days): " MISSED "; the next is planned "
	"for 2027-11-02 (in 6 days); without it issuing-1 stops on "
	"2027-12-01."},
    {"missed, and the next is today", lasts_a_year, "2027-11-02T12:00:00Z",
	"Hold a ceremony by 2027-11-30 (in 28 days): " MISSED "; the next is "
	"planned for 2027-11-02 (today); without it issuing-1 stops on "
	"2027-12-01."},
    {"missed, and the next is late", lasts_a_year, "2027-11-04", "Hold a "
	"ceremony by 2027-11-30 (in 26 days): " MISSED "; that of 2027-11-02 "
	"is late, and overdue from 2027-11-05 on; without it issuing-1 stops "
	"on 2027-12-01."},
    {"and missed as well", lasts_a_year, "2027-11-05", "Hold a ceremony by "
	"2027-11-30 (in 25 days): those of 2027-05-04 and 2027-11-02 were "
	"missed, or their sticks have not come; without it issuing-1 stops "
	"on 2027-12-01."},
    {"held early, the next is at hand", held_early, "2027-05-02", "Prepare "
	"the ceremony of Tuesday 2027-05-04 (in 2 days), 10:00 local time: "
	"call the operator, the witnesses and the keeper of the safe; without "
	"it issuing-1 stops on 2027-05-22."},
    {"held early, today", held_early, "2027-05-04", "Hold the ceremony of "
	"Tuesday 2027-05-04 (today), 10:00 local time; without it issuing-1 "
	"stops on 2027-05-22."},
    {"held early, not reminded", held_early_not_reminded, "2027-05-02",
	"Hold a ceremony by 2027-05-21 (in 19 days): the CRL expires, and the "
	"next is planned for 2027-05-04 (in 2 days); without it issuing-1 "
	"stops on 2027-05-22."},
    {"two pairs", two_pairs, "2027-06-11", "Hold a ceremony by 2027-06-21 "
	"(in 10 days): " MISSED "; without it issuing-1 and issuing-2 stop on "
	"2027-06-22."},
    {"many pairs", seven_pairs, "2027-06-11", "Hold a ceremony by "
	"2027-06-21 (in 10 days): " MISSED "; without it issuing-1, "
	"issuing-2, issuing-3 and 4 more stop on 2027-06-22."},
    {"different days", three_days, "2027-06-11", "Hold a ceremony by "
	"2027-06-21 (in 10 days): " MISSED "; without it issuing-1 and "
	"issuing-2 stop on 2027-06-22, and issuing-3 stops on 2027-06-25, and "
	"issuing-4 stops on 2027-06-30."},
    {"some have stopped", three_days, "2027-06-23", "Hold a ceremony now: "
	"issuing-1 and issuing-2 have been stopped since 2027-06-22 "
	"(yesterday); " MISSED "; without it issuing-3 stops on 2027-06-25, "
	"and issuing-4 stops on 2027-06-30."},
    {"one of a day has", three_days, "2027-06-22T12:00:00Z", "Hold a "
	"ceremony now: issuing-1 has been stopped since 2027-06-22 (today); "
	MISSED "; without it issuing-2 stops on 2027-06-22 20:00 UTC, "
	"and issuing-3 stops on 2027-06-25, and issuing-4 stops on "
	"2027-06-30."},
    {"too many days", seven_days, "2027-06-11", "Hold a ceremony by "
	"2027-06-21 (in 10 days): " MISSED "; without it issuing-2 stops on "
	"2027-06-22, and issuing-4 stops on 2027-06-23, and issuing-6 stops "
	"on 2027-06-24, and 4 more later."},
    {"no subordinate", root_without_subordinates, "2027-06-11", "Hold a "
	"ceremony by 2027-06-21 (in 10 days): the one of 2027-05-04 was "
	"missed; without it every subordinate of corp stops on 2027-06-22."},
    {"too short", too_short, "2026-12-01", "Hold a ceremony by 2027-02-28 "
	"(in 89 days): the CRL expires before the next one, which is planned "
	"for 2027-05-04; without it issuing-1 stops on 2027-03-01."},
    {"short of the root", short_of_the_root, "2026-12-01", "Hold a ceremony "
	"by 2027-02-28 (in 89 days): the CRL expires, and no other is planned "
	"before the root's certificate ends; without it issuing-1 stops on "
	"2027-03-01."},
    {"the root ends", root_ends, "2026-12-01", "No ceremony is left: the "
	"root's certificate ends on 2027-04-20 (in 140 days), before another "
	"one; put its successor in place by then, or issuing-1 and issuing-2 "
	"stop."},
    {"the root has ended", root_ends, "2027-04-20T08:00:00Z", "Replace the "
	"root: its certificate ended on 2027-04-20 (today), and no ceremony "
	"helps any more; issuing-1 and issuing-2 have been stopped since "
	"2027-04-20 (today)."},
    {"retired", all_retired, "2027-06-23", "Nothing is to be done: no "
	"subordinate in use needs its CRL."},
    {"the clock", clock_is_late, "2026-12-01", "Nothing can be said of days "
	"until the clock of this machine is right."},
    {"the clock of the root", root_of_the_future, "2026-12-01", "Nothing "
	"can be said of days until the clock of this machine is right."},
    {"no CRL", missing, "2026-12-01", "The next ceremony is on Tuesday "
	"2027-05-04 (in 154 days), 10:00 local time; it need not be prepared "
	"before 2027-04-20, when reminders begin."},
    {"no CRL, but a manifest", manifest_alone, "2027-03-05", "Hold a "
	"ceremony now: the one of 2027-03-02 was missed, or its stick has not "
	"come."},
};

TEST(the_next_thing_is_a_sentence)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct error err = {0};
		struct stage stage;

		print_message("%s\n", rows[i].name);
		set_stage(&stage);
		rows[i].prepare(&stage);
		decide(&stage, rows[i].now);
		FINE(plan_agenda_text(&stage.plan, instant(rows[i].now), &out,
		    &err));
		assert_line(&out, rows[i].want);
	}
}
