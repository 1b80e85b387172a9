/* SPDX-License-Identifier: ISC */
/* Whose CRL is it? */
#include "ferry/admit.h"
#include "pki/algorithm.h"

/* 33 octets: enough to tell two key ids apart. */
#define HEX_TEXT_SIZE 67

static enum err
check_key_id(const struct crl *crl, const struct cert *root,
    struct error *err)
{
	struct span key_id = {root->key_id, root->key_id_size};
	char want[HEX_TEXT_SIZE], have[HEX_TEXT_SIZE];

	if (crl->aki_key_id.size == 0 || span_equals(crl->aki_key_id, key_id))
		return ERR_OK;
	hex_encode(key_id, want, sizeof(want));
	hex_encode(crl->aki_key_id, have, sizeof(have));
	return err_fail(err, ERR_ISSUER, "CRL authorityKeyIdentifier: want %s "
	    "of %s, have %s (RFC 5280 5.2.1)", want, root->subject_text,
	    have);
}

/*
 * Is the first directoryName of GeneralNames this one?  OpenSSL looks at no
 * other, and takes names that hold none.
 */
static enum err
check_names(struct span names, const struct cert *root, struct error *err)
{
	struct der_value name;

	while (names.size > 0) {
		TRY(der_next(&names, "authorityCertIssuer", &name, err));
		if (name.tag != DER_CONTEXT_CONSTRUCTED(4))
			continue;
		if (span_equals(name.content, root->issuer))
			return ERR_OK;
		return err_fail(err, ERR_ISSUER, "CRL authorityCertIssuer: it "
		    "is for a certificate of %s that another CA has issued "
		    "(RFC 5280 5.2.1)", root->subject_text);
	}
	return ERR_OK;
}

/* OpenSSL uses such a CRL for that very certificate, not for one renewed. */
static enum err
check_certificate(const struct crl *crl, const struct cert *root,
    struct error *err)
{
	char want[HEX_TEXT_SIZE], have[HEX_TEXT_SIZE];

	if (!crl->has_aki_certificate)
		return ERR_OK;
	if (span_equals(crl->aki_serial, root->serial))
		return check_names(crl->aki_issuer, root, err);
	hex_encode(root->serial, want, sizeof(want));
	hex_encode(crl->aki_serial, have, sizeof(have));
	return err_fail(err, ERR_ISSUER, "CRL authorityCertSerialNumber: want "
	    "%s, have %s: it is for another certificate of %s (RFC 5280 "
	    "5.2.1)", want, have, root->subject_text);
}

enum err
admit_identity(struct crl *crl, const struct cert *root, struct error *err)
{
	struct algorithm algorithm;
	char issuer[NAME_TEXT_SIZE];

	if (!name_equals(crl->issuer, root->subject)) {
		name_text(crl->issuer, issuer);
		return err_fail(err, ERR_ISSUER, "CRL issuer is %s, not %s "
		    "(RFC 5280 5.1.2.3)", issuer, root->subject_text);
	}
	TRY(check_key_id(crl, root, err));
	TRY(check_certificate(crl, root, err));
	TRY(crl_algorithm(crl, &algorithm, err));
	TRY(algorithm_check(&algorithm, err));
	/* keyUsage is judged there, after the algorithm. */
	return crl_verify(crl, root, err);
}

void
admit_note_respelt(const char *what, const struct cert *root,
    struct notices *notices)
{
	notice(notices, "%s: its issuer is %s, but not octet for octet as in "
	    "the certificate; to OpenSSL and GnuTLS they are equal (RFC 5280 "
	    "7.1), to a program that compares octets, such as NSS, they are "
	    "not", what, root->subject_text);
}
