/* SPDX-License-Identifier: ISC */
#include "ca/leap.h"

void
leap_note(const char *subject, const struct number *last,
    const struct number *next, struct notices *notices)
{
	const struct number most = number_from_u64(LEAP_MAX);
	char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
	struct number leap;

	if (number_compare(next, last) <= 0)
		return;
	leap = number_difference(next, last);
	if (number_compare(&leap, &most) <= 0)
		return;
	number_format(last, 0, from);
	number_format(next, 0, to);
	notice_safety(notices, "ATTENTION: %s: the number leaps from #%s to "
	    "#%s, and a subordinate that has it takes no lower one again: "
	    "if that is a mistake, export nothing and see RECOVERING in "
	    "crlferry-root(1)", subject, from, to);
}
