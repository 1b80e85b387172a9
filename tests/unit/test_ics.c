/* SPDX-License-Identifier: ISC */
#include "view/ics.h"
#include "views_fixture.h"

static const char *const names[] = {"issuing-1", "issuing-2"};

/* One root whose CRL ends in one pair, or in none. */
struct ics_scene {
	struct scene scene;
	struct forecast forecast;
	struct agenda_stop stops[2];
	struct plan plan;
	struct plan_span span;
};

static void
set_ics(struct ics_scene *ics, const char *now)
{
	const struct duration years = {.months = 24};

	*ics = (struct ics_scene){0};
	set_scene(&ics->scene);
	ics->span.now_s = instant(now);
	ics->span.end_s = utc_add(ics->span.now_s, &years);
	standing_decide(&ics->scene.facts[0], ics->span.now_s,
	    &ics->scene.standings[0]);
	forecast_make(&ics->scene.standings[0], ics->span.now_s,
	    &ics->forecast);
	ics->forecast.subordinates = names;
	ics->forecast.subordinate_count = 1;
	ics->plan = (struct plan){.root = "corp-root-g1",
	    .schedule = &ics->scene.schedule,
	    .root_end_s = instant("2036-01-01"),
	    .forecasts = &ics->forecast, .forecast_count = 1};
	memset(ics->plan.root_spki, 0xab, SHA256_SIZE);
	ics->span.made_s = ics->span.now_s;
	agenda_make(&ics->scene.standings[0], 1, ics->span.now_s, ics->stops,
	    &ics->plan.agenda);
}

/* CRLF unfolded to LF, so that a test can search it. */
static void
unfold(struct buffer *text)
{
	size_t used = 0;

	for (size_t i = 0; i < text->size; i++) {
		const uint8_t *at = text->data + i;

		if (at[0] == '\r' && at[1] == '\n' && at[2] == ' ')
			i += 2;
		else if (at[0] != '\r')
			text->data[used++] = at[0];
	}
	text->size = used;
	text->data[used] = '\0';
}

static const char *
calendar_after(const struct ics_scene *ics, const char *earlier,
    struct buffer *out)
{
	struct error err = {0};

	FINE(plan_ics(&ics->plan, 1, &ics->span, span_of_text(earlier), out,
	    &err));
	FINE(buffer_append(out, "\0\0", 2, &err));
	unfold(out);
	return (const char *)out->data;
}

/*
 * "20270504T100000 CONFIRMED Ceremony of corp-root-g1"; empty if there is no
 * event of this UID, and a failure if there are two.
 */
static const char *
event_of(const char *calendar, const char *uid)
{
	static char out[512];
	const char *at = strstr(calendar, uid), *end, *date, *status;
	char *summary;
	size_t size;

	out[0] = '\0';
	if (at == NULL)
		return out;
	assert_null(strstr(at + 1, uid));
	end = strstr(at, "END:VEVENT");
	date = strchr(strstr(at, "DTSTART"), ':') + 1;
	status = strstr(at, "STATUS:") + strlen("STATUS:");
	assert_true(status < end);
	size = (size_t)sprintf(out, "%.*s %.*s ", (int)strcspn(date, "\n"),
	    date, (int)strcspn(status, "\n"), status);
	summary = strstr(at, "SUMMARY:") + strlen("SUMMARY:");
	sprintf(out + size, "%.*s", (int)strcspn(summary, "\n"), summary);
	return out;
}

#define KEY "abababababababababababababababab@crlferry"

