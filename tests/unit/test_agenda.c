/* SPDX-License-Identifier: ISC */
/* What is to be done next, by when, and who stops when if nobody does it. */
#include "agenda_fixture.h"
#include "shipped_fixture.h"
#include "test.h"

static void
nobody_is_reminded(struct scene *scene)
{
	scene->schedule.remind = (struct duration){0};
}

static void
missing_but_accepted(struct scene *scene)
{
	missing_everywhere(scene);
	accept_the_same(scene);
	manifest_names_march(scene);
}

static void
behind(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(13);
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s = instant("2027-06-25");
}

static void
behind_for_long(struct scene *scene)
{
	behind(scene);
	scene->facts.accepted_next_update_s = instant("2027-12-22");
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-11-02");
}

/* accepted.json has its dates, whatever became of the stores. */
static void
accepted_and_missing(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s = scene->places[0].next_update_s;
	missing_everywhere(scene);
}

static void
accepted_and_unreadable(struct scene *scene)
{
	size_t i;

	accepted_and_missing(scene);
	for (i = 0; i < 2; i++)
		scene->places[i].is_unreadable = true;
}

static void
clock_is_late(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_this_update_s = instant("2027-01-01");
}

static void
root_ends(struct scene *scene, const char *end)
{
	size_t i;

	scene->facts.has_root_not_after = true;
	scene->facts.root_not_after_s = instant(end);
	for (i = 0; i < 2; i++) {
		if (scene->places[i].next_update_s > instant(end))
			scene->places[i].next_update_s = instant(end);
	}
}

/* Before the next ceremony, 2027-05-04; the CRL is cut to it. */
static void
root_ends_in_april(struct scene *scene)
{
	root_ends(scene, "2027-04-20");
}

/* After it, before the one of 2027-11-02; the CRL ends before. */
static void
root_ends_in_october(struct scene *scene)
{
	root_ends(scene, "2027-10-01");
}

/* A CRL that is cut, and a ceremony before the end. */
static void
root_ends_in_june(struct scene *scene)
{
	root_ends(scene, "2027-06-01");
}

/* An adopted CRL: it is over before the next ceremony. */
static void
too_short(struct scene *scene)
{
	size_t i;

	for (i = 0; i < 2; i++)
		scene->places[i].next_update_s = instant("2027-03-01");
}

/* The CRL of an early ceremony: its cushion begins before the next one. */
static void
held_early(struct scene *scene)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		scene->places[i].this_update_s = instant("2026-10-22");
		scene->places[i].next_update_s = instant("2027-05-22");
	}
}

static void
held_early_without_reminders(struct scene *scene)
{
	held_early(scene);
	nobody_is_reminded(scene);
}

static void
ends_that_day(struct scene *scene)
{
	held_early(scene);
	scene->places[0].next_update_s = instant("2027-05-04T12:00:00Z");
}

