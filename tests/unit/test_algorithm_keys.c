/* SPDX-License-Identifier: ISC */
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "openssl_fixture.h"
#include "pki/algorithm.h"
#include "pki/cert.h"
#include "test.h"

#define OCTETS_MAX 256

static char folder[FIXTURE_PATH_SIZE];

/* Names of key files and what they are. */
static const char *const keys[] = {
	"rsa", "rsa-pss", "rsa-pss-sha384", "p256", "p384", "p521", "k1",
	"ed25519", "ed448", "dsa",
};

static int
make_keys(void **state)
{
	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		fixture_make_key(folder, keys[i], keys[i]);
	/* A key restricted to all the defaults, which are SHA-1. */
	fixture_openssl(folder, "genpkey -algorithm RSA-PSS -pkeyopt "
	    "rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha1 -pkeyopt "
	    "rsa_pss_keygen_mgf1_md:sha1 -pkeyopt rsa_pss_keygen_saltlen:20 "
	    "-out rsa-pss-sha1.key");
	fixture_openssl(folder, "genpkey -algorithm RSA-PSS -pkeyopt "
	    "rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 -pkeyopt "
	    "rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:20 "
	    "-out rsa-pss-mixed.key");
	return 0;
}

AROUND_ALL(make_keys, NULL)

static EVP_PKEY *
load_key(const char *name)
{
	char path[FIXTURE_PATH_SIZE + 64];
	EVP_PKEY *key;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.key", folder, name);
	file = fopen(path, "r");
	assert_non_null(file);
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	assert_non_null(key);
	fclose(file);
	return key;
}

static struct span
from_hex(const char *hex, uint8_t out[OCTETS_MAX])
{
	size_t size = 0;

	assert_true(hex_decode(span_of_text(hex), out, OCTETS_MAX, &size));
	return (struct span){ out, size };
}

/*
 * What openssl(1) is told in order to sign the same way: "" for nothing,
 * NULL where it is not asked.
 */
static const struct {
	const char *key;
	const char *digest;
	enum err want;
	const char *name;
	const char *options;
} key_rows[] = {
	{ "rsa", NULL, ERR_OK, "sha256WithRSAEncryption", "-sha256" },
	{ "rsa", "sha384", ERR_OK, "sha384WithRSAEncryption", "-sha384" },
	{ "rsa", "sha512", ERR_OK, "sha512WithRSAEncryption", "-sha512" },
	{ "rsa-pss", NULL, ERR_OK, "RSASSA-PSS with SHA256", "-sha256 "
	    "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest" },
	{ "rsa-pss", "sha384", ERR_OK, "RSASSA-PSS with SHA384", "-sha384 "
	    "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest" },
	{ "rsa-pss", "sha512", ERR_OK, "RSASSA-PSS with SHA512", "-sha512 "
	    "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest" },
	{ "rsa-pss-sha384", NULL, ERR_OK, "RSASSA-PSS with SHA384", "" },
	{ "rsa-pss-sha384", "sha384", ERR_OK, "RSASSA-PSS with SHA384", "" },
	{ "rsa-pss-mixed", NULL, ERR_OK, "RSASSA-PSS with SHA512", "" },
	{ "p256", NULL, ERR_OK, "ecdsa-with-SHA256", "-sha256" },
	{ "p384", NULL, ERR_OK, "ecdsa-with-SHA384", "-sha384" },
	{ "p521", NULL, ERR_OK, "ecdsa-with-SHA512", "-sha512" },
	{ "p384", "sha256", ERR_OK, "ecdsa-with-SHA256", "-sha256" },
	{ "ed25519", NULL, ERR_OK, "Ed25519", "" },

	{ "rsa", "md5", ERR_WEAK, "md5 is none of", NULL },
	{ "rsa", "sha1", ERR_WEAK, "sha1 is none of", NULL },
	{ "p256", "sha1", ERR_WEAK, "sha1 is none of", NULL },
	{ "rsa-pss", "sha1", ERR_WEAK, "sha1 is none of", NULL },
	{ "rsa-pss-sha1", NULL, ERR_WEAK, "have RSASSA-PSS with SHA1", NULL },
	{ "rsa", "sha224", ERR_ALGORITHM, "sha224 is none of", NULL },
	{ "rsa", "", ERR_ALGORITHM, "digest: ", NULL },
	{ "rsa-pss-sha384", "sha256", ERR_ALGORITHM,
	    "to which the key is restricted", NULL },
	{ "ed25519", "sha512", ERR_ALGORITHM,
	    "Ed25519 has its own digest", NULL },
	{ "k1", NULL, ERR_ALGORITHM, "the curve secp256k1", NULL },
	{ "k1", "sha256", ERR_ALGORITHM, "the curve secp256k1", NULL },
	{ "ed448", NULL, ERR_ALGORITHM, "ED448 is none of", NULL },
	{ "dsa", NULL, ERR_ALGORITHM, "DSA is none of", NULL },
};