static const struct {
	const char *name;
	const char *now;
	const char *uid;
	const char *want;
} days[] = {
    {"to come", NOW, "ceremony-2027-05-" KEY,
	"20270504T100000 CONFIRMED Ceremony of corp-root-g1"},
    {"its deadline", NOW, "deadline-2027-05-" KEY,
	"20270507 CONFIRMED Deadline: the new CRL of corp-root-g1 must be in "
	"place before this day"},
    {"the end of the CRL", NOW, "end-" KEY,
	"20270622 CONFIRMED issuing-1 stops today unless a newer CRL of "
	"corp-root-g1 is in place"},
    {"held", NOW, "ceremony-2026-11-" KEY, "20261103T100000 CANCELLED "
	"No longer to come: ceremony of corp-root-g1"},
    {"and its deadline", NOW, "deadline-2026-11-" KEY, "20261106 CANCELLED "
	"No longer to come: deadline for the CRL of corp-root-g1"},
    {"beyond the horizon", NOW, "ceremony-2029-05-" KEY, ""},
    {"on its day", "2027-05-04T23:59:59Z", "ceremony-2027-05-" KEY,
	"20270504T100000 CONFIRMED Ceremony of corp-root-g1"},
    {"the day after", "2027-05-05", "ceremony-2027-05-" KEY,
	"20270504T100000 CONFIRMED Ceremony of corp-root-g1: there is no CRL "
	"of it yet"},
    {"missed", "2027-05-07", "ceremony-2027-05-" KEY, "20270504T100000 "
	"CONFIRMED OVERDUE: ceremony of corp-root-g1: hold a ceremony now"},
    {"and its deadline", "2027-05-07", "deadline-2027-05-" KEY, "20270507 "
	"CONFIRMED OVERDUE: the new CRL of corp-root-g1 is not in place"},
    {"missed, and the next too", "2027-12-01", "ceremony-2027-05-" KEY,
	"20270504T100000 CONFIRMED OVERDUE: ceremony of corp-root-g1: hold "
	"a ceremony now"},
    {"which is the second", "2027-12-01", "ceremony-2027-11-" KEY,
	"20271102T100000 CONFIRMED OVERDUE: ceremony of corp-root-g1: hold "
	"a ceremony now"},
    {"expired", "2027-12-01", "end-" KEY, "20270622 CONFIRMED EXPIRED: the "
	"CRL of corp-root-g1\\; stopped: issuing-1"},
};

TEST(every_day_has_its_events)
{
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct ics_scene ics;

		print_message("%s\n", days[i].name);
		set_ics(&ics, days[i].now);
		assert_string_equal(event_of(calendar_after(&ics, "", &out),
		    days[i].uid), days[i].want);
	}
}

static size_t
count(const char *text, const char *word)
{
	size_t found = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		found++;
	return found;
}

/* Five ceremonies to come, the end; what is over rings no more. */
TEST(alarms_ring_for_what_is_to_come)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	text = calendar_after(&ics, "", &out);
	assert_int_equal(count(text, "STATUS:CONFIRMED"), 4 * 2 + 1);
	assert_int_equal(count(text, "STATUS:CANCELLED"), 2 * 2 + 3);
	assert_int_equal(count(text, "TRIGGER:-P30D\n"), 9);
	assert_int_equal(count(text, "TRIGGER:-P7D\n"), 9);
	assert_int_equal(count(text, "TRIGGER:-P1D\n"), 9);
	assert_int_equal(count(text, "DTSTAMP:20261123T000000Z\n"), 16);
	assert_int_equal(count(text, "DURATION:PT2H\n"), 6);
	assert_non_null(strstr(text, "BEGIN:VCALENDAR\nVERSION:2.0\n"));
	assert_non_null(strstr(text, "\nMETHOD:PUBLISH\n"));
}

/* `avoid`, `on` and `at` move the day, and the event moves along. */
TEST(a_moved_day_keeps_its_uid)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	struct schedule *schedule = &ics.scene.schedule;

	set_ics(&ics, NOW);
	schedule->avoid[schedule->avoid_count++] =
	    (struct schedule_avoid){5, 1, 6, 5};
	schedule->at_minute = 0;
	ics.forecast.next_ceremony_s = schedule_next(schedule,
	    instant("2027-05-01"));
	assert_string_equal(event_of(calendar_after(&ics, "", &out),
	    "ceremony-2027-05-" KEY),
	    "20270606T000000 CONFIRMED Ceremony of corp-root-g1");
}

/* The bundle names another date: that is the one, whatever the month. */
TEST(a_date_of_the_bundle_outranks_the_schedule)
{
	static const struct {
		const char *name, *date, *uid, *want;
	} rows[] = {
	    {"later in the month", "2027-05-20", "ceremony-2027-05-" KEY,
		"20270520T100000 CONFIRMED Ceremony of corp-root-g1"},
	    {"earlier in it", "2027-05-02", "ceremony-2027-05-" KEY,
		"20270502T100000 CONFIRMED Ceremony of corp-root-g1"},
	    {"so soon that its CRL fulfils ours", "2027-04-25",
		"ceremony-2027-05-" KEY, ""},
	    {"another month", "2027-02-02", "ceremony-2027-02-" KEY,
		"20270202T100000 CONFIRMED Ceremony of corp-root-g1"},
	    {"and ours after it", "2027-02-02", "ceremony-2027-05-" KEY,
		"20270504T100000 CONFIRMED Ceremony of corp-root-g1"},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct ics_scene ics;

		print_message("%s\n", rows[i].name);
		set_ics(&ics, NOW);
		ics.forecast.next_ceremony_s = instant(rows[i].date);
		assert_string_equal(event_of(calendar_after(&ics, "", &out),
		    rows[i].uid), rows[i].want);
	}
}

