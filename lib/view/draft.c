/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>

#include "view/draft.h"

void
draft_put(struct draft *draft, const char *text)
{
	if (draft->code == ERR_OK)
		draft->code = buffer_append_text(draft->out, text, draft->err);
}

void
draft_putf(struct draft *draft, const char *fmt, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(text, sizeof(text), fmt, arguments);
	va_end(arguments);
	draft_put(draft, text);
}
