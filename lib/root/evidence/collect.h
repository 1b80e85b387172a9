/* SPDX-License-Identifier: ISC */
/* Take the notes on a medium into the state folder, each verified. */
#pragma once

#include "base/notice.h"
#include "ferry/note.h"
#include "root/history/history.h"

enum collected_fate {
	COLLECTED_NEW,
	COLLECTED_KNOWN,	/* the same octets were taken in before */
	COLLECTED_SEEN,		/* good, and only looked at */
	COLLECTED_ASIDE,	/* not taken in, and why */
};

struct collected_note {
	char root[SITE_NAME_SIZE];
	char subordinate[SITE_NAME_SIZE];
	enum note_kind kind;
	enum collected_fate fate;
	uint64_t sequence;	/* of what was taken in */
	int64_t at_s;
	bool has_claim;		/* request: it holds a CRL, or names one */
	bool has_number;	/* a CRL of this root proves it */
	struct number number;
	bool is_ours;		/* receipt: the archive holds that very CRL */
	size_t store_count;	/* receipt */
	size_t store_failures;
	struct error why;	/* COLLECTED_ASIDE */
};

/* release */
struct collected {
	struct collected_note *notes;
	size_t count;
};

#define RELEASE_COLLECTED __attribute__((cleanup(collected_release)))

struct collect_options {
	const char *medium;
	int64_t now_s;
	const char *who;
	bool is_only_looked_at;	/* nothing is written, and no lock needed */
	/* evidence that the operator discards: not held against the clock */
	const struct config_words *discarded;	/* NULL: none */
};

/*
 * Look for a note of every configured subordinate of every root: its seal, its
 * type, root and subordinate, its sequence, and the CRL that it holds.  What
 * fails is set aside, one by one, and the others are taken in.  The caller
 * holds the state lock.
 *
 * ERR_CLOCK, after all were looked at, if an authentic one is ahead of now
 * by more than CLOCK_TOLERANCE_S: it is taken in, and its id is named.
 */
MUST_CHECK enum err collect_medium(struct history *history,
    const struct collect_options *options, struct collected *out,
    struct notices *notices, struct error *err);
void collected_release(struct collected *collected);

/* What a receipt says: "CRL #12, in 3 of 3 stores". */
void collected_installed(const struct collected_note *note, char *out,
    size_t capacity);
