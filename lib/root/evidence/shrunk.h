/* SPDX-License-Identifier: ISC */
/*
 * The revocations of the last CRL that a new set lacks: which of them may go,
 * and why; and those that were recorded since.
 */
#pragma once

#include "base/bytes.h"
#include "ca/index.h"
#include "pki/crl.h"
#include "root/history/history.h"
#include "root/history/subjects.h"
#include "site/config.h"

/* Fill the first group, the rest from {0}; release in the end. */
struct lost {
	const char *subject;		/* what lacks them, for the message */
	const char *index;		/* path; NULL: none */
	const struct config_root *root;	/* names them; NULL: no names */
	const struct config_words *acknowledged;	/* hex; NULL: none */
	int64_t last_s;			/* the last CRL's thisUpdate */

	struct buffer way_out;		/* text, before --acknowledge-removed;
					 * empty: restore a backup */
	bool is_enterable;		/* one is, in an index */
	struct buffer lacking;		/* struct index_expiry, as added */
	struct buffer serials;		/* and its octets, one after another */

	struct buffer drops;		/* struct ledger_drop: these may go */
	uint64_t count;			/* those that may not */
	char first[LEDGER_SERIAL_SIZE];
	char first_subject[SUBJECT_SIZE];	/* " (CN=x)", or nothing */
	char more[192];		/* ", SERIAL (CN=x)" each, while they fit */
};

/*
 * Add an entry that is lacking.
 *
 * lost  a struct lost: the shape is that of crl_compare's lost()
 */
MUST_CHECK enum err lost_add(void *lost, const struct crl_entry *entry,
    struct error *err);

/*
 * Once all are added: which may go, in the order in which they were added.
 * An entry may go if the operator acknowledged it, or if the index knows
 * that its certificate expired before last_s.  Errors are those of the index.
 */
MUST_CHECK enum err lost_judge(struct lost *lost, struct error *err);

/*
 * Did the operator name this serial, in whatever spelling?
 *
 * words  NULL: none
 * hex    its content octets, as the ledger has them
 */
bool lost_is_acknowledged(const struct config_words *words, const char *hex);

/* As the index spells it; as it is, if it is too long for the index. */
void lost_spell(const char *hex, char out[LEDGER_SERIAL_SIZE]);

/* " (CN=Mail Gateway)" to follow a serial, by its content octets in hex. */
void lost_name(const struct config_root *root, const char *hex,
    char out[SUBJECT_SIZE]);

/* A command that is cut is worse than none: leave out the name, then. */
bool lost_has_no_room(const struct error *err);

/*
 * The remedy enters in the index what it lacks of the last CRL, if it can.
 *
 * path  of the last CRL
 */
MUST_CHECK enum err lost_offer_adopt(struct lost *lost,
    const struct config *config, const char *root, const char *path,
    struct error *err);

/* Judge, and ERR_SHRUNK if there is one that may not go. */
MUST_CHECK enum err lost_check(struct lost *lost, struct error *err);
void lost_release(struct lost *lost);

/*
 * Append the command that revokes a serial, spelt as in the index, for a reason
 * that is still to be chosen.
 */
MUST_CHECK enum err lost_append_revoke(const struct config *config,
    const char *root, const char *serial, bool is_unknown, struct buffer *out,
    struct error *err);

/*
 * Revocations that the ledger records and no CRL lists yet: each `issue` ends
 * what was pending.  The index must still have them; one that was restored, or
 * saved by a program that had read it before, has lost them without a trace of
 * its own.
 *
 * path          of the index, for messages
 * acknowledged  hex; NULL: none
 *
 * ERR_SHRUNK names the first that is lost, and the way out.
 */
MUST_CHECK enum err pending_check(const struct history *history,
    const struct config_root *root, const char *path,
    const struct index *index, const struct config_words *acknowledged,
    struct error *err);
