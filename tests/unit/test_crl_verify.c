/* SPDX-License-Identifier: ISC */
/* Signatures of CRLs that openssl made, and of the same ones damaged. */
#include <fcntl.h>
#include <unistd.h>

#include <openssl/err.h>

#include "crl_fixture.h"
#include "openssl_fixture.h"
#include "pki/algorithm.h"
#include "pki/cert.h"
#include "test.h"

#define MANY 15000		/* entries: more than a window full */

static char folder[FIXTURE_PATH_SIZE];
static char other[FIXTURE_PATH_SIZE];	/* CAs of the same names */

static const struct {
	const char *type;	/* of key; also the CA's name */
	const char *algorithm;
} types[] = {
	{ "rsa", "sha256WithRSAEncryption" },
	{ "rsa-pss", NULL },
	{ "rsa-pss-sha384", NULL },
	{ "p256", "ecdsa-with-SHA256" },
	{ "p384", NULL },
	{ "p521", NULL },
	{ "ed25519", "Ed25519" },
};

static void
make_crl(const char *name, const char *options, const char *out)
{
	fixture_openssl(folder, "ca -gencrl -config %s.cnf %s -out crl.pem",
	    name, options);
	fixture_openssl(folder, "crl -in crl.pem -outform DER -out %s", out);
}

static void
make_index(const char *name, unsigned int count)
{
	RELEASE_BUFFER struct buffer index = { 0 };
	struct error err = { 0 };
	char file[64];

	for (unsigned int i = 0; i < count; i++)
		FINE(buffer_appendf(&index, &err,
		    "R\t361231235959Z\t2601%02u000000Z%s\t7%031X\tunknown\t"
		    "/CN=%u\n", i % 28 + 1, i % 3 == 0 ? ",keyCompromise" : "",
		    i + 1, i));
	snprintf(file, sizeof(file), "%s.index", name);
	fixture_write(folder, file, span_of_buffer(&index));
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_folder(other);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		char name[64];

		fixture_make_ca(folder, types[i].type, types[i].type);
		make_index(types[i].type, 3);
		snprintf(name, sizeof(name), "%s.crl", types[i].type);
		make_crl(types[i].type, "", name);
	}
	fixture_make_ca(other, "rsa", "rsa");
	fixture_make_ca(other, "p256", "rsa");
	fixture_make_ca(other, "ed25519", "ed25519");
	return 0;
}

AROUND_ALL(set_up, NULL)

static struct cert *
load_cert(const char *from, const char *name)
{
	RELEASE_BUFFER struct buffer pem = { 0 };
	struct cert *cert = NULL;
	struct error err = { 0 };
	char file[64];

	snprintf(file, sizeof(file), "%s.pem", name);
	fixture_read(from, file, &pem);
	if (cert_parse(span_of_buffer(&pem), &cert, &err) != ERR_OK)
		fail_msg("%s: %s", file, err.what);
	return cert;
}

static void
load_crl(const char *name, struct buffer *der)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.crl", name);
	fixture_read(folder, file, der);
}

static enum err
verify_memory(const struct buffer *der, const struct cert *signer,
    struct error *err)
{
	RELEASE_CRL struct crl crl = { 0 };
	struct window window;
	enum err code;

	code = open_memory(der, &window, &crl, err);
	return code != ERR_OK ? code : crl_verify(&crl, signer, err);
}

TEST(test_every_key)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, types[i].type);
		RELEASE_BUFFER struct buffer der = { 0 };
		RELEASE_CRL struct crl crl = { 0 };
		struct crl_survey survey = { 0 };
		struct algorithm algorithm;
		struct error err = { 0 };
		struct window window;

		load_crl(types[i].type, &der);
		if (open_memory(&der, &window, &crl, &err) != ERR_OK ||
		    crl_verify(&crl, cert, &err) != ERR_OK ||
		    crl_algorithm(&crl, &algorithm, &err) != ERR_OK ||
		    crl_survey(&crl, NULL, &survey, &err) != ERR_OK)
			fail_msg("%s: %s", types[i].type, err.what);
		if (types[i].algorithm != NULL)
			assert_string_equal(algorithm.name,
			    types[i].algorithm);
		assert_int_equal(survey.count, 3);
		assert_true(survey.is_sorted);
		assert_true(span_equals(crl.aki_key_id,
		    (struct span){ cert->key_id, cert->key_id_size }));
	}
}

