/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/array.h"
#include "sub/store/store_free.h"
#include "sub/store/store_openssl.h"

static void
free_info(STACK_OF(X509_INFO) **info)
{
	sk_X509_INFO_pop_free(*info, X509_INFO_free);
}

static X509_CRL *
parse(struct span der)
{
	const unsigned char *at = der.data;

	return der.size > LONG_MAX ? NULL :
	    d2i_X509_CRL(NULL, &at, (long)der.size);
}

static bool
is_of(const X509_CRL *crl, const struct cert *root)
{
	return crl != NULL && X509_NAME_cmp(X509_CRL_get_issuer(crl),
	    X509_get_subject_name(root->x509)) == 0;
}

bool
openssl_has_root_name(struct span der, const struct cert *root)
{
	KEEP_ERRORS;
	FREE_BY(free_crl) X509_CRL *crl = parse(der);

	return is_of(crl, root);
}

size_t
openssl_crl_size(struct span der)
{
	const unsigned char *at = der.data;
	KEEP_ERRORS;
	FREE_BY(free_crl) X509_CRL *crl = der.size > LONG_MAX ? NULL :
	    d2i_X509_CRL(NULL, &at, (long)der.size);

	return crl == NULL ? 0 : (size_t)(at - der.data);
}

static bool
has_key_id(const X509_CRL *crl, const struct cert *root)
{
	AUTHORITY_KEYID *aki = X509_CRL_get_ext_d2i(crl,
	    NID_authority_key_identifier, NULL, NULL);
	bool has = false;

	if (aki != NULL && aki->keyid != NULL)
		has = span_equals((struct span){root->key_id,
		    root->key_id_size}, (struct span){
		    ASN1_STRING_get0_data(aki->keyid),
		    (size_t)ASN1_STRING_length(aki->keyid)});
	AUTHORITY_KEYID_free(aki);
	return has;
}

bool
openssl_is_ours(struct span der, const struct cert *root)
{
	KEEP_ERRORS;
	FREE_BY(free_crl) X509_CRL *crl = parse(der);

	return is_of(crl, root) && (has_key_id(crl, root) ||
	    X509_CRL_verify(crl, root->key) == 1);
}

bool
openssl_is_key(struct span der)
{
	const unsigned char *at = der.data;
	EVP_PKEY *key;
	bool is_it;
	KEEP_ERRORS;

	key = der.size > LONG_MAX ? NULL :
	    d2i_AutoPrivateKey(NULL, &at, (long)der.size);
	is_it = key != NULL && at == der.data + der.size;
	EVP_PKEY_free(key);
	return is_it;
}

/* Has OpenSSL a reason not to use a CRL?  Its dates are judged elsewhere. */
static bool
is_about_crl(int error)
{
	static const int errors[] = {X509_V_ERR_UNABLE_TO_GET_CRL,
	    X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
	    X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_CRL_NOT_YET_VALID,
	    X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
	    X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
	    X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
	    X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
	    X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
	    X509_V_ERR_DIFFERENT_CRL_SCOPE,
	    X509_V_ERR_CRL_PATH_VALIDATION_ERROR};

	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		if (errors[i] == error)
			return true;
	}
	return false;
}

/* Whatever is wrong, it is noted and the work goes on. */
static int
go_on(int ok, X509_STORE_CTX *context)
{
	struct openssl_verdict *verdict =
	    X509_STORE_CTX_get_app_data(context);
	const int error = X509_STORE_CTX_get_error(context);
	const char **why = is_about_crl(error) ||
	    X509_STORE_CTX_get0_current_crl(context) != NULL ?
	    &verdict->crl_error : &verdict->chain_error;

	if (!ok && *why == NULL && error != X509_V_ERR_CRL_NOT_YET_VALID &&
	    error != X509_V_ERR_CRL_HAS_EXPIRED)
		*why = X509_verify_cert_error_string(error);
	return 1;
}

/* Called with each CRL that is used; the first is that of all reasons. */
static int
note_choice(X509_STORE_CTX *context, X509_CRL *crl, X509 *cert)
{
	struct openssl_verdict *verdict =
	    X509_STORE_CTX_get_app_data(context);

	(void)cert;
	if (!verdict->has_choice)
		verdict->has_choice = X509_CRL_digest(crl, EVP_sha256(),
		    verdict->sha256, NULL) == 1;
	return 1;
}

/*
 * Signatures of certificates were verified when they were loaded; of a clock
 * that is wrong, and of the root's end, check speaks.
 */
