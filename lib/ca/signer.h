/* SPDX-License-Identifier: ISC */
/* The root's key, and the one thing it does: sign a CRL. */
#pragma once

#include "base/prompt/passphrase.h"
#include "pki/algorithm.h"
#include "pki/cert.h"

struct signer;		/* new/free */

#define FREE_SIGNER __attribute__((cleanup(signer_free_at)))

/*
 * Something that gives the same octets each time it is asked, piece by piece.
 */
struct octet_source {
	enum err (*emit)(void *context,
	    enum err (*put)(void *target, struct span piece,
	    struct error *err), void *target, struct error *err);
	void *context;
};

/*
 * Open a key and match it with a certificate.  Of the keys of one PKCS#11
 * module one may be open at a time.
 *
 * name         the path of a PEM, DER or PKCS#12 file, or a pkcs11: URI
 * digest       as algorithm_for_key
 * passphrases  one line is taken if the key wants a passphrase or a PIN;
 *              on a terminal the passphrase of a file is asked for again if
 *              it is wrong, the PIN of a token never
 *
 * ERR_PERMISSIONS if others may read the file, ERR_MISSING if file,
 * module, token or key is not there, ERR_KEY if it is no key, the
 * passphrase or PIN is wrong, or it is not the key of the certificate.
 */
MUST_CHECK enum err signer_open(const char *name, const struct cert *cert,
    const char *digest, const struct passphrase_source *passphrases,
    struct signer **out, struct error *err);

/*
 * What signer_open would refuse, as far as it can be known without passphrase
 * or PIN: who may read the file, its form, and whether this OpenSSL can undo
 * its encryption; that it is the key of the certificate, if it is not
 * encrypted; a pkcs11: URI, and the module that it names; whether a CRL can
 * be signed with a key of this kind.  The same failures.
 */
MUST_CHECK enum err signer_check(const char *name, const struct cert *cert,
    const char *digest, struct error *err);

/* Ends every session of a token. */
void signer_free(struct signer *signer);
void signer_free_at(struct signer **signer);

/* The algorithm, and its AlgorithmIdentifier in DER, borrowed. */
const struct algorithm *signer_algorithm(const struct signer *signer);
struct span signer_identifier(const struct signer *signer);

/*
 * Sign what the source gives.  Ed25519, ML-DSA and SLH-DSA need it in one piece
 * and collect it; all others stream.  The signature octets are appended.
 */
MUST_CHECK enum err signer_sign(struct signer *signer,
    const struct octet_source *source, struct buffer *signature,
    struct error *err);
