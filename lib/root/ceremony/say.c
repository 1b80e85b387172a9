/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "root/ceremony/steps.h"
#include "view/wrap.h"

#define COLUMNS 78

/* Each line of a text, wrapped behind its own indent. */
static enum err
wrap_lines(char *text, struct buffer *out, struct error *err)
{
	char *end;

	for (; *text != '\0'; text = end) {
		struct wrapping wrapping = {.width = COLUMNS};

		end = strchrnul(text, '\n');
		if (*end != '\0')
			*end++ = '\0';
		wrapping.indent = strspn(text, " ");
		wrapping.column = wrapping.indent;
		TRY(buffer_append(out, text, wrapping.indent, err));
		TRY(wrap_append(out, text + wrapping.indent, &wrapping, err));
	}
	return ERR_OK;
}

static void
free_text(char **text)
{
	free(*text);
}

enum err
ceremony_say(struct ceremony *c, struct error *err, const char *fmt, ...)
{
	RELEASE_BUFFER struct buffer printable = {0};
	RELEASE_BUFFER struct buffer wrapped = {0};
	__attribute__((cleanup(free_text))) char *text = NULL;
	va_list args;
	int size;

	va_start(args, fmt);
	size = vasprintf(&text, fmt, args);
	va_end(args);
	if (size < 0) {
		text = NULL;
		return err_no_memory(err);
	}
	TRY(printable_append(&printable, text, PRINTABLE_TEXT, "", err));
	TRY(buffer_append(&printable, "", 1, err));
	TRY(wrap_lines((char *)printable.data, &wrapped, err));
	for (size_t i = 0; i < wrapped.size; i++)
		c->lines += wrapped.data[i] == '\n';
	TRY(buffer_append(&wrapped, "", 1, err));
	return c->io->say(c->io->context, (const char *)wrapped.data, err);
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

void
ceremony_repeat(struct ceremony *c, const char *fmt, ...)
{
	struct journal_step again = {.step = {
	    .at_s = c->io->now(c->io->context), .is_repetition = true}};
	va_list args;

	va_start(args, fmt);
	vsnprintf(again.step.text, sizeof(again.step.text), fmt, args);
	va_end(args);
	(void)!buffer_append(&c->repetitions, &again, sizeof(again), NULL);
}

/* Keep it for the minutes, and say it behind a mark. */
static enum err
keep_record(struct ceremony *c, enum journal_kind kind, bool is_loud,
    const char *text, struct error *err)
{
	TRY(journal_add_text(&c->journal.records[kind], text, err));
	return ceremony_say(c, err, "  %c %s\n", is_loud ? '!' : '-', text);
}

enum err
ceremony_record(struct ceremony *c, enum journal_kind kind,
    struct error *err, const char *fmt, ...)
{
	char text[JOURNAL_LINE_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return keep_record(c, kind, kind == JOURNAL_DEVIATION, text, err);
}

enum err
ceremony_take_notices(struct ceremony *c, struct notices *notices,
    struct error *err)
{
	struct span line;
	bool is_safety;

	while (notices_take(notices, &line, &is_safety)) {
		char text[JOURNAL_LINE_SIZE];

		snprintf(text, sizeof(text), "%.*s", (int)line.size,
		    (const char *)line.data);
		TRY(keep_record(c, JOURNAL_NOTICE, is_safety, text, err));
	}
	return ERR_OK;
}

enum err
ceremony_pause(struct ceremony *c, size_t lines, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];

	if (c->io->rows == 0 || c->lines + lines < c->io->rows)
		return ERR_OK;
	c->lines = 0;
	return ceremony_ask(c, "Enter shows more: ", answer, sizeof(answer),
	    err);
}

enum err
ceremony_ask(struct ceremony *c, const char *prompt, char *out,
    size_t capacity, struct error *err)
{
	size_t size;
	size_t lead;

	TRY(c->io->ask(c->io->context, prompt, out, capacity, err));
	size = strlen(out);
	while (size > 0 && isspace((unsigned char)out[size - 1]))
		size--;
	out[size] = '\0';
	lead = strspn(out, " \t");
	memmove(out, out + lead, size - lead + 1);
	return ERR_OK;
}

bool
ceremony_is_yes(const char *answer)
{
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

bool
ceremony_is_no(const char *answer)
{
	return strcasecmp(answer, "n") == 0 || strcasecmp(answer, "no") == 0;
}
