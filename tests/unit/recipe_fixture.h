/* SPDX-License-Identifier: ISC */
/* CRLs by recipe, under the keys of admit_fixture.h.  For tests only. */
#pragma once

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "admit_fixture.h"
#include "test.h"

#define SERIALS_MAX 8

/* What a CRL is made of; zero is what a good one has. */
struct recipe {
	long number;			/* 0: 12; -1: none */
	int64_t this_later_s;		/* than THIS_UPDATE */
	int64_t next_later_s;		/* than NEXT_UPDATE */
	bool no_next_update;
	bool is_v1;
	bool no_aki;
	bool has_empty_list;		/* revokedCertificates, of none */
	enum pinned signer;
	const char *digest;		/* default SHA256 */
	const char *extension[2];	/* "name=value" as in openssl.cnf */
	const char *entry_extension;	/* of the last entry */
	long serials[SERIALS_MAX];	/* 0 ends them */
	int serial_octets;		/* each so many times; 0: once */
	const char *from, *to;		/* octets exchanged once signed, last
					 * place first; same size, hex */
};

static inline void
put_time(X509_CRL *crl, int64_t at_s,
    int (*set)(X509_CRL *, const ASN1_TIME *))
{
	ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)at_s);

	assert_non_null(at);
	assert_int_equal(set(crl, at), 1);
	ASN1_TIME_free(at);
}

static inline X509_EXTENSION *
make_extension(X509_CRL *crl, X509 *issuer, const char *text)
{
	X509_EXTENSION *extension;
	char name[64];
	X509V3_CTX context;
	size_t size = strcspn(text, "=");

	snprintf(name, sizeof(name), "%.*s", (int)size, text);
	X509V3_set_ctx(&context, issuer, NULL, NULL, crl, 0);
	extension = X509V3_EXT_nconf(NULL, &context, name, text + size + 1);
	if (extension == NULL)
		fail_msg("%s: want an extension, have none", text);
	return extension;
}

static inline void
put_extension(X509_CRL *crl, X509 *issuer, const char *text)
{
	X509_EXTENSION *extension = make_extension(crl, issuer, text);

	assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static inline void
put_entries(X509_CRL *crl, const struct recipe *recipe)
{
	size_t i;

	for (i = 0; i < SERIALS_MAX && recipe->serials[i] != 0; i++) {
		X509_REVOKED *entry = X509_REVOKED_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();
		ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)NOW - 3600);

		assert_int_equal(ASN1_INTEGER_set(serial,
		    recipe->serials[i]), 1);
		if (recipe->serial_octets > 0) {
			uint8_t octets[128];

			memset(octets, (int)recipe->serials[i],
			    sizeof(octets));
			assert_int_equal(ASN1_STRING_set(serial, octets,
			    recipe->serial_octets), 1);
		}
		assert_int_equal(X509_REVOKED_set_serialNumber(entry, serial),
		    1);
		assert_int_equal(X509_REVOKED_set_revocationDate(entry, at),
		    1);
		if (recipe->entry_extension != NULL &&
		    (i + 1 == SERIALS_MAX || recipe->serials[i + 1] == 0)) {
			X509_EXTENSION *extension = make_extension(crl, NULL,
			    recipe->entry_extension);

			assert_int_equal(X509_REVOKED_add_ext(entry,
			    extension, -1), 1);
			X509_EXTENSION_free(extension);
		}
		assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
		ASN1_INTEGER_free(serial);
		ASN1_TIME_free(at);
	}
	if (recipe->has_empty_list) {
		assert_int_equal(X509_CRL_add0_revoked(crl,
		    X509_REVOKED_new()), 1);
		X509_REVOKED_free(sk_X509_REVOKED_pop(
		    X509_CRL_get_REVOKED(crl)));
	}
}

static inline void
put_number(X509_CRL *crl, long value)
{
	ASN1_INTEGER *number = ASN1_INTEGER_new();

	assert_int_equal(ASN1_INTEGER_set(number, value), 1);
	assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0,
	    X509V3_ADD_APPEND), 1);
	ASN1_INTEGER_free(number);
}

static inline void
put_extensions(X509_CRL *crl, X509 *issuer, const struct recipe *recipe)
{
	size_t i;

	if (!recipe->no_aki && !recipe->is_v1)
		put_extension(crl, issuer,
		    "authorityKeyIdentifier=keyid:always");
	if (recipe->number != -1 && !recipe->is_v1)
		put_number(crl, recipe->number == 0 ? 12 : recipe->number);
	for (i = 0; i < COUNT_OF(recipe->extension); i++)
		if (recipe->extension[i] != NULL)
			put_extension(crl, issuer, recipe->extension[i]);
}

/* Exchange octets, beginning with the last place where they stand. */
static inline void
exchange(const struct recipe *recipe, struct buffer *der)
{
	uint8_t from[64], to[64];
	size_t size, to_size, at;

	if (recipe->from == NULL)
		return;
	assert_true(hex_decode(span_of_text(recipe->from), from,
	    sizeof(from), &size));
	assert_true(hex_decode(span_of_text(recipe->to), to, sizeof(to),
	    &to_size));
	assert_int_equal(size, to_size);
	for (at = der->size - size; memcmp(der->data + at, from, size) != 0;
	    at--)
		assert_true(at > 0);
	memcpy(der->data + at, to, size);
}

static inline void *
read_pem(const char *name, const char *suffix, bool is_key)
{
	RELEASE_BUFFER struct buffer file = {0};
	char path[64];
	BIO *bio;
	void *out;

	snprintf(path, sizeof(path), "%s.%s", name, suffix);
	fixture_read(folder, path, &file);
	bio = BIO_new_mem_buf(file.data, (int)file.size);
	out = is_key ? (void *)PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) :
	    (void *)PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_non_null(out);
	BIO_free(bio);
	return out;
}

/* Make, sign and encode, with OpenSSL's own code. */
static inline void
make_crl(const struct recipe *recipe, struct buffer *out)
{
	const char *name = pinned_names[recipe->signer];
	X509 *issuer = read_pem(name, "pem", false);
	EVP_PKEY *key = read_pem(recipe->signer >= NO_SIGN &&
	    recipe->signer <= NO_USAGE ? "root" : name, "key", true);
	X509_CRL *crl = X509_CRL_new();
	uint8_t *der = NULL;
	int size;

	if (!recipe->is_v1)
		assert_int_equal(X509_CRL_set_version(crl, 1), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl,
	    X509_get_subject_name(issuer)), 1);
	put_time(crl, THIS_UPDATE + recipe->this_later_s,
	    X509_CRL_set1_lastUpdate);
	if (!recipe->no_next_update)
		put_time(crl, NEXT_UPDATE + recipe->next_later_s,
		    X509_CRL_set1_nextUpdate);
	put_entries(crl, recipe);
	put_extensions(crl, issuer, recipe);
	assert_true(X509_CRL_sign(crl, key, EVP_get_digestbyname(
	    recipe->digest != NULL ? recipe->digest : "SHA256")) > 0);
	size = i2d_X509_CRL(crl, &der);
	assert_true(size > 0);
	assert_int_equal(buffer_append(out, der, (size_t)size, NULL), ERR_OK);
	exchange(recipe, out);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	EVP_PKEY_free(key);
	X509_free(issuer);
}
