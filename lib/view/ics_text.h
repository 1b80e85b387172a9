/* SPDX-License-Identifier: ISC */
/*
 * Content lines of iCalendar (RFC 5545 3.1): CRLF, folded at 75 octets, never
 * inside a character.
 */
#pragma once

#include "base/bytes.h"

/* NAME:value as it stands: a date, a word. */
MUST_CHECK enum err ics_line(struct buffer *out, const char *name,
    const char *value, struct error *err);

/*
 * NAME:value of type TEXT (RFC 5545 3.3.11): comma, semicolon, backslash and
 * LF are escaped, and '?' stands for what may not be shown.
 */
MUST_CHECK enum err ics_text(struct buffer *out, const char *name,
    const char *value, struct error *err);

/*
 * The next UID of a calendar, folded or not, whoever wrote it; rest moves on.
 * False at the end.  One that does not fit is passed over.
 */
bool ics_next_uid(struct span *rest, char *out, size_t capacity);
