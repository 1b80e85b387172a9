/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "root/history/calendar.h"
#include "root/history/ledger.h"

/* What the ledger says of a root's CRLs. */
struct reading {
	const char *root;
	const struct number *number;	/* of the current one, or NULL */
	int64_t this_update_s;		/* of the current one */
	bool is_emergency;		/* the current one */
	char why[256];
	bool has_regular;
	int64_t regular_s;		/* thisUpdate of the last regular one */
};

/* The last line about it counts: an intent may have come to nothing. */
static void
read_current(struct reading *reading, const struct ledger_line *line)
{
	const char *why = ledger_line_detail(line, "why");

	reading->is_emergency = ledger_line_is_emergency(line);
	snprintf(reading->why, sizeof(reading->why), "%s",
	    !reading->is_emergency || why == NULL ? "" : why);
}

static bool
tells_of_crl(const struct ledger_line *line)
{
	static const char *const events[] = {"issue-intent", "issue",
	    "adopt-intent", "adopt"};
	size_t i;

	for (i = 0; i < COUNT_OF(events); i++) {
		if (strcmp(line->event, events[i]) == 0)
			return line->has_number;
	}
	return false;
}

static enum err
read_line(void *context, const struct ledger_line *line, struct error *err)
{
	const char *this_update = ledger_line_detail(line, "this_update");
	struct reading *reading = context;
	int64_t at_s;

	(void)err;
	if (strcmp(line->root, reading->root) != 0 || !tells_of_crl(line))
		return ERR_OK;
	if (reading->number != NULL &&
	    number_compare(&line->number, reading->number) == 0)
		read_current(reading, line);
	if (ledger_line_is_emergency(line) || this_update == NULL ||
	    !utc_parse(this_update, &at_s))
		return ERR_OK;
	/* One from a clock that ran ahead has fulfilled nothing. */
	if (at_s > reading->this_update_s ||
	    (reading->has_regular && at_s <= reading->regular_s))
		return ERR_OK;
	reading->has_regular = true;
	reading->regular_s = at_s;
	return ERR_OK;
}

static int64_t
next_ceremony(const struct reading *reading, const struct schedule *schedule)
{
	if (!reading->is_emergency)
		return schedule_after_crl(schedule, reading->this_update_s);
	if (reading->has_regular)
		return schedule_after_crl(schedule, reading->regular_s);
	return schedule_next(schedule, reading->this_update_s);
}

enum err
calendar_read(const struct config *config, const struct config_root *root,
    const struct number *number, int64_t this_update_s, struct calendar *out,
    struct error *err)
{
	struct reading reading = {
	    .root = root->name, .number = number,
	    .this_update_s = this_update_s};
	struct ledger_summary summary;

	TRY(ledger_read(config, read_line, &reading, &summary, err));
	out->is_emergency = reading.is_emergency;
	memcpy(out->why, reading.why, sizeof(out->why));
	out->next_ceremony_s = next_ceremony(&reading, &root->schedule);
	return ERR_OK;
}

enum err
calendar_foresee(const struct config *config, const struct config_root *root,
    int64_t this_update_s, bool is_emergency, int64_t *next_ceremony_s,
    struct error *err)
{
	struct reading reading = {
	    .root = root->name, .this_update_s = this_update_s,
	    .is_emergency = is_emergency};
	struct ledger_summary summary;

	TRY(ledger_read(config, read_line, &reading, &summary, err));
	*next_ceremony_s = next_ceremony(&reading, &root->schedule);
	return ERR_OK;
}
