/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/utc.h"
#include "pki/cert.h"
#include "pki/cert_walk.h"
#include "pki/name.h"
#include "pki/pem.h"


static enum err
read_subject(struct cert *cert, struct error *err)
{
	const X509_NAME *name = X509_get_subject_name(cert->x509);
	int is_hashed = 0;

	if (!name_print(name, cert->subject_text))
		return err_fail(err, ERR_FORMAT,
		    "certificate: the text of its subject is broken");
	cert->subject_hash = (uint32_t)X509_NAME_hash_ex(name, NULL, NULL,
	    &is_hashed);
	if (!is_hashed)
		return err_fail(err, ERR_IO,
		    "certificate: libcrypto has no SHA-1 for the hash of its "
		    "subject");
	return ERR_OK;
}

static enum err
read_time(const ASN1_TIME *time, const char *what, int64_t *out,
    struct error *err)
{
	struct civil civil;
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) == 1) {
		civil = (struct civil){tm.tm_year + 1900, tm.tm_mon + 1,
		    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
		if (utc_from_civil(&civil, out))
			return ERR_OK;
	}
	return err_fail(err, ERR_FORMAT,
	    "certificate: %s is not a time (RFC 5280 4.1.2.5)", what);
}

/* It may be sound, and of a kind that only a later OpenSSL knows. */
static enum err
fail_key(const struct cert *cert, struct error *err)
{
	TRY(err_about(err, algorithm_check_spki(cert->spki, err),
	    "certificate"));
	return err_fail(err, ERR_FORMAT,
	    "certificate: OpenSSL cannot use its public key");
}

static enum err
read_key(struct cert *cert, struct error *err)
{
	const ASN1_OCTET_STRING *ski;
	unsigned int size = 0;

	cert->key = X509_get_pubkey(cert->x509);
	if (cert->key == NULL)
		return fail_key(cert, err);
	TRY(sha256(cert->spki, cert->spki_sha256, err));
	ski = X509_get0_subject_key_id(cert->x509);
	if (ski != NULL) {
		cert->has_ski = true;
		cert->key_id_size = (size_t)ASN1_STRING_length(ski);
		if (cert->key_id_size == 0 ||
		    cert->key_id_size > CERT_KEY_ID_MAX)
			return err_fail(err, ERR_FORMAT, "certificate: "
			    "subjectKeyIdentifier: want 1 to %d octets, have "
			    "%zu", CERT_KEY_ID_MAX, cert->key_id_size);
		memcpy(cert->key_id, ASN1_STRING_get0_data(ski),
		    cert->key_id_size);
		return ERR_OK;
	}
	/* A name for the key, not a protection: SHA-1 is what others use. */
	if (X509_pubkey_digest(cert->x509, EVP_sha1(), cert->key_id,
	    &size) != 1)
		return err_fail(err, ERR_IO,
		    "certificate: libcrypto has no SHA-1 for its key");
	cert->key_id_size = size;
	return ERR_OK;
}

static enum err
read_extensions(struct cert *cert, struct error *err)
{
	uint32_t flags = X509_get_extension_flags(cert->x509);

	if ((flags & EXFLAG_INVALID) != 0)
		return err_fail(err, ERR_FORMAT,
		    "certificate: an extension is damaged, or there twice (RFC "
		    "5280 4.2)");
	cert->is_ca = (flags & EXFLAG_CA) != 0;
	cert->has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
	cert->has_crl_sign = cert->has_key_usage &&
	    (X509_get_key_usage(cert->x509) & KU_CRL_SIGN) != 0;
	cert->is_self_issued = name_equals(cert->subject, cert->issuer);
	return ERR_OK;
}

/* Fill a cert that has its der and nothing else. */
static enum err
read_all(struct cert *cert, struct error *err)
{
	const unsigned char *cursor = cert->der.data;

	cert->x509 = d2i_X509(NULL, &cursor, (long)cert->der.size);
	if (cert->x509 == NULL || cursor != cert->der.data + cert->der.size)
		return err_fail(err, ERR_FORMAT,
		    "certificate: OpenSSL cannot read it to its end");
	TRY(cert_walk(cert, err));
	TRY(read_extensions(cert, err));
	TRY(read_key(cert, err));
	TRY(read_subject(cert, err));
	TRY(read_time(X509_get0_notBefore(cert->x509), "notBefore",
	    &cert->not_before_s, err));
	return read_time(X509_get0_notAfter(cert->x509), "notAfter",
	    &cert->not_after_s, err);
}

enum err
cert_parse(struct span file, struct cert **out, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	enum err code;

	if (file.size > CERT_MAX_BYTES)
		return err_fail(err, ERR_FORMAT,
		    "certificate: want up to %d octets, have %zu",
		    CERT_MAX_BYTES, file.size);
	cert = calloc(1, sizeof(*cert));
	if (cert == NULL)
		return err_no_memory(err);
	TRY(pem_or_der(file, PEM_CERTIFICATE, &cert->der, err));
	ERR_set_mark();
	code = read_all(cert, err);
	ERR_pop_to_mark();
	if (code != ERR_OK)
		return code;
	*out = cert;
	cert = NULL;
	return ERR_OK;
}

bool
cert_is_one(struct span file)
{
	FREE_CERT struct cert *cert = NULL;
	const enum err code = cert_parse(file, &cert, NULL);

	return code == ERR_OK || code == ERR_ALGORITHM;
}

void
cert_free(struct cert *cert)
{
	if (cert == NULL)
		return;
	EVP_PKEY_free(cert->key);
	X509_free(cert->x509);
	buffer_release(&cert->der);
	free(cert);
}

