/* SPDX-License-Identifier: ISC */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/array.h"
#include "base/file.h"
#include "base/secret.h"
#include "ca/signer_throwaway.h"

/* A cleanup by the function that OpenSSL has for the type. */
#define FREE_AT(type, name) \
	static void name(type **object) \
	{ \
		type##_free(*object); \
	}

FREE_AT(EVP_PKEY, free_key)
FREE_AT(EVP_PKEY_CTX, free_key_context)
FREE_AT(EVP_MD_CTX, free_context)
FREE_AT(X509, free_certificate)
FREE_AT(BIO, free_bio)

static enum err
fail(struct error *err, const char *what)
{
	ERR_clear_error();
	return err_fail(err, ERR_IO,
	    "rehearsal: libcrypto failed to make %s", what);
}

/* The digests and the salt to which an RSA-PSS key is restricted. */
static bool
restrict_pss(EVP_PKEY_CTX *context, EVP_PKEY *model,
    const struct algorithm *algorithm)
{
	const EVP_MD *digest = EVP_get_digestbyname(algorithm->digest);
	const EVP_MD *mask = EVP_get_digestbyname(algorithm->mgf_digest);
	char mandatory[64];

	if (EVP_PKEY_get_utf8_string_param(model,
	    OSSL_PKEY_PARAM_MANDATORY_DIGEST, mandatory, sizeof(mandatory),
	    NULL) != 1) {
		ERR_clear_error();
		return true;
	}
	return digest != NULL && mask != NULL &&
	    EVP_PKEY_CTX_set_rsa_pss_keygen_md(context, digest) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_keygen_mgf1_md(context, mask) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(context,
	    algorithm->salt_size) > 0;
}

/* Have a key generated that is like the model. */
static bool
set_kind(EVP_PKEY_CTX *context, EVP_PKEY *model,
    const struct algorithm *algorithm)
{
	char curve[80];

	switch (algorithm->family) {
	case ALGORITHM_ECDSA:
		return EVP_PKEY_get_group_name(model, curve, sizeof(curve),
		    NULL) == 1 &&
		    EVP_PKEY_CTX_set_group_name(context, curve) > 0;
	case ALGORITHM_RSA:
	case ALGORITHM_RSA_PSS:
		if (EVP_PKEY_CTX_set_rsa_keygen_bits(context,
		    EVP_PKEY_get_bits(model)) <= 0)
			return false;
		/* An RSA key may sign with PSS without being of that kind. */
		return EVP_PKEY_get_base_id(model) != EVP_PKEY_RSA_PSS ||
		    restrict_pss(context, model, algorithm);
	case ALGORITHM_ED25519:
	case ALGORITHM_POST_QUANTUM:
		return true;
	}
	return false;
}

static enum err
make_key(EVP_PKEY *model, EVP_PKEY **out, struct error *err)
{
	RELEASE_BUFFER struct buffer identifier = {0};
	__attribute__((cleanup(free_key_context))) EVP_PKEY_CTX *context =
	    NULL;
	struct algorithm algorithm;

	TRY(algorithm_for_key(model, NULL, &algorithm, &identifier, err));
	context = EVP_PKEY_CTX_new_from_name(NULL,
	    EVP_PKEY_get0_type_name(model), NULL);
	if (context == NULL || EVP_PKEY_keygen_init(context) <= 0 ||
	    !set_kind(context, model, &algorithm) ||
	    EVP_PKEY_generate(context, out) <= 0)
		return fail(err, "a key");
	return ERR_OK;
}

static bool
add_extensions(X509 *certificate)
{
	static const struct {
		int nid;
		const char *value;
	} wanted[] = {
		{ NID_basic_constraints, "critical,CA:TRUE" },
		{ NID_key_usage, "critical,keyCertSign,cRLSign" },
		{ NID_subject_key_identifier, "hash" },
	};
	X509V3_CTX context;

	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL,
		    &context, wanted[i].nid, wanted[i].value);
		bool is_added = extension != NULL &&
		    X509_add_ext(certificate, extension, -1) == 1;

		X509_EXTENSION_free(extension);
		if (!is_added)
			return false;
	}
	return true;
}

