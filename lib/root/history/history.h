/* SPDX-License-Identifier: ISC */
/*
 * What the ledger says, for all roots and every rule: it is read once a run,
 * and what the run appends is seen at once.
 */
#pragma once

#include "root/history/ledger.h"

/* A line, as rules ask for it; it lasts until the next history_append. */
struct history_line {
	const struct history_line *next;	/* of this root; NULL: none */
	uint64_t sequence;	/* from 1 */
	int64_t at_s;
	int64_t latest_s;	/* the latest time of all lines up to it */
	const char *event;
	const char *root;
	bool has_number;
	struct number number;
	size_t drop_count;
	const char *details;	/* read them by the functions below */
	const char *drops;
	uint8_t head[BLAKE2B_256_SIZE];
	const struct history_line *same_head;	/* by its first octets */
	const struct history_line *alike;	/* the next of such a list */
};

/* release; it stays where it is, and only history.c fills it. */
struct history {
	const struct config *config;
	struct ledger_end end;
	struct buffer lines;	/* struct history_line * each, in order */
	struct buffer roots;	/* of history.c, by name */
	const struct history_line **heads;	/* by their first octets */
	const struct history_line *waivers;	/* discard-evidence and
						 * reset-order, any root's */
	const struct history_line *exports;	/* any root's, each choice of
						 * keys once */
};

#define DISCARD_EVENT "discard-evidence"
#define RELEASE_HISTORY __attribute__((cleanup(history_release)))

/*
 * Read and verify the ledger (ledger_read).  A verb that writes holds the state
 * lock, so that nothing has to be read again but what another program changed
 * in spite of it.
 *
 * out  {0}; config must outlive it
 */
MUST_CHECK enum err history_read(const struct config *config,
    struct history *out, struct error *err);
void history_release(struct history *history);

/* The first line of a root, which leads to the next; NULL: it has none. */
const struct history_line *history_lines(const struct history *history,
    const char *root);

/* The line of a sequence, 1 to history->end.summary.count. */
const struct history_line *history_line_at(const struct history *history,
    uint64_t sequence);

/* Is this hex digest that of a line, of whatever root? */
bool history_has_head(const struct history *history, const char *head);

/* Append an event (ledger_append). */
MUST_CHECK enum err history_append(struct history *history,
    const struct ledger_event *event, struct notices *notices,
    struct error *err);

bool history_line_is(const struct history_line *line, const char *event);

/*
 * A text that the line has beyond the common keys; NULL if it has not, and
 * for keys that no rule asks for.
 */
const char *history_line_detail(const struct history_line *line,
    const char *key);

/* Has it that key, with that text? */
bool history_line_says(const struct history_line *line, const char *key,
    const char *text);

/* Is it about a CRL outside the calendar? */
bool history_line_is_emergency(const struct history_line *line);

/* One of its drop_count dropped serials, the first while *at is NULL. */
void history_line_drop(const struct history_line *line, const char **at,
    struct ledger_drop *out);

/* Its this_update, or otherwise_s if it does not say.  ERR_FORMAT. */
MUST_CHECK enum err history_line_time(const struct history *history,
    const struct history_line *line, int64_t otherwise_s, int64_t *out_s,
    struct error *err);

/* Put "STATE/ledger.jsonl:SEQUENCE: " before the text of a failure. */
enum err history_about(const struct history *history,
    const struct history_line *line, enum err code, struct error *err);
