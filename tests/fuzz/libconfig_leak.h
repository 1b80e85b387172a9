/* SPDX-License-Identifier: ISC */
/*
 * libconfig 1.5 loses the text of a string that it has read if a syntax error
 * comes before the setting is whole, and what is empty.  The programs load one
 * configuration and end, so it does no harm.  These two functions allocate
 * nothing else.  Inside tests/fuzz only.
 */
#pragma once

const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\n";
}
