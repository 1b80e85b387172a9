/* SPDX-License-Identifier: ISC */
/*
 * A schedule file.  Every refusal must say why; the ceremonies of what is
 * taken come one after the other, and each is found by its date.
 */

#include "base/array.h"
#include "folder.h"
#include "libconfig_leak.h"
#include "must.h"
#include "plan/schedule_calendar.h"
#include "site/config.h"

#define LAST_DATE_S (UTC_MAX_S + 1 - DAY_S)	/* of the calendar */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char configuration[] = "state = \"state\"; roots = ( { name = "
    "\"r\"; certificate = \"r.pem\"; schedule = \"fuzzed\"; } );";

/* Besides the first ones: far off, and where the calendar ends. */
static const uint32_t far[] = {100, 1000, 10000, 95000, UINT32_MAX - 2};

static void
check_day(const struct schedule *schedule, uint32_t index)
{
	const int64_t at_s = schedule_ceremony(schedule, index);
	struct schedule_day day;

	schedule_describe(schedule, index, &day);
	must(day.ceremony_s == at_s);
	must(day.next_ceremony_s == schedule_ceremony(schedule, index + 1));
	must(day.deadline_s >= at_s && day.next_update_s >= at_s);
	if (day.has_standby)
		must(day.standby_s > at_s &&
		    day.standby_s < day.next_ceremony_s &&
		    !schedule_is_avoided(schedule, day.standby_s));
}

static void
check_ceremony(const struct schedule *schedule, uint32_t index)
{
	const int64_t at_s = schedule_ceremony(schedule, index);
	int64_t last_s = 0;

	check_day(schedule, index);
	if (at_s >= LAST_DATE_S)
		return;
	must(utc_day_start(at_s) == at_s);
	must(!schedule_is_avoided(schedule, at_s));
	must(schedule_ceremony(schedule, index + 1) > at_s);
	must(schedule_index(schedule, at_s) == index);
	must(schedule_next(schedule, at_s) == at_s);
	must(schedule_next(schedule, at_s + 1) == at_s);
	must(schedule_last(schedule, at_s, &last_s) && last_s == at_s);
	must(schedule_after_crl(schedule, at_s) > at_s);
	if (index == 0)
		must(!schedule_last(schedule, at_s - 1, &last_s));
}

static void
check(const struct schedule *schedule)
{
	struct error err = {0};
	uint32_t index;
	size_t i;

	must(schedule->every_months >= 1 && schedule->every_months <= 120);
	must(schedule->at_minute >= 0 && schedule->at_minute < 24 * 60);
	must(schedule->avoid_count <= SCHEDULE_AVOID_MAX);
	for (index = 0; index < 16; index++)
		check_ceremony(schedule, index);
	for (i = 0; i < COUNT_OF(far); i++)
		check_ceremony(schedule, far[i]);
	(void)is_refused(schedule_prove(schedule,
	    schedule_ceremony(schedule, 0), 20, &err), &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FREE_CONFIG struct config *config = NULL;
	char path[sizeof(folder) + 16];
	struct error err = {0};

	if (folder_enter()) {
		must(mkdirat(folder_fd, "schedules", 0755) == 0);
		folder_put("x.cfg", span_of_text(configuration));
	}
	folder_put("schedules/fuzzed.cfg", (struct span){ data, size });
	snprintf(path, sizeof(path), "%s/x.cfg", folder);
	if (!is_refused(config_load(path, &config, &err), &err))
		check(&config->roots[0].schedule);
	return 0;
}