static int
verify_nothing(X509_STORE_CTX *context)
{
	(void)context;
	return 1;
}

/* The certificate to look for; NULL for none. */
static X509 *
find_leaf(const struct store *store)
{
	if (store->subordinate != NULL)
		return store->subordinate->x509;
	return store->root->is_self_issued ? store->root->x509 : NULL;
}

bool
openssl_can_pick(const struct store *store)
{
	return find_leaf(store) != NULL;
}

enum err
openssl_crls(const struct store_held *held, size_t count,
    STACK_OF(X509_CRL) **out, struct error *err)
{
	KEEP_ERRORS;

	*out = sk_X509_CRL_new_null();
	for (size_t i = 0; *out != NULL && i < count; i++) {
		X509_CRL *crl = parse(span_of_buffer(&held[i].der));

		if (crl == NULL || sk_X509_CRL_push(*out, crl) <= 0) {
			X509_CRL_free(crl);
			return err_no_memory(err);
		}
	}
	return *out == NULL ? err_no_memory(err) : ERR_OK;
}

static bool
fill(STACK_OF(X509_CRL) *crls, bool backwards, X509_STORE *trusted)
{
	const int count = crls == NULL ? 0 : sk_X509_CRL_num(crls);

	for (int i = 0; i < count; i++) {
		if (X509_STORE_add_crl(trusted, sk_X509_CRL_value(crls,
		    backwards ? count - 1 - i : i)) != 1)
			return false;
	}
	return true;
}

/* What OpenSSL says of a certificate's dates; NULL for nothing. */
static const char *
judge_dates(const struct cert *cert, int64_t now_s)
{
	if (cert == NULL || (cert->not_before_s <= now_s &&
	    cert->not_after_s >= now_s))
		return NULL;
	return X509_verify_cert_error_string(cert->not_after_s < now_s ?
	    X509_V_ERR_CERT_HAS_EXPIRED : X509_V_ERR_CERT_NOT_YET_VALID);
}

enum err
openssl_pick(const struct store *store, STACK_OF(X509_CRL) *crls,
    bool backwards, struct openssl_verdict *out, struct error *err)
{
	KEEP_ERRORS;
	FREE_BY(free_store) X509_STORE *trusted = X509_STORE_new();
	FREE_BY(free_context) X509_STORE_CTX *context = X509_STORE_CTX_new();

	*out = (struct openssl_verdict){.has_choice = false};
	if (trusted == NULL || context == NULL ||
	    !fill(crls, backwards, trusted))
		return err_no_memory(err);
	X509_STORE_set_verify(trusted, verify_nothing);
	X509_STORE_set_cert_crl(trusted, note_choice);
	X509_STORE_set_verify_cb(trusted, go_on);
	if (X509_STORE_add_cert(trusted, store->root->x509) != 1 ||
	    X509_STORE_CTX_init(context, trusted, find_leaf(store), NULL) !=
	    1 || X509_STORE_CTX_set_app_data(context, out) != 1)
		return err_no_memory(err);
	X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN |
	    (crls == NULL ? 0 : X509_V_FLAG_CRL_CHECK));
	X509_STORE_CTX_set_time(context, 0, (time_t)store->now_s);
	/* The verdict is in out. */
	(void)X509_verify_cert(context);
	if (out->chain_error == NULL)
		out->chain_error = judge_dates(store->subordinate,
		    store->now_s);
	out->is_issued = X509_check_issued(store->root->x509,
	    find_leaf(store)) == X509_V_OK;
	return ERR_OK;
}

struct bio_st *
openssl_open(struct span text)
{
	FILE *file = text.size == 0 ? NULL :
	    fmemopen((void *)(uintptr_t)text.data, text.size, "r");
	BIO *bio = file == NULL ? NULL : BIO_new_fp(file, BIO_CLOSE);

	if (file != NULL && bio == NULL)
		fclose(file);
	return bio;
}

bool
openssl_loads(struct span text, bool only_crl)
{
	static char no_passphrase[] = "";
	KEEP_ERRORS;
	FREE_BY(free_bio) BIO *bio = openssl_open(text);
	FREE_BY(free_info) STACK_OF(X509_INFO) *info = NULL;
	FREE_BY(free_crl) X509_CRL *crl = NULL;

	if (bio == NULL)
		return false;
	if (only_crl)
		crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, no_passphrase);
	else
		info = PEM_X509_INFO_read_bio(bio, NULL, NULL, no_passphrase);
	return crl != NULL || info != NULL;
}
