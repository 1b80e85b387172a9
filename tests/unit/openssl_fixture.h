/* SPDX-License-Identifier: ISC */
/*
 * Real certificates, CRLs and keys for unit tests, made by openssl(1) in a
 * temporary folder.  Everything here asserts that it succeeds.
 */
#pragma once

#include "base/bytes.h"

#define FIXTURE_PATH_SIZE 256

/*
 * A new empty folder under $TMPDIR or /tmp.  It is removed behind the test that
 * it was made for, or behind all of them.
 */
void fixture_make_folder(char folder[FIXTURE_PATH_SIZE]);

/* Remove a folder and the files in it now. */
void fixture_remove_folder(const char *folder);

/* How many were made; remove what is left of all but the first ones. */
size_t fixture_count_folders(void);
void fixture_remove_folders(size_t kept);

/* Run argv, NULL-terminated, inside the folder; its exit status must be 0. */
void fixture_run(const char *folder, const char *const argv[]);

/*
 * Run openssl inside the folder; the command is split at spaces and sees no
 * shell and no openssl.cnf: "x509 -in root.pem -outform DER -out root.der".
 */
void fixture_openssl(const char *folder, const char *command, ...)
    __attribute__((format(printf, 2, 3)));

/* Append a file of the folder to out. */
void fixture_read(const char *folder, const char *name, struct buffer *out);

/* Write a file of the folder. */
void fixture_write(const char *folder, const char *name, struct span in);
void fixture_write_text(const char *folder, const char *name,
    const char *text);

/*
 * Make a private key <name>.key.
 *
 * type   rsa, rsa-pss (any parameters), rsa-pss-sha384 (SHA-384, MGF1 with
 *        SHA-384 and a salt of 48 or more), p256, p384, p521, k1
 *        (secp256k1), ed25519, ed448, dsa; where openssl has them:
 *        ml-dsa-44, ml-dsa-65, ml-dsa-87, slh-dsa-sha2-128f,
 *        slh-dsa-sha2-256f
 */
void fixture_make_key(const char *folder, const char *name, const char *type);

/*
 * Make a root CA: <name>.key, <name>.pem (self-signed, valid 10 years, SKI,
 * cRLSign), and what `openssl ca -config <name>.cnf` needs: <name>.index,
 * empty, and <name>.crlnumber with 1000 (hex) in it.  Sections of the
 * configuration: root_ext, sub_ext, crl_ext.
 */
void fixture_make_ca(const char *folder, const char *name, const char *type);
