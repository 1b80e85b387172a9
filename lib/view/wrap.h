/* SPDX-License-Identifier: ISC */
/* Text in lines of a given width. */
#pragma once

#include "base/bytes.h"

/* The columns that text takes: East Asian characters two each. */
size_t wrap_columns(const char *text);

/* Where text goes, in columns from 0. */
struct wrapping {
	size_t column;	/* that the line has reached already */
	size_t indent;	/* of every further line */
	size_t width;	/* of a line; at least two columns beyond both */
};

/*
 * Append text and a LF: lines break at blanks, in the middle of a word that is
 * longer than a line, and at each LF of the text.  No line ends with a blank.
 * East Asian characters take two columns.
 *
 * text  UTF-8 without control characters but LF, as printable.h lets through
 */
MUST_CHECK enum err wrap_append(struct buffer *out, const char *text,
    const struct wrapping *wrapping, struct error *err);
