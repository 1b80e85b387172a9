/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "pki/algorithm.h"
#include "pki/cert.h"
#include "pki/crl.h"

#define FREE_CONTEXT __attribute__((cleanup(context_free)))

static void
context_free(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

enum err
crl_algorithm(const struct crl *crl, struct algorithm *out, struct error *err)
{
	if (!span_equals(crl->inner_algorithm, crl->outer_algorithm))
		return err_remedy(err, err_fail(err, ERR_ALGORITHM,
		    "signatureAlgorithm differs from that of tbsCertList (RFC "
		    "5280 5.1.1.2)"), "get the file again from its source; if "
		    "it is the same, have the CA sign another");
	return algorithm_parse(crl->inner_algorithm, out, err);
}

/* The error queue holds nothing that an operator could use. */
static enum err
fail_signature(struct error *err)
{
	ERR_clear_error();
	return err_fail(err, ERR_SIGNATURE,
	    "CRL: the issuer's key does not verify the signature");
}

/* As many octets of tbsCertList from done on as are at hand. */
static enum err
view_tbs(struct crl *crl, uint64_t done, struct span *out, struct error *err)
{
	uint64_t left = crl->tbs_size - done;
	size_t need = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;

	TRY(window_view(crl->window, crl->tbs_offset + done, need, out, err));
	if (out->size > left)
		out->size = (size_t)left;
	return ERR_OK;
}

static enum err
verify_stream(struct crl *crl, EVP_MD_CTX *context, struct error *err)
{
	struct span view;

	for (uint64_t done = 0; done < crl->tbs_size; done += view.size) {
		TRY(view_tbs(crl, done, &view, err));
		if (EVP_DigestVerifyUpdate(context, view.data,
		    view.size) != 1)
			return fail_signature(err);
	}
	if (EVP_DigestVerifyFinal(context, crl->signature.data,
	    crl->signature.size) != 1)
		return fail_signature(err);
	return ERR_OK;
}

/*
 * Ed25519 hashes twice over, so it needs all of it in one piece; ML-DSA and
 * SLH-DSA are taken so by libcrypto.
 */
static enum err
verify_whole(struct crl *crl, EVP_MD_CTX *context, struct error *err)
{
	RELEASE_BUFFER struct buffer copy = {0};
	struct span view;

	TRY(view_tbs(crl, 0, &view, err));
	if (view.size < crl->tbs_size) {
		TRY(buffer_reserve(&copy, (size_t)crl->tbs_size, err));
		while (copy.size < crl->tbs_size) {
			TRY(view_tbs(crl, copy.size, &view, err));
			TRY(buffer_append(&copy, view.data, view.size, err));
		}
		view = span_of_buffer(&copy);
	}
	if (EVP_DigestVerify(context, crl->signature.data,
	    crl->signature.size, view.data, view.size) != 1)
		return fail_signature(err);
	return ERR_OK;
}

enum err
crl_check_issuer(const struct crl *crl, const struct cert *signer,
    struct error *err)
{
	char issuer[NAME_TEXT_SIZE];

	if (name_equals(crl->issuer, signer->subject))
		return ERR_OK;
	name_text(crl->issuer, issuer);
	return err_fail(err, ERR_ISSUER, "CRL issuer is %s, not %s (RFC 5280 "
	    "5.1.2.3)", issuer, signer->subject_text);
}

/* Say what can be said before any octet is hashed. */
static enum err
check_signer(const struct crl *crl, const struct cert *signer,
    struct algorithm *algorithm, struct error *err)
{
	TRY(crl_check_issuer(crl, signer, err));
	if (crl->signature.size == 0)
		return err_fail(err, ERR_SIGNATURE, "signatureValue is empty");
	if (crl->signature_unused_bits != 0)
		return err_fail(err, ERR_SIGNATURE,
		    "signatureValue: no whole octets, %d bits are unused",
		    crl->signature_unused_bits);
	TRY(cert_check_signs_crls(signer, err));
	TRY(crl_algorithm(crl, algorithm, err));
	return algorithm_check(algorithm, err);
}

enum err
crl_sha256(struct crl *crl, uint8_t out[SHA256_SIZE], struct error *err)
{
	if (!crl->is_digested)
		TRY(window_sha256(crl->window, crl->sha256, err));
	crl->is_digested = true;
	memcpy(out, crl->sha256, SHA256_SIZE);
	return ERR_OK;
}

enum err
crl_verify(struct crl *crl, const struct cert *signer, struct error *err)
{
	FREE_CONTEXT EVP_MD_CTX *context = NULL;
	struct algorithm algorithm;

	TRY(check_signer(crl, signer, &algorithm, err));
	if (crl->is_verified && memcmp(crl->verified_spki_sha256,
	    signer->spki_sha256, SHA256_SIZE) == 0)
		return ERR_OK;
	context = EVP_MD_CTX_new();
	if (context == NULL)
		return err_no_memory(err);
	TRY(algorithm_start(&algorithm, context, signer->key, false, err));
	TRY(algorithm_is_whole(&algorithm) ?
	    verify_whole(crl, context, err) :
	    verify_stream(crl, context, err));
	memcpy(crl->verified_spki_sha256, signer->spki_sha256, SHA256_SIZE);
	crl->is_verified = true;
	return ERR_OK;
}
