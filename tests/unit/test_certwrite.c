/* SPDX-License-Identifier: ISC */
/* Roots of openssl(1), and the certificates that are made anew of them. */
#include "crlwrite_fixture.h"
#include "ca/certwrite.h"
#include "pki/der.h"

static const char plain_ext[] =
    "basicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier = hash\n";

/* Certificates of the key p256, with these extensions. */
static const struct {
	const char *name;
	const char *ext;	/* beside the plain ones */
	size_t shrinks;		/* octets that its extensions lose */
	const char *aki;	/* as openssl shows it; NULL: without one */
} forms[] = {
	{ "bare", "", 0, NULL },
	{ "keyid", "authorityKeyIdentifier = keyid:always\n", 0, "keyid" },
	{ "bound", "authorityKeyIdentifier = keyid:always,issuer:always\n",
	    1, "keyid" },
	{ "issuer", "authorityKeyIdentifier = issuer:always\n", 1, "keyid" },
	{ "rich", "authorityKeyIdentifier = keyid:always\n"
	    "certificatePolicies = 1.3.6.1.4.1.99999.1\n"
	    "nameConstraints = critical,permitted;DNS:corp.example\n"
	    "crlDistributionPoints = URI:http://pki.corp.example/r.crl\n"
	    "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0\n", 0, "keyid" },
};

static void
make_form(size_t i)
{
	char text[2048], file[64];

	snprintf(text, sizeof(text), "[req]\ndistinguished_name = dn\n[dn]\n"
	    "[ext]\n%s%s", plain_ext, forms[i].ext);
	snprintf(file, sizeof(file), "%s.cnf", forms[i].name);
	fixture_write_text(folder, file, text);
	fixture_openssl(folder, "req -x509 -new -config %s -extensions ext "
	    "-key p256.key -sha1 -days 3650 -subj /C=DE/O=Corp/CN=Root -out "
	    "%s.pem", file, forms[i].name);
}

static int
set_up_forms(void **state)
{
	const int code = set_up(state);

	for (size_t i = 0; i < COUNT_OF(forms); i++)
		make_form(i);
	return code;
}

AROUND_ALL(set_up_forms, NULL)

/* The certificate `name` anew, by the key of ca, in new.der. */
static struct cert *
write_anew(const struct cert *old, const char *ca, int64_t not_after_s)
{
	FREE_SIGNER struct signer *signer = NULL;
	RELEASE_CERTWRITE struct certwrite write = { .old = old,
		.not_after_s = not_after_s };
	RELEASE_BUFFER struct buffer der = {0};
	const struct passphrase_source none = { .fd = -1 };
	char key[64], key_path[PATH_SIZE];
	struct cert *cert = NULL;
	struct error err = {0};

	snprintf(key, sizeof(key), "%s.key", ca);
	path_in(key_path, folder, key);
	assert_fine(ca, signer_open(key_path, old, NULL, &none, &signer,
	    &err), &err);
	write.algorithm = signer_identifier(signer);
	certwrite_serial(write.serial);
	FINE(certwrite_prepare(&write, &err));
	FINE(certwrite_sign(&write, signer, &der, &err));
	fixture_write(folder, "new.der", span_of_buffer(&der));
	FINE(cert_parse(span_of_buffer(&der), &cert, &err));
	assert_int_equal(cert->serial.size, CERTWRITE_SERIAL_SIZE);
	assert_memory_equal(cert->serial.data, write.serial,
	    CERTWRITE_SERIAL_SIZE);
	return cert;
}

/* All that stands behind the key: the extensions, as they are. */
static struct span
tail_of(const struct cert *cert)
{
	struct span in = span_of_buffer(&cert->der);
	struct der_value whole, tbs;
	struct error err = {0};
	const uint8_t *end = cert->spki.data + cert->spki.size;

	FINE(der_expect(&in, DER_SEQUENCE, "test", &whole, &err));
	FINE(der_expect(&whole.content, DER_SEQUENCE, "test", &tbs, &err));
	return (struct span){ end, (size_t)(tbs.content.data +
	    tbs.content.size - end) };
}

static void
assert_same_ca(const char *name, const struct cert *new,
    const struct cert *old)
{
	struct error err = {0};

	assert_true(span_equals(new->subject, old->subject));
	assert_true(span_equals(new->issuer, old->issuer));
	assert_true(span_equals(new->spki, old->spki));
	assert_false(span_equals(new->serial, old->serial));
	assert_int_equal(new->not_before_s, old->not_before_s);
	assert_fine(name, cert_check_issued_by(new, old, &err), &err);
	assert_fine(name, cert_check_aki(new, new, &err), &err);
}

