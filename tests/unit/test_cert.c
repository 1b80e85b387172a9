/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "openssl_fixture.h"
#include "pki/cert.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];

static const char *const ca_types[] = {
	"rsa", "rsa-pss", "rsa-pss-sha384", "p256", "p384", "p521", "ed25519",
};

static int
make_cas(void **state)
{
	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(ca_types); i++)
		fixture_make_ca(folder, ca_types[i], ca_types[i]);
	fixture_make_key(folder, "other", "p256");
	fixture_openssl(folder, "req -new -config p384.cnf -key other.key "
	    "-subj /CN=issuing-1 -out sub.csr");
	return 0;
}

AROUND_ALL(make_cas, NULL)

static struct cert *
load(const char *name)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct cert *cert = NULL;
	struct error err = {0};

	fixture_read(folder, name, &file);
	if (cert_parse(span_of_buffer(&file), &cert, &err) != ERR_OK)
		fail_msg("%s: %s", name, err.what);
	return cert;
}

/* DER of a certificate of the folder, as openssl(1) converts it. */
static void
load_der(const char *name, struct buffer *out)
{
	fixture_openssl(folder, "x509 -in %s -outform DER -out as.der", name);
	fixture_read(folder, "as.der", out);
}

/* A self-signed certificate with this name and these extensions. */
static struct cert *
make(const char *key, const char *subject, const char *extensions,
    const char *options)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct error err;

	FINE(buffer_appendf(&text, &err, "[req]\n"
	    "distinguished_name = dn\nprompt = no\nutf8 = yes\n"
	    "string_mask = utf8only\nx509_extensions = ext\n[dn]\n%s\n"
	    "[ext]\n%s\n", subject, extensions));
	fixture_write(folder, "made.cnf", span_of_buffer(&text));
	fixture_openssl(folder, "req -x509 -new -config made.cnf -key %s.key "
	    "-out made.pem %s", key, options);
	return load("made.pem");
}

/* openssl(1) reads the clock for each of them, and it may tick in between. */
static void
assert_dates(const struct cert *cert, const char *name)
{
	RELEASE_BUFFER struct buffer said = {0};
	char from[UTC_TEXT_SIZE], to[UTC_TEXT_SIZE], want[128];

	fixture_openssl(folder, "x509 -in %s -noout -dates -dateopt iso_8601",
	    name);
	fixture_read(folder, "fixture.log", &said);
	utc_format(cert->not_before_s, from);
	utc_format(cert->not_after_s, to);
	from[strlen("2026-11-30")] = to[strlen("2026-11-30")] = ' ';
	snprintf(want, sizeof(want), "notBefore=%s\nnotAfter=%s\n", from, to);
	assert_true(span_equals(span_of_buffer(&said), span_of_text(want)));
	assert_in_range(cert->not_after_s - cert->not_before_s, 3650 * DAY_S,
	    3650 * DAY_S + 1);
}

TEST(what_openssl_makes_is_read)
{
	for (size_t i = 0; i < COUNT_OF(ca_types); i++) {
		RELEASE_BUFFER struct buffer der = {0}, spki = {0}, hash = {0};
		FREE_CERT struct cert *cert = NULL, *from_der = NULL;
		uint8_t digest[SHA256_SIZE];
		char name[64], want[64];
		struct error err;

		snprintf(name, sizeof(name), "%s.pem", ca_types[i]);
		cert = load(name);
		load_der(name, &der);
		assert_true(span_equals(span_of_buffer(&cert->der),
		    span_of_buffer(&der)));
		from_der = load("as.der");
		assert_true(cert_is_same_ca(cert, from_der));

		snprintf(want, sizeof(want), "CN=%s,O=Fixture", ca_types[i]);
		assert_string_equal(cert->subject_text, want);
		assert_true(cert->is_ca && cert->has_key_usage &&
		    cert->has_crl_sign && cert->is_self_issued &&
		    cert->has_ski);
		assert_int_equal(cert->key_id_size, 20);
		assert_int_equal(cert->cdp_count, 0);
		assert_dates(cert, name);
		assert_non_null(cert->key);
		FINE(cert_check_signs_crls(cert, &err));
		FINE(cert_check_issued_by(cert, cert, &err));

		fixture_openssl(folder, "pkey -in %s.key -pubout -outform DER "
		    "-out spki.der", ca_types[i]);
		fixture_read(folder, "spki.der", &spki);
		assert_true(span_equals(cert->spki, span_of_buffer(&spki)));
		FINE(sha256(span_of_buffer(&spki), digest, &err));
		assert_memory_equal(cert->spki_sha256, digest, SHA256_SIZE);

		fixture_openssl(folder, "x509 -in %s -noout -subject_hash",
		    name);
		fixture_read(folder, "fixture.log", &hash);
		snprintf(want, sizeof(want), "%08x\n", cert->subject_hash);
		assert_true(span_equals(span_of_buffer(&hash),
		    span_of_text(want)));
	}
}

