/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/array.h"
#include "sub/store/store_openssl.h"

#define FREE_BY(release) __attribute__((cleanup(release)))

/* OpenSSL's own take the object, and attributes its place. */
#define RELEASES(name, type, release) \
	static void \
	name(type **object) \
	{ \
		release(*object); \
	}

RELEASES(free_crl, X509_CRL, X509_CRL_free)
RELEASES(free_store, X509_STORE, X509_STORE_free)
RELEASES(free_context, X509_STORE_CTX, X509_STORE_CTX_free)
RELEASES(free_bio, BIO, BIO_free)

static void
free_crls(STACK_OF(X509_CRL) **crls)
{
	sk_X509_CRL_pop_free(*crls, X509_CRL_free);
}

static void
free_info(STACK_OF(X509_INFO) **info)
{
	sk_X509_INFO_pop_free(*info, X509_INFO_free);
}

/* The error queue holds nothing that an operator could use. */
static void
leave(const bool *unused)
{
	(void)unused;
	ERR_pop_to_mark();
}

/* Errors that OpenSSL leaves behind from here on are taken off again. */
#define KEEP_ERRORS \
	FREE_BY(leave) const bool kept __attribute__((unused)) = \
	    ERR_set_mark() == 1

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
openssl_is_root_name(struct span name, const struct cert *root)
{
	const unsigned char *at = name.data;
	X509_NAME *parsed;
	bool is_it;
	KEEP_ERRORS;

	if (span_equals(name, root->subject))
		return true;
	parsed = d2i_X509_NAME(NULL, &at, (long)name.size);
	is_it = parsed != NULL && X509_NAME_cmp(parsed,
	    X509_get_subject_name(root->x509)) == 0;
	X509_NAME_free(parsed);
	return is_it;
}

bool
openssl_has_root_name(struct span der, const struct cert *root)
{
	KEEP_ERRORS;
	FREE_BY(free_crl) X509_CRL *crl = parse(der);

	return is_of(crl, root);
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

const char *
openssl_name_kind(struct span der)
{
	static const struct {
		const char *name;
		ASN1_ITEM_EXP *item;
	} kinds[] = {
	    {"a certificate", ASN1_ITEM_ref(X509)},
	    {"a certificate request", ASN1_ITEM_ref(X509_REQ)},
	    {"a PKCS#7 file", ASN1_ITEM_ref(PKCS7)},
	    {"a PKCS#12 file", ASN1_ITEM_ref(PKCS12)},
	    {"an encrypted private key", ASN1_ITEM_ref(X509_SIG)},
	};
	const unsigned char *key_at = der.data;
	const char *name = NULL;
	EVP_PKEY *key;
	KEEP_ERRORS;

	if (der.size > LONG_MAX)
		return NULL;
	key = d2i_AutoPrivateKey(NULL, &key_at, (long)der.size);
	if (key != NULL && key_at == der.data + der.size)
		name = "a private key";
	EVP_PKEY_free(key);
	for (size_t i = 0; name == NULL && i < COUNT_OF(kinds); i++) {
		const ASN1_ITEM *item = ASN1_ITEM_ptr(kinds[i].item);
		const unsigned char *at = der.data;
		ASN1_VALUE *value = ASN1_item_d2i(NULL, &at, (long)der.size,
		    item);

		if (value != NULL && at == der.data + der.size)
			name = kinds[i].name;
		ASN1_item_free(value, item);
	}
	return name;
}

/* Whatever else is wrong with the chain, the CRL is looked for. */
static int
go_on(int ok, X509_STORE_CTX *context)
{
	(void)ok;
	(void)context;
	return 1;
}

/* Called with the CRL that was chosen; 0 ends the work. */
static int
note_choice(X509_STORE_CTX *context, X509_CRL *crl)
{
	const X509_CRL **chosen = X509_STORE_CTX_get_app_data(context);

	*chosen = crl;
	return 0;
}

/* The certificate to look for; NULL for none. */
static X509 *
find_leaf(const struct store *store)
{
	if (store->subordinate != NULL && X509_check_issued(
	    store->root->x509, store->subordinate->x509) == X509_V_OK)
		return store->subordinate->x509;
	return store->root->is_self_issued ? store->root->x509 : NULL;
}

bool
openssl_can_pick(const struct store *store)
{
	return find_leaf(store) != NULL;
}

static enum err
fill(const struct store_held *held, size_t count, bool backwards,
    STACK_OF(X509_CRL) *parsed, X509_STORE *trusted, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		X509_CRL *crl = parse(span_of_buffer(&held[i].der));

		if (crl == NULL || sk_X509_CRL_push(parsed, crl) <= 0) {
			X509_CRL_free(crl);
			return err_no_memory(err);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (X509_STORE_add_crl(trusted, sk_X509_CRL_value(parsed,
		    (int)(backwards ? count - 1 - i : i))) != 1)
			return err_no_memory(err);
	}
	return ERR_OK;
}

enum err
openssl_pick(const struct store *store, const struct store_held *held,
    size_t count, bool backwards, size_t *out, struct error *err)
{
	KEEP_ERRORS;
	FREE_BY(free_crls) STACK_OF(X509_CRL) *parsed = sk_X509_CRL_new_null();
	FREE_BY(free_store) X509_STORE *trusted = X509_STORE_new();
	FREE_BY(free_context) X509_STORE_CTX *context = X509_STORE_CTX_new();
	const X509_CRL *chosen = NULL;
	size_t i;

	if (parsed == NULL || trusted == NULL || context == NULL)
		return err_no_memory(err);
	TRY(fill(held, count, backwards, parsed, trusted, err));
	X509_STORE_set_check_crl(trusted, note_choice);
	X509_STORE_set_verify_cb(trusted, go_on);
	if (X509_STORE_add_cert(trusted, store->root->x509) != 1 ||
	    X509_STORE_CTX_init(context, trusted, find_leaf(store), NULL) !=
	    1 || X509_STORE_CTX_set_app_data(context, &chosen) != 1)
		return err_no_memory(err);
	X509_STORE_CTX_set_flags(context, X509_V_FLAG_CRL_CHECK |
	    X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_CTX_set_time(context, 0, (time_t)store->now_s);
	/* How that ends is of no interest. */
	(void)X509_verify_cert(context);
	for (i = 0; i < count; i++) {
		if (sk_X509_CRL_value(parsed, (int)i) == chosen)
			break;
	}
	*out = i;
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
