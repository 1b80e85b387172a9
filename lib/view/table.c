/* SPDX-License-Identifier: ISC */
#include <langinfo.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/printable.h"
#include "base/text.h"
#include "view/table.h"
#include "view/wrap.h"

#define COLUMNS_MAX 16
#define SEPARATOR "  "
#define WRAP_WIDTH_MIN 10	/* narrower text is chopped, not wrapped */
#define PATH_WIDTH_MIN 30	/* below it, other columns give room too */

struct table {
	struct libscols_table *scols;
	struct libscols_line *line;	/* the last one; owned by scols */
	enum printable kind;	/* what the locale can show */
	size_t width;		/* of the terminal, 0 for no limit */
	size_t column_count;
	struct {
		bool is_wrapped;
		bool is_shortened;
		size_t width;	/* of the widest cell */
	} columns[COLUMNS_MAX];
};

/* Text as libsmartcols may have it, with a final NUL, for a column. */
static enum err
cell_text(struct table *table, size_t column, const char *text,
    struct buffer *out, struct error *err)
{
	size_t width;

	TRY(printable_append(out, text, table->kind, "", err));
	TRY(buffer_append(out, "", 1, err));
	width = wrap_columns((const char *)out->data);
	if (width > table->columns[column].width)
		table->columns[column].width = width;
	return ERR_OK;
}

static enum err
add_column(struct table *table, const char *heading, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	size_t column = table->column_count;
	struct libscols_column *made;
	int flags = 0;

	if (column == COLUMNS_MAX)
		return err_fail(err, ERR_FORMAT, "table: more than %d columns",
		    COLUMNS_MAX);
	for (; strchr(">~<", *heading) != NULL && *heading != '\0'; heading++) {
		flags |= *heading == '>' ? SCOLS_FL_RIGHT :
		    *heading == '~' ? SCOLS_FL_WRAP : 0;
		table->columns[column].is_shortened = *heading == '<';
	}
	TRY(cell_text(table, column, heading, &text, err));
	table->columns[column].is_wrapped = (flags & SCOLS_FL_WRAP) != 0;
	made = scols_table_new_column(table->scols, (const char *)text.data, 0,
	    flags);
	/* Lines end where they were wrapped, below. */
	if (made == NULL || scols_column_set_wrapfunc(made,
	    scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) != 0 ||
	    scols_column_set_safechars(made, "\n") != 0)
		return err_no_memory(err);
	table->column_count++;
	return ERR_OK;
}

static bool
set_looks(struct libscols_table *scols)
{
	/* All that libsmartcols would else learn from the environment. */
	return scols_table_enable_colors(scols, 0) == 0 &&
	    scols_table_enable_ascii(scols, 1) == 0 &&
	    scols_table_set_column_separator(scols, SEPARATOR) == 0 &&
	    scols_table_set_termforce(scols, SCOLS_TERMFORCE_NEVER) == 0 &&
	    scols_table_set_termheight(scols, 0) == 0 &&
	    scols_table_set_termwidth(scols, 0) == 0;
}

static size_t
width_of(const struct table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->column_count; i++)
		width += table->columns[i].width +
		    (i > 0 ? strlen(SEPARATOR) : 0);
	return width;
}

bool
table_fits(const struct table *table)
{
	return table->width == 0 || width_of(table) <= table->width;
}

/* How gladly a column gives room: paths, then the widest; 0: not at all. */
static size_t
readiness(const struct table *table, size_t column)
{
	const size_t width = table->columns[column].width;

	if (table->columns[column].is_shortened && width > PATH_WIDTH_MIN)
		return SIZE_MAX;
	return width > WRAP_WIDTH_MIN && (table->columns[column].is_wrapped ||
	    table->columns[column].is_shortened) ? width : 0;
}

/*
 * Take room from the columns until the table fits.  False if it cannot: it is
 * printed as wide as it is, for the terminal breaks its lines with less harm.
 */
static bool
narrow(struct table *table)
{
	for (size_t excess = width_of(table) - table->width; excess > 0;
	    excess--) {
		size_t from = 0;

		for (size_t i = 1; i < table->column_count; i++) {
			if (readiness(table, i) > readiness(table, from))
				from = i;
		}
		if (readiness(table, from) == 0)
			return false;
		table->columns[from].width--;
	}
	return true;
}

static void
free_iter(struct libscols_iter **iter)
{
	scols_free_iter(*iter);
}

