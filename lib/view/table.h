/* SPDX-License-Identifier: ISC */
/* Tables of text, by libsmartcols. */
#pragma once

#include "base/bytes.h"

struct table;		/* new/free */

#define FREE_TABLE __attribute__((cleanup(table_free)))

/*
 * headings  NULL-terminated; a leading '>' aligns the column to the right,
 *           a leading '~' lets it wrap at blanks if the line is too long,
 *           and '<' lets paths lose their beginning
 * width     columns of the terminal, 0 for as wide as it takes; a table that
 *           cannot be made to fit is printed as wide as it is
 *
 * Control characters become '?', as does what is not ASCII if the locale
 * is not UTF-8.  At most 16 columns, ERR_FORMAT beyond.
 */
MUST_CHECK enum err table_new(const char *const headings[], size_t width,
    struct table **out, struct error *err);

/* One row: as many cells as headings.  Cells are copied. */
MUST_CHECK enum err table_add(struct table *table, const char *const cells[],
    struct error *err);

/* Show a cell of the row that was added last in a colour: "red". */
MUST_CHECK enum err table_paint(struct table *table, size_t column,
    const char *colour, struct error *err);

/* Is there room for all that was added, with every cell in one line? */
bool table_fits(const struct table *table);

/* The text, appended.  Nothing for a table without rows. */
MUST_CHECK enum err table_print(struct table *table, struct buffer *out,
    struct error *err);
void table_free(struct table **table);