/* Without a CRL nobody knows what was held: what is past is let be. */
TEST(without_a_crl_nothing_past_is_cancelled)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	ics.forecast.is_assumed = true;
	ics.plan.agenda.stop_count = 0;
	text = calendar_after(&ics, "", &out);
	assert_int_equal(count(text, "STATUS:CANCELLED"), 4);
	assert_string_equal(event_of(text, "end-" KEY), "20261123 CANCELLED "
	    "No longer to come: end of the CRL of corp-root-g1");
	assert_string_equal(event_of(text, "ceremony-2027-05-" KEY),
	    "20270504T100000 CONFIRMED Ceremony of corp-root-g1");
}

/* Each day has its event; what is stopped already does not stop again. */
TEST(every_end_has_its_event)
{
	RELEASE_BUFFER struct buffer one = {0}, two = {0}, none = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	ics.stops[1] = ics.stops[0];
	ics.plan.agenda.stop_count = 2;
	strcpy(ics.stops[1].subordinate, "issuing-2");
	ics.stops[1].on_s += DAY_S - 1;
	text = calendar_after(&ics, "", &one);
	assert_string_equal(event_of(text, "end-" KEY), "20270622 CONFIRMED "
	    "issuing-1\\, issuing-2 stop today unless a newer CRL of "
	    "corp-root-g1 is in place");
	assert_string_equal(event_of(text, "end-2-" KEY), "20241122 CANCELLED "
	    "No longer to come: end of the CRL of corp-root-g1");
	ics.stops[1].on_s++;
	text = calendar_after(&ics, "", &two);
	assert_string_equal(event_of(text, "end-" KEY), "20270622 CONFIRMED "
	    "issuing-1 stops today unless a newer CRL of corp-root-g1 is in "
	    "place");
	assert_string_equal(event_of(text, "end-2-" KEY), "20270623 CONFIRMED "
	    "issuing-2 stops today unless a newer CRL of corp-root-g1 is in "
	    "place");
	ics.stops[1].has_stopped = true;
	text = calendar_after(&ics, "UID:end-7-" KEY "\nUID:end-2-" KEY "\n",
	    &none);
	assert_string_equal(event_of(text, "end-2-" KEY), "20241122 CANCELLED "
	    "No longer to come: end of the CRL of corp-root-g1");
	assert_string_equal(event_of(text, "end-7-" KEY), "20261123 CANCELLED "
	    "No longer to come: end of the CRL of corp-root-g1");
}

TEST(a_calendar_begins_as_one)
{
	assert_true(ics_is_calendar(span_of_text("BEGIN:VCALENDAR\r\n")));
	assert_true(ics_is_calendar(span_of_text("\xef\xbb\xbf"
	    "begin:vcalendar\n")));
	assert_false(ics_is_calendar(span_of_text("BEGIN:VCALENDA")));
	assert_false(ics_is_calendar(span_of_text("state = \"state\";\n")));
	assert_false(ics_is_calendar(span_of_text("")));
}

/* All its subordinates are retired: nobody waits for a ceremony. */
TEST(without_a_pair_all_is_cancelled)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	ics.plan.forecast_count = 0;
	ics.plan.agenda.stop_count = 0;
	text = calendar_after(&ics, "", &out);
	assert_int_equal(count(text, "STATUS:CONFIRMED"), 0);
	assert_int_equal(count(text, "STATUS:CANCELLED"), 2 * 6 + 4);
}

TEST(a_root_that_ends_has_no_ceremony_after)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	ics.plan.root_end_s = instant("2027-06-22");
	ics.forecast.is_last = true;
	text = calendar_after(&ics, "", &out);
	assert_string_equal(event_of(text, "ceremony-2027-11-" KEY), "");
	assert_string_equal(event_of(text, "end-" KEY), "20270622 CONFIRMED "
	    "issuing-1 stops today: the last CRL of corp-root-g1 ends");
	assert_non_null(strstr(text, "the certificate of the root ends on "
	    "2027-06-22"));
}

