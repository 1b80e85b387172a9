/* SPDX-License-Identifier: ISC */
/*
 * What is to be done next for a root, by when, why, and who stops when if
 * nobody does it.  Pure: follows from the standings of the root's pairs.
 */
#pragma once

#include "plan/standing.h"

/* X(name, word): what is to be done, the most urgent last. */
#define AGENDA_WHATS(X) \
	X(NOTHING, "nothing")		/* nobody needs a CRL of the root */ \
	X(WAIT, "wait")			/* for the next ceremony */ \
	X(PREPARE, "prepare-ceremony")	/* reminders have begun */ \
	X(TODAY, "hold-ceremony-today") \
	X(LATE, "hold-late-ceremony")	/* its date has passed, not its \
					 * grace */ \
	X(HOLD, "hold-ceremony")	/* one was missed, or the next comes \
					 * too late */ \
	X(HOLD_NOW, "hold-ceremony-now")	/* somebody has stopped */ \
	X(SUCCEED, "replace-root")	/* it ends before another ceremony */ \
	X(ENDED, "root-has-ended")

enum agenda_what {
#define X(name, word) AGENDA_##name,
	AGENDA_WHATS(X)
#undef X
	AGENDA_WHAT_COUNT
};

/* A subordinate, and when its CRL ends if no ceremony is held. */
struct agenda_stop {
	char subordinate[33];	/* empty: every one of the root */
	int64_t on_s;
	/* It has stopped before that, for want of the accepted CRL, which
	 * ends then: an import mends that. */
	bool has_stopped;
	size_t order;		/* as configured */
};

/* What no ceremony mends, and comes before any. */
struct agenda_mend {
	enum pair_state state;
	char subordinate[33];	/* the first; empty: it is about the root */
	size_t others;		/* subordinates of which the same is true */
	char detail[640];	/* the standing's */
};

#define AGENDA_MISSED_MAX 8
#define AGENDA_MENDS_MAX 4
#define AGENDA_NAMES_MAX 4

struct agenda {
	enum agenda_what what;
	bool is_root;		/* as the root sees it, not a subordinate */
	bool can_reissue;	/* a ceremony gives it a new certificate */
	bool is_blind;		/* the clock is wrong: nothing is known but
				 * what to mend */
	/*
	 * The last day, 00:00Z, on which it still helps: of a ceremony to
	 * come its date, of one that is late the day before it is overdue,
	 * else the day of the last moment before somebody stops, or today if
	 * nobody is known to.  Not for NOTHING and ENDED.
	 */
	int64_t by_s;
	bool has_ceremony;	/* the next one is before the root's end */
	int64_t ceremony_s;	/* the first that no CRL fulfils */
	/* The first of those from it on that is not overdue, if one is known
	 * of before the root's end.  Its date may have passed. */
	bool has_coming;
	int64_t coming_s;
	int64_t upcoming_s;	/* reminders of it begin; its date if none */
	int64_t deadline_s;	/* it is overdue from then on */
	int64_t missed[AGENDA_MISSED_MAX];	/* overdue; the first of them */
	size_t missed_count;	/* of all */
	bool is_last;		/* the root ends before another one */
	bool has_root_end;
	int64_t root_end_s;
	/* The accepted manifest's date is not what this machine's schedule
	 * calls for after its CRL: of the root's schedule no other is known. */
	bool differs;
	int64_t manifest_s;
	int64_t scheduled_s;	/* which would have this one instead */
	/* The caller's, in order of time; those that have stopped for want
	 * of the accepted CRL come after the others. */
	struct agenda_stop *stops;
	size_t stop_count;
	size_t lacking_count;	/* of them: those */
	int64_t cushion_s;	/* of the CRL of the first; 0 without any */
	struct agenda_mend mends[AGENDA_MENDS_MAX];	/* the worst first */
	size_t mend_count;
	size_t mends_left;	/* that found no room */
	/* What certificates call for, once each, the worst first. */
	struct standing_concern concerns[AGENDA_MENDS_MAX];
	size_t concern_count;
	size_t concerns_left;
	/* Root: by its notes, a subordinate holds an older CRL than this. */
	char unconfirmed[AGENDA_NAMES_MAX][33];
	size_t unconfirmed_count;	/* of all */
	bool has_number;
	struct number number;
};

/*
 * What is true of an archive is the root's: said of no subordinate by name,
 * but for one that is revoked.
 *
 * facts  what *out refers to
 */
void agenda_unname(const struct standing *standing, int64_t now_s,
    struct standing_facts *facts, struct standing *out);

/*
 * Is the first to be acted on before the second: because somebody has stopped,
 * or by its day?
 */
bool agenda_goes_before(const struct agenda *first,
    const struct agenda *second);

const char *agenda_word(enum agenda_what what);

/*
 * standings  of the pairs of one root, decided at now_s; retired ones count
 *            for nothing
 * stops      room for one of each
 */
void agenda_make(const struct standing *standings, size_t count,
    int64_t now_s, struct agenda_stop *stops, struct agenda *out);
