/* SPDX-License-Identifier: ISC */
/*
 * The future of one root: its ceremonies, what fails if nobody acts, and
 * the certificates that end.
 */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "plan/agenda.h"
#include "plan/forecast.h"

/* A certificate, the root's or a subordinate's. */
struct plan_end {
	bool is_root;
	bool is_retired;
	const char *name;	/* as configured; borrowed */
	int64_t not_after_s;
};

/* All arrays are borrowed, and in order of time. */
struct plan {
	const char *root;
	uint8_t root_spki[SHA256_SIZE];	/* of its public key */
	const struct schedule *schedule;
	unsigned int proven_years;
	int64_t root_end_s;	/* notAfter of the root's certificate */
	bool ends_with_root;	/* before the proven years are over */
	struct agenda agenda;
	const struct schedule_day *days;	/* from today on */
	size_t day_count;
	const struct forecast *forecasts;
	size_t forecast_count;
	const struct plan_end *ends;	/* within the horizon, or past */
	size_t end_count;
};

/* The span that is looked at. */
struct plan_span {
	int64_t now_s;
	int64_t end_s;		/* included */
	int64_t made_s;		/* by the clock, whatever day now_s is of */
};

/* The meaning of an event, a sentence without its full stop; appended. */
MUST_CHECK enum err plan_event_text(const struct plan *plan,
    const struct forecast *forecast, const struct forecast_event *event,
    struct buffer *out, struct error *err);

#define PLAN_NAMES_MAX 3

/* "a, b and c", "a, b, c and 7 more"; appended. */
MUST_CHECK enum err plan_names(const char *const names[], size_t count,
    struct buffer *out, struct error *err);
