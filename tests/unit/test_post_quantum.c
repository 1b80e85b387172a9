/* SPDX-License-Identifier: ISC */
/*
 * ML-DSA and SLH-DSA.  Their identifiers are known on every machine; keys and
 * signatures if libcrypto has them, which it is asked itself.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "ca/signer_throwaway.h"
#include "lint_fixture.h"
#include "pki/der.h"
#include "signer_fixture.h"

/* OID 2.16.840.1.101.3.4.3.arc (RFC 9881, RFC 9909). */
static const struct {
	unsigned int arc;
	const char *name;
} sets[] = {
	{ 17, "ML-DSA-44" },
	{ 18, "ML-DSA-65" },
	{ 19, "ML-DSA-87" },
	{ 20, "SLH-DSA-SHA2-128s" },
	{ 21, "SLH-DSA-SHA2-128f" },
	{ 22, "SLH-DSA-SHA2-192s" },
	{ 23, "SLH-DSA-SHA2-192f" },
	{ 24, "SLH-DSA-SHA2-256s" },
	{ 25, "SLH-DSA-SHA2-256f" },
	{ 26, "SLH-DSA-SHAKE-128s" },
	{ 27, "SLH-DSA-SHAKE-128f" },
	{ 28, "SLH-DSA-SHAKE-192s" },
	{ 29, "SLH-DSA-SHAKE-192f" },
	{ 30, "SLH-DSA-SHAKE-256s" },
	{ 31, "SLH-DSA-SHAKE-256f" },
};

/* The CAs, and how large their signatures are: the quick ones, the largest. */
static const struct {
	const char *type;
	const char *name;
	size_t signature_size;
} cas[] = {
	{ "ml-dsa-44", "ML-DSA-44", 2420 },
	{ "ml-dsa-65", "ML-DSA-65", 3309 },
	{ "ml-dsa-87", "ML-DSA-87", 4627 },
	{ "slh-dsa-sha2-128f", "SLH-DSA-SHA2-128f", 17088 },
	{ "slh-dsa-sha2-256f", "SLH-DSA-SHA2-256f", 49856 },
};

static bool has_them;

static int
set_up(void **state)
{
	EVP_SIGNATURE *found = EVP_SIGNATURE_fetch(NULL, "ML-DSA-65", NULL);
	char name[64];

	has_them = found != NULL;
	EVP_SIGNATURE_free(found);
	ERR_clear_error();
	fixture_make_folder(folder);
	for (size_t i = 0; has_them && i < COUNT_OF(cas); i++) {
		fixture_make_ca(folder, cas[i].type, cas[i].type);
		snprintf(name, sizeof(name), "%s.key", cas[i].type);
		make_private(name);
	}
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(set_up, NULL)

#define IF_THERE \
	do { \
		if (!has_them) \
			skip(); \
	} while (0)

static struct span
identifier_of(unsigned int arc, uint8_t out[15])
{
	const uint8_t octets[] = { 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
		0x01, 0x65, 0x03, 0x04, 0x03, (uint8_t)arc };

	memcpy(out, octets, sizeof(octets));
	return (struct span){ out, sizeof(octets) };
}

/* It names the algorithm, and this OpenSSL. */
static void
assert_unavailable(const char *name, const struct error *err)
{
	assert_non_null(strstr(err->what, name));
	assert_non_null(strstr(err->what,
	    OpenSSL_version(OPENSSL_VERSION_STRING)));
	assert_non_null(strstr(error_advice(err), "OpenSSL 3.5"));
}

TEST(every_set_has_its_identifier)
{
	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		struct algorithm have = { .name = "untouched" };
		uint8_t octets[15];
		struct span identifier = identifier_of(sets[i].arc, octets);
		struct error err = {0};

		FINE(algorithm_parse(identifier, &have, &err));
		assert_string_equal(have.name, sets[i].name);
		assert_int_equal(have.family, ALGORITHM_POST_QUANTUM);
		assert_true(algorithm_is_whole(&have));
		if (has_them) {
			FINE(algorithm_check(&have, &err));
		} else {
			REFUSED(algorithm_check(&have, &err), ERR_ALGORITHM);
			assert_unavailable(sets[i].name, &err);
		}
		/* NULL behind it. */
		octets[1] += 2;
		octets[13] = 0x05;
		octets[14] = 0x00;
		identifier.size += 2;
		REFUSED(algorithm_parse(identifier, &have, &err),
		    ERR_ALGORITHM);
		assert_non_null(strstr(err.what, "must be absent"));
	}
}

