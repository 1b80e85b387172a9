/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>

#include "base/notice.h"

void
notice(struct notices *notices, const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_make_printable(line, '?');
	/* A notice is no reason to fail; without memory much else will. */
	if (buffer_appendf(&notices->lines, NULL, "%s\n", line) != ERR_OK)
		return;
}

void
notices_release(struct notices *notices)
{
	buffer_release(&notices->lines);
}