static void
too_short_for_the_root(struct scene *scene)
{
	too_short(scene);
	root_ends_in_april(scene);
}

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	const char *want;
} rows[] = {
    {"nothing to do", nothing, "2026-11-23",
	"wait by 2027-05-04; live 2027-06-22"},
    {"to the second", nothing, "2027-04-19T23:59:59Z",
	"wait by 2027-05-04; live 2027-06-22"},
    {"reminders begin", nothing, "2027-04-20",
	"prepare-ceremony by 2027-05-04; live 2027-06-22"},
    {"the day before", nothing, "2027-05-03T23:59:59Z",
	"prepare-ceremony by 2027-05-04; live 2027-06-22"},
    {"the day itself", nothing, "2027-05-04",
	"hold-ceremony-today by 2027-05-04; live 2027-06-22"},
    {"its last second", nothing, "2027-05-04T23:59:59Z",
	"hold-ceremony-today by 2027-05-04; live 2027-06-22"},
    {"within its grace", nothing, "2027-05-05",
	"hold-late-ceremony by 2027-05-06; live 2027-06-22"},
    {"the end of its grace", nothing, "2027-05-06T23:59:59Z",
	"hold-late-ceremony by 2027-05-06; live 2027-06-22"},
    {"overdue", nothing, "2027-05-07", "hold-ceremony by 2027-06-21, "
	"missed 1: 2027-05-04; live 2027-06-22"},
    {"expiring", nothing, "2027-06-01", "hold-ceremony by 2027-06-21, "
	"missed 1: 2027-05-04; live 2027-06-22"},
    {"the last second", nothing, "2027-06-21T23:59:59Z", "hold-ceremony "
	"by 2027-06-21, missed 1: 2027-05-04; live 2027-06-22"},
    {"expired", nothing, "2027-06-22", "hold-ceremony-now by 2027-06-22, "
	"missed 1: 2027-05-04; live 2027-06-22"},
    {"the next is late, not overdue", nothing, "2027-11-04",
	"hold-ceremony-now by 2027-11-04, missed 1: 2027-05-04; live "
	"2027-06-22"},
    {"two in a row", nothing, "2027-11-05", "hold-ceremony-now by "
	"2027-11-05, missed 2: 2027-05-04 2027-11-02; live 2027-06-22"},
    {"without reminders", nobody_is_reminded, "2027-05-03",
	"wait by 2027-05-04; live 2027-06-22"},
    {"without reminders, today", nobody_is_reminded, "2027-05-04",
	"hold-ceremony-today by 2027-05-04; live 2027-06-22"},
    {"without reminders, late", nobody_is_reminded, "2027-05-05",
	"hold-late-ceremony by 2027-05-06; live 2027-06-22"},
    {"the manifest's date", manifest_names_march, "2027-03-01",
	"prepare-ceremony by 2027-03-02; live 2027-06-22"},
    {"and it was missed", manifest_names_march, "2027-03-05",
	"hold-ceremony by 2027-06-21, missed 1: 2027-03-02; live 2027-06-22"},
    {"then the schedule's", manifest_names_march, "2027-05-07",
	"hold-ceremony by 2027-06-21, missed 2: 2027-03-02 2027-05-04; live "
	"2027-06-22"},
    {"the store that ends first", shorter_in_one_store, "2027-01-31",
	"hold-ceremony by 2027-02-21; live 2027-02-22"},
    {"over before the next one", too_short, "2026-11-23",
	"hold-ceremony by 2027-02-28; live 2027-03-01"},
    {"held early: the next one is at hand", held_early, "2027-05-02",
	"prepare-ceremony by 2027-05-04; live 2027-05-22"},
    {"its day", held_early, "2027-05-04",
	"hold-ceremony-today by 2027-05-04; live 2027-05-22"},
    {"and it is late", held_early, "2027-05-06T23:59:59Z",
	"hold-late-ceremony by 2027-05-06; live 2027-05-22"},
    {"and it was missed", held_early, "2027-05-07", "hold-ceremony by "
	"2027-05-21, missed 1: 2027-05-04; live 2027-05-22"},
    {"held early, not yet reminded", held_early_without_reminders,
	"2027-05-02", "hold-ceremony by 2027-05-21; live 2027-05-22"},
    {"the CRL ends that day", ends_that_day, "2027-05-02",
	"hold-ceremony by 2027-05-04; live 2027-05-04"},
    {"missing in one store", missing_in_one_store, "2026-11-23",
	"first live missing; wait by 2027-05-04; live 2027-06-22"},
    {"missing, and near the end", missing_in_one_store, "2027-06-02",
	"first live missing; hold-ceremony by 2027-06-21, missed 1: "
	"2027-05-04; live 2027-06-22"},
    {"no CRL", missing_everywhere, "2026-11-23",
	"first live missing; wait by 2027-05-04"},
    {"no CRL: none was missed", missing_everywhere, "2027-05-07",
	"first live missing; wait by 2027-11-02"},
    {"no CRL, but a manifest", missing_but_accepted, "2027-03-05",
	"first live missing; hold-ceremony by 2027-06-21, missed 1: "
	"2027-03-02; live 2027-06-22 stopped"},
    {"unreadable", unreadable, "2026-11-23",
	"first live unreadable; wait by 2027-05-04; live 2027-06-22"},
    {"behind", behind, "2026-11-23",
	"first live behind; wait by 2027-05-04; live 2027-06-25"},
    {"behind, and over", behind_for_long, "2027-07-01", "first live behind; "
	"wait by 2027-11-02; live 2027-12-22 stopped"},
    {"accepted, and missing", accepted_and_missing, "2026-11-23", "first "
	"live missing; wait by 2027-05-04; live 2027-06-22 stopped"},
    {"and overdue", accepted_and_missing, "2027-05-07", "first live "
	"missing; hold-ceremony by 2027-06-21, missed 1: 2027-05-04; live "
	"2027-06-22 stopped"},
    {"and over", accepted_and_missing, "2027-06-22", "first live missing; "
	"hold-ceremony-now by 2027-06-22, missed 1: 2027-05-04; live "
	"2027-06-22"},
    {"accepted, and unreadable", accepted_and_unreadable, "2026-11-23",
	"first live unreadable; wait by 2027-05-04; live 2027-06-22"},
    {"revoked: the CRL stops it, not its end", revoked, "2026-11-23",
	"first live revoked; wait by 2027-05-04"},
    {"the clock", clock_is_late, "2026-11-23",
	"blind; first live clock-suspect; wait by 2027-05-04; live "
	"2027-06-22"},
    {"unpublished", unpublished, "2026-11-23T18:00:00Z",
	"first live unpublished; wait by 2027-05-04; live 2027-06-22"},
    {"retired", retired, "2027-06-23", "nothing"},
    {"the root ends first", root_ends_in_april, "2026-11-23",
	"replace-root by 2027-04-19; live 2027-04-20"},
    {"the day before", root_ends_in_april, "2027-04-19T23:59:59Z",
	"replace-root by 2027-04-19; live 2027-04-20"},
    {"it has ended", root_ends_in_april, "2027-04-20",
	"root-has-ended; live 2027-04-20"},
    {"the last ceremony", root_ends_in_october, "2026-11-23",
	"last; wait by 2027-05-04; live 2027-06-22"},
    {"the last was missed", root_ends_in_october, "2027-06-02",
	"last; hold-ceremony by 2027-06-21, missed 1: 2027-05-04; live "
	"2027-06-22"},
    {"no cushion before the root's end", root_ends_in_june, "2027-05-13",
	"last; hold-ceremony by 2027-05-31, missed 1: 2027-05-04; live "
	"2027-06-01"},
    {"nor a hurry", root_ends_in_june, "2027-05-04",
	"last; hold-ceremony-today by 2027-05-04; live 2027-06-01"},
    {"a CRL that is over before the root", too_short_for_the_root,
	"2026-11-23", "hold-ceremony by 2027-02-28; live 2027-03-01"},
};