TEST(test_wrong_signer)
{
	static const struct {
		const char *name;
		const char *crl;
		const char *from;
		const char *signer;
		enum err want;
	} rows[] = {
		{ "another name", "rsa", folder, "p256", ERR_ISSUER },
		{ "same name, other RSA key", "rsa", other, "rsa",
		    ERR_SIGNATURE },
		{ "same name, other kind of key", "p256", other, "p256",
		    ERR_SIGNATURE },
		{ "same name, other Ed25519 key", "ed25519", other,
		    "ed25519", ERR_SIGNATURE },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		FREE_CERT struct cert *cert = load_cert(rows[i].from,
		    rows[i].signer);
		RELEASE_BUFFER struct buffer der = { 0 };
		struct error err = { 0 };

		load_crl(rows[i].crl, &der);
		assert_refused(rows[i].name, rows[i].want,
		    verify_memory(&der, cert, &err), &err);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

TEST(test_without_crl_sign)
{
	FREE_CERT struct cert *cert = NULL;
	RELEASE_BUFFER struct buffer der = { 0 };
	struct error err = { 0 };

	fixture_write_text(folder, "nosign.cnf", "[req]\n"
	    "distinguished_name = dn\nprompt = no\n[dn]\nO = Fixture\n"
	    "CN = rsa\n[ext]\nbasicConstraints = critical,CA:TRUE\n"
	    "keyUsage = critical,keyCertSign\n");
	fixture_openssl(folder, "req -x509 -new -config nosign.cnf "
	    "-extensions ext -key rsa.key -out nosign.pem");
	cert = load_cert(folder, "nosign");
	load_crl("rsa", &der);
	assert_refused("no cRLSign", ERR_ISSUER,
	    verify_memory(&der, cert, &err), &err);
}

TEST(test_weak)
{
	static const char *const digests[] = { "sha1", "md5" };
	FREE_CERT struct cert *cert = load_cert(folder, "rsa");

	for (size_t i = 0; i < COUNT_OF(digests); i++) {
		RELEASE_BUFFER struct buffer der = { 0 };
		struct error err = { 0 };
		char options[32];

		snprintf(options, sizeof(options), "-md %s", digests[i]);
		make_crl("rsa", options, "weak.crl");
		load_crl("weak", &der);
		assert_refused(digests[i], ERR_WEAK,
		    verify_memory(&der, cert, &err), &err);
	}
}

TEST(test_algorithms_differ)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	struct algorithm algorithm;
	struct error err = { 0 };
	struct window window;

	load_crl("p256", &der);
	FINE(open_memory(&der, &window, &crl, &err));
	crl.tail.data[crl.outer_algorithm.data - crl.tail.data + 11] = 3;
	assert_refused("crl_algorithm", ERR_ALGORITHM,
	    crl_algorithm(&crl, &algorithm, &err), &err);
	assert_refused("crl_verify", ERR_ALGORITHM,
	    crl_verify(&crl, cert, &err), &err);
}

TEST(test_without_signature)
{
	FREE_CERT struct cert *cert = load_cert(folder, "rsa");
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	struct error err = { 0 };
	struct window window;

	load_crl("rsa", &der);
	FINE(open_memory(&der, &window, &crl, &err));
	crl.signature_unused_bits = 1;
	assert_refused("unused bits", ERR_SIGNATURE,
	    crl_verify(&crl, cert, &err), &err);
	crl.signature_unused_bits = 0;
	crl.signature.size = 0;
	assert_refused("empty", ERR_SIGNATURE,
	    crl_verify(&crl, cert, &err), &err);
}

/* No octet can change without somebody noticing. */
TEST(test_every_flip)
{
	static const char *const names[] = { "rsa", "p256", "ed25519" };
	static const uint8_t masks[] = { 0x01, 0x20, 0x80, 0xff };

	for (size_t i = 0; i < COUNT_OF(names) * COUNT_OF(masks); i++) {
		const char *name = names[i / COUNT_OF(masks)];
		uint8_t mask = masks[i % COUNT_OF(masks)];
		FREE_CERT struct cert *cert = load_cert(folder, name);
		RELEASE_BUFFER struct buffer der = { 0 };
		struct error err = { 0 };

		load_crl(name, &der);
		FINE(verify_memory(&der, cert, &err));
		for (size_t at = 0; at < der.size; at++) {
			enum err code;

			der.data[at] ^= mask;
			err = (struct error){ 0 };
			code = verify_memory(&der, cert, &err);
			der.data[at] ^= mask;
			if (code == ERR_OK || code != err.code ||
			    err.what[0] == '\0')
				fail_msg("%s: octet %zu ^ %02x: want it "
				    "refused, have %s", name, at, mask,
				    error_token(code));
		}
	}
}

/* The same through a window that sees 256 KiB at a time. */
TEST(test_file)
{
	static const char *const names[] = { "p256", "ed25519" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, names[i]);
		RELEASE_BUFFER struct buffer der = { 0 };
		RELEASE_CRL struct crl crl = { 0 };
		char path[FIXTURE_PATH_SIZE + 16];
		struct crl_survey survey = { 0 };
		struct error err = { 0 };
		struct window window;
		int fd;

		make_index(names[i], MANY);
		make_crl(names[i], "", "many.crl");
		load_crl("many", &der);
		assert_true(der.size > 2 * WINDOW_SIZE);
		FINE(verify_memory(&der, cert, &err));
		snprintf(path, sizeof(path), "%s/many.crl", folder);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		FINE(window_init_file(&window, fd, &err));
		if (crl_open(&window, &crl, &err) != ERR_OK ||
		    crl_verify(&crl, cert, &err) != ERR_OK ||
		    crl_survey(&crl, NULL, &survey, &err) != ERR_OK)
			fail_msg("%s: %s", names[i], err.what);
		assert_int_equal(survey.count, MANY);
		assert_true(survey.is_sorted);
		window_release(&window);
		close(fd);
	}
}