TEST(others_of_that_arc_are_refused)
{
	for (unsigned int arc = 0; arc < 128; arc++) {
		struct algorithm have;
		uint8_t octets[15];
		struct error err = {0};

		if (arc >= 17 && arc <= 31)
			continue;
		REFUSED(algorithm_parse(identifier_of(arc, octets), &have,
		    &err), ERR_ALGORITHM);
		assert_non_null(strstr(err.what, arc >= 32 && arc <= 34 ?
		    "is HashML-DSA, which RFC 9881 rules out" : arc >= 35 &&
		    arc <= 46 ? "is HashSLH-DSA (RFC 9909), which OpenSSL" :
		    "is none of RSA"));
	}
}

/* As libcrypto writes it itself. */
static void
assert_own_identifier(EVP_PKEY *key, struct span identifier)
{
	uint8_t own[32];
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID,
		    own, sizeof(own)), OSSL_PARAM_END };
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_context = NULL;

	assert_int_equal(EVP_DigestSignInit_ex(context, &key_context, NULL,
	    NULL, NULL, key, NULL), 1);
	assert_int_equal(EVP_PKEY_CTX_get_params(key_context, parameters), 1);
	assert_true(span_equals(identifier, (struct span){ own,
	    parameters[0].return_size }));
	EVP_MD_CTX_free(context);
}

TEST(every_set_has_its_keys)
{
	IF_THERE;
	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		RELEASE_BUFFER struct buffer identifier = {0};
		EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, sets[i].name);
		EVP_MD_CTX *context = EVP_MD_CTX_new();
		struct algorithm have, other;
		struct error err = {0};
		uint8_t octets[15];

		assert_non_null(key);
		FINE(algorithm_check_key(key, &err));
		FINE(algorithm_for_key(key, NULL, &have, &identifier, &err));
		assert_string_equal(have.name, sets[i].name);
		assert_own_identifier(key, span_of_buffer(&identifier));
		REFUSED(algorithm_for_key(key, "sha256", &have, &identifier,
		    &err), ERR_ALGORITHM);
		assert_non_null(strstr(err.what, "has its own digest"));
		/* Of the next set: what is signed with is not for this key. */
		FINE(algorithm_parse(identifier_of(sets[(i + 1) %
		    COUNT_OF(sets)].arc, octets), &other, &err));
		REFUSED(algorithm_start(&other, context, key, false, &err),
		    ERR_SIGNATURE);
		REFUSED(algorithm_start(&other, context, key, true, &err),
		    ERR_KEY);
		EVP_MD_CTX_free(context);
		EVP_PKEY_free(key);
	}
}

TEST(what_a_key_signs_verifies)
{
	uint8_t octets[5000] = {0};

	IF_THERE;
	for (size_t i = 0; i < COUNT_OF(cas); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, cas[i].type);
		RELEASE_BUFFER struct buffer signature = {0};
		FREE_SIGNER struct signer *signer = NULL;
		struct message message = { .octets = { octets,
			sizeof(octets) } };
		const struct octet_source source = { emit_message, &message };
		struct error err = {0};
		char name[64];

		snprintf(name, sizeof(name), "%s.key", cas[i].type);
		assert_fine(name, open_key(name, cert, NULL, "", &signer,
		    &err), &err);
		assert_string_equal(signer_algorithm(signer)->name,
		    cas[i].name);
		FINE(signer_sign(signer, &source, &signature, &err));
		assert_int_equal(signature.size, cas[i].signature_size);
		assert_true(is_signed(signer, cert, message.octets,
		    span_of_buffer(&signature)));
		octets[4999] ^= 1;
		assert_false(is_signed(signer, cert, message.octets,
		    span_of_buffer(&signature)));
	}
}

/* A key in the forms that openssl(1) writes. */
static const struct {
	const char *made;	/* by this; -out FILE follows */
	const char *passphrases;
} forms[] = {
	{ "pkey -provparam ml-dsa.output_formats=seed-only "
	    "-in ml-dsa-65.key", "" },
	{ "pkey -provparam ml-dsa.output_formats=priv-only "
	    "-in ml-dsa-65.key", "" },
	{ "pkey -provparam ml-dsa.output_formats=bare-seed "
	    "-in ml-dsa-65.key", "" },
	{ "pkey -outform DER -in ml-dsa-65.key", "" },
	{ "pkcs8 -topk8 -passout pass:abc -in ml-dsa-65.key", "abc\n" },
	{ "pkcs12 -export -passout pass:abc -in ml-dsa-65.pem -inkey "
	    "ml-dsa-65.key", "abc\n" },
};

