/* SPDX-License-Identifier: ISC */
/* Which certificate of its issuer does a CRL name? */
#include "pki/cert.h"
#include "pki/crl.h"

/* 33 octets: enough to tell two key ids, or two serials, apart. */
#define HEX_TEXT_SIZE 67

static enum err
check_key_id(const struct crl *crl, const struct cert *root,
    struct error *err)
{
	struct span key_id = {root->key_id, root->key_id_size};
	char want[HEX_TEXT_SIZE], have[HEX_TEXT_SIZE];

	/* Without an SKI there is nothing to compare; OpenSSL goes on. */
	if (crl->aki_key_id.size == 0 || !root->has_ski ||
	    span_equals(crl->aki_key_id, key_id))
		return ERR_OK;
	hex_encode(key_id, want, sizeof(want));
	hex_encode(crl->aki_key_id, have, sizeof(have));
	return err_remedy(err, err_fail(err, ERR_ISSUER, "CRL "
	    "authorityKeyIdentifier: want %s of %s, have %s (RFC 5280 5.2.1)",
	    want, root->subject_text, have), "the CRL is for another key, or "
	    "another certificate, of this name: configure that certificate, "
	    "or get the CRL that goes with the configured one");
}

/*
 * Is the first directoryName of GeneralNames the root's issuer?  OpenSSL looks
 * at no other, and takes names that hold none.  *named is what is there.
 */
static enum err
find_issuer(struct span names, const struct cert *root, struct span *named,
    bool *is_it, struct error *err)
{
	struct der_value name;

	*named = root->issuer;
	*is_it = true;
	while (names.size > 0) {
		TRY(crl_fail_form(der_next(&names, "authorityCertIssuer",
		    &name, err), err));
		if (name.tag != DER_CONTEXT_CONSTRUCTED(4))
			continue;
		*named = name.content;
		*is_it = name_equals(*named, root->issuer);
		return ERR_OK;
	}
	return ERR_OK;
}

/* What helps if the AKI leads to another certificate of the key. */
static enum err
fail_certificate(enum err code, struct error *err)
{
	return err_remedy(err, code, "configure the certificate that the CRL "
	    "names, or have a CRL signed that names only the key (openssl.cnf, "
	    "crl_extensions: authorityKeyIdentifier = keyid:always)");
}

enum err
crl_check_aki(const struct crl *crl, const struct cert *root,
    struct error *err)
{
	char want[HEX_TEXT_SIZE], have[HEX_TEXT_SIZE];
	char issuer[NAME_TEXT_SIZE], own[NAME_TEXT_SIZE];
	struct span named;
	bool is_issuer;

	TRY(check_key_id(crl, root, err));
	if (!crl->has_aki_certificate)
		return ERR_OK;
	TRY(find_issuer(crl->aki_issuer, root, &named, &is_issuer, err));
	name_text(named, issuer);
	name_text(root->issuer, own);
	hex_encode(root->serial, want, sizeof(want));
	hex_encode(crl->aki_serial, have, sizeof(have));
	if (!span_equals(crl->aki_serial, root->serial))
		return fail_certificate(err_fail(err, ERR_ISSUER, "CRL "
		    "authorityCertSerialNumber: want %s, that of the "
		    "configured certificate, have %s, issued by %s (RFC 5280 "
		    "5.2.1)", want, have, issuer), err);
	if (!is_issuer)
		return fail_certificate(err_fail(err, ERR_ISSUER, "CRL "
		    "authorityCertIssuer: want %.180s, that of the configured "
		    "certificate, have %.180s (RFC 5280 5.2.1)", own, issuer),
		    err);
	return ERR_OK;
}
