/* SPDX-License-Identifier: ISC */
/*
 * Notes travel from a subordinate to its root: a request before the ceremony,
 * a receipt after the import.  Encoder and parser of the JSON; the seal over
 * it is minisign's.
 */
#pragma once

#include "ferry/manifest.h"
#include "ferry/minisign.h"

#define NOTE_VERSION 1
#define NOTE_SEALS_MAX 16
#define NOTE_NONCE_OCTETS 32
#define NOTE_NONCE_SIZE (2 * NOTE_NONCE_OCTETS + 1)	/* hex and NUL */
#define NOTE_STORES_MAX 256
#define NOTE_STEM_SIZE (SITE_NAME_SIZE + 8)	/* "request-<sub>" */
#define NOTE_ID_SIZE (NOTE_STEM_SIZE + 24)	/* "request-<sub>-17" */

/* X(name, the word in names and types) */
#define NOTE_KINDS(X) \
	X(REQUEST, "request") \
	X(RECEIPT, "receipt")

enum note_kind {
#define X(name, word) NOTE_##name,
	NOTE_KINDS(X)
#undef X
	NOTE_KIND_COUNT
};

/* X(name, the word in a receipt): what came of a store */
#define NOTE_OUTCOMES(X) \
	X(INSTALLED, "installed") \
	X(SAME, "same") \
	X(FAILED, "failed")

enum note_outcome {
#define X(name, word) NOTE_##name,
	NOTE_OUTCOMES(X)
#undef X
	NOTE_OUTCOME_COUNT
};

/* A store of the subordinate, in its receipt. */
struct note_store {
	char type[16];
	char path[512];		/* UTF-8 without control characters */
	enum note_outcome outcome;	/* NOTE_SAME: it had the CRL */
};

/* init {0} / release. */
struct note {
	enum note_kind kind;
	char root[SITE_NAME_SIZE];
	uint8_t spki_sha256[SHA256_SIZE];	/* of the root's key */
	char subordinate[SITE_NAME_SIZE];
	uint64_t sequence;	/* rises from note to note, from 1 */
	int64_t at_s;		/* by the subordinate's clock */
	char nonce[NOTE_NONCE_SIZE];	/* lower-case hex */

	/* Of the CRL that it is about; a claim, whatever the kind. */
	bool has_number;
	struct number number;

	/* A request: what it holds. */
	struct buffer crl;	/* DER; empty: it holds none */
	struct buffer manifest;	/* bundle.json as it came; empty: bare */
	struct buffer seals[NOTE_SEALS_MAX];	/* .minisig files over it */
	size_t seal_count;

	/* A receipt: which CRL was installed, and where. */
	uint8_t sha256[SHA256_SIZE];
	int64_t this_update_s;
	int64_t next_update_s;
	struct buffer stores;	/* struct note_store each */
};

#define RELEASE_NOTE __attribute__((cleanup(note_release)))

const char *note_kind_word(enum note_kind kind);
const char *note_outcome_word(enum note_outcome outcome);

/* The stores of a receipt: how many there are, and the i-th; borrowed. */
size_t note_store_count(const struct note *note);
const struct note_store *note_store_at(const struct note *note, size_t i);
size_t note_store_failures(const struct note *note);

/* "request-<sub>": the file name on the medium, without its ending. */
void note_stem(enum note_kind kind, const char *subordinate,
    char out[NOTE_STEM_SIZE]);

/* The largest JSON that a CRL of this size can give. */
uint64_t note_max_bytes(uint64_t max_crl_bytes);

/*
 * JSON with sorted keys, two spaces of indent, a final LF; appended.
 * ERR_FORMAT for what note_parse would refuse.
 */
MUST_CHECK enum err note_encode(const struct note *note, struct buffer *out,
    struct error *err);

/*
 * Parse into *out, which is {0}.  ERR_FORMAT: not JSON, a duplicate, missing,
 * unknown or mistyped key, another type or version, a value out of range.
 */
MUST_CHECK enum err note_parse(struct span json, struct note *out,
    struct error *err);
void note_release(struct note *note);

/*
 * The seal's trusted comment: type, root, subordinate, sequence, time and,
 * if there is one, number repeated.
 */
void note_comment(const struct note *note, char *out, size_t capacity);

/*
 * Verify the seal with the subordinate's key, then parse: nothing of an
 * unsealed note is looked at.  ERR_SEAL, also if the trusted comment is
 * another's; ERR_FORMAT.
 */
MUST_CHECK enum err note_open(struct span json, struct span seal,
    const struct minisign_public *key, struct note *out, struct error *err);

#define NOTE_TYPE_PREFIX "crlferry-"
#define NOTE_TYPE_SIZE 32

/* "crlferry-request".  This and what follows: inside of ferry only. */
void note_type(enum note_kind kind, char out[NOTE_TYPE_SIZE]);

/*
 * The rules that what is written and what is read both keep.  ERR_FORMAT,
 * naming the first value that is out of its range.
 */
MUST_CHECK enum err note_check(const struct note *note, struct error *err);