TEST(a_key_may_be_in_any_form)
{
	IF_THERE;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, "ml-dsa-65");
		FREE_CERT struct cert *other = load_cert(folder, "ml-dsa-87");
		FREE_SIGNER struct signer *signer = NULL;
		struct error err = {0};

		fixture_openssl(folder, "%s -out form.key", forms[i].made);
		make_private("form.key");
		REFUSED(open_key("form.key", other, NULL,
		    forms[i].passphrases, &signer, &err), ERR_KEY);
		assert_fine(forms[i].made, open_key("form.key", cert, NULL,
		    forms[i].passphrases, &signer, &err), &err);
	}
}

/* As a rehearsal has it. */
TEST(a_key_has_a_stand_in)
{
	IF_THERE;
	for (size_t i = 0; i < COUNT_OF(cas); i++) {
		FREE_CERT struct cert *real = load_cert(folder, cas[i].type);
		FREE_CERT struct cert *own = NULL;
		char key[PATH_SIZE], certificate[PATH_SIZE];
		struct error err = {0};

		path_in(key, folder, "own.key");
		path_in(certificate, folder, "own.pem");
		assert_fine(cas[i].type, throwaway_make(real, NULL, NULL, key,
		    certificate, &err), &err);
		own = load_cert(folder, "own");
		assert_string_equal(EVP_PKEY_get0_type_name(own->key),
		    cas[i].name);
		assert_false(cert_is_same_ca(real, own));
		FINE(cert_check_issued_by(own, own, &err));
		REFUSED(cert_check_issued_by(own, real, &err),
		    ERR_SIGNATURE);
	}
}

static void
lint_both(const char *name, struct span certificate, struct span crl,
    const struct cert *root, enum lint_profile profile, const char *want)
{
	struct findings have;
	struct lint lint = lint_into(&have, profile);
	struct window window;
	struct error err = {0};

	lint_certificate(&lint, certificate);
	assert_found(name, want, &lint, &have);
	lint = lint_into(&have, profile);
	window_init_memory(&window, crl);
	FINE(lint_crl(&lint, &window, root, &err));
	assert_found(name, want, &lint, &have);
}

TEST(what_openssl_signs_passes_lint)
{
	IF_THERE;
	for (size_t i = 0; i < COUNT_OF(cas); i++) {
		RELEASE_BUFFER struct buffer pem = {0}, der = {0};
		FREE_CERT struct cert *cert = load_cert(folder, cas[i].type);
		const struct cert *root = cert;
		char file[64];

		snprintf(file, sizeof(file), "%s.pem", cas[i].type);
		fixture_read(folder, file, &pem);
		fixture_openssl(folder, "ca -gencrl -config %s.cnf -out "
		    "crl.pem", cas[i].type);
		fixture_openssl(folder,
		    "crl -in crl.pem -outform DER -out crl.der");
		fixture_read(folder, "crl.der", &der);
		lint_both(cas[i].type, span_of_buffer(&pem),
		    span_of_buffer(&der), root, LINT_RFC5280, "");
		lint_both(cas[i].type, span_of_buffer(&pem),
		    span_of_buffer(&der), root, LINT_BR, "br-algorithm");
		der.data[der.size - 1] ^= 1;
		struct findings have;
		struct lint lint = lint_into(&have, LINT_RFC5280);
		struct window window;
		struct error err = {0};

		window_init_memory(&window, span_of_buffer(&der));
		FINE(lint_crl(&lint, &window, root, &err));
		assert_found(cas[i].type, "signature", &lint, &have);
	}
}

/* A certificate that another machine made: told, even if it is of no use. */
TEST(a_later_openssl_is_asked_for)
{
	RELEASE_BUFFER struct buffer pem = {0}, crl = {0};
	FREE_CERT struct cert *cert = NULL;
	char vectors[PATH_SIZE];
	struct error err = {0};

	path_in(vectors, getenv("VECTORS"), "post_quantum");
	fixture_read(vectors, "root.pem", &pem);
	fixture_read(vectors, "stick/crlferry/pq-root/000001/pq-root.crl",
	    &crl);
	assert_true(cert_is_one(span_of_buffer(&pem)));
	lint_both("ML-DSA-65", span_of_buffer(&pem), span_of_buffer(&crl),
	    NULL, LINT_RFC5280, has_them ? "" : "algorithm-unavailable");
	if (has_them) {
		FINE(cert_parse(span_of_buffer(&pem), &cert, &err));
		return;
	}
	REFUSED(cert_parse(span_of_buffer(&pem), &cert, &err), ERR_ALGORITHM);
	assert_unavailable("certificate: its key is ML-DSA-65, which this "
	    "machine's OpenSSL ", &err);
}