TEST(the_next_thing_is_decided)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct agenda_stop stops[1];
		struct scene scene;
		struct standing standing;
		struct agenda agenda;
		char have[512] = "";

		print_message("%s\n", rows[i].name);
		set_live(&scene);
		rows[i].arrange(&scene);
		standing_decide(&scene.facts, instant(rows[i].now),
		    &standing);
		agenda_make(&standing, 1, instant(rows[i].now), stops,
		    &agenda);
		agenda_text(&agenda, have, sizeof(have));
		assert_string_equal(have, rows[i].want);
		assert_false(agenda.is_root);
	}
}

/* Is its ceremony at hand, and before anybody stops? */
static bool
is_near(const struct agenda *agenda, const struct standing *standing,
    int64_t now_s)
{
	return agenda->missed_count == 0 && now_s >= standing->upcoming_s &&
	    now_s < standing->deadline_s && standing->next_ceremony_s <
	    utc_day_start(standing->next_update_s);
}

static bool
prepares(const struct agenda *agenda, const struct standing *standing,
    int64_t now_s)
{
	const int64_t today_s = utc_day_start(now_s);

	return agenda->what == (today_s < standing->next_ceremony_s ?
	    AGENDA_PREPARE : today_s == standing->next_ceremony_s ?
	    AGENDA_TODAY : AGENDA_LATE) && agenda->by_s >= today_s &&
	    agenda->by_s < standing->deadline_s;
}

