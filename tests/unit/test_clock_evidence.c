/* SPDX-License-Identifier: ISC */
/* What an offline clock may say, to the second. */
#include "instant.h"
#include "rooms_fixture.h"
#include "root/evidence/clock_evidence.h"
#include "test.h"

#define UTC 0
#define TOKYO (9 * 3600)
#define HAWAII (-10 * 3600)

/* Six months and three weeks after the newest evidence. */
static const struct schedule semiannual = {
	.every_months = 6, .cushion = { .seconds = 21 * DAY_S },
};

static const struct {
	const char *name;
	const char *evidence[3];	/* NULL ends them */
	const char *now;
	const char *confirmed;		/* date, NULL for none */
	int64_t utc_offset_s;
	enum err want;
	const char *says;
} rows[] = {
	{ "no evidence", { NULL }, "1970-01-01T00:00:00Z", NULL, UTC, ERR_OK,
	    NULL },
	{ "no evidence, far away", { NULL }, "2099-01-01", NULL, UTC, ERR_OK,
	    NULL },
	{ "at the evidence", { "2026-01-01T12:00:00Z" },
	    "2026-01-01T12:00:00Z", NULL, UTC, ERR_OK, NULL },
	{ "15 minutes before it", { "2026-01-01T12:00:00Z" },
	    "2026-01-01T11:45:00Z", NULL, UTC, ERR_OK, NULL },
	{ "a second more", { "2026-01-01T12:00:00Z" },
	    "2026-01-01T11:44:59Z", NULL, UTC, ERR_CLOCK, "after evidence 0, "
	    "2026-01-01T12:00:00Z, have 2026-01-01T11:44:59Z" },
	{ "a dead battery", { "2026-01-01T12:00:00Z" },
	    "1970-01-01T00:00:00Z", NULL, UTC, ERR_CLOCK, "evidence 0" },
	{ "confirmed though before the evidence",
	    { "2026-01-01T12:00:00Z" }, "2025-12-31T00:00:00Z",
	    "2025-12-31", UTC, ERR_CLOCK, "evidence 0" },
	{ "before the second of three", { "2025-01-01", "2026-01-01",
	    "2024-01-01" }, "2025-12-31T00:00:00Z", NULL, UTC, ERR_CLOCK,
	    "evidence 1" },
	{ "before the last of three", { "2025-01-01", "2025-06-01",
	    "2026-01-01" }, "2025-12-31T00:00:00Z", NULL, UTC, ERR_CLOCK,
	    "evidence 2" },
	{ "after all of three", { "2025-01-01", "2026-01-01", "2024-01-01" },
	    "2026-01-01T00:00:00Z", NULL, UTC, ERR_OK, NULL },

	{ "every and cushion later", { "2026-01-01T12:00:00Z" },
	    "2026-07-22T12:00:00Z", NULL, UTC, ERR_OK, NULL },
	{ "a second later still", { "2026-01-01T12:00:00Z" },
	    "2026-07-22T12:00:01Z", NULL, UTC, ERR_CLOCK,
	    "2026-07-22T12:00:01Z is long after evidence 0" },
	{ "the end of a month is clamped", { "2025-08-31" }, "2026-03-21",
	    NULL, UTC, ERR_OK, NULL },
	{ "and a second later", { "2025-08-31" }, "2026-03-21T00:00:01Z",
	    NULL, UTC, ERR_CLOCK, "long after evidence 0" },
	{ "the newest counts", { "2020-01-01", "2026-01-01", "2023-01-01" },
	    "2026-07-22T00:00:00Z", NULL, UTC, ERR_OK, NULL },
	{ "the newest counts here too", { "2026-01-01", "2020-01-01" },
	    "2026-07-22T00:00:01Z", NULL, UTC, ERR_CLOCK, "evidence 0" },

	{ "far, and confirmed", { "2026-01-01" }, "2030-05-05T10:00:00Z",
	    "2030-05-05", UTC, ERR_OK, NULL },
	{ "the first second of the date", { "2026-01-01" },
	    "2030-05-05T00:00:00Z", "2030-05-05", UTC, ERR_OK, NULL },
	{ "the last second of the date", { "2026-01-01" },
	    "2030-05-05T23:59:59Z", "2030-05-05", UTC, ERR_OK, NULL },
	{ "the day before", { "2026-01-01" }, "2030-05-04T23:59:59Z",
	    "2030-05-05", UTC, ERR_CLOCK, "want the date of this machine's "
	    "clock, 2030-05-04, have 2030-05-05" },
	{ "the day after", { "2026-01-01" }, "2030-05-06T00:00:00Z",
	    "2030-05-05", UTC, ERR_CLOCK,
	    "--confirm-date: want the date" },
	{ "near, and a wrong date", { "2026-01-01" }, "2026-01-02",
	    "2026-01-03", UTC, ERR_CLOCK,
	    "--confirm-date: want the date" },
	{ "no evidence, and a wrong date", { NULL }, "2026-01-02",
	    "2026-01-03", UTC, ERR_CLOCK,
	    "--confirm-date: want the date" },
	{ "the right date of another year", { "2026-01-01" }, "2031-05-05",
	    "2030-05-05", UTC, ERR_CLOCK, "2031-05-05" },

	{ "already tomorrow in Tokyo", { "2026-01-01" },
	    "2030-05-04T15:00:00Z", "2030-05-05", TOKYO, ERR_OK, NULL },
	{ "a second too early in Tokyo", { "2026-01-01" },
	    "2030-05-04T14:59:59Z", "2030-05-05", TOKYO, ERR_CLOCK,
	    "--confirm-date: want the date" },
	{ "the date in UTC will do in Tokyo", { "2026-01-01" },
	    "2030-05-04T15:00:00Z", "2030-05-04", TOKYO, ERR_OK, NULL },
	{ "the last second in Tokyo, by its own date", { "2026-01-01" },
	    "2030-05-05T14:59:59Z", "2030-05-05", TOKYO, ERR_OK, NULL },
	{ "still yesterday in Hawaii", { "2026-01-01" },
	    "2030-05-05T09:59:59Z", "2030-05-04", HAWAII, ERR_OK, NULL },
	{ "no longer yesterday in Hawaii", { "2026-01-01" },
	    "2030-05-05T10:00:00Z", "2030-05-04", HAWAII, ERR_CLOCK,
	    "--confirm-date: want the date" },
};