void
cert_free_at(struct cert **cert)
{
	cert_free(*cert);
	*cert = NULL;
}

/* A new one may have the extension that a root's certificate lacks. */
#define RENEW "renew it for the same key with %s, as by openssl x509 -in " \
	"OLD -signkey KEY -clrext -extfile FILE -days N -out NEW"

static enum err
fail_usage(const struct cert *cert, const char *bit, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_ISSUER, "%s: its keyUsage "
	    "lacks %s (RFC 5280 4.2.1.3)", cert->subject_text, bit), RENEW,
	    "keyUsage = keyCertSign, cRLSign");
}

enum err
cert_check_signs_crls(const struct cert *cert, struct error *err)
{
	if (!cert->has_key_usage || cert->has_crl_sign)
		return ERR_OK;
	return fail_usage(cert, "cRLSign", err);
}

enum err
cert_check_root(const struct cert *cert, struct error *err)
{
	TRY(cert_check_signs_crls(cert, err));
	if (X509_check_ca(cert->x509) != 0)
		return ERR_OK;
	if (cert->is_ca)
		return fail_usage(cert, "keyCertSign", err);
	return err_remedy(err, err_fail(err, ERR_ISSUER, "%s is not a CA's: "
	    "basicConstraints %s (RFC 5280 4.2.1.9)", cert->subject_text,
	    X509_get_ext_by_NID(cert->x509, NID_basic_constraints, -1) < 0 ?
	    "is missing" : "lacks cA"), "name the root's own certificate; if "
	    "this is it, " RENEW, "basicConstraints = critical, CA:TRUE");
}

enum err
cert_check_issued_by(const struct cert *subject, const struct cert *issuer,
    struct error *err)
{
	char its[NAME_TEXT_SIZE];
	bool is_good;

	if (!name_equals(subject->issuer, issuer->subject)) {
		name_text(subject->issuer, its);
		return err_remedy(err, err_fail(err, ERR_ISSUER, "%s: its "
		    "issuer is %s, not %s", subject->subject_text, its,
		    issuer->subject_text), "name the certificate that this "
		    "root has issued, or the root that has issued it");
	}
	ERR_set_mark();
	is_good = X509_verify(subject->x509, issuer->key) == 1;
	ERR_pop_to_mark();
	if (!is_good)
		return err_fail(err, ERR_SIGNATURE,
		    "%s is not signed by %s: its key does not verify the "
		    "signature",
		    subject->subject_text, issuer->subject_text);
	return ERR_OK;
}

enum err
cert_check_aki(const struct cert *subject, const struct cert *issuer,
    struct error *err)
{
	const int reason = X509_check_issued(issuer->x509, subject->x509);
	const ASN1_INTEGER *serial = X509_get0_authority_serial(subject->x509);
	const ASN1_OCTET_STRING *key_id =
	    X509_get0_authority_key_id(subject->x509);
	const bool is_serial =
	    reason == X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH;
	const ASN1_STRING *named = is_serial ? serial : key_id;
	char text[2 * CERT_KEY_ID_MAX + 1] = "another";

	if (!is_serial && reason != X509_V_ERR_AKID_SKID_MISMATCH)
		return ERR_OK;
	if (named != NULL)
		hex_encode((struct span){ASN1_STRING_get0_data(named),
		    (size_t)ASN1_STRING_length(named)}, text, sizeof(text));
	return err_remedy(err, err_fail(err, ERR_ISSUER, "%s: its "
	    "authorityKeyIdentifier names another certificate of %s, with %s "
	    "%s, so that OpenSSL builds no chain (RFC 5280 4.2.1.1)",
	    subject->subject_text, issuer->subject_text, is_serial ?
	    "serial" : "key identifier", text), "configure that certificate "
	    "of the root, or have this one issued anew");
}

enum err
cert_subject_oneline(const struct cert *cert, struct buffer *out,
    struct error *err)
{
	char *text = X509_NAME_oneline(X509_get_subject_name(cert->x509),
	    NULL, 0);
	enum err code = text == NULL ? err_no_memory(err) :
	    buffer_append_text(out, text, err);

	OPENSSL_free(text);
	return code;
}

bool
cert_is_same_ca(const struct cert *a, const struct cert *b)
{
	return name_equals(a->subject, b->subject) &&
	    span_equals(a->spki, b->spki);
}

bool
cert_is_rsa_short(const struct cert *cert)
{
	const int type = EVP_PKEY_get_base_id(cert->key);

	return (type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS) &&
	    EVP_PKEY_get_bits(cert->key) < CERT_RSA_BITS_MIN;
}

void
cert_note_key(const struct cert *cert, const char *path,
    struct notices *notices)
{
	if (cert_is_rsa_short(cert))
		notice_safety(notices, "%s has an RSA key of %d bits: renew it "
		    "with one of %d or more", path,
		    EVP_PKEY_get_bits(cert->key), CERT_RSA_BITS_MIN);
}

void
cert_weak_algorithm(const struct cert *cert, char out[CERT_WEAK_SIZE])
{
	struct algorithm algorithm;

	out[0] = '\0';
	if (algorithm_parse(cert->signature_algorithm, &algorithm, NULL) ==
	    ERR_OK && algorithm.is_weak)
		snprintf(out, CERT_WEAK_SIZE, "%.40s%s", algorithm.name,
		    algorithm.is_mask_weak ? " and MGF1 over SHA1" : "");
}