#define CA "basicConstraints = critical,CA:TRUE\n"
#define NO_SKI "subjectKeyIdentifier = none\n"
#define SKI_32 \
	"000102030405060708090A0B0C0D0E0F" "101112131415161718191A1B1C1D1E1F"

static const struct {
	const char *name;
	const char *extensions;
	bool is_ca;
	bool has_key_usage;
	bool has_crl_sign;
	bool has_ski;
	size_t key_id_size;
} extension_rows[] = {
	{ "CA alone", CA NO_SKI, true, false, false, false, 20 },
	{ "CA:FALSE", NO_SKI "basicConstraints = CA:FALSE", false, false, false,
	    false, 20 },
	{ "no basicConstraints", NO_SKI "keyUsage = cRLSign", false, true, true,
	    false, 20 },
	{ "keyUsage without cRLSign", CA NO_SKI "keyUsage = keyCertSign", true,
	    true, false, false, 20 },
	{ "keyUsage with cRLSign", CA NO_SKI "keyUsage = keyCertSign,cRLSign",
	    true, true, true, false, 20 },
	{ "SKI", CA "subjectKeyIdentifier = hash", true, false, false, true,
	    20 },
	{ "SKI of 1 octet", CA "subjectKeyIdentifier = 7F", true, false,
	    false, true, 1 },
	{ "SKI of 32 octets", CA "subjectKeyIdentifier = " SKI_32, true,
	    false, false, true, 32 },
	{ "SKI of 64 octets", CA "subjectKeyIdentifier = " SKI_32 SKI_32, true,
	    false, false, true, 64 },
};

TEST(extensions_are_read)
{
	/* What a SKI is by RFC 5280 4.2.1.2 method 1, made by openssl. */
	FREE_CERT struct cert *hashed = make("other", "CN = x",
	    CA "subjectKeyIdentifier = hash", "");

	for (size_t i = 0; i < COUNT_OF(extension_rows); i++) {
		FREE_CERT struct cert *cert = make("other", "CN = x",
		    extension_rows[i].extensions, "");
		struct error err = {0};
		bool may_sign = !cert->has_key_usage || cert->has_crl_sign;

		print_message("%s\n", extension_rows[i].name);
		assert_int_equal(cert->is_ca, extension_rows[i].is_ca);
		assert_int_equal(cert->has_key_usage,
		    extension_rows[i].has_key_usage);
		assert_int_equal(cert->has_crl_sign,
		    extension_rows[i].has_crl_sign);
		assert_int_equal(cert->has_ski, extension_rows[i].has_ski);
		assert_int_equal(cert->key_id_size,
		    extension_rows[i].key_id_size);
		if (cert->key_id_size == 20)
			assert_memory_equal(cert->key_id, hashed->key_id, 20);
		if (cert->key_id_size == 32)
			assert_int_equal(cert->key_id[31], 0x1f);
		assert_int_equal(cert_check_signs_crls(cert, &err),
		    may_sign ? ERR_OK : ERR_ISSUER);
		assert_int_equal(strstr(err.what, "cRLSign") != NULL,
		    !may_sign);
	}
}

/* As OpenSSL's verification has it. */
TEST(a_root_is_a_ca)
{
	static const struct {
		const char *extensions;
		const char *says;	/* NULL: it is fine */
	} roots[] = {
		{ CA, NULL },
		{ CA "keyUsage = keyCertSign,cRLSign", NULL },
		{ "keyUsage = keyCertSign,cRLSign", NULL },
		{ CA "keyUsage = keyCertSign", "lacks cRLSign" },
		{ CA "keyUsage = cRLSign", "lacks keyCertSign" },
		{ "basicConstraints = CA:FALSE", "lacks cA" },
		{ "extendedKeyUsage = serverAuth", "is missing" },
	};

	for (size_t i = 0; i < COUNT_OF(roots); i++) {
		FREE_CERT struct cert *cert = make("other", "CN = x",
		    roots[i].extensions, "");
		struct error err = {0};

		print_message("%s\n", roots[i].extensions);
		if (roots[i].says == NULL) {
			FINE(cert_check_root(cert, &err));
			continue;
		}
		REFUSED(cert_check_root(cert, &err), ERR_ISSUER);
		assert_non_null(strstr(err.what, roots[i].says));
		assert_non_null(strstr(error_advice(&err), "same key"));
	}
}