static enum err
wrap_cell(struct libscols_cell *cell, size_t width, struct error *err)
{
	const struct wrapping wrapping = {.width = width};
	RELEASE_BUFFER struct buffer text = {0};

	TRY(wrap_append(&text, scols_cell_get_data(cell), &wrapping, err));
	text.data[text.size - 1] = '\0';
	return scols_cell_set_data(cell, (const char *)text.data) == 0 ?
	    ERR_OK : err_no_memory(err);
}

/* A path is known by its end: "...", and whole names if there are some. */
static enum err
shorten_path(struct libscols_cell *cell, size_t width, const char *dots,
    size_t dots_width, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	const char *end = scols_cell_get_data(cell);
	const char *name;

	if (wrap_columns(end) <= width)
		return ERR_OK;
	/* By whole characters of UTF-8. */
	while (wrap_columns(end) > width - dots_width) {
		for (end++; utf8_is_within(*end); end++)
			continue;
	}
	name = strchr(end, '/');
	TRY(buffer_append_text(&text, dots, err));
	TRY(buffer_append_text(&text, name == NULL ? end : name, err));
	TRY(buffer_append(&text, "", 1, err));
	return scols_cell_set_data(cell, (const char *)text.data) == 0 ?
	    ERR_OK : err_no_memory(err);
}

/* A URL is known by the server, which comes first. */
static enum err
shorten_url(struct libscols_cell *cell, size_t width, const char *dots,
    size_t dots_width, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	char *begin;

	TRY(buffer_append_text(&text, scols_cell_get_data(cell), err));
	TRY(buffer_append(&text, "", 1, err));
	begin = (char *)text.data;
	if (wrap_columns(begin) <= width)
		return ERR_OK;
	/* By whole characters of UTF-8. */
	while (wrap_columns(begin) > width - dots_width) {
		while (utf8_is_within(begin[text.size - 2]))
			begin[--text.size - 1] = '\0';
		begin[--text.size - 1] = '\0';
	}
	text.size--;
	TRY(buffer_append(&text, dots, strlen(dots) + 1, err));
	return scols_cell_set_data(cell, (const char *)text.data) == 0 ?
	    ERR_OK : err_no_memory(err);
}

static enum err
narrow_cell(const struct table *table, struct libscols_cell *cell,
    size_t column, struct error *err)
{
	const size_t width = table->columns[column].width;
	const bool is_ascii = table->kind == PRINTABLE_ASCII;
	const char *dots = is_ascii ? "..." : "\xe2\x80\xa6";
	const size_t dots_width = is_ascii ? 3 : 1;

	if (table->columns[column].is_wrapped)
		return wrap_cell(cell, width, err);
	if (!table->columns[column].is_shortened)
		return ERR_OK;
	if (strstr(scols_cell_get_data(cell), "://") != NULL)
		return shorten_url(cell, width, dots, dots_width, err);
	return shorten_path(cell, width, dots, dots_width, err);
}

/* The text of cells that are wider than their column now. */
static enum err
narrow_cells(const struct table *table, struct error *err)
{
	__attribute__((cleanup(free_iter))) struct libscols_iter *iter =
	    scols_new_iter(SCOLS_ITER_FORWARD);
	struct libscols_line *line;

	if (iter == NULL)
		return err_no_memory(err);
	while (scols_table_next_line(table->scols, iter, &line) == 0) {
		for (size_t i = 0; i < table->column_count; i++)
			TRY(narrow_cell(table, scols_line_get_cell(line, i),
			    i, err));
	}
	return ERR_OK;
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
	table->line = scols_table_new_line(table->scols, NULL);
	if (table->line == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < table->column_count; i++) {
		RELEASE_BUFFER struct buffer text = {0};

		TRY(cell_text(table, i, cells[i], &text, err));
		if (scols_line_set_data(table->line, i,
		    (const char *)text.data) != 0)
			return err_no_memory(err);
	}
	return ERR_OK;
}

enum err
table_paint(struct table *table, size_t column, const char *colour,
    struct error *err)
{
	return scols_cell_set_color(scols_line_get_cell(table->line, column),
	    colour) == 0 && scols_table_enable_colors(table->scols, 1) == 0 ?
	    ERR_OK : err_no_memory(err);
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
	if (!table_fits(table) && narrow(table))
		TRY(narrow_cells(table, err));
	if (scols_print_table_to_string(table->scols, &text) != 0 ||
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
