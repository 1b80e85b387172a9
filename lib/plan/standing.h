/* SPDX-License-Identifier: ISC */
/*
 * How a pair stands.  Both surveys fill `standing_facts`, standing_decide is
 * the one place that judges, and every view reads `standing`.
 */
#pragma once

#include "base/digest.h"
#include "base/number.h"
#include "plan/schedule.h"

enum severity {		/* exit statuses of monitoring plugins */
	SEVERITY_OK = 0,
	SEVERITY_WARNING = 1,
	SEVERITY_CRITICAL = 2,
	SEVERITY_UNKNOWN = 3,
};

/* X(name, word, severity): later rows win over earlier ones. */
#define PAIR_STATES(X) \
	X(FRESH, "fresh", OK) \
	X(UNPUBLISHED, "unpublished", WARNING) \
	X(UPCOMING, "upcoming", WARNING) \
	X(OVERDUE, "overdue", WARNING) \
	X(EXPIRING, "expiring", WARNING) \
	X(UNREADABLE, "unreadable", UNKNOWN) \
	X(CRITICAL, "critical", CRITICAL) \
	X(EXPIRED, "expired", CRITICAL) \
	X(MISSING, "missing", CRITICAL) \
	X(INVALID, "invalid", CRITICAL) \
	X(NOT_YET_VALID, "not-yet-valid", CRITICAL) \
	X(BEHIND, "behind", CRITICAL) \
	X(REVOKED, "revoked", CRITICAL) \
	X(CLOCK_SUSPECT, "clock-suspect", CRITICAL)

enum pair_state {
#define X(name, word, severity) PAIR_##name,
	PAIR_STATES(X)
#undef X
	PAIR_STATE_COUNT
};

/* How far thisUpdate may lie ahead of the clock: 5 minutes. */
#define STANDING_SKEW_S INT64_C(300)

/* Who brings the CRL to a place that no import here writes to. */
enum standing_copy {
	COPY_NONE,		/* an import does */
	COPY_REPLICA,		/* another server has it from there */
	COPY_PUBLISHED,		/* somebody publishes it, as at a CDP */
};

/* The CRL of one root in one place: a store, or the root's archive. */
struct standing_place {
	char kind[16];		/* "hashdir" "pem" "der" "archive" */
	char path[512];
	enum standing_copy copy;
	bool is_unreadable;	/* nobody could look; nothing is known */
	bool is_present;	/* something of this root, or in its way */
	bool is_valid;		/* its consumer takes it, but for the dates */
	bool has_number;
	struct number number;
	int64_t this_update_s;
	bool has_next_update;
	int64_t next_update_s;
	int64_t next_publish_s;	/* the CA means to publish then; 0: not said */
	uint8_t sha256[SHA256_SIZE];	/* of the CRL; zeros if unknown */
	char detail[512];	/* why it is not valid, else empty */
	/* static; NULL: that of the state; empty: detail has it */
	const char *remedy;
};

/* On the root: what the pair's own notes say, if there are some. */
struct standing_news {
	bool has_receipt;
	int64_t installed_s;	/* by the subordinate's clock */
	bool installed_has_number;
	struct number installed_number;
	bool is_installed_known;	/* the archive holds that very CRL */
	unsigned int stores;
	unsigned int stores_failed;	/* of them: they lack it */

	bool has_request;
	int64_t requested_s;	/* by the subordinate's clock */
	bool requested_has_number;	/* the CRL that it holds proves one */
	struct number requested_number;
};

#define STANDING_WEAK_SIZE 64
#define STANDING_UNSEEN_SIZE 512

struct standing_facts {
	char root[33];
	char subordinate[33];	/* empty if a root has none configured */
	const struct schedule *schedule;	/* borrowed */
	const char *option;	/* borrowed: of the configuration, as
				 * commands carry it; NULL for none */
	const struct standing_place *places;	/* borrowed; one per store */
	size_t place_count;

	bool has_accepted;	/* subordinate: accepted.json is there */
	struct number accepted_number;
	bool accepted_has_number;
	int64_t accepted_this_update_s;
	bool accepted_has_next_update;
	int64_t accepted_next_update_s;
	uint8_t accepted_sha256[SHA256_SIZE];
	bool has_next_ceremony;	/* the accepted manifest names one */
	int64_t next_ceremony_s;

	/* Why not all of it could be seen, and the remedy; else empty. */
	char unseen[STANDING_UNSEEN_SIZE];

	/* Subordinate: of another pair of the root, the CRL that ends last;
	 * the name is empty if none holds one. */
	char other[33];
	int64_t other_next_update_s;

	bool is_retired;
	bool is_revoked;	/* the subordinate's certificate is listed */
	int32_t revoked_reason;	/* CRLReason, -1 for none */
	char revoked_reason_name[32];

