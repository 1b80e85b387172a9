/* SPDX-License-Identifier: ISC */
/* A schedule that is fine; tests change a word or two of it. */
#pragma once

#include "instant.h"
#include "plan/schedule.h"
#include "test.h"

static inline struct schedule_text
plain_text(void)
{
	return (struct schedule_text){.every = "6 months", .from = "2026-01",
	    .on = "first tuesday", .validity = "7 months",
	    .cushion = "3 weeks"};
}

static inline struct schedule
parsed(const struct schedule_text *text)
{
	struct schedule schedule;
	struct error err = {0};

	FINE(schedule_parse("test", text, &schedule, &err));
	return schedule;
}