TEST(the_clock_is_judged)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
		struct error err = {0};
		enum err code;

		for (size_t k = 0; k < COUNT_OF(rows[i].evidence) &&
		    rows[i].evidence[k] != NULL; k++) {
			char what[32];

			snprintf(what, sizeof(what), "evidence %zu", k);
			FINE(clock_evidence_add(&evidences,
			    instant(rows[i].evidence[k]), "crl-1", what, &err));
		}
		code = clock_check(&evidences, &semiannual,
		    instant(rows[i].now), rows[i].utc_offset_s,
		    rows[i].confirmed == NULL ? -1 :
		    instant(rows[i].confirmed), &err);
		if (rows[i].want == ERR_OK)
			assert_fine(rows[i].name, code, &err);
		else
			assert_refusal(rows[i].name, rows[i].want,
			    rows[i].says, code, &err);
		if (rows[i].want != ERR_OK &&
		    strstr(rows[i].says, "long after") != NULL)
			assert_non_null(strstr(err.remedy,
			    "--confirm-date YYYY-MM-DD"));
	}
}

/* Before the root was made, only the clock can be wrong. */
TEST(no_id_is_named_where_discarding_does_not_help)
{
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	struct error err = {0};

	FINE(clock_evidence_add(&evidences, instant("2026-01-01"), "",
	    "the beginning", &err));
	FINE(clock_evidence_add(&evidences, instant("2026-06-01"), "crl-1",
	    "the last CRL", &err));
	assert_refusal("before both", ERR_CLOCK, "after the last CRL, "
	    "2026-06-01T00:00:00Z, have 1970-01-01T00:00:00Z",
	    clock_check(&evidences, &semiannual, 0, 0, -1, &err), &err);
	assert_string_equal(err.remedy, "set the clock");
	assert_refusal("between", ERR_CLOCK, "after the last CRL",
	    clock_check(&evidences, &semiannual, instant("2026-03-01"), 0,
	    -1, &err), &err);
	assert_non_null(strstr(err.remedy, "for each ID of: crl-1"));
}

