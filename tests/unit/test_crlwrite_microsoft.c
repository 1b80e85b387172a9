/* SPDX-License-Identifier: ISC */
/* The extensions of a CRL of ours, octet for octet as AD CS writes its own. */
#include "crlwrite_fixture.h"

AROUND_ALL(set_up, NULL)

#define FIELD_KEY_ID "6aa4259b7b58e687165cef8b6c859e42dc922663"
#define FIELD_AKI "301f0603551d23041830168014" FIELD_KEY_ID
#define MICROSOFT(n) "06092b06010401823715" n
#define VERSION(ext, octets, value) "30" ext MICROSOFT("01") "04" octets value
#define NUMBER_12 "300a0603551d140403020112"
/* 2027-05-29T08:06:03Z, as in the CRL 18-adcs.crl of the field */
#define FIELD_PUBLISH "301c" MICROSOFT("04") "040f" \
	"170d3237303532393038303630335a"
#define URL_1 "8608" "6c6461703a2f2f2f"		/* ldap:/// */
#define URL_2 "8609" "6c6461703a2f2f2f61"	/* ldap:///a */

static const struct {
	const char *name;
	struct crlwrite_microsoft microsoft;
	const char *locations;		/* hex */
	const char *want;		/* hex */
} rows[] = {
	{ "nothing of AD CS", { 0 }, "", "a02f302d" FIELD_AKI NUMBER_12 },
	/* What stands in 18-adcs.crl from offset 164 on. */
	{ "the CRL of the field", { true, 0,
	    INT64_C(1811577963), { NULL, 0 } }, "", "a05f305d" FIELD_AKI
	    VERSION("10", "03", "020100") NUMBER_12 FIELD_PUBLISH },
	{ "a key that was renewed", { true, 0x10001, 0, { NULL, 0 } }, "",
	    "a0433041" FIELD_AKI VERSION("12", "05", "0203010001")
	    NUMBER_12 },
	{ "a certificate that was renewed", { true, 3, 0, { NULL, 0 } }, "",
	    "a041303f" FIELD_AKI VERSION("10", "03", "020103") NUMBER_12 },
	{ "128 certificates", { true, 0x80, 0, { NULL, 0 } }, "",
	    "a0423040" FIELD_AKI VERSION("11", "04", "02020080") NUMBER_12 },
	{ "all there is", { true, INT32_MAX, 0, { NULL, 0 } }, "",
	    "a0443042" FIELD_AKI VERSION("13", "06", "02047fffffff")
	    NUMBER_12 },
	/* 2049-12-31T23:59:59Z and the second after it */
	{ "the last UTCTime", { false, 0, INT64_C(2524607999), { NULL, 0 } },
	    "", "a04d304b" FIELD_AKI NUMBER_12 "301c" MICROSOFT("04") "040f"
	    "170d3439313233313233353935395a" },
	{ "the first GeneralizedTime", { false, 0, INT64_C(2524608000),
	    { NULL, 0 } }, "", "a04f304d" FIELD_AKI NUMBER_12 "301e"
	    MICROSOFT("04") "0411" "180f32303530303130313030303030305a" },
	{ "one location", { 0 }, URL_1, "a050304e" FIELD_AKI NUMBER_12
	    "301f" MICROSOFT("0e") "0412" "3010300ea00ca00a" URL_1 },
	{ "two locations", { 0 }, URL_1 URL_2, "a05b3059" FIELD_AKI
	    NUMBER_12 "302a" MICROSOFT("0e") "041d" "301b3019a017a015"
	    URL_1 URL_2 },
	{ "all three", { true, 0x20003, INT64_C(1811577963), { NULL, 0 } },
	    URL_1, "a08183308180" FIELD_AKI VERSION("12", "05", "0203020003")
	    NUMBER_12 FIELD_PUBLISH "301f" MICROSOFT("0e") "0412"
	    "3010300ea00ca00a" URL_1 },
};

