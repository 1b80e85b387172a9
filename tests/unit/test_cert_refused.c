/* SPDX-License-Identifier: ISC */
#include "openssl_fixture.h"
#include "pki/cert.h"
#include "pki/pem.h"
#include "test.h"

#define URI_4 "URI:http://a/1,URI:http://a/2,URI:http://a/3,URI:http://a/4"

#define OCTETS_32 \
	"000102030405060708090A0B0C0D0E0F" "101112131415161718191A1B1C1D1E1F"

static char folder[FIXTURE_PATH_SIZE];

static int
make_cas(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "p256", "p256");
	fixture_make_ca(folder, "p384", "p384");
	fixture_make_ca(folder, "ed25519", "ed25519");
	return 0;
}

AROUND_ALL(make_cas, NULL)

/* DER of a certificate of the folder, as openssl(1) converts it. */
static void
load_der(const char *name, struct buffer *out)
{
	fixture_openssl(folder, "x509 -in %s -outform DER -out as.der", name);
	fixture_read(folder, "as.der", out);
}

static void
refuse(const char *what, struct span file)
{
	struct cert *cert = NULL;
	struct error err = {0};
	enum err code = cert_parse(file, &cert, &err);

	if (code != ERR_FORMAT)
		fail_msg("%s: want it refused, have %s", what,
		    error_token(code));
	assert_null(cert);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_true(err.what[0] != '\0');
}

/* Change the n-th place (from 0) where octets of the file are `from`. */
static void
replace(struct buffer *file, unsigned int n, const char *from, const char *to,
    size_t size)
{
	uint8_t *at = file->data;

	for (;; n--, at++) {
		at = memmem(at, file->size - (size_t)(at - file->data), from,
		    size);
		assert_non_null(at);
		if (n == 0)
			break;
	}
	memcpy(at, to, size);
}

static const struct {
	const char *name;
	unsigned int n;
	const char *from, *to;
	size_t size;
} damage_rows[] = {
	{ "outer algorithm", 1, "\x2a\x86\x48\xce\x3d\x04\x03\x02",
	    "\x2a\x86\x48\xce\x3d\x04\x03\x03", 8 },
	{ "inner algorithm", 0, "\x2a\x86\x48\xce\x3d\x04\x03\x02",
	    "\x2a\x86\x48\xce\x3d\x04\x03\x03", 8 },
	{ "curve", 0, "\x2b\x81\x04\x00\x22", "\x2b\x81\x04\x00\x7f", 5 },
	{ "SKI twice, basicConstraints gone", 0, "\x55\x1d\x13",
	    "\x55\x1d\x0e", 3 },
	{ "BIT STRING of keyUsage", 0, "\x03\x02\x01\x06",
	    "\x04\x02\x01\x06", 4 },
	{ "constructed UTF8String", 0, "\x0c\x07" "Fixture",
	    "\x2c\x07" "Fixture", 9 },
	{ "broken UTF-8 in the subject", 1, "\x0c\x07" "Fixture",
	    "\x0c\x07" "Fix\xff\xfe" "re", 9 },
	{ "notBefore", 0, "Z\x17\x0d", "z\x17\x0d", 3 },
	{ "extension's value", 0, "\x04\x04\x03\x02", "\x0c\x04\x03\x02", 4 },
};

TEST(damage_is_refused)
{
	for (size_t i = 0; i < COUNT_OF(damage_rows); i++) {
		RELEASE_BUFFER struct buffer der = {0};

		print_message("%s\n", damage_rows[i].name);
		load_der("p384.pem", &der);
		replace(&der, damage_rows[i].n, damage_rows[i].from,
		    damage_rows[i].to, damage_rows[i].size);
		refuse(damage_rows[i].name, span_of_buffer(&der));
	}
}

TEST(cut_and_extended_files_are_refused)
{
	RELEASE_BUFFER struct buffer der = {0}, pem = {0}, padded = {0};
	FREE_CERT struct cert *cert = NULL;
	struct error err;
	struct span file;
	size_t size;

	load_der("ed25519.pem", &der);
	file = span_of_buffer(&der);
	size = file.size;
	for (file.size = 0; file.size < size; file.size++)
		refuse("a prefix", file);
	FINE(buffer_append(&der, "", 1, &err));
	refuse("a trailing octet", span_of_buffer(&der));

	fixture_read(folder, "ed25519.pem", &pem);
	fixture_read(folder, "p256.pem", &pem);
	refuse("two certificates", span_of_buffer(&pem));

	fixture_read(folder, "ed25519.pem", &padded);
	while (padded.size < CERT_MAX_BYTES)
		FINE(buffer_append(&padded, "\n", 1, &err));
	FINE(cert_parse(span_of_buffer(&padded), &cert, &err));
	FINE(buffer_append(&padded, "\n", 1, &err));
	refuse("one octet too many", span_of_buffer(&padded));
}

TEST(what_is_no_certificate_is_refused)
{
	RELEASE_BUFFER struct buffer request = {0}, key = {0}, crl = {0};
	RELEASE_BUFFER struct buffer text = {0}, many = {0};
	struct error err;

	fixture_openssl(folder, "req -new -config p384.cnf -key p256.key "
	    "-subj /CN=issuing-1 -out sub.csr");
	fixture_read(folder, "sub.csr", &request);
	refuse("a request", span_of_buffer(&request));
	fixture_read(folder, "p256.key", &key);
	refuse("a key", span_of_buffer(&key));
	fixture_openssl(folder, "ca -gencrl -config p384.cnf -out made.crl");
	fixture_openssl(folder, "crl -in made.crl -outform DER -out made.der");
	fixture_read(folder, "made.der", &crl);
	refuse("a CRL in DER", span_of_buffer(&crl));
	FINE(pem_encode(PEM_CERTIFICATE, span_of_buffer(&crl), &text, &err));
	refuse("a CRL labelled as a certificate", span_of_buffer(&text));

	fixture_write_text(folder, "many.cnf", "[req]\n"
	    "distinguished_name = dn\nprompt = no\nx509_extensions = ext\n"
	    "[dn]\nCN = x\n[ext]\n"
	    "crlDistributionPoints = " URI_4 "," URI_4 "," URI_4 "," URI_4
	    ",URI:http://a/17\n");
	fixture_openssl(folder, "req -x509 -new -config many.cnf -key "
	    "p256.key -out many.pem");
	fixture_read(folder, "many.pem", &many);
	refuse("17 distribution points", span_of_buffer(&many));
}

/* OpenSSL looks for this very SKI in an AKI, which must be kept whole. */
TEST(a_ski_beyond_all_digests_is_refused)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct cert *cert = NULL;
	struct error err = {0};

	fixture_write_text(folder, "odd.cnf", "[req]\n"
	    "distinguished_name = dn\nprompt = no\nx509_extensions = ext\n"
	    "[dn]\nCN = x\n[ext]\nsubjectKeyIdentifier = "
	    OCTETS_32 OCTETS_32 "20\n");
	fixture_openssl(folder, "req -x509 -new -config odd.cnf -key p256.key "
	    "-out odd.pem");
	fixture_read(folder, "odd.pem", &file);
	REFUSED(cert_parse(span_of_buffer(&file), &cert, &err), ERR_FORMAT);
	assert_string_equal(err.what, "certificate: subjectKeyIdentifier: "
	    "want 1 to 64 octets, have 65");
}
