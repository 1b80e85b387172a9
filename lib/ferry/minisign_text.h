/* SPDX-License-Identifier: ISC */
/*
 * Inside of minisign: the text of key and seal files.  Only minisign*.c
 * include this.
 */
#pragma once

#include "ferry/minisign.h"

#define MINISIGN_SIGNATURE_SIZE 64
#define MINISIGN_UNTRUSTED "untrusted comment: "
#define MINISIGN_TRUSTED "trusted comment: "

/* Where things stand in a decoded secret key file. */
enum {
	RECORD_ALGORITHM = 0,		/* "Ed" */
	RECORD_KDF = 2,			/* "Sc", or zeros: no passphrase */
	RECORD_CHECKSUM_ALGORITHM = 4,	/* "B2" */
	RECORD_SALT = 6,
	RECORD_OPSLIMIT = 38,		/* little-endian, as is the next */
	RECORD_MEMLIMIT = 46,
	RECORD_BODY = 54,		/* from here on it is locked */
	RECORD_KEY_ID = RECORD_BODY,
	RECORD_KEY = 62,		/* Ed25519 seed, then public key */
	RECORD_CHECKSUM = 126,
	RECORD_SIZE = 158,
};

/* A seal file, decoded. */
struct minisign_seal {
	uint8_t key_id[MINISIGN_KEY_ID_SIZE];
	uint8_t signature[MINISIGN_SIGNATURE_SIZE];	/* of the message */
	char trusted_comment[MINISIGN_COMMENT_SIZE];
	uint8_t global[MINISIGN_SIGNATURE_SIZE];  /* that, and the comment */
};

/* Take a line, without its LF or CRLF, off the front.  False at the end. */
bool minisign_next_line(struct span *rest, struct span *line);

/*
 * Decode one line of base64 that must hold exactly size octets; temporaries
 * are wiped.  `failure` with what in the message otherwise.
 */
MUST_CHECK enum err minisign_decode(struct span line, void *out, size_t size,
    enum err failure, const char *what, struct error *err);

/* ERR_SEAL if it is no .minisig file, or a legacy one. */
MUST_CHECK enum err minisign_seal_parse(struct span file,
    struct minisign_seal *out, struct error *err);
MUST_CHECK enum err minisign_seal_format(const struct minisign_seal *seal,
    struct buffer *out, struct error *err);

/*
 * Printable ASCII, or the tabs of minisign's default comment, and shorter
 * than MINISIGN_COMMENT_SIZE.
 */
bool minisign_comment_is_fine(struct span comment);

/*
 * Decode a secret key file into guarded memory of RECORD_SIZE octets, with
 * algorithms and limits checked.  ERR_KEY.
 */
MUST_CHECK enum err minisign_record_parse(struct span file,
    struct secret *out, struct error *err);
MUST_CHECK enum err minisign_record_format(const struct secret *record,
    struct buffer *out, struct error *err);
bool minisign_record_is_locked(const struct secret *record);
uint64_t minisign_record_limit(const struct secret *record, size_t at);
