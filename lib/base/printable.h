/* SPDX-License-Identifier: ISC */
/* Text that may be shown: it steers no terminal and breaks no format. */
#pragma once

#include "base/bytes.h"

enum printable {
	PRINTABLE_LINE,		/* UTF-8 without control characters */
	PRINTABLE_ASCII,	/* the same, ASCII only */
	PRINTABLE_TEXT,		/* UTF-8 with LF and TAB */
};

/*
 * Append text with '?' for each character that does not fit: control
 * characters (C0, DEL, C1, those that turn the writing direction), octets
 * that are not UTF-8, and the ASCII characters in `unwanted`.
 */
MUST_CHECK enum err printable_append(struct buffer *out, const char *text,
    enum printable kind, const char *unwanted, struct error *err);
