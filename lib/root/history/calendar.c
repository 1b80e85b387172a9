/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/array.h"
#include "root/history/calendar.h"

static bool
tells_of_crl(const struct history_line *line)
{
	static const char *const events[] = {"issue-intent", "issue",
	    "adopt-intent", "adopt"};

	for (size_t i = 0; i < COUNT_OF(events); i++) {
		if (history_line_is(line, events[i]))
			return line->has_number;
	}
	return false;
}

/* After an emergency CRL it is that of the last regular one before it. */
static int64_t
after_emergency(const struct history *history,
    const struct config_root *root, int64_t this_update_s)
{
	const struct history_line *line = history_lines(history, root->name);
	bool has_regular = false;
	int64_t regular_s = 0;

	for (; line != NULL; line = line->next) {
		const char *text = history_line_detail(line, "this_update");
		int64_t at_s;

		/* One from a clock that ran ahead has fulfilled nothing. */
		if (!tells_of_crl(line) || history_line_is_emergency(line) ||
		    text == NULL || !utc_parse(text, &at_s) ||
		    at_s > this_update_s ||
		    (has_regular && at_s <= regular_s))
			continue;
		has_regular = true;
		regular_s = at_s;
	}
	return has_regular ? schedule_after_crl(&root->schedule, regular_s) :
	    schedule_next(&root->schedule, this_update_s);
}

int64_t
calendar_foresee(const struct history *history,
    const struct config_root *root, int64_t this_update_s, bool is_emergency)
{
	return is_emergency ? after_emergency(history, root, this_update_s) :
	    schedule_after_crl(&root->schedule, this_update_s);
}

void
calendar_read(const struct history *history, const struct config_root *root,
    const struct number *number, int64_t this_update_s, struct calendar *out)
{
	const struct history_line *line = history_lines(history, root->name);
	const char *why = NULL;

	out->is_emergency = false;
	/* The last line about it counts: an intent may come to nothing. */
	for (; line != NULL; line = line->next) {
		if (!tells_of_crl(line) ||
		    number_compare(&line->number, number) != 0)
			continue;
		out->is_emergency = history_line_is_emergency(line);
		why = out->is_emergency ? history_line_detail(line, "why") :
		    NULL;
	}
	snprintf(out->why, sizeof(out->why), "%s", why == NULL ? "" : why);
	out->next_ceremony_s = calendar_foresee(history, root, this_update_s,
	    out->is_emergency);
}
