/* SPDX-License-Identifier: ISC */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/printable.h"
#include "view/table.h"

#define COLUMNS_MAX 16
#define SEPARATOR "  "
#define WRAP_WIDTH_MIN 24	/* narrower text is chopped, not wrapped */

struct table {
	struct libscols_table *scols;
	enum printable kind;	/* what the locale can show */
	size_t width;		/* of the terminal, 0 for no limit */
	size_t column_count;
	struct {
		bool is_wrapped;
		size_t width;	/* of the widest cell, in characters */
	} columns[COLUMNS_MAX];
};

/* Text as libsmartcols may have it, with a final NUL, for a column. */
static enum err
cell_text(struct table *table, size_t column, const char *text,
    struct buffer *out, struct error *err)
{
	size_t width = 0;

	TRY(printable_append(out, text, table->kind, "", err));
	for (size_t i = 0; i < out->size; i++)
		width += (out->data[i] & 0xc0) != 0x80;
	if (width > table->columns[column].width)
		table->columns[column].width = width;
	return buffer_append(out, "", 1, err);
}

static enum err
add_column(struct table *table, const char *heading, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	size_t column = table->column_count;
	int flags = 0;

	if (column == COLUMNS_MAX)
		return err_fail(err, ERR_FORMAT, "table: more than %d columns",
		    COLUMNS_MAX);
	for (; *heading == '>' || *heading == '~'; heading++)
		flags |= *heading == '>' ? SCOLS_FL_RIGHT : SCOLS_FL_WRAP;
	TRY(cell_text(table, column, heading, &text, err));
	table->columns[column].is_wrapped = (flags & SCOLS_FL_WRAP) != 0;
	if (scols_table_new_column(table->scols, (const char *)text.data, 0,
	    flags) == NULL)
		return err_no_memory(err);
	table->column_count++;
	return ERR_OK;
}

static bool
set_looks(struct libscols_table *scols)
{
	return scols_table_enable_colors(scols, 0) == 0 &&
	    scols_table_enable_ascii(scols, 1) == 0 &&
	    scols_table_set_column_separator(scols, SEPARATOR) == 0;
}

/* Do the columns leave enough of the terminal to those that wrap? */
static bool
fits_terminal(const struct table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		size_t wants = table->columns[i].width;

		if (table->columns[i].is_wrapped && wants > WRAP_WIDTH_MIN)
			wants = WRAP_WIDTH_MIN;
		width += wants + (i > 0 ? strlen(SEPARATOR) : 0);
	}
	return width <= table->width;
}

/*
 * Say all that libsmartcols would else learn from the environment.  A table
 * that cannot fit is printed as wide as it is: the terminal breaks its lines
 * with less harm.
 */
static bool
set_width(const struct table *table)
{
	struct libscols_table *scols = table->scols;
	bool is_limited = table->width > 0 && fits_terminal(table);

	return scols_table_set_termforce(scols, is_limited ?
	    SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER) == 0 &&
	    scols_table_set_termheight(scols, 0) == 0 &&
	    scols_table_set_termwidth(scols, table->width) == 0;
}

enum err
table_new(const char *const headings[], size_t width, struct table **out,
    struct error *err)
{
	FREE_TABLE struct table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return err_no_memory(err);
	table->width = width;
	table->kind = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ?
	    PRINTABLE_LINE : PRINTABLE_ASCII;
	table->scols = scols_new_table();
	if (table->scols == NULL || !set_looks(table->scols))
		return err_no_memory(err);
	for (size_t i = 0; headings[i] != NULL; i++)
		TRY(add_column(table, headings[i], err));
	*out = table;
	table = NULL;
	return ERR_OK;
}

enum err
table_add(struct table *table, const char *const cells[], struct error *err)
{
	struct libscols_line *line = scols_table_new_line(table->scols, NULL);

	if (line == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < table->column_count; i++) {
		RELEASE_BUFFER struct buffer text = {0};

		TRY(cell_text(table, i, cells[i], &text, err));
		if (scols_line_set_data(line, i, (const char *)text.data) != 0)
			return err_no_memory(err);
	}
	return ERR_OK;
}

/* Lines of text, without the spaces that fill the last column. */
static enum err
append_trimmed(struct buffer *out, const char *text, struct error *err)
{
	while (*text != '\0') {
		size_t size = strcspn(text, "\n");
		size_t shown = size;

		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		TRY(buffer_append(out, text, shown, err));
		TRY(buffer_append_text(out, "\n", err));
		text += size + (text[size] == '\n');
	}
	return ERR_OK;
}

enum err
table_print(struct table *table, struct buffer *out, struct error *err)
{
	char *text = NULL;
	enum err code;

	if (scols_table_is_empty(table->scols))
		return ERR_OK;
	if (!set_width(table) ||
	    scols_print_table_to_string(table->scols, &text) != 0 ||
	    text == NULL)
		return err_no_memory(err);
	code = append_trimmed(out, text, err);
	free(text);
	return code;
}

void
table_free(struct table **table)
{
	if (*table == NULL)
		return;
	scols_unref_table((*table)->scols);
	free(*table);
	*table = NULL;
}
