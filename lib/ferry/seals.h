/* SPDX-License-Identifier: ISC */
/*
 * Who has sealed a text: the seals that lie beside it are tried with the keys
 * that are trusted.  A key id is a hint that anyone can choose: only a seal
 * that verifies counts, and each key counts once.
 */
#pragma once

#include "ferry/minisign.h"

#define SEALS_MAX 16		/* beside one text; as many keys are trusted */

/* A text and its seals as they came; all borrowed. */
struct seals_given {
	const char *name;		/* of the text, for messages */
	struct span text;
	const struct span *seals;	/* .minisig files */
	size_t count;
};

/* What is wanted of the seals; all borrowed. */
struct seals_trust {
	const struct minisign_public *keys;	/* all different */
	size_t key_count;			/* at most SEALS_MAX */
	size_t required;			/* how many must have sealed */
};

/* The different trusted keys that sealed.  Of fixed size, no pointers. */
struct seals {
	uint32_t count;
	char key_ids[SEALS_MAX][MINISIGN_KEY_ID_HEX_SIZE];
	uint32_t which[SEALS_MAX];	/* of the seals given */
};

/*
 * Which of these keys made this seal over the text?  Its index, or key_count
 * if none of them did.
 *
 * comment  receives the seal's trusted comment, if one did
 * why      says why it is not by the key that was tried last; may be NULL
 */
size_t seals_key(struct span text, struct span seal,
    const struct minisign_public *keys, size_t key_count,
    char comment[MINISIGN_COMMENT_SIZE], struct error *why);

/*
 * Count the trusted keys that sealed the text.  Nothing of it is to be parsed
 * before; what the comments must say is known only after that.
 *
 * comments  receives the trusted comment of each seal that counts
 *
 * ERR_SEAL if there are fewer than required.
 */
MUST_CHECK enum err seals_count(const struct seals_given *given,
    const struct seals_trust *trust, struct seals *out,
    char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE], struct error *err);

/* ERR_SEAL if a trusted comment is not the one that is due. */
MUST_CHECK enum err seals_check_comment(const char *want, const char *have,
    struct error *err);

/* Room for the key ids of all, divided by blanks. */
#define SEALS_IDS_SIZE (SEALS_MAX * MINISIGN_KEY_ID_HEX_SIZE)

/*
 * Add one more to a list of key ids for people, "0123456789ABCDEF FEDC...";
 * it is left out if it does not fit.  An empty list is "".
 */
void seals_list_id(char *list, size_t capacity, const char *key_id);
void seals_list_key(char *list, size_t capacity,
    const struct minisign_public *key);
