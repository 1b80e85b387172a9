/* SPDX-License-Identifier: ISC */
#include "sub/store/store_free.h"
#include "sub/store/store_method.h"

/* Verify as OpenSSL does without us: a copy has its own method. */
static int
verify_anew(X509_CRL *crl, EVP_PKEY *key)
{
	FREE_BY(free_crl) X509_CRL *copy = X509_CRL_dup(crl);

	return copy == NULL ? -1 : X509_CRL_verify(copy, key);
}

static int
verify(X509_CRL *crl, EVP_PKEY *key)
{
	const struct store *store = X509_CRL_get_meth_data(crl);
	uint8_t digest[SHA256_SIZE];
	int is_good;

	if (store == NULL || EVP_PKEY_eq(key, store->root->key) != 1 ||
	    X509_CRL_digest(crl, EVP_sha256(), digest, NULL) != 1)
		return verify_anew(crl, key);
	if (verified_has(store->verified, VERIFIED_OPENSSL, digest,
	    store->root))
		return 1;
	is_good = verify_anew(crl, key);
	if (is_good == 1)
		verified_add(store->verified, VERIFIED_OPENSSL, digest,
		    store->root);
	return is_good;
}

void
method_begin(const struct store *store, X509_CRL_METHOD **out)
{
	if (store->verified != NULL)
		*out = X509_CRL_METHOD_new(NULL, NULL, NULL, verify);
	X509_CRL_set_default_method(*out);
}

void
method_end(void)
{
	X509_CRL_set_default_method(NULL);
}

void
method_bind(const struct store *store, STACK_OF(X509_CRL) *crls)
{
	for (int i = 0; store->verified != NULL && crls != NULL &&
	    i < sk_X509_CRL_num(crls); i++)
		X509_CRL_set_meth_data(sk_X509_CRL_value(crls, i),
		    (void *)(uintptr_t)store);
}