/* What the state of check calls for. */
static bool
agrees(const struct agenda *agenda, const struct standing *standing,
    int64_t now_s)
{
	const int64_t today_s = utc_day_start(now_s);

	switch (standing->state) {
	case PAIR_FRESH:
		return agenda->what == AGENDA_WAIT && agenda->by_s > today_s;
	case PAIR_UPCOMING:
		return prepares(agenda, standing, now_s);
	case PAIR_OVERDUE:
	case PAIR_EXPIRING:
	case PAIR_CRITICAL:
		if (is_near(agenda, standing, now_s))
			return prepares(agenda, standing, now_s);
		return agenda->what == AGENDA_HOLD && agenda->by_s >= today_s &&
		    agenda->by_s < standing->next_update_s;
	case PAIR_EXPIRED:
		return agenda->what == AGENDA_HOLD_NOW &&
		    agenda->by_s == today_s;
	default:
		return false;
	}
}

/* By the calendar alone: those from the next one on whose grace is over. */
static size_t
count_missed(const struct schedule *schedule, int64_t from_s, int64_t now_s)
{
	uint32_t index = schedule_index(schedule, from_s);
	size_t count = 0;

	while (schedule_ceremony(schedule, index++) + schedule->grace.seconds <=
	    now_s)
		count++;
	return count;
}

/* The first of them that is not overdue. */
static int64_t
find_coming(const struct schedule *schedule, int64_t from_s, int64_t now_s)
{
	uint32_t index = schedule_index(schedule, from_s);

	while (schedule_ceremony(schedule, index) + schedule->grace.seconds <=
	    now_s)
		index++;
	return schedule_ceremony(schedule, index);
}

/* Every half day of three years after a CRL, also one of some days before. */
TEST(agenda_and_check_agree)
{
	static const char *const names[] = {"semiannual", "quarterly",
	    "monthly", "annual", "annual-br"};
	size_t i;
	int early;

	for (i = 0; i < 5 * COUNT_OF(names); i++) {
		struct schedule schedule = shipped(names[i / 5], NULL);
		struct standing_place place = {.is_present = true,
		    .is_valid = true, .has_next_update = true};
		const struct standing_facts facts = {.schedule = &schedule,
		    .places = &place, .place_count = 1};
		int64_t begin_s, now_s;

		early = (int)(i % 5) * 2;
		begin_s = schedule_ceremony(&schedule, 1) - early * DAY_S +
		    36000;
		place.this_update_s = begin_s;
		place.next_update_s = utc_add(begin_s, &schedule.validity);
		for (now_s = begin_s; now_s < begin_s + 3 * 365 * DAY_S;
		    now_s += DAY_S / 2) {
			struct agenda_stop stops[1];
			struct standing standing;
			struct agenda agenda;

			standing_decide(&facts, now_s, &standing);
			agenda_make(&standing, 1, now_s, stops, &agenda);
			if (!agrees(&agenda, &standing, now_s) ||
			    agenda.ceremony_s != schedule_ceremony(&schedule,
			    2) || agenda.missed_count != count_missed(
			    &schedule, agenda.ceremony_s, now_s) ||
			    !agenda.has_coming || agenda.coming_s !=
			    find_coming(&schedule, agenda.ceremony_s, now_s))
				fail_msg("%s, day %d", names[i / 5],
				    (int)((now_s - begin_s) / DAY_S));
			agenda.what = AGENDA_NOTHING;
			assert_false(agrees(&agenda, &standing, now_s));
		}
	}
}
