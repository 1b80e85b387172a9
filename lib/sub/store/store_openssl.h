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

/* Is this Name, in DER, the root's, as OpenSSL compares names? */
bool openssl_is_root_name(struct span name, const struct cert *root);

/* Do the octets begin with a CRL, to OpenSSL, that has the root's name? */
bool openssl_has_root_name(struct span der, const struct cert *root);

/*
 * Is that CRL signed with the root's key, even by a weak algorithm, or does its
 * AKI hold the root's key id?
 */
bool openssl_is_ours(struct span der, const struct cert *root);

/* "a PKCS#12 file": another thing in DER, as a whole; NULL for none known. */
const char *openssl_name_kind(struct span der);

/*
 * Is there a certificate to look for: the subordinate's, issued by the root as
 * it is here, or the root's own, if it names itself its issuer?
 */
bool openssl_can_pick(const struct store *store);

/*
 * Which of the CRLs would a program take that has loaded them all, to look for
 * that certificate at store->now_s?  If two are equal to it, it depends on the
 * order: backwards asks for the other one.
 *
 * out  the index; count for none of them
 */
MUST_CHECK enum err openssl_pick(const struct store *store,
    const struct store_held *held, size_t count, bool backwards, size_t *out,
    struct error *err);

/*
 * Can it load this text, with one PEM block in it, by X509_load_cert_crl_file,
 * or with only_crl by X509_load_crl_file?
 */
bool openssl_loads(struct span text, bool only_crl);
