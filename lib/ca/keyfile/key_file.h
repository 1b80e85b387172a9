/* SPDX-License-Identifier: ISC */
/*
 * A file of private keys while it is read: its passphrase, the key that was
 * found in it, and the words of a refusal.  For ca/keyfile/key_load.c.
 */
#pragma once

#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "base/prompt/busy.h"
#include "base/prompt/passphrase.h"

#define KEY_FILE_BEGIN "-----BEGIN "	/* of a PEM block, then its label */

struct key_file {
	const char *path;
	const struct passphrase_source *passphrases;	/* NULL: ask nobody */
	EVP_PKEY *wanted;	/* public half of the key; NULL: any */
	struct span content;	/* in guarded memory */
	bool is_unwrapped;	/* it is not the file, but a PEM block's */
	struct secret passphrase;	/* empty before it was asked for */
	bool is_refused;	/* it fitted nothing */
	struct busy busy;	/* from when it was typed to its verdict */
	EVP_PKEY *found;	/* the wanted one, else the first that opened */
	/* Ciphers of old, in a context that nothing else gets to see. */
	OSSL_LIB_CTX *old;
	OSSL_PROVIDER *providers[2];
};

#define RELEASE_KEY_FILE __attribute__((cleanup(key_file_release)))

void key_file_release(struct key_file *file);

/* A key that was read, or NULL.  True if nothing more is to be looked for. */
bool key_file_take(struct key_file *file, EVP_PKEY *key);

/*
 * Ask for the passphrase, once however often this is called.  *is_there is
 * false if nobody is to be asked.
 */
MUST_CHECK enum err key_file_ask(struct key_file *file, bool *is_there,
    struct error *err);

/* The context of the legacy provider; NULL if this machine has none. */
OSSL_LIB_CTX *key_file_old(struct key_file *file);

/* How a key is encrypted. */
struct key_lock {
	char name[80];		/* "pbeWithMD5AndDES-CBC" */
	char cipher[80];	/* as EVP_CIPHER_fetch takes it; may be empty */
	int digest;		/* NID of what derives the key, or 0 */
	bool is_damaged;	/* nothing more can be read of it */
};

struct key_lock key_lock_of(const X509_ALGOR *algorithm);

/* The command that converts a file, before and after its "-in FILE". */
struct key_convert {
	const char *verb;
	const char *options;
};

/*
 * The context that undoes a lock: NULL, which is libcrypto's own, or
 * key_file_old().  ERR_KEY, with the command that converts the file, if none
 * here can, so that no passphrase is asked for in vain.
 */
MUST_CHECK enum err key_file_context(struct key_file *file,
    const struct key_lock *lock, const struct key_convert *convert,
    OSSL_LIB_CTX **out, struct error *err);

#define KEY_FILE_REMEDY "name the file of the root's private key, in PEM, " \
    "DER or PKCS#12, or restore it from backup"

#define KEY_FILE_RENEW "convert it with the program that made it, to PKCS#8 " \
    "or PKCS#12 under AES, and name that"

/* As if nothing of it had been read yet; before a first try, too. */
void key_file_forget(struct key_file *file);

/* The ways of ERR_KEY. */
enum err key_file_fail(const struct key_file *file, const char *what,
    struct error *err);
enum err key_file_fail_passphrase(struct key_file *file,
    struct error *err);
enum err key_file_fail_old(const struct key_file *file, const char *what,
    const struct key_convert *convert, struct error *err);

/* The name for a converted key: of nothing here or where this file is. */
const char *key_file_output(const struct key_file *file);
