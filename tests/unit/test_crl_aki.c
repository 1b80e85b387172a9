/* SPDX-License-Identifier: ISC */
/* Authority key identifiers: OpenSSL is asked about each as well. */
#include <openssl/x509v3.h>

#include "crl_fixture.h"
#include "openssl_fixture.h"
#include "pki/cert.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];

/* Certificates of one key and name; above issues the last. */
static const struct {
	const char *name;
	const char *ski;
	const char *serial;
} roots[] = {
	{ "none", "none", "0x1234" }, { "short", "01020304", "0x1234" },
	{ "long", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C"
	    "1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C"
	    "3D3E3F", "0x1234" },
	{ "negative", "01020304", "-3532" }, { "zero", "01020304", "0" },
	{ "cross", "01020304", "0x1234" },
};

static struct cert *certs[COUNT_OF(roots)];

static void
make_cert(size_t i)
{
	RELEASE_BUFFER struct buffer file = {0};
	char text[512], name[32];
	struct error err = {0};

	snprintf(text, sizeof(text), "[req]\ndistinguished_name = dn\n"
	    "prompt = no\nstring_mask = utf8only\n[dn]\nCN = CA\n[ext]\n"
	    "basicConstraints = critical,CA:TRUE\n"
	    "subjectKeyIdentifier = %s\nauthorityKeyIdentifier = none\n",
	    roots[i].ski);
	fixture_write_text(folder, "made.cnf", text);
	snprintf(name, sizeof(name), "%s.pem", roots[i].name);
	if (strcmp(roots[i].name, "cross") == 0) {
		fixture_openssl(folder, "req -new -config made.cnf -key "
		    "key.key -out cross.csr");
		fixture_openssl(folder, "x509 -req -in cross.csr -CA "
		    "p256.pem -CAkey p256.key -set_serial %s -extfile made.cnf "
		    "-extensions ext -out %s", roots[i].serial, name);
	} else {
		fixture_openssl(folder, "req -x509 -new -config made.cnf "
		    "-extensions ext -key key.key -set_serial %s -out %s",
		    roots[i].serial, name);
	}
	fixture_read(folder, name, &file);
	FINE(cert_parse(span_of_buffer(&file), &certs[i], &err));
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "p256", "p256");
	fixture_make_key(folder, "key", "p256");
	for (size_t i = 0; i < COUNT_OF(roots); i++)
		make_cert(i);
	return 0;
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < COUNT_OF(roots); i++)
		cert_free(certs[i]);
	return 0;
}

AROUND_ALL(set_up, tear_down)

#define NAME_CA "a40f300d310b300906035504030c024341"
#define NAME_SPELT "a412" "3010" "310e" "300c" "0603550403" "1305" "2063612020"
#define NAME_ABOVE "a423" "3021" "3110" "300e" "060355040a" "0c07" \
	"46697874757265" "310d" "300b" "0603550403" "0c04" "70323536"
#define NAME_HOST "820161"

#define LONG_ID "8040" \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" \
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"

static const char *const key_ids[] = {
	"", "800401020304", "8003010203", "8004010203ff",
	LONG_ID,
};
static const char *const names[] = {
	"", "a111" NAME_CA, "a114" NAME_SPELT, "a125" NAME_ABOVE,
	"a103" NAME_HOST, "a114" NAME_HOST NAME_CA, "a136" NAME_ABOVE NAME_CA,
	"a136" NAME_CA NAME_ABOVE, "a100",
};
static const char *const serials[] = {
	"", "82021234", "82021235", "8202f234", "820100",
};

/* What OpenSSL makes of the same; -1 if it cannot read it. */
static int
openssl_check(struct span aki, const struct cert *cert)
{
	const unsigned char *at = aki.data;
	AUTHORITY_KEYID *parsed = d2i_AUTHORITY_KEYID(NULL, &at,
	    (long)aki.size);
	int result = parsed == NULL ? -1 :
	    X509_check_akid(cert->x509, parsed);

	AUTHORITY_KEYID_free(parsed);
	return result;
}

/* Does each certificate agree?  Counts those that the CRL is for. */
static void
check(const char *parts, struct span aki, const char *extension,
    size_t taken[COUNT_OF(roots)])
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_CRL struct crl crl = {0};
	struct error err = {0};
	struct window window;

	craft(&(struct crafted){ .extensions = extension }, &der);
	FINE(open_memory(&der, &window, &crl, &err));
	for (size_t i = 0; i < COUNT_OF(roots); i++) {
		const int want = openssl_check(aki, certs[i]);
		const enum err have = crl_check_aki(&crl, certs[i], &err);

		assert_int_not_equal(want, -1);
		taken[i] += want == X509_V_OK;
		if (have != (want == X509_V_OK ? ERR_OK : ERR_ISSUER))
			fail_msg("%s, %s: want %s, have %s %s", roots[i].name,
			    parts, X509_verify_cert_error_string(want),
			    error_token(have), err.what);
	}
}

/* For each part alone and together; issuer and serial are never alone. */
TEST(openssl_agrees)
{
	size_t taken[COUNT_OF(roots)] = {0};

	for (size_t i = 0; i < COUNT_OF(key_ids) * COUNT_OF(names) *
	    COUNT_OF(serials); i++) {
		RELEASE_BUFFER struct buffer aki = {0}, value = {0};
		RELEASE_BUFFER struct buffer extension = {0};
		const char *name = names[i / COUNT_OF(serials) %
		    COUNT_OF(names)];
		const char *serial = serials[i % COUNT_OF(serials)];
		char parts[512], hex[512];

		if ((name[0] == '\0') != (serial[0] == '\0'))
			continue;
		snprintf(parts, sizeof(parts), "%s%s%s", key_ids[i /
		    (COUNT_OF(serials) * COUNT_OF(names))], name, serial);
		put_wrapped(&aki, DER_SEQUENCE, parts);
		put_hex(&value, "0603551d23");
		put_value(&value, DER_OCTET_STRING, span_of_buffer(&aki));
		put_value(&extension, DER_SEQUENCE, span_of_buffer(&value));
		hex_encode(span_of_buffer(&extension), hex, sizeof(hex));
		check(parts, span_of_buffer(&aki), hex, taken);
	}
	for (size_t i = 0; i < COUNT_OF(roots); i++)
		assert_int_not_equal(taken[i], 0);
	/* without SKI any key identifier will do, with one its own or none */
	assert_int_equal(taken[0], 5 * (1 + 6));
	assert_int_equal(taken[COUNT_OF(roots) - 1], 2 * (1 + 4));
}