/* Other rhythms, other limits. */
TEST(the_schedule_sets_the_limit)
{
	static const struct {
		struct schedule schedule;
		const char *last;	/* second that passes */
	} schedules[] = {
		{ { .every_months = 1, .cushion = { .seconds = DAY_S } },
		    "2026-02-02T00:00:00Z" },
		{ { .every_months = 12, .cushion = { .months = 1 } },
		    "2027-02-01T00:00:00Z" },
		{ { .every_months = 3, .cushion = { .months = 1,
		    .seconds = -1 } }, "2026-04-30T23:59:59Z" },
	};

	for (size_t i = 0; i < COUNT_OF(schedules); i++) {
		RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
		const int64_t last_s = instant(schedules[i].last);
		struct error err = {0};

		FINE(clock_evidence_add(&evidences, instant("2026-01-01"),
		    "crl-1", "x", &err));
		assert_fine(schedules[i].last, clock_check(&evidences,
		    &schedules[i].schedule, last_s, 0, -1, &err), &err);
		assert_refusal(schedules[i].last, ERR_CLOCK, "long after",
		    clock_check(&evidences, &schedules[i].schedule,
		    last_s + 1, 0, -1, &err), &err);
	}
}

/* All that speak against the clock are named, as far as they fit. */
TEST(refusals_name_the_ids)
{
	static const struct {
		const char *name;
		size_t late;		/* how many lie in the future */
		const char *says;
	} lists[] = {
		{ "one", 1, "set the clock; only if it is right: "
		    "--discard-evidence ID --why TEXT for each ID of: "
		    "note-0" },
		{ "three", 3, "of: note-0, note-1, note-2" },
		{ "more than fit", 1000, " more" },
	};

	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
		struct error err = {0};
		char id[32];

		/* What does not speak against it is not named. */
		FINE(clock_evidence_add(&evidences, instant("2025-01-01"),
		    "fine", "y", &err));
		FINE(clock_evidence_add(&evidences,
		    instant("2026-01-01T00:15:00Z"), "tolerated", "y", &err));
		for (size_t k = 0; k < lists[i].late; k++) {
			snprintf(id, sizeof(id), "note-%zu", k);
			FINE(clock_evidence_add(&evidences,
			    instant("2027-01-01") - (int64_t)k, id, "x", &err));
		}
		assert_refusal(lists[i].name, ERR_CLOCK, "after x, "
		    "2027-01-01T00:00:00Z, have 2026-01-01T00:00:00Z",
		    clock_check(&evidences, &semiannual,
		    instant("2026-01-01"), 0, -1, &err), &err);
		assert_non_null(strstr(err.remedy, lists[i].says));
		assert_null(strstr(err.remedy, "fine"));
		assert_null(strstr(err.remedy, "tolerated"));
		assert_in_range(strlen(err.remedy), 1, sizeof(err.remedy) - 2);
	}
}

/* notBefore has no id: there is no way around it. */
TEST(what_cannot_be_discarded_has_no_way_out)
{
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	struct error err = {0};

	FINE(clock_evidence_add(&evidences, instant("2027-01-01"), "",
	    "notBefore", &err));
	FINE(clock_evidence_add(&evidences, instant("2026-06-01"), "crl-1", "x",
	    &err));
	assert_refusal("notBefore", ERR_CLOCK, "after notBefore",
	    clock_check(&evidences, &semiannual, instant("2026-01-01"), 0, -1,
	    &err), &err);
	assert_string_equal(err.remedy, "set the clock");
}
