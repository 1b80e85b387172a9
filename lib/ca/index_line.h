/* SPDX-License-Identifier: ISC */
/* One line of index.txt.  Inside ca/index only. */
#pragma once

#include "base/window.h"
#include "ca/index.h"

/* As much of a text as a message shows: the two arguments of "%.*s". */
#define SHOWN(text) index_word_shown(text), (const char *)(text).data
int index_word_shown(struct span text);

/* The part of *text before a comma, which is taken off with it. */
struct span index_word_take(struct span *text);

/* Spans point into the text that was parsed. */
struct index_line {
	struct span text;		/* all of it, without its LF */
	uint64_t offset;		/* in its file, by index_lines_next */
	char status;			/* 'V' 'R' 'E' */
	int64_t not_after_s;
	uint8_t serial[SERIAL_OCTETS_MAX];
	size_t serial_size;
	struct revocation revocation;	/* of an R line; serial is above */
	uint8_t hold[INDEX_HOLD_MAX];
	struct span subject;		/* as `openssl ca` writes it */
};

/*
 * Parse a line without its line end.  ERR_FORMAT says what is wrong, without
 * path and line number.
 */
MUST_CHECK enum err index_line_parse(struct span text, struct index_line *out,
    struct error *err);

/* A walk over the lines of a file.  INDEX_LINES_NONE / release. */
struct index_lines {
	const char *path;
	int fd;
	struct window window;
	uint64_t offset;
	unsigned long number;
};

#define INDEX_LINES_NONE {.fd = -1, .window = WINDOW_NONE}
#define RELEASE_INDEX_LINES __attribute__((cleanup(index_lines_release)))

/* Open a file that only its owner may write. */
MUST_CHECK enum err index_lines_open(const char *path,
    struct index_lines *out, struct error *err);
void index_lines_release(struct index_lines *lines);

/* The line last read has the serial of another one: ERR_FORMAT. */
enum err index_lines_fail_double(const struct index_lines *lines,
    unsigned long other, struct error *err);

/*
 * The next line that is no comment.  *has_line is false after the last.
 * Errors carry path:line.
 */
MUST_CHECK enum err index_lines_next(struct index_lines *lines,
    struct index_line *out, bool *has_line, struct error *err);