#define CDP "crlDistributionPoints = "
#define URI_4 "URI:http://a/1,URI:http://a/2,URI:http://a/3,URI:http://a/4"

static const struct {
	const char *name;
	const char *extensions;
	size_t count;
	const char *names[4];	/* the first of them */
} cdp_rows[] = {
	{ "one", CDP "URI:http://a/1", 1, { "http://a/1" } },
	{ "two points", CDP "URI:http://a/1,URI:ldap://b/", 2,
	    { "http://a/1", "ldap://b/" } },
	{ "two names of a point", CDP "p\n[p]\nfullname = URI:http://a/1,"
	    "URI:http://a/2\n", 2, { "http://a/1", "http://a/2" } },
	{ "reasons and issuer", CDP "p\n[p]\nfullname = URI:http://a/1\n"
	    "reasons = keyCompromise\nCRLissuer = dirName:i\n[i]\nCN = i\n",
	    1, { "http://a/1" } },
	{ "relative name", CDP "p\n[p]\nrelativename = r\n[r]\nCN = r\n", 0,
	    { NULL } },
	{ "issuer alone", CDP "p\n[p]\nCRLissuer = dirName:i\n[i]\nCN = i\n",
	    0, { NULL } },
	{ "critical", CDP "critical,URI:http://a/1", 1, { "http://a/1" } },
	{ "sixteen", CDP URI_4 "," URI_4 "," URI_4 "," URI_4, 16,
	    { "http://a/1", "http://a/2", "http://a/3", "http://a/4" } },
};