TEST(every_key_signs_and_nothing_else_changes)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		FREE_CERT struct cert *old = load_cert(folder, keys[i].type);
		FREE_CERT struct cert *new = write_anew(old, keys[i].type,
		    old->not_after_s + DAY_S);
		struct findings findings = {0};
		struct lint lint = { .found = take_finding,
			.context = &findings };

		assert_same_ca(keys[i].type, new, old);
		assert_int_equal(new->not_after_s, old->not_after_s + DAY_S);
		assert_true(span_equals(tail_of(new), tail_of(old)));
		lint_certificate(&lint, span_of_buffer(&new->der));
		if (findings.count > 0)
			fail_msg("%s: %s", keys[i].type, findings.first);
		fixture_openssl(folder, "x509 -in new.der -out new.pem");
		fixture_openssl(folder, "verify -check_ss_sig -CAfile new.pem "
		    "new.pem");
	}
}

/* UTCTime through 2049, then GeneralizedTime (RFC 5280 4.1.2.5). */
TEST(its_end_has_the_form_of_its_year)
{
	static const struct {
		const char *at;
		const char *der;	/* of notAfter */
	} rows[] = {
		{ "2049-12-31T23:59:59Z", "\x17\x0d" "491231235959Z" },
		{ "2050-01-01T00:00:00Z", "\x18\x0f" "20500101000000Z" },
		{ "9999-12-31T23:59:59Z", "\x18\x0f" "99991231235959Z" },
	};
	FREE_CERT struct cert *old = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		FREE_CERT struct cert *new = write_anew(old, "p256",
		    instant(rows[i].at));

		assert_int_equal(new->not_after_s, instant(rows[i].at));
		assert_true(span_contains(span_of_buffer(&new->der),
		    rows[i].der));
	}
}

/* Issuer and serial would be those of the old certificate. */
TEST(an_aki_keeps_the_key_identifier_alone)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		FREE_CERT struct cert *old = load_cert(folder, forms[i].name);
		FREE_CERT struct cert *new = write_anew(old, "p256",
		    old->not_after_s);
		RELEASE_BUFFER struct buffer text = {0};

		print_message("%s\n", forms[i].name);
		assert_same_ca(forms[i].name, new, old);
		assert_int_equal(span_equals(tail_of(new), tail_of(old)),
		    forms[i].shrinks == 0);
		fixture_openssl(folder, "x509 -in new.der -noout -ext "
		    "authorityKeyIdentifier -out text");
		fixture_read(folder, "text", &text);
		assert_int_equal(span_contains(span_of_buffer(&text),
		    "Authority Key Identifier"), forms[i].aki != NULL);
		assert_false(span_contains(span_of_buffer(&text), "DirName"));
		assert_false(span_contains(span_of_buffer(&text), "serial"));
	}
}

TEST(serials_are_positive_whole_and_never_the_same)
{
	uint8_t serials[64][CERTWRITE_SERIAL_SIZE];

	for (size_t i = 0; i < COUNT_OF(serials); i++) {
		certwrite_serial(serials[i]);
		assert_in_range(serials[i][0], 0x40, 0x7f);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(serials[i], serials[k],
			    CERTWRITE_SERIAL_SIZE);
	}
}

/* The frame has all but the signature, so that a linter can say no. */
TEST(what_is_not_signed_yet_can_be_judged)
{
	FREE_CERT struct cert *old = load_cert(folder, "p256");
	RELEASE_BUFFER struct buffer identifier = {0}, frame = {0};
	struct findings findings = {0};
	struct lint lint = { .found = take_finding, .context = &findings };
	struct algorithm algorithm;
	struct error err = {0};
	RELEASE_CERTWRITE struct certwrite write = { .old = old,
		.not_after_s = old->not_before_s - 1 };

	FINE(algorithm_for_key(old->key, NULL, &algorithm, &identifier,
	    &err));
	write.algorithm = span_of_buffer(&identifier);
	certwrite_serial(write.serial);
	FINE(certwrite_prepare(&write, &err));
	FINE(certwrite_frame(&write, &frame, &err));
	lint_certificate(&lint, span_of_buffer(&frame));
	assert_int_equal(findings.count, 1);
	assert_non_null(strstr(findings.first, "notAfter: want "));
}