/* As Thunderbird folds it, or with LF alone; foreign events are let be. */
TEST(what_an_earlier_calendar_had_is_cancelled)
{
	static const char earlier[] = "BEGIN:VCALENDAR\r\n"
	    "UID:ceremony-2027-08-abababababababab\r\n"
	    " abababababababab@crlferry\r\n"
	    "UID:ceremony-2027-05-" KEY "\r\n"
	    "uid;X-A=b:deadline-2027-08-" KEY "\n"
	    "UID:deadline-2027-09-cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd@crlferry\n"
	    "UID:deadline-2020-09-" KEY "\n"
	    "UID:ceremony-2027-13-" KEY "\n"
	    "UID:ceremony-27-10-" KEY "\n"
	    "UID:ceremony-2027-10-abab@crlferry\n"
	    "UID:ceremony-2027-10-" KEY "x\n"
	    "UID:ceremony-2027-10-zzababababababababababababababab@crlferry\n"
	    "SUMMARY:UID:ceremony-2027-10-" KEY "\n"
	    "UIDS:ceremony-2027-10-" KEY "\n"
	    "UID:someone@example.com\nUID:\nUID";
	RELEASE_BUFFER struct buffer out = {0};
	struct ics_scene ics;
	const char *text;

	set_ics(&ics, NOW);
	text = calendar_after(&ics, earlier, &out);
	assert_string_equal(event_of(text, "ceremony-2027-08-" KEY),
	    "20270803T100000 CANCELLED No longer to come: ceremony of "
	    "corp-root-g1");
	assert_string_equal(event_of(text, "deadline-2027-08-" KEY),
	    "20270806 CANCELLED No longer to come: deadline for the CRL of "
	    "corp-root-g1");
	assert_string_equal(event_of(text, "deadline-2027-09-cd"),
	    "20270901 CANCELLED No longer to come: deadline for the CRL of a "
	    "former root");
	assert_string_equal(event_of(text, "ceremony-2027-05-" KEY),
	    "20270504T100000 CONFIRMED Ceremony of corp-root-g1");
	assert_int_equal(count(text, "STATUS:CANCELLED"), 2 * 2 + 6);
	assert_null(strstr(text, "2027-10"));
	assert_null(strstr(text, "2020-09"));
}

/* Days that other programs stumble over, and the end of the calendar. */
TEST(odd_days)
{
	static const struct {
		const char *name, *now, *next, *uid, *want;
	} rows[] = {
	    {"leap day", "2028-01-01", "2028-02-29", "ceremony-2028-02-" KEY,
		"20280229T100000 CONFIRMED Ceremony of corp-root-g1"},
	    {"the day after it", "2028-01-01", "2028-02-29",
		"deadline-2028-02-" KEY, "20280303 CONFIRMED Deadline: the "
		"new CRL of corp-root-g1 must be in place before this day"},
	    {"the last day", "9999-12-01", "9999-12-31",
		"ceremony-9999-12-" KEY, "99991231T100000 CONFIRMED "
		"Ceremony of corp-root-g1"},
	    {"nothing beyond", "9999-12-01", "9999-12-31",
		"deadline-9999-12-" KEY, "99991231 CONFIRMED Deadline: the "
		"new CRL of corp-root-g1 must be in place before this day"},
	    {"before 2020", "1970-01-02", "1970-02-01",
		"ceremony-1970-02-" KEY, "19700201T100000 CONFIRMED "
		"Ceremony of corp-root-g1"},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct ics_scene ics;

		print_message("%s\n", rows[i].name);
		set_ics(&ics, rows[i].now);
		ics.plan.root_end_s = UTC_MAX_S;
		ics.forecast.next_ceremony_s = instant(rows[i].next);
		assert_string_equal(event_of(calendar_after(&ics, "", &out),
		    rows[i].uid), rows[i].want);
	}
}

/* It rises by the second, and stays an INTEGER. */
TEST(the_sequence_rises)
{
	static const struct {
		const char *now, *want;
	} rows[] = {{"1970-01-02", "SEQUENCE:0\n"}, {"2020-01-01",
	    "SEQUENCE:0\n"}, {"2020-01-01T00:00:01Z", "SEQUENCE:1\n"},
	    {NOW, "SEQUENCE:217555200\n"},
	    {"2088-01-19T03:14:06Z", "SEQUENCE:2147483646\n"},
	    {"2088-01-19T03:14:08Z", "SEQUENCE:2147483647\n"},
	    {"9999-12-31", "SEQUENCE:2147483647\n"}};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		struct ics_scene ics;

		set_ics(&ics, rows[i].now);
		assert_non_null(strstr(calendar_after(&ics, "", &out),
		    rows[i].want));
	}
}