TEST(distribution_points_are_listed)
{
	for (size_t i = 0; i < COUNT_OF(cdp_rows); i++) {
		FREE_CERT struct cert *cert = make("other", "CN = x",
		    cdp_rows[i].extensions, "");

		print_message("%s\n", cdp_rows[i].name);
		assert_int_equal(cert->cdp_count, cdp_rows[i].count);
		for (size_t j = 0; j < 4 && cdp_rows[i].names[j] != NULL; j++) {
			size_t size = strlen(cdp_rows[i].names[j]);

			/* [6] uniformResourceIdentifier */
			assert_int_equal(cert->cdp[j].size, 2 + size);
			assert_int_equal(cert->cdp[j].data[0], 0x86);
			assert_int_equal(cert->cdp[j].data[1], size);
			assert_memory_equal(cert->cdp[j].data + 2,
			    cdp_rows[i].names[j], size);
		}
	}
}

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *subject;
	const char *want;
} name_rows[] = {
	{ "C = DE\nO = Corp\nCN = Root G1", "CN=Root G1,O=Corp,C=DE" },
	{ "CN = a\\, b", "CN=a\\, b" },
	{ "CN = Z\xc3\xbcrich", "CN=Z\xc3\xbcrich" },
	/* C0 is escaped already; C1 and U+0085 would reach the terminal. */
	{ "CN = a\\nb", "CN=a\\0Ab" },
	{ "CN = a\033[31mb", "CN=a\\1B[31mb" },
	{ "CN = a\xc2\x85" "b\xc2\x9b", "CN=a?b?" },
	{ "CN = \xc2\xa0z", "CN=\xc2\xa0z" },
	{ "0.OU = " X64 "\n1.OU = " X64 "\n2.OU = " X64 "\n3.OU = " X64,
	    "OU=" X64 ",OU=" X64 ",OU=" X64 ",OU="
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
};

TEST(subjects_are_shown_on_one_line)
{
	for (size_t i = 0; i < COUNT_OF(name_rows); i++) {
		FREE_CERT struct cert *cert = make("other",
		    name_rows[i].subject, CA, "");

		assert_string_equal(cert->subject_text, name_rows[i].want);
	}
}

TEST(characters_are_not_cut)
{
	char subject[512] = "", umlauts[128] = "";

	/* 3 + 64 octets a line, then "OU=" and umlauts across the end. */
	for (size_t i = 0; i < 32; i++)
		strcat(umlauts, "\xc3\xbc");
	for (size_t pad = 1; pad <= 2; pad++) {
		FREE_CERT struct cert *cert = NULL;
		size_t size;

		snprintf(subject, sizeof(subject), "0.OU = %s\n1.OU = %.*s\n"
		    "2.OU = " X64 "\n3.OU = " X64 "\n4.OU = " X64, umlauts,
		    (int)pad, "xx");
		cert = make("other", subject, CA, "");
		size = strlen(cert->subject_text);
		/* 3 * 68 + 3 + pad + 1 + 3 octets stand before the umlauts. */
		assert_int_equal(size, 211 + pad + (255 - 211 - pad) / 2 * 2);
		assert_memory_equal(cert->subject_text + size - 2, "\xc3\xbc",
		    2);
	}
}

static const struct {
	const char *start;
	const char *end;
} time_rows[] = {
	{ "19500101000000Z", "20491231235959Z" },
	{ "20491231235959Z", "20500101000000Z" },
	{ "20240229000000Z", "99991231235959Z" },
};

TEST(times_are_read_to_the_second)
{
	for (size_t i = 0; i < COUNT_OF(time_rows); i++) {
		FREE_CERT struct cert *cert = NULL;
		char start[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];
		int64_t want_start, want_end;

		fixture_openssl(folder, "ca -batch -notext -config p384.cnf "
		    "-extensions sub_ext -rand_serial -in sub.csr -out "
		    "timed.pem -startdate %s -enddate %s", time_rows[i].start,
		    time_rows[i].end);
		cert = load("timed.pem");
		assert_true(utc_from_generalizedtime(span_of_text(
		    time_rows[i].start), &want_start));
		assert_true(utc_from_generalizedtime(span_of_text(
		    time_rows[i].end), &want_end));
		utc_format(cert->not_before_s, start);
		utc_format(cert->not_after_s, end);
		print_message("%s to %s\n", start, end);
		assert_true(cert->not_before_s == want_start);
		assert_true(cert->not_after_s == want_end);
	}
}

TEST(the_issuer_is_checked)
{
	FREE_CERT struct cert *root = load("p384.pem"), *sub = NULL;
	FREE_CERT struct cert *renewed = NULL, *rekeyed = NULL;
	FREE_CERT struct cert *renamed = load("p256.pem");
	struct error err = {0};

	fixture_openssl(folder, "x509 -req -in sub.csr -CA p384.pem -CAkey "
	    "p384.key -set_serial 0x0102 -days 10 -extfile p384.cnf "
	    "-extensions sub_ext -out sub.pem");
	sub = load("sub.pem");
	assert_false(sub->is_self_issued);
	assert_true(sub->is_ca);
	assert_int_equal(sub->serial.size, 2);
	assert_memory_equal(sub->serial.data, "\x01\x02", 2);
	assert_true(span_equals(sub->issuer, root->subject));
	assert_int_equal(sub->cdp_count, 1);

	renewed = make("p384", "O = Fixture\nCN = p384", CA, "-days 9");
	rekeyed = make("other", "O = Fixture\nCN = p384", CA, "-days 9");
	FINE(cert_check_issued_by(sub, root, &err));
	FINE(cert_check_issued_by(sub, renewed, &err));
	assert_string_equal(err.what, "");
	REFUSED(cert_check_issued_by(sub, rekeyed, &err), ERR_SIGNATURE);
	assert_string_equal(err.what, "CN=issuing-1 is not signed by "
	    "CN=p384,O=Fixture: its key does not verify the signature");
	REFUSED(cert_check_issued_by(sub, renamed, &err), ERR_ISSUER);
	assert_string_equal(err.what, "CN=issuing-1: its issuer is "
	    "CN=p384,O=Fixture, not "
	    "CN=p256,O=Fixture");
	REFUSED(cert_check_issued_by(root, sub, &err), ERR_ISSUER);

	assert_true(cert_is_same_ca(root, renewed));
	assert_false(cert_is_same_ca(root, rekeyed));
	assert_false(cert_is_same_ca(rekeyed, sub));
	assert_false(cert_is_same_ca(root, renamed));
}

/* Its self-signature protects nothing: only lint has something to say. */
TEST(a_weak_self_signature_is_no_obstacle)
{
	FREE_CERT struct cert *sha1 = make("rsa", "CN = old", CA, "-sha1");
	FREE_CERT struct cert *md5 = make("rsa", "CN = older", CA, "-md5");
	struct algorithm algorithm;
	struct error err;

	FINE(algorithm_parse(sha1->signature_algorithm, &algorithm, &err));
	assert_true(algorithm.is_weak);
	FINE(algorithm_parse(md5->signature_algorithm, &algorithm, &err));
	assert_string_equal(algorithm.name, "md5WithRSAEncryption");
}
