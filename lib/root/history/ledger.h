/* SPDX-License-Identifier: ISC */
/*
 * The root's history, STATE/ledger.jsonl: one JSON object a line, appended and
 * never changed.  Each line holds the BLAKE2b-256 of the line before, its LF
 * not included, and ends in that of its own octets, so that a change shows,
 * one to the last line too.
 */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "base/number.h"
#include "base/utc.h"
#include "site/config.h"

#define LEDGER_VERSION 2	/* what is written; 1 is still read */
#define LEDGER_MAX_BYTES (256 * 1024 * 1024)
#define LEDGER_DIGEST_SIZE (2 * BLAKE2B_256_SIZE + 1)
#define LEDGER_SERIAL_SIZE 132

struct json_t;

struct ledger_detail {
	const char *key;
	const char *value;
};

/* A serial that a CRL no longer lists. */
struct ledger_drop {
	char serial[LEDGER_SERIAL_SIZE];	/* content octets in hex */
	char why[64];
};

/* An event that is to be entered. */
struct ledger_event {
	const char *event;	/* "issue", see doc/formats.md */
	const char *root;
	const struct number *number;
	int64_t at_s;
	const char *who;	/* "user@host" */
	struct ledger_detail details[8];	/* key NULL ends */
	const struct ledger_drop *dropped;
	size_t dropped_count;
};

/* A line as it was read; texts are borrowed from json. */
struct ledger_line {
	int64_t version;
	uint64_t sequence;	/* from 1 */
	int64_t at_s;
	const char *event;
	const char *root;
	bool has_number;
	struct number number;
	const char *who;
	const char *head;	/* hex digest of this line */
	const struct json_t *json;
};

/* Facts of the ledger as a whole. */
struct ledger_summary {
	uint64_t count;
	int64_t version;	/* of the last line; a later one has no lower */
	int64_t latest_s;	/* the latest time of any line */
	char head[LEDGER_DIGEST_SIZE];	/* hex digest of the last */
	uint64_t size_bytes;	/* of the lines that are whole */
	size_t line_size;	/* of the last of them, with its LF */
	uint64_t file_bytes;	/* of the file, with what is torn */
	bool is_torn;		/* the beginning of a line follows */
	bool lacks_end;		/* the last one is whole but for its LF */
};

/*
 * Read and verify it from the first line to the last.
 *
 * visit  called for each line, or NULL; its error ends the walk
 *
 * Behind the last LF may stand what a power cut leaves: the beginning of a
 * line, which is no line yet, or one that is whole and verifies, which counts.
 *
 * ERR_FORMAT names the first line that does not fit, anything else behind the
 * last LF as well; a missing ledger is empty.
 */
MUST_CHECK enum err ledger_read(const struct config *config,
    enum err (*visit)(void *context, const struct ledger_line *line,
    struct error *err), void *context, struct ledger_summary *out,
    struct error *err);

/* Mark an event so, with why, in two of its details; why is borrowed. */
void ledger_mark_emergency(struct ledger_event *event, bool is_emergency,
    const char *why);

/*
 * Where the ledger ends that this run has read, under the state lock that it
 * has held since.  What is known of it is not read again.
 */
struct ledger_end {
	bool is_known;		/* summary is; false: from {0} */
	struct ledger_summary summary;
	/* Shown each line that is appended or, for the file ends elsewhere
	 * now, read again, which begins with line 1; or NULL. */
	enum err (*visit)(void *context, const struct ledger_line *line,
	    struct error *err);
	void *context;
};

/*
 * Append an event, durably, and move end behind it.  All of the ledger is
 * verified first unless end knows it, and it has that size and ends in that
 * very line.  The beginning of a line, which a power cut leaves, is cut off
 * with a notice, and a whole line gets the LF that it lacks.
 *
 * end  NULL: nothing is known; after an error it knows nothing
 */
MUST_CHECK enum err ledger_append(const struct config *config,
    const struct ledger_event *event, struct ledger_end *end,
    struct notices *notices, struct error *err);

/* The i-th serial that a line says was dropped; false after the last. */
bool ledger_line_drop(const struct ledger_line *line, size_t i,
    struct ledger_drop *out);

/* Is this serial among drops, struct ledger_drop each? */
bool ledger_drops_have(const struct buffer *drops, const char *serial);

/* A text that the event has beyond the common keys; NULL if it has not. */
const char *ledger_line_detail(const struct ledger_line *line,
    const char *key);

/* All other keys of a line as "key=value ...", for people. */
MUST_CHECK enum err ledger_line_details(const struct ledger_line *line,
    struct buffer *out, struct error *err);
