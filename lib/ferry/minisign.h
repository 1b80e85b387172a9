/* SPDX-License-Identifier: ISC */
/*
 * Seals and keys in minisign's file formats: Ed25519 over BLAKE2b-512,
 * prehashed ("ED") only.  `minisign -G`, `-S` and `-V` interoperate both ways.
 */
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#define MINISIGN_KEY_ID_SIZE 8
#define MINISIGN_KEY_ID_HEX_SIZE 17	/* upper case as minisign shows it */
#define MINISIGN_COMMENT_SIZE 1024	/* trusted comment and NUL */
#define MINISIGN_FILE_MAX 8192

struct minisign_public {
	uint8_t key_id[MINISIGN_KEY_ID_SIZE];	/* a hint, never an identity */
	uint8_t key[32];
};

/* A secret key that is open, in guarded memory. */
struct minisign_secret {
	struct secret memory;		/* key id, then the 64 octets */
	struct minisign_public public;
};

#define RELEASE_MINISIGN_SECRET \
	__attribute__((cleanup(minisign_secret_release)))

/*
 * A public key: the base64 line alone ("RWQ..."), or a whole .pub file.
 * ERR_KEY for anything else.
 */
MUST_CHECK enum err minisign_public_parse(struct span text,
    struct minisign_public *out, struct error *err);

/* The .pub file, appended. */
MUST_CHECK enum err minisign_public_format(
    const struct minisign_public *key, struct buffer *out, struct error *err);

/* The base64 line alone, with a final NUL: 56 characters. */
#define MINISIGN_PUBLIC_LINE_SIZE 57
void minisign_public_line(const struct minisign_public *key,
    char out[MINISIGN_PUBLIC_LINE_SIZE]);

/*
 * The key id, last octet first, as minisign prints it, but always 16 upper-case
 * digits: minisign leaves out leading zeros.
 */
void minisign_key_id_text(const uint8_t key_id[MINISIGN_KEY_ID_SIZE],
    char out[MINISIGN_KEY_ID_HEX_SIZE]);

/* Does a secret key file want a passphrase?  ERR_KEY if it is none. */
MUST_CHECK enum err minisign_secret_is_locked(struct span file, bool *locked,
    struct error *err);

/*
 * Open a secret key file.
 *
 * passphrase  NULL for a file without one
 *
 * ERR_KEY: not a key file, wrong passphrase, a passphrase for a file that has
 * none, or scrypt limits beyond libsodium's SENSITIVE (1 GiB).  ERR_IO if
 * that memory is not to be had.
 */
MUST_CHECK enum err minisign_secret_open(struct span file,
    const struct secret *passphrase, struct minisign_secret *out,
    struct error *err);
void minisign_secret_release(struct minisign_secret *secret);

/*
 * Make a key pair and its secret file, whose octets never move in memory
 * if the buffer was empty.  With a passphrase scrypt takes 1 GiB and some
 * seconds, as minisign's own does; ERR_IO if there is less memory.
 *
 * passphrase   NULL for a secret file without one
 * secret_file  to be written with mode 0600 and then wiped by the caller
 */
MUST_CHECK enum err minisign_generate(const struct secret *passphrase,
    struct buffer *secret_file, struct minisign_public *public,
    struct error *err);

/*
 * Seal octets: a whole .minisig file, appended.
 *
 * trusted_comment  one line of printable ASCII and tabs, shorter than
 *                  MINISIGN_COMMENT_SIZE; ERR_SEAL otherwise
 */
MUST_CHECK enum err minisign_sign(const struct minisign_secret *secret,
    struct span message, const char *trusted_comment, struct buffer *out,
    struct error *err);

/*
 * Verify a .minisig file over octets against one public key, both signatures.
 *
 * trusted_comment  receives the comment: printable ASCII and tabs
 *
 * ERR_SEAL: damaged, legacy ("Ed"), another key's, or not over this message.
 */
MUST_CHECK enum err minisign_verify(const struct minisign_public *key,
    struct span message, struct span signature_file,
    char trusted_comment[MINISIGN_COMMENT_SIZE], struct error *err);

/*
 * A seal file for keeping among text, appended.  Nobody has signed its
 * untrusted comment: one that is not printable ASCII is replaced.  The rest of
 * a seal that verifies is ASCII, and stays.
 */
MUST_CHECK enum err minisign_seal_keep(struct span file, struct buffer *out,
    struct error *err);