/* The identifier that openssl(1) writes for this key and these options. */
static void
check_against_openssl(const char *key, const char *options,
    struct span identifier)
{
	RELEASE_BUFFER struct buffer file = {0};
	FREE_CERT struct cert *cert = NULL;
	struct algorithm parsed;
	struct error err = {0};

	fixture_write_text(folder, "req.cnf", "[req]\n"
	    "distinguished_name = dn\nprompt = no\n[dn]\nCN = x\n");
	fixture_openssl(folder, "req -x509 -new -config req.cnf -key %s.key "
	    "-out signed.pem %s", key, options);
	fixture_read(folder, "signed.pem", &file);
	if (cert_parse(span_of_buffer(&file), &cert, &err) != ERR_OK)
		fail_msg("%s %s: %s", key, options, err.what);
	assert_int_equal(cert->signature_algorithm.size, identifier.size);
	assert_memory_equal(cert->signature_algorithm.data, identifier.data,
	    identifier.size);
	FINE(algorithm_parse(identifier, &parsed, &err));
}

TEST(a_key_signs_as_openssl_would)
{
	for (size_t i = 0; i < COUNT_OF(key_rows); i++) {
		RELEASE_BUFFER struct buffer identifier = {0};
		EVP_PKEY *key = load_key(key_rows[i].key);
		struct algorithm have = {0};
		struct error err = {0};
		enum err code;

		code = algorithm_for_key(key, key_rows[i].digest, &have,
		    &identifier, &err);
		EVP_PKEY_free(key);
		if (code != key_rows[i].want)
			fail_msg("%s, %s: %s", key_rows[i].key,
			    key_rows[i].digest != NULL ? key_rows[i].digest :
			    "its own digest", err.what);
		if (code != ERR_OK) {
			assert_int_equal(err.code, code);
			assert_non_null(strstr(err.what, key_rows[i].name));
			assert_null(have.name);
			assert_int_equal(identifier.size, 0);
			continue;
		}
		assert_string_equal(have.name, key_rows[i].name);
		check_against_openssl(key_rows[i].key, key_rows[i].options,
		    span_of_buffer(&identifier));
	}
}

static enum err
sign(const struct algorithm *algorithm, EVP_PKEY *key, struct span text,
    uint8_t *signature, size_t *size, struct error *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	enum err code = algorithm_start(algorithm, context, key, true, err);

	if (code == ERR_OK)
		assert_int_equal(EVP_DigestSign(context, signature, size,
		    text.data, text.size), 1);
	EVP_MD_CTX_free(context);
	return code;
}

static bool
verify(const struct algorithm *algorithm, EVP_PKEY *key, struct span text,
    struct span signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct error err = {0};
	bool is_good;

	FINE(algorithm_start(algorithm, context, key, false, &err));
	is_good = EVP_DigestVerify(context, signature.data, signature.size,
	    text.data, text.size) == 1;
	EVP_MD_CTX_free(context);
	return is_good;
}

TEST(what_is_signed_verifies)
{
	struct span text = span_of_text("tbsCertList");

	for (size_t i = 0; i < COUNT_OF(key_rows); i++) {
		RELEASE_BUFFER struct buffer identifier = {0};
		uint8_t signature[1024];
		struct span signed_octets = { signature, sizeof(signature) };
		struct algorithm algorithm, parsed;
		struct error err = {0};
		EVP_PKEY *key;

		if (key_rows[i].want != ERR_OK)
			continue;
		key = load_key(key_rows[i].key);
		FINE(algorithm_for_key(key, key_rows[i].digest, &algorithm,
		    &identifier, &err));
		FINE(sign(&algorithm, key, text, signature, &signed_octets.size,
		    &err));
		/* Only the identifier travels: verify with what it says. */
		FINE(algorithm_parse(span_of_buffer(&identifier), &parsed,
		    &err));
		assert_true(verify(&parsed, key, text, signed_octets));
		assert_false(verify(&parsed, key, span_of_text("other"),
		    signed_octets));
		signature[signed_octets.size - 1] ^= 1;
		assert_false(verify(&parsed, key, text, signed_octets));
		EVP_PKEY_free(key);
	}
}