TEST(extensions_are_those_of_ad_cs)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer have = {0};
		struct cert root = { .key_id_size = 20 };
		struct crlwrite crl = { .root = &root,
			.number = number_from_u64(0x12),
			.microsoft = rows[i].microsoft };
		uint8_t locations[128];
		char text[1024];
		struct error err = {0};
		size_t size;

		assert_true(hex_decode(span_of_text(FIELD_KEY_ID),
		    root.key_id, sizeof(root.key_id), &size));
		assert_true(hex_decode(span_of_text(rows[i].locations),
		    locations, sizeof(locations), &size));
		crl.microsoft.locations = (struct span){ locations, size };
		FINE(crlwrite_extensions(&crl, &have, &err));
		hex_encode(span_of_buffer(&have), text, sizeof(text));
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%s: want %s, have %s", rows[i].name,
			    rows[i].want, text);
	}
}

/* The extension of a root's certificate, and what is read of it. */
static const struct {
	const char *value;	/* as openssl.cnf has it; NULL: none */
	bool has_version;
	int32_t version;
} versions[] = {
	{ NULL, false, 0 }, { "ASN1:INTEGER:0", true, 0 },
	{ "ASN1:INTEGER:1", true, 1 }, { "ASN1:INTEGER:0x10001", true,
	    0x10001 },
	{ "critical,ASN1:INTEGER:0x20003", true, 0x20003 },
	{ "ASN1:INTEGER:0x7fffffff", true, INT32_MAX },
	{ "ASN1:INTEGER:0x80000000", false, 0 },
	{ "ASN1:INTEGER:-1", false, 0 }, { "ASN1:NULL", false, 0 },
	{ "DER:02:01", false, 0 }, { "DER:02:02:00:01", false, 0 },
	{ "DER:02:01:01:05:00", false, 0 },
};

TEST(ca_version_of_a_certificate_is_read)
{
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		const char *value = versions[i].value;
		FREE_CERT struct cert *cert = NULL;
		char text[512];

		print_message("%s\n", value == NULL ? "none" : value);
		snprintf(text, sizeof(text), "[req]\n"
		    "distinguished_name = dn\n[dn]\n[ext]\n"
		    "basicConstraints = critical,CA:TRUE\n%s%s\n",
		    value == NULL ? "" : "1.3.6.1.4.1.311.21.1 = ",
		    value == NULL ? "" : value);
		fixture_write_text(folder, "versioned.cnf", text);
		fixture_openssl(folder, "req -x509 -new -config versioned.cnf "
		    "-extensions ext -key p256.key -subj /CN=x -out "
		    "versioned.pem");
		cert = load_cert(folder, "versioned");
		assert_int_equal(cert->has_ca_version,
		    versions[i].has_version);
		if (cert->has_ca_version)
			assert_int_equal(cert->ca_version,
			    versions[i].version);
	}
}

/* With an empty list and with entries; every key signs it. */
TEST(a_whole_crl_is_sound)
{
	static const uint8_t url[] = { 0x86, 8, 'l', 'd', 'a', 'p', ':', '/',
		'/', '/' };
	static const char *const lists[] = { "", REVOKED("01") REVOKED("02") };

	for (size_t i = 0; i < COUNT_OF(keys) * COUNT_OF(lists); i++) {
		RELEASE_OPENED struct opened ours = {0};
		RELEASE_SIGNING struct signing signing = {0};
		struct findings findings = {0};
		struct lint lint = { .found = take_finding,
			.context = &findings };
		struct error err = {0};

		fixture_write_text(folder, "index.txt",
		    lists[i / COUNT_OF(keys)]);
		open_signing(keys[i % COUNT_OF(keys)].type, &signing);
		write_ours_microsoft(&signing, "1000", THIS_UPDATE_S,
		    NEXT_UPDATE_S, "Next CRL Publish: the CA means to",
		    &(const struct crlwrite_microsoft){ true, 0x10001,
		    instant("2026-07-01"), { url, sizeof(url) } });
		open_crl("ours.crl", &ours);
		FINE(crl_verify(&ours.crl, signing.root, &err));
		FINE(lint_crl(&lint, &ours.window, signing.root, &err));
		/* A notice for each of the three. */
		assert_int_equal(findings.count, 3);
		assert_int_equal(lint.errors + lint.warnings, 0);
		assert_int_equal(crl_next_publish(&ours.crl),
		    instant("2026-07-01"));
		assert_int_equal(ours.crl.ca_version, 0x10001);
		assert_int_equal(ours.crl.locations.size, 2 + 2 + 2 + 2 +
		    sizeof(url));
	}
}
