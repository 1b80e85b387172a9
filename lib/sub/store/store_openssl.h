/* SPDX-License-Identifier: ISC */
/*
 * What OpenSSL, and with it most programs that read a store, makes of CRLs.
 * Inside sub/store_* only.
 */
#pragma once

#include "sub/store/store_judge.h"

struct bio_st;			/* BIO */

/*
 * The text as a file that OpenSSL reads: in a file, unlike in memory, a line
 * that begins with NUL is the end to it.  NULL for no text, or no memory.
 */
struct bio_st *openssl_open(struct span text);

/* Do the octets begin with a CRL, to OpenSSL, that has the root's name? */
bool openssl_has_root_name(struct span der, const struct cert *root);

/* The size of the CRL that they begin with, to OpenSSL; 0 for none. */
size_t openssl_crl_size(struct span der);

/*
 * Is that CRL signed with the root's key, even by a weak algorithm, or does its
 * AKI hold the root's key id?
 */
bool openssl_is_ours(struct span der, const struct cert *root);

/* A private key in DER, not encrypted, and nothing behind it? */
bool openssl_is_key(struct span der);

/*
 * Is there a certificate to look for: the subordinate's, or the root's own, if
 * it names itself its issuer?
 */
bool openssl_can_pick(const struct store *store);

struct stack_st_X509_CRL;	/* STACK_OF(X509_CRL) */

/* How X509_verify_cert ended.  Both errors: OpenSSL's words, NULL for none. */
struct openssl_verdict {
	bool is_issued;			/* by the root, as it is here */
	bool has_choice;		/* it used a CRL */
	uint8_t sha256[SHA256_SIZE];	/* of its DER */
	const char *crl_error;		/* but for its dates */
	const char *chain_error;
};

/* What was held, as OpenSSL's objects; to be freed, on failure as well. */
MUST_CHECK enum err openssl_crls(const struct store_held *held, size_t count,
    struct stack_st_X509_CRL **out, struct error *err);

/*
 * Which of the CRLs does OpenSSL use for that certificate, with the root as the
 * anchor, at store->now_s?  If two are equal to it, it depends on the order:
 * backwards asks for the other one.
 *
 * crls  NULL: look at the certificates only
 */
MUST_CHECK enum err openssl_pick(const struct store *store,
    struct stack_st_X509_CRL *crls, bool backwards,
    struct openssl_verdict *out, struct error *err);

/*
 * Can it load this text, with one PEM block in it, by X509_load_cert_crl_file,
 * or with only_crl by X509_load_crl_file?
 */
bool openssl_loads(struct span text, bool only_crl);
