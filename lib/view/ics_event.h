/* SPDX-License-Identifier: ISC */
/* One event of the calendar; for the files behind view/ics.h. */
#pragma once

#include "view/plan.h"

#define ICS_KEY_SIZE 16	/* octets of the root key's digest in a UID */

enum ics_kind {
	ICS_CEREMONY,	/* at its hour, local time */
	ICS_DEADLINE,	/* from that day on its CRL is overdue */
	ICS_END,	/* of a CRL in use; one for each day */
};

struct ics_event {
	const struct plan *plan;	/* NULL: the root is not ours now */
	uint8_t key[ICS_KEY_SIZE];	/* and this is its key */
	enum ics_kind kind;
	int64_t month;		/* from January of the year 0; ICS_END: of
				 * the ends the first is 1, the next 2 */
	int64_t date_s;		/* of the ceremony, or of the end */
	int64_t deadline_s;
	bool is_last;		/* ICS_END: the root ends, none follows */
	bool is_cancelled;
};

struct ics_uid {
	char text[72];
};

/*
 * "ceremony-2027-07-<32 digits>@crlferry", "end-<32 digits>@crlferry",
 * "end-2-<32 digits>@crlferry"
 */
void ics_make_uid(const struct ics_event *event, struct ics_uid *out);

/* Kind, month and key of one of ours; false for any other. */
bool ics_parse_uid(const char *text, struct ics_event *out);

/* Does it stop on the day of at_s?  What has stopped does not stop again. */
bool ics_stops_on(const struct agenda_stop *stop, int64_t at_s);

/* Its VEVENT, as it stands at the span's now_s; appended. */
MUST_CHECK enum err ics_append(const struct ics_event *event,
    const struct ics_uid *uid, const struct plan_span *span,
    struct buffer *out, struct error *err);
