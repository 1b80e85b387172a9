/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "root/ceremony/steps.h"
#include "view/minutes.h"
#include "view/wrap.h"

#define COLUMNS 78
#define DIGEST_HALF 32		/* digits on a line */

/* Each line of a text, wrapped behind its own indent. */
static enum err
wrap_lines(char *text, struct buffer *out, struct error *err)
{
	enum err code = ERR_OK;
	char *end;

	for (; code == ERR_OK && *text != '\0'; text = end) {
		struct wrapping wrapping = {.width = COLUMNS};

		end = strchrnul(text, '\n');
		if (*end != '\0')
			*end++ = '\0';
		wrapping.indent = strspn(text, " ");
		wrapping.column = wrapping.indent;
		code = buffer_append(out, text, wrapping.indent, err);
		if (code == ERR_OK)
			code = wrap_append(out, text + wrapping.indent,
			    &wrapping, err);
	}
	return code;
}

enum err
ceremony_say(struct ceremony *c, struct error *err, const char *fmt, ...)
{
	RELEASE_BUFFER struct buffer printable = {0};
	RELEASE_BUFFER struct buffer wrapped = {0};
	enum err code;
	va_list args;
	char *text;
	int size;

	va_start(args, fmt);
	size = vasprintf(&text, fmt, args);
	va_end(args);
	if (size < 0)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = printable_append(&printable, text, PRINTABLE_TEXT, "", err);
	free(text);
	if (code == ERR_OK)
		code = buffer_append(&printable, "", 1, err);
	if (code == ERR_OK)
		code = wrap_lines((char *)printable.data, &wrapped, err);
	if (code == ERR_OK)
		code = buffer_append(&wrapped, "", 1, err);
	return code == ERR_OK ? c->io->say(c->io->context,
	    (const char *)wrapped.data, err) : code;
}

void
ceremony_outcome(struct ceremony *c, const char *fmt, ...)
{
	size_t used = strlen(c->outcome);
	va_list args;

	if (used > 0 && used + 1 < sizeof(c->outcome))
		c->outcome[used++] = ' ';
	va_start(args, fmt);
	vsnprintf(c->outcome + used, sizeof(c->outcome) - used, fmt, args);
	va_end(args);
}

enum err
ceremony_deviate(struct ceremony *c, struct error *err, const char *fmt, ...)
{
	char text[JOURNAL_LINE_SIZE];
	enum err code;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	code = journal_add_deviation(&c->journal, text, err);
	return code == ERR_OK ? ceremony_say(c, err, "  ! %s\n", text) : code;
}

enum err
ceremony_take_notices(struct ceremony *c, struct notices *notices,
    struct error *err)
{
	struct span line;
	bool is_safety;

	while (notices_take(notices, &line, &is_safety))
		TRY(ceremony_deviate(c, err, "%.*s", (int)line.size,
		    (const char *)line.data));
	return ERR_OK;
}

enum err
ceremony_ask(struct ceremony *c, const char *prompt, char *out,
    size_t capacity, struct error *err)
{
	size_t size;
	size_t lead;
	enum err code;

	code = c->io->ask(c->io->context, prompt, out, capacity, err);
	if (code != ERR_OK)
		return code;
	size = strlen(out);
	while (size > 0 && isspace((unsigned char)out[size - 1]))
		size--;
	out[size] = '\0';
	lead = strspn(out, " \t");
	memmove(out, out + lead, size - lead + 1);
	return ERR_OK;
}

enum err
ceremony_say_digest(struct ceremony *c, const char *sha256,
    struct error *err)
{
	RELEASE_BUFFER struct buffer lines = {0};
	enum err code = ERR_OK;
	size_t at;

	for (at = 0; code == ERR_OK && at < strlen(sha256);
	    at += DIGEST_HALF) {
		char half[DIGEST_HALF + 1];

		snprintf(half, sizeof(half), "%s", sha256 + at);
		code = buffer_append_text(&lines, "    ", err);
		if (code == ERR_OK)
			code = minutes_hex_groups(half, &lines, err);
		if (code == ERR_OK)
			code = buffer_append_text(&lines, "\n", err);
	}
	if (code == ERR_OK)
		code = buffer_append(&lines, "", 1, err);
	return code == ERR_OK ? ceremony_say(c, err, "%s",
	    (const char *)lines.data) : code;
}