/* CA Version, which a CRL that is rehearsed for AD CS has as well. */
static bool
copy_ca_version(X509 *certificate, const X509 *model)
{
	ASN1_OBJECT *type = OBJ_txt2obj("1.3.6.1.4.1.311.21.1", 1);
	const int at = type == NULL ? -1 :
	    X509_get_ext_by_OBJ(model, type, -1);

	ASN1_OBJECT_free(type);
	return at < 0 || X509_add_ext(certificate, X509_get_ext(model, at),
	    -1) == 1;
}

/* Two certificates of one subject and serial would be taken for the same. */
static bool
set_serial(X509 *certificate)
{
	uint8_t octets[8];
	BIGNUM *serial;
	bool is_set;

	secret_random(octets, sizeof(octets));
	octets[0] = (octets[0] & 0x7f) | 0x40;
	serial = BN_bin2bn(octets, sizeof(octets), NULL);
	is_set = serial != NULL && BN_to_ASN1_INTEGER(serial,
	    X509_get_serialNumber(certificate)) != NULL;
	BN_free(serial);
	return is_set;
}

static enum err
make_certificate(const struct cert *model, EVP_PKEY *key, const char *digest,
    X509 *out, struct error *err)
{
	const X509_NAME *name = X509_get_subject_name(model->x509);
	RELEASE_BUFFER struct buffer identifier = {0};
	__attribute__((cleanup(free_context))) EVP_MD_CTX *context =
	    EVP_MD_CTX_new();
	struct algorithm algorithm;

	if (context == NULL)
		return err_no_memory(err);
	if (X509_set_version(out, X509_VERSION_3) != 1 || !set_serial(out) ||
	    X509_set_subject_name(out, name) != 1 ||
	    X509_set_issuer_name(out, name) != 1 ||
	    X509_set1_notBefore(out, X509_get0_notBefore(model->x509)) != 1 ||
	    X509_set1_notAfter(out, X509_get0_notAfter(model->x509)) != 1 ||
	    X509_set_pubkey(out, key) != 1 || !add_extensions(out) ||
	    !copy_ca_version(out, model->x509))
		return fail(err, "a certificate");
	TRY(algorithm_for_key(key, digest, &algorithm, &identifier, err));
	TRY(algorithm_start(&algorithm, context, key, true, err));
	return X509_sign_ctx(out, context) > 0 ? ERR_OK :
	    fail(err, "a signed certificate");
}

static enum err
write_file(const char *path, BIO *bio, mode_t mode, struct error *err)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);

	return file_replace(path, (struct span){(const uint8_t *)data,
	    (size_t)size}, mode, err);
}

static bool
write_key(BIO *out, EVP_PKEY *key, const struct secret *passphrase)
{
	if (passphrase == NULL || passphrase->size == 0)
		return PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL,
		    NULL) == 1;
	return PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(),
	    (const char *)passphrase->data, (int)passphrase->size, NULL,
	    NULL) == 1;
}

enum err
throwaway_make(const struct cert *cert, const char *digest,
    const struct secret *passphrase, const char *key_path,
    const char *certificate_path, struct error *err)
{
	__attribute__((cleanup(free_key))) EVP_PKEY *key = NULL;
	__attribute__((cleanup(free_certificate))) X509 *certificate =
	    X509_new();
	/* Of the key; its memory is wiped when it is freed. */
	__attribute__((cleanup(free_bio))) BIO *secret =
	    BIO_new(BIO_s_secmem());
	__attribute__((cleanup(free_bio))) BIO *public = BIO_new(BIO_s_mem());

	if (certificate == NULL || secret == NULL || public == NULL)
		return err_no_memory(err);
	TRY(make_key(cert->key, &key, err));
	TRY(make_certificate(cert, key, digest, certificate, err));
	if (!write_key(secret, key, passphrase) ||
	    PEM_write_bio_X509(public, certificate) != 1)
		return fail(err, "PEM");
	TRY(write_file(key_path, secret, 0600, err));
	return write_file(certificate_path, public, 0644, err);
}