/* The salt of the identifier counts, not what the signature happens to be. */
TEST(pss_parameters_are_enforced)
{
	struct algorithm pss = { ALGORITHM_RSA_PSS, "PSS", "SHA256", "SHA256",
	    32, false };
	struct algorithm wrong[3] = { pss, pss, pss };
	struct span text = span_of_text("tbsCertList");
	uint8_t signature[1024];
	struct span signed_octets = { signature, sizeof(signature) };
	EVP_PKEY *key = load_key("rsa");
	struct error err = {0};

	wrong[0].salt_size = 31;
	wrong[1].mgf_digest = "SHA512";
	wrong[2].digest = "SHA384";
	FINE(sign(&pss, key, text, signature, &signed_octets.size, &err));
	assert_true(verify(&pss, key, text, signed_octets));
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_false(verify(&wrong[i], key, text, signed_octets));
	EVP_PKEY_free(key);
}

#define RSA_OID "06092a864886f70d0101"
#define ECDSA_OID "06082a8648ce3d0403"
#define SHA256_NULL "300d06096086480165030402010500"
/* RSASSA-PSS, SHA-256 for both, a salt of 32 */
#define PSS_256 "3041" RSA_OID "0a3034a00f" SHA256_NULL \
	"a11c301a06092a864886f70d010108" SHA256_NULL "a203020120"

static const struct {
	const char *key;
	const char *identifier;
	bool is_signing;
	enum err want;
} start_rows[] = {
	{ "rsa", "300d" RSA_OID "0b0500", false, ERR_OK },
	{ "rsa", "300d" RSA_OID "050500", false, ERR_OK },
	{ "rsa", "300d" RSA_OID "050500", true, ERR_WEAK },
	{ "rsa", "300d" RSA_OID "040500", true, ERR_WEAK },
	{ "p256", "300906072a8648ce3d0401", true, ERR_WEAK },
	{ "rsa", "300a" ECDSA_OID "02", false, ERR_SIGNATURE },
	{ "rsa", "300a" ECDSA_OID "02", true, ERR_KEY },
	{ "rsa", "300506032b6570", false, ERR_SIGNATURE },
	{ "rsa-pss", "300d" RSA_OID "0b0500", false, ERR_SIGNATURE },
	{ "rsa-pss", "300d" RSA_OID "0b0500", true, ERR_KEY },
	{ "rsa-pss-sha384", PSS_256, false, ERR_SIGNATURE },
	{ "rsa-pss-sha384", PSS_256, true, ERR_KEY },
	{ "rsa", PSS_256, true, ERR_OK },
	{ "p256", "300d" RSA_OID "0b0500", false, ERR_SIGNATURE },
	{ "p256", "300506032b6570", false, ERR_SIGNATURE },
	{ "ed25519", "300a" ECDSA_OID "02", false, ERR_SIGNATURE },
	{ "ed25519", "300506032b6570", false, ERR_OK },
	{ "ed448", "300506032b6570", false, ERR_SIGNATURE },
	{ "dsa", "300d" RSA_OID "0b0500", false, ERR_SIGNATURE },
};

TEST(key_and_algorithm_must_fit)
{
	for (size_t i = 0; i < COUNT_OF(start_rows); i++) {
		EVP_PKEY *key = load_key(start_rows[i].key);
		EVP_MD_CTX *context = EVP_MD_CTX_new();
		struct algorithm algorithm;
		uint8_t octets[OCTETS_MAX];
		struct error err = {0};
		enum err code;

		FINE(algorithm_parse(from_hex(start_rows[i].identifier, octets),
		    &algorithm, &err));
		code = algorithm_start(&algorithm, context, key,
		    start_rows[i].is_signing, &err);
		EVP_MD_CTX_free(context);
		EVP_PKEY_free(key);
		if (code != start_rows[i].want)
			fail_msg("%s with %s: have %s (%s)",
			    start_rows[i].key, algorithm.name,
			    error_token(code), err.what);
		assert_int_equal(err.what[0] != '\0', code != ERR_OK);
	}
}