	bool has_root_not_after;	/* of the root's certificate */
	int64_t root_not_after_s;
	char root_weak[STANDING_WEAK_SIZE];	/* the algorithm of its
						 * signature; empty: sound */
	bool can_reissue;	/* root: it signs its own certificate here */
	bool is_reissued;	/* root: a newer one than is configured is
				 * made */
	bool has_subordinate_not_after;
	int64_t subordinate_not_after_s;
	char subordinate_weak[STANDING_WEAK_SIZE];

	uint64_t unpublished;	/* root: revocations that the CRL lacks */
	int64_t unpublished_since_s;	/* the oldest of them */

	struct standing_news news;
};

enum standing_concern_kind {
	CONCERN_ROOT_END,	/* of the root's certificate */
	CONCERN_SUBORDINATE_END,
	CONCERN_ROOT_WEAK,	/* MD5 or SHA-1: only mentioned, OK */
	CONCERN_SUBORDINATE_WEAK,
	CONCERN_COUNT
};

/* About a certificate, and true however the CRL stands. */
struct standing_concern {
	enum standing_concern_kind kind;
	enum severity severity;
	int64_t at_s;		/* its notAfter; 0 if this is not about it */
	char text[384];		/* one sentence for people */
};

struct standing {
	const struct standing_facts *facts;
	enum pair_state state;
	enum severity state_severity;	/* of the state alone */
	enum severity severity;		/* the worst of it and the concerns;
					 * OK for a retired pair */
	bool has_next_update;		/* a valid CRL is in some place */
	bool has_number;
	struct number number;		/* of the place that ends first */
	int64_t this_update_s;		/* of the same */
	int64_t next_update_s;		/* of the same: the earliest of all */
	int64_t next_publish_s;		/* of the same; 0: not said */
	bool has_next_ceremony;		/* one is wanted: not if the root ends
					 * before it, or the pair is retired */
	int64_t next_ceremony_s;
	int64_t upcoming_s;		/* next ceremony - remind; the same
					 * date if nobody is to be told */
	int64_t deadline_s;		/* next ceremony + grace */
	const struct standing_place *ahead;	/* newer than accepted; NULL */
	bool is_elsewhere;	/* the state is about a copy: no import here
				 * mends that */
	char detail[640];		/* one sentence for people */
	char news[384];			/* another, of notes; or empty */
	struct standing_concern concerns[CONCERN_COUNT];
	size_t concern_count;		/* 0 for a retired pair */
};

/* The state's word, and the severity it has unless a rule says otherwise. */
const char *pair_state_word(enum pair_state state);
enum severity pair_state_severity(enum pair_state state);

/* Does time alone bring it about?  Then a ceremony ends it; `fresh` too. */
bool pair_state_is_dated(enum pair_state state);
const char *severity_word(enum severity severity);	/* "WARNING" */

/*
 * Judge a pair: the worst state that holds, boundaries to the second.  Of
 * states with the same severity the later row wins; `unpublished` is CRITICAL
 * after 24 hours.  A place whose CRL has no nextUpdate is `invalid`.  A replica
 * that has none is `behind` once one was accepted, and places that an import
 * writes to come before copies.  A
 * certificate's end is a WARNING from notAfter - renew on, CRITICAL from
 * notAfter - renew_critical on.
 *
 * The accepted manifest says which ceremony is next, except for a CRL that is
 * newer than the accepted one and fulfils that ceremony: it was put there by
 * hand, and the schedule says what comes after it.  Pure.
 */
void standing_decide(const struct standing_facts *facts, int64_t now_s,
    struct standing *out);

/* Do the dates of its CRL count?  Without nextUpdate it has no end to watch. */
bool standing_place_counts(const struct standing_place *place);

/* Is it seen on the root, whose one place is the archive? */
bool standing_is_on_root(const struct standing_facts *facts);

/* Does the root end before the next ceremony, so that none is held? */
bool standing_is_last(const struct standing *standing);

/*
 * Does the store whose CRL ends first lack a later one, which another store of
 * this pair has, or another pair of the root?  Nobody has to hold a ceremony
 * for that.
 */
bool standing_is_lagging(const struct standing *standing);

/*
 * Negative if the first is the worse one, as qsort puts the worst first; 0 for
 * equals.  UNKNOWN counts between WARNING and CRITICAL.
 */
int severity_compare(enum severity a, enum severity b);

/* The worse of two severities. */
enum severity severity_worse(enum severity a, enum severity b);

/* The worst concern, if it is worse than the pair's state; or NULL. */
const struct standing_concern *standing_loudest(
    const struct standing *standing);

/* Has the CRL that was accepted ended?  Then no bundle at hand helps. */
bool standing_accepted_has_ended(const struct standing_facts *facts,
    int64_t now_s);
