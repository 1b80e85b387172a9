/* SPDX-License-Identifier: ISC */
/* Throw-away keys that stand in for real ones. */
#include <sys/stat.h>

#include <openssl/evp.h>

#include "base/prompt/passphrase.h"
#include "rooms_fixture.h"
#include "ca/signer.h"
#include "ca/signer_throwaway.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];

/* Also the CAs' names. */
static const struct {
	const char *type;
	const char *digest;
} keys[] = {
	{ "rsa", "sha384" },
	{ "rsa-pss", NULL },
	{ "rsa-pss-sha384", NULL },
	{ "p256", NULL },
	{ "p384", "sha512" },
	{ "p521", NULL },
	{ "ed25519", NULL },
};

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		fixture_make_ca(folder, keys[i].type, keys[i].type);
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(set_up, NULL)

/* The same kind of key, bound to the same algorithm, and yet another key. */
static void
assert_same_kind(const struct cert *real, const struct cert *own,
    const char *digest)
{
	RELEASE_BUFFER struct buffer want = {0};
	RELEASE_BUFFER struct buffer have = {0};
	struct algorithm algorithm;
	struct error err = {0};
	char curve[2][80] = {"", ""};

	assert_int_equal(EVP_PKEY_get_base_id(own->key),
	    EVP_PKEY_get_base_id(real->key));
	assert_int_equal(EVP_PKEY_get_bits(own->key),
	    EVP_PKEY_get_bits(real->key));
	(void)EVP_PKEY_get_group_name(real->key, curve[0], 80, NULL);
	(void)EVP_PKEY_get_group_name(own->key, curve[1], 80, NULL);
	assert_string_equal(curve[0], curve[1]);
	FINE(algorithm_for_key(real->key, digest, &algorithm, &want, &err));
	FINE(algorithm_for_key(own->key, digest, &algorithm, &have, &err));
	assert_true(span_equals(span_of_buffer(&want),
	    span_of_buffer(&have)));
	assert_false(span_equals(real->spki, own->spki));
}

static void
assert_stands_in(const struct cert *real, const struct cert *own)
{
	struct error err = {0};

	assert_true(span_equals(real->subject, own->subject));
	assert_true(own->is_self_issued);
	assert_false(cert_is_same_ca(real, own));
	assert_false(span_equals(real->serial, own->serial));
	assert_int_equal(own->not_before_s, real->not_before_s);
	assert_int_equal(own->not_after_s, real->not_after_s);
	assert_true(own->is_ca && own->has_ski && own->has_crl_sign);
	FINE(cert_check_issued_by(own, own, &err));
	REFUSED(cert_check_issued_by(own, real, &err), ERR_SIGNATURE);
}

TEST(every_kind_of_key_has_a_stand_in)
{
	const struct passphrase_source nobody = { .fd = -1 };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		FREE_CERT struct cert *real = load_cert(folder, keys[i].type);
		FREE_CERT struct cert *own = NULL;
		FREE_SIGNER struct signer *signer = NULL;
		char key[PATH_SIZE], certificate[PATH_SIZE];
		struct error err = {0};
		struct stat status;

		print_message("%s\n", keys[i].type);
		path_in(key, folder, "own.key");
		path_in(certificate, folder, "own.pem");
		assert_fine(keys[i].type, throwaway_make(real,
		    keys[i].digest, NULL, key, certificate, &err), &err);
		own = load_cert(folder, "own");
		assert_same_kind(real, own, keys[i].digest);
		assert_stands_in(real, own);
		assert_int_equal(stat(key, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		/* No passphrase: there is nobody to ask. */
		FINE(signer_open(key, own, keys[i].digest, &nobody, &signer,
		    &err));
		fixture_openssl(folder, "verify -x509_strict "
		    "-check_ss_sig -CAfile own.pem own.pem");
		assert_int_equal(unlink(key), 0);
		assert_int_equal(unlink(certificate), 0);
	}
}

/* A key that may sign with one digest only stays like that. */
TEST(restrictions_are_kept)
{
	RELEASE_BUFFER struct buffer identifier = {0};
	FREE_CERT struct cert *real = load_cert(folder, "rsa-pss-sha384");
	FREE_CERT struct cert *own = NULL;
	char key[PATH_SIZE], certificate[PATH_SIZE];
	struct algorithm algorithm;
	struct error err = {0};

	path_in(key, folder, "own.key");
	path_in(certificate, folder, "own.pem");
	FINE(throwaway_make(real, NULL, NULL, key, certificate, &err));
	own = load_cert(folder, "own");
	REFUSED(algorithm_for_key(own->key, "sha256", &algorithm, &identifier,
	    &err), ERR_ALGORITHM);
	FINE(algorithm_for_key(own->key, "sha384", &algorithm, &identifier,
	    &err));
	assert_int_equal(algorithm.salt_size, 48);
	assert_string_equal(algorithm.mgf_digest, "SHA384");
}

/* What a root of AD CS has in its certificate, and so in its CRLs. */
TEST(ca_version_is_kept)
{
	FREE_CERT struct cert *real = NULL, *own = NULL;
	char key[PATH_SIZE], certificate[PATH_SIZE];
	struct error err = {0};

	fixture_write_text(folder, "versioned.cnf", "[req]\n"
	    "distinguished_name = dn\n[dn]\n[ext]\n"
	    "basicConstraints = critical,CA:TRUE\n"
	    "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0x10001\n");
	fixture_openssl(folder, "req -x509 -new -config versioned.cnf "
	    "-extensions ext -key p256.key -subj /CN=x -out versioned.pem");
	real = load_cert(folder, "versioned");
	path_in(key, folder, "versioned-own.key");
	path_in(certificate, folder, "versioned-own.pem");
	FINE(throwaway_make(real, NULL, NULL, key, certificate, &err));
	own = load_cert(folder, "versioned-own");
	assert_true(own->has_ca_version);
	assert_int_equal(own->ca_version, 0x10001);
	cert_free(own);
	cert_free(real);
	real = load_cert(folder, "p256");
	FINE(throwaway_make(real, NULL, NULL, key, certificate, &err));
	own = load_cert(folder, "versioned-own");
	assert_false(own->has_ca_version);
}

TEST(what_cannot_be_is_refused)
{
	FREE_CERT struct cert *real = load_cert(folder, "p256");
	char key[PATH_SIZE], certificate[PATH_SIZE], none[PATH_SIZE];
	struct error err = {0};

	path_in(key, folder, "refused.key");
	path_in(certificate, folder, "refused.pem");
	path_in(none, folder, "none/own.key");
	REFUSED(throwaway_make(real, "sha1", NULL, key, certificate, &err),
	    ERR_WEAK);
	assert_refusal("folder", ERR_MISSING, "none/", throwaway_make(real,
	    NULL, NULL, none, certificate, &err), &err);
	assert_int_equal(count_entries(folder, "refused"), 0);
}
