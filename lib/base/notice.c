/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/notice.h"
#include "base/text.h"

struct kind {
	const char *fmt;
	size_t count;
};

struct mark {
	size_t kind;		/* index */
	size_t size_bytes;	/* of the line, without LF */
	bool is_safety;
	bool is_last;		/* the rest of its kind is only counted */
};

/* The kind of a format, made if it is new; NULL without memory. */
static struct kind *
find_kind(struct notices *notices, const char *fmt, size_t *index)
{
	const struct kind fresh = {.fmt = fmt};
	struct kind *kinds = (struct kind *)(void *)notices->kinds.data;
	const size_t count = notices->kinds.size / sizeof(*kinds);

	for (*index = 0; *index < count; ++*index) {
		if (strcmp(kinds[*index].fmt, fmt) == 0)
			return &kinds[*index];
	}
	if (buffer_append(&notices->kinds, &fresh, sizeof(fresh), NULL) !=
	    ERR_OK)
		return NULL;
	kinds = (struct kind *)(void *)notices->kinds.data;
	return &kinds[count];
}

/* A notice is no reason to fail; without memory much else will. */
static void add(struct notices *notices, bool is_safety, const char *fmt,
    va_list args) __attribute__((format(printf, 3, 0)));

static void
add(struct notices *notices, bool is_safety, const char *fmt, va_list args)
{
	struct mark mark = {.is_safety = is_safety};
	struct kind *kind = notices == NULL ? NULL :
	    find_kind(notices, fmt, &mark.kind);
	char line[512];

	if (kind == NULL || ++kind->count > NOTICES_OF_A_KIND)
		return;
	mark.is_last = kind->count == NOTICES_OF_A_KIND;
	vsnprintf(line, sizeof(line), fmt, args);
	text_make_printable(line, '?');
	mark.size_bytes = strlen(line);
	if (buffer_reserve(&notices->marks, sizeof(mark), NULL) != ERR_OK ||
	    buffer_appendf(&notices->lines, NULL, "%s\n", line) != ERR_OK ||
	    buffer_append(&notices->marks, &mark, sizeof(mark), NULL) !=
	    ERR_OK)
		return;
}

void
notice(struct notices *notices, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(notices, false, fmt, args);
	va_end(args);
}

void
notice_safety(struct notices *notices, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(notices, true, fmt, args);
	va_end(args);
}

/* Is there more of the kind whose tenth was taken last? */
static bool
take_count(struct notices *notices, const struct mark *last)
{
	const struct kind *kinds =
	    (const struct kind *)(const void *)notices->kinds.data;
	const size_t count = kinds[last->kind].count;

	if (!last->is_last || count <= NOTICES_OF_A_KIND ||
	    notices->more[0] != '\0')
		return false;
	snprintf(notices->more, sizeof(notices->more),
	    "... and %zu more of this kind", count - NOTICES_OF_A_KIND);
	return true;
}

bool
notices_take(struct notices *notices, struct span *line, bool *is_safety)
{
	const struct mark *marks =
	    (const struct mark *)(const void *)notices->marks.data;
	const size_t at = notices->taken_count;

	if (at > 0 && take_count(notices, &marks[at - 1])) {
		*line = span_of_text(notices->more);
		*is_safety = marks[at - 1].is_safety;
		return true;
	}
	notices->more[0] = '\0';
	if (at == notices->marks.size / sizeof(*marks)) {
		notices_release(notices);
		return false;
	}
	*line = (struct span){notices->lines.data + notices->taken_bytes,
	    marks[at].size_bytes};
	*is_safety = marks[at].is_safety;
	notices->taken_bytes += marks[at].size_bytes + 1;
	notices->taken_count++;
	return true;
}

void
notices_release(struct notices *notices)
{
	buffer_release(&notices->lines);
	buffer_release(&notices->marks);
	buffer_release(&notices->kinds);
	*notices = (struct notices){0};
}
