/* SPDX-License-Identifier: ISC */
#include <locale.h>

#include "test.h"
#include "view/table.h"

static const char *const headings[] = {"~NAME", ">N", "~TEXT", NULL};
static const char long_text[] = "eleven text eleven text eleven";

/* Two rows as text, made with the locale and COLUMNS that a row names. */
static void
print_rows(size_t width, const char *name, const char *text,
    struct buffer *out)
{
	FREE_TABLE struct table *table = NULL;
	struct error err = {0};

	FINE(table_new(headings, width, &table, &err));
	FINE(table_add(table, (const char *const[]){"a", "1", "short"}, &err));
	FINE(table_add(table, (const char *const[]){name, "123", text}, &err));
	FINE(table_print(table, out, &err));
	FINE(buffer_append(out, "", 1, &err));
}

static const struct {
	const char *name;
	const char *locale;
	size_t width;
	const char *cell, *text;
	const char *want;
} rows[] = {
    {"plain", "C", 0, "bb", "text",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"bb    123  text\n"},
    {"no limit, no wrapping", "C", 0, "bb", long_text,
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"bb    123  eleven text eleven text eleven\n"},
    {"wraps at the terminal's edge", "C", 36, "bb", long_text,
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"bb    123  eleven text eleven text\n"
	"           eleven\n"},
    {"names break where they must", "C", 25, "n23456789012345678", "text",
	"NAME             N  TEXT\n"
	"a                1  short\n"
	"n234567890123  123  text\n"
	"45678\n"},
    {"the wider ones give first", "C", 40,
	"n2345678901234567890123456789012", "t2345678901234567890123456",
	"NAME                N  TEXT\n"
	"a                   1  short\n"
	"n234567890123456  123  t2345678901234567\n"
	"7890123456789012       890123456\n"},
    {"just wide enough", "C", 21, "bb", long_text,
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"bb    123  eleven\n"
	"           text\n"
	"           eleven\n"
	"           text\n"
	"           eleven\n"},
    {"too narrow to be of use", "C", 20, "bb", long_text,
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"bb    123  eleven text eleven text eleven\n"},
    {"an empty cell", "C", 80, "", "",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"      123\n"},
    {"control characters", "C", 80, "b\033[31m", "x\r\n\t\x7fy",
	"NAME      N  TEXT\n"
	"a         1  short\n"
	"b?[31m  123  x????y\n"},
    {"UTF-8 in a plain locale", "C", 80, "b\xc3\xa4", "\xe2\x82\xac",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"b?    123  ?\n"},
    {"UTF-8", "C.UTF-8", 80, "b\xc3\xa4", "\xe2\x82\xac",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"b\xc3\xa4    123  \xe2\x82\xac\n"},
    {"broken UTF-8", "C.UTF-8", 80, "b\xff", "\xc3(\xc0\x80\xed\xa0\x80",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"b?    123  ?(?????\n"},
    {"a C1 control and a turn of direction", "C.UTF-8", 80, "b\xc2\x9b",
	"\xe2\x80\xaey",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"b?    123  ?y\n"},
    {"cut off in a character", "C.UTF-8", 80, "b\xe2\x82", "\xf0\x9f",
	"NAME    N  TEXT\n"
	"a       1  short\n"
	"b??   123  ??\n"},
};

TEST(tables_are_stable)
{
	static const char *const columns[] = {"10", "200", NULL};
	size_t i, j;

	for (i = 0; i < COUNT_OF(rows); i++) {
		for (j = 0; j < COUNT_OF(columns); j++) {
			RELEASE_BUFFER struct buffer out = {0};

			print_message("%s\n", rows[i].name);
			assert_non_null(setlocale(LC_ALL, rows[i].locale));
			if (columns[j] != NULL)
				setenv("COLUMNS", columns[j], 1);
			else
				unsetenv("COLUMNS");
			print_rows(rows[i].width, rows[i].cell, rows[i].text,
			    &out);
			setlocale(LC_ALL, "C");
			assert_string_equal((const char *)out.data,
			    rows[i].want);
		}
	}
}

/* By columns, not by octets or characters; whole names if there are some. */
TEST(paths_lose_their_beginning_and_urls_their_end)
{
	static const char *const columns[] = {"N", "<PATH", NULL};
	static const struct {
		const char *locale;
		const char *path, *want;
	} paths[] = {
	    {"C", "/srv/a/b", "/srv/a/b"},
	    {"C", "/srv/long/path", ".../path"},
	    {"C.UTF-8", "/srv/longer/path", "\u2026/path"},
	    {"C.UTF-8", "a-name-without-end", "\u2026without-end"},
	    {"C.UTF-8", "/\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d",
		"\u2026\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d"},
	    {"C", "ldap://a/CN=b", "ldap://a/..."},
	    {"C.UTF-8", "ldap://dc1/CN=b", "ldap://dc1/\u2026"},
	    {"C.UTF-8", "ldap://\u4e2d\u4e2d\u4e2d",
		"ldap://\u4e2d\u4e2d\u2026"},
	};

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		RELEASE_BUFFER struct buffer out = {0};
		FREE_TABLE struct table *table = NULL;
		struct error err = {0};
		char want[64];

		assert_non_null(setlocale(LC_ALL, paths[i].locale));
		FINE(table_new(columns, 15, &table, &err));
		FINE(table_add(table, (const char *const[]){"1",
		    paths[i].path}, &err));
		FINE(table_print(table, &out, &err));
		setlocale(LC_ALL, "C");
		FINE(buffer_append(&out, "", 1, &err));
		snprintf(want, sizeof(want), "N  PATH\n1  %s\n",
		    paths[i].want);
		assert_string_equal((const char *)out.data, want);
	}
}

/* Its colour is around the cell's own text, and no other cell has one. */
TEST(a_cell_is_painted)
{
	RELEASE_BUFFER struct buffer out = {0};
	FREE_TABLE struct table *table = NULL;
	struct error err = {0};

	FINE(table_new(headings, 80, &table, &err));
	FINE(table_add(table, (const char *const[]){"a", "1", "x"}, &err));
	FINE(table_paint(table, 1, "red", &err));
	FINE(table_add(table, (const char *const[]){"b", "2", "y"}, &err));
	FINE(table_print(table, &out, &err));
	FINE(buffer_append(&out, "", 1, &err));
	assert_string_equal((const char *)out.data, "NAME  N  TEXT\n"
	    "a     \033[31m1\033[0m  x\n"
	    "b     2  y\n");
}

TEST(no_rows_no_text)
{
	RELEASE_BUFFER struct buffer out = {0};
	FREE_TABLE struct table *table = NULL;
	struct error err = {0};

	FINE(table_new(headings, 80, &table, &err));
	FINE(table_print(table, &out, &err));
	assert_int_equal(out.size, 0);
}

TEST(text_is_appended)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	FINE(buffer_append_text(&out, "before\n", &err));
	print_rows(0, "b", "t", &out);
	assert_memory_equal(out.data, "before\nNAME", 11);
}

TEST(too_many_columns_are_refused)
{
	const char *many[18];
	struct table *table = NULL;
	struct error err = {0};
	size_t i;

	for (i = 0; i < 17; i++)
		many[i] = "X";
	many[17] = NULL;
	REFUSED(table_new(many, 0, &table, &err), ERR_FORMAT);
	assert_null(table);
	assert_non_null(strstr(err.what, "16"));
	FINE(table_new(many + 1, 0, &table, &err));
	table_free(&table);
}
