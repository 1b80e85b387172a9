/* SPDX-License-Identifier: ISC */
/* A CA certificate: the fields that matter here (RFC 5280 4). */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/notice.h"
#include "pki/algorithm.h"
#include "pki/name.h"

/* SLH-DSA signs with up to 49,856 octets, PEM and text make more of them. */
#define CERT_MAX_BYTES (256 * 1024)
#define CERT_CDP_MAX 16
#define CERT_KEY_ID_MAX 64	/* octets of a subjectKeyIdentifier */

struct x509_st;			/* X509 */

/* Spans point into der; new/free. */
struct cert {
	struct buffer der;
	struct span subject;		/* Name, DER */
	struct span issuer;		/* Name, DER */
	struct span serial;		/* INTEGER content octets */
	struct span spki;		/* SubjectPublicKeyInfo, DER */
	uint8_t spki_sha256[SHA256_SIZE];
	/* SKI, else SHA-1 of the key bits (RFC 5280 4.2.1.2 method 1) */
	uint8_t key_id[CERT_KEY_ID_MAX];
	size_t key_id_size;
	bool has_ski;			/* and key_id is it */
	char subject_text[NAME_TEXT_SIZE];	/* RFC 2253, printable */
	uint32_t subject_hash;		/* OpenSSL's, names a hash directory */
	int64_t not_before_s;
	int64_t not_after_s;
	bool is_ca;			/* basicConstraints cA */
	bool has_key_usage;
	bool has_crl_sign;		/* keyUsage cRLSign */
	bool is_self_issued;
	struct span signature_algorithm;	/* AlgorithmIdentifier, DER */
	/* each fullName GeneralName of the CRL distribution points, DER */
	struct span cdp[CERT_CDP_MAX];
	/* of a point whose cRLIssuer is not this certificate's issuer */
	bool is_cdp_indirect[CERT_CDP_MAX];
	size_t cdp_count;
	bool has_ca_version;	/* CA Version, of AD CS */
	int32_t ca_version;	/* key's index << 16 | certificate's */
	struct x509_st *x509;
	struct evp_pkey_st *key;	/* its public key */
};

#define FREE_CERT __attribute__((cleanup(cert_free_at)))

/*
 * Parse one certificate, DER or PEM, up to CERT_MAX_BYTES with all text
 * around it.  ERR_FORMAT for anything else, for trailing bytes, damaged
 * extensions, inner and outer algorithm that differ, more than CERT_CDP_MAX
 * names, a subjectKeyIdentifier that is empty or beyond CERT_KEY_ID_MAX, and
 * for a key that OpenSSL cannot use; ERR_ALGORITHM if a later OpenSSL could.
 * Whatever signed it, SHA-1 and MD5 too, is parsed.
 */
MUST_CHECK enum err cert_parse(struct span file, struct cert **out,
    struct error *err);

/* Is it one, though perhaps with a key that takes a later OpenSSL? */
bool cert_is_one(struct span file);

void cert_free(struct cert *cert);
void cert_free_at(struct cert **cert);

/* May it sign CRLs: keyUsage absent, or with cRLSign.  ERR_ISSUER. */
MUST_CHECK enum err cert_check_signs_crls(const struct cert *cert,
    struct error *err);

/*
 * The same, and is it a CA's to OpenSSL, which verifies nothing below another:
 * basicConstraints with cA, or none in a self-signed certificate of v1, and
 * keyUsage absent, or with keyCertSign?  ERR_ISSUER.
 */
MUST_CHECK enum err cert_check_root(const struct cert *cert,
    struct error *err);

/*
 * Was `subject` issued by `issuer`: names equal (name_equals) and the
 * signature good?  ERR_ISSUER or ERR_SIGNATURE.
 */
MUST_CHECK enum err cert_check_issued_by(const struct cert *subject,
    const struct cert *issuer, struct error *err);

/*
 * Does the authorityKeyIdentifier lead to this very certificate of its issuer,
 * so that OpenSSL can build a chain?  ERR_ISSUER if it names another, as that
 * before a renewal; names and signature are cert_check_issued_by's.
 */
MUST_CHECK enum err cert_check_aki(const struct cert *subject,
    const struct cert *issuer, struct error *err);

/*
 * Append the subject as OpenSSL's index has it, "/C=DE/CN=x" in printable
 * ASCII: X509_NAME_oneline.  Nothing for an empty one.
 */
MUST_CHECK enum err cert_subject_oneline(const struct cert *cert,
    struct buffer *out, struct error *err);

/* Same subject and same key: the same root, though renewed. */
bool cert_is_same_ca(const struct cert *a, const struct cert *b);

#define CERT_RSA_BITS_MIN 2048

/* Is it an RSA key that is shorter? */
bool cert_is_rsa_short(const struct cert *cert);

/* Say so if it is. */
void cert_note_key(const struct cert *cert, const char *path,
    struct notices *notices);

#define CERT_WEAK_SIZE 64

/* The algorithm that signed it if that rests on MD5 or SHA-1, else empty. */
void cert_weak_algorithm(const struct cert *cert, char out[CERT_WEAK_SIZE]);
