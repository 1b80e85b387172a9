/* SPDX-License-Identifier: ISC */
/* CA certificates that openssl made against the profiles. */
#include "lint_fixture.h"
#include "openssl_fixture.h"
#include "test.h"

#define BC "basicConstraints = critical,CA:TRUE\n"
#define KU "keyUsage = critical,keyCertSign,cRLSign\n"
#define SKI "subjectKeyIdentifier = hash\n"

static const struct {
	const char *name;
	const char *key;
	const char *options;	/* of openssl req -x509 */
	const char *extensions;
	const char *rfc5280;
	const char *br;
} rows[] = {
	{ "nothing wrong, RSA", "rsa", "", BC KU SKI, "", "" },
	{ "nothing wrong, P-256", "p256", "", BC KU SKI, "", "" },
	{ "Ed25519", "ed25519", "", BC KU SKI, "", "br-algorithm" },
	{ "SHA-1", "rsa", "-sha1", BC KU SKI, "root-weak",
	    "certificate-weak" },
	{ "MD5", "rsa", "-md5", BC KU SKI, "root-weak",
	    "certificate-weak" },
	{ "SHA-224", "rsa", "-sha224", BC KU SKI, "certificate-algorithm",
	    "br-algorithm" },
	{ "another CA's CRLs", "p256", "", BC KU SKI "crlDistributionPoints = "
	    "p\n[p]\nfullname = URI:http://a/1\nCRLissuer = dirName:i\n"
	    "[i]\nCN = i\n", "cdp-crl-issuer", "cdp-crl-issuer" },
	{ "RSA of 1024 bits", "short", "", BC KU SKI, "rsa-short",
	    "br-rsa-short" },
	{ "not a CA", "p256", "", "basicConstraints = critical,CA:FALSE\n" KU
	    SKI, "certificate-not-ca", "certificate-not-ca" },
	{ "no basicConstraints", "p256", "", KU SKI, "certificate-not-ca",
	    "certificate-not-ca" },
	{ "basicConstraints not critical", "p256", "",
	    "basicConstraints = CA:TRUE\n" KU SKI,
	    "basic-constraints-critical", "basic-constraints-critical" },
	{ "no keyUsage", "p256", "", BC SKI, "key-usage-missing",
	    "key-usage-missing" },
	{ "no cRLSign", "p256", "", BC "keyUsage = critical,keyCertSign\n"
	    SKI, "crl-sign-missing", "crl-sign-missing" },
	{ "no keyCertSign", "p256", "", BC "keyUsage = critical,cRLSign\n"
	    SKI, "cert-sign-missing", "cert-sign-missing" },
	{ "no SKI", "p256", "", BC KU "subjectKeyIdentifier = none\n",
	    "ski-missing", "ski-missing" },
	{ "serial 0", "p256", "-set_serial 0", BC KU SKI,
	    "certificate-serial", "certificate-serial" },
	{ "serial -5", "p256", "-set_serial -5", BC KU SKI,
	    "certificate-serial", "certificate-serial" },
	{ "serial of 20 octets", "p256",
	    "-set_serial 0x7fffffffffffffffffffffffffffffffffffffff",
	    BC KU SKI, "", "" },
	{ "serial of 21 octets", "p256",
	    "-set_serial 0xffffffffffffffffffffffffffffffffffffffff",
	    BC KU SKI, "certificate-serial", "certificate-serial" },
};

static char folder[FIXTURE_PATH_SIZE];

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_key(folder, "rsa", "rsa");
	fixture_make_key(folder, "p256", "p256");
	fixture_make_key(folder, "ed25519", "ed25519");
	fixture_openssl(folder, "genpkey -algorithm RSA -pkeyopt "
	    "rsa_keygen_bits:1024 -out short.key");
	return 0;
}

AROUND_ALL(set_up, NULL)

static void
make_cert(const char *key, const char *options, const char *extensions,
    struct buffer *out)
{
	char text[512];

	snprintf(text, sizeof(text), "[req]\ndistinguished_name = dn\n"
	    "prompt = no\n[dn]\nCN = lint\n[ext]\n%s", extensions);
	fixture_write_text(folder, "cert.cnf", text);
	fixture_openssl(folder, "req -x509 -new -config cert.cnf -extensions "
	    "ext -key %s.key %s -out cert.pem", key, options);
	fixture_read(folder, "cert.pem", out);
}

static void
judge(const char *name, struct span file, enum lint_profile profile,
    const char *want)
{
	struct findings have;
	struct lint lint = lint_into(&have, profile);

	lint_certificate(&lint, file);
	assert_found(name, want, &lint, &have);
}

TEST(test_real)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer pem = { 0 };

		make_cert(rows[i].key, rows[i].options, rows[i].extensions,
		    &pem);
		judge(rows[i].name, span_of_buffer(&pem), LINT_RFC5280,
		    rows[i].rfc5280);
		judge(rows[i].name, span_of_buffer(&pem), LINT_BR,
		    rows[i].br);
	}
}

/* A weak signature matters where somebody else made it. */
TEST(test_subordinate)
{
	static const struct {
		const char *digest;
		const char *want;
	} digests[] = { { "sha1", "certificate-weak" }, { "sha256", "" } };

	fixture_make_ca(folder, "root", "rsa");
	fixture_write_text(folder, "root.serial", "07\n");
	fixture_openssl(folder, "req -new -key p256.key -subj /CN=sub "
	    "-out sub.csr");
	for (size_t i = 0; i < COUNT_OF(digests); i++) {
		RELEASE_BUFFER struct buffer pem = { 0 };

		fixture_openssl(folder, "ca -batch -config root.cnf "
		    "-extensions sub_ext -md %s -in sub.csr -out sub.pem "
		    "-notext", digests[i].digest);
		fixture_read(folder, "sub.pem", &pem);
		judge(digests[i].digest, span_of_buffer(&pem), LINT_RFC5280,
		    digests[i].want);
	}
}

TEST(test_validity)
{
	RELEASE_BUFFER struct buffer pem = { 0 };

	fixture_make_ca(folder, "turned", "p256");
	fixture_write_text(folder, "turned.serial", "07\n");
	fixture_openssl(folder, "req -new -key rsa.key -subj /CN=turned "
	    "-out turned.csr");
	fixture_openssl(folder, "ca -batch -config turned.cnf -extensions "
	    "sub_ext -startdate 20260101000000Z -enddate 20251231235959Z "
	    "-in turned.csr -out turned.out.pem -notext");
	fixture_read(folder, "turned.out.pem", &pem);
	judge("notAfter before notBefore", span_of_buffer(&pem),
	    LINT_RFC5280, "certificate-validity");
}

TEST(test_not_a_certificate)
{
	static const char *const texts[] = {
		"", "hello", "-----BEGIN CERTIFICATE-----\n",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		judge(texts[i], span_of_text(texts[i]), LINT_RFC5280,
		    "certificate-format");
}
