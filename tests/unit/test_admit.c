/* SPDX-License-Identifier: ISC */
#include "recipe_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

#define POINT(name) "issuingDistributionPoint=critical,fullname:URI:" name
#define IDP(content) "issuingDistributionPoint=critical," content
#define ECDSA_SHA256 "06082a8648ce3d040302"
#define ECDSA_SHA384 "06082a8648ce3d040303"

static const struct {
	const char *name;
	struct recipe recipe;
	enum pinned pinned;
	enum err want;
	const char *says;
} crl_rows[] = {
	{ "good", { .serials = { 3, 5, 7 } }, ROOT, ERR_OK, "" },
	{ "empty", {0}, ROOT, ERR_OK, "" },
	{ "out of order", { .serials = { 7, 3 } }, ROOT, ERR_OK, "" },
	{ "no number", { .number = -1 }, ROOT, ERR_OK, "" },
	{ "no AKI", { .no_aki = true }, ROOT, ERR_OK, "" },
	{ "AKI without keyIdentifier", { .no_aki = true,
	    .extension = { "authorityKeyIdentifier=DER:3000" } }, ROOT,
	    ERR_OK, "" },
	{ "AKI of a root without SKI", {0}, NO_SKI, ERR_OK, "" },
	{ "no keyUsage", {0}, NO_USAGE, ERR_OK, "" },
	{ "SHA-384", { .digest = "SHA384" }, ROOT, ERR_OK, "" },
	{ "RSA", { .signer = RSA_ROOT }, RSA_ROOT, ERR_OK, "" },
	{ "CA certificates only", { .extension = { IDP("onlyCA:TRUE") } },
	    ROOT, ERR_OK, "" },
	{ "the subordinate's distribution point",
	    { .extension = { POINT("http://pki.example/root.crl") } }, ROOT,
	    ERR_OK, "" },
	{ "the second name of a distribution point", { .extension = {
	    IDP("DER:3030a02ea02c860d687474703a2f2f6f746865722f861b68747470"
	    "3a2f2f706b692e6578616d706c652f726f6f742e63726c") } }, ROOT,
	    ERR_OK, "" },
	{ "a distribution point's name cut", { .extension = {
	    POINT("http://pki.example/root.cr") } }, ROOT, ERR_SCOPE,
	    "6.3.3" },
	{ "unknown extension, not critical",
	    { .extension = { "1.2.3.4=DER:0500" } }, ROOT, ERR_OK, "" },
	{ "unknown entry extension, not critical", { .serials = { 3 },
	    .entry_extension = "1.2.3.4=DER:0500" }, ROOT, ERR_OK, "" },

	{ "v1", { .is_v1 = true }, ROOT, ERR_FORMAT, "v2" },
	{ "another CA's", { .signer = RSA_ROOT }, ROOT, ERR_ISSUER, "issuer" },
	{ "another key", { .signer = TWIN }, ROOT, ERR_ISSUER,
	    "authorityKeyIdentifier" },
	{ "another key, no AKI", { .signer = TWIN, .no_aki = true }, ROOT,
	    ERR_SIGNATURE, "verify" },
	{ "another AKI", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=DER:3006800401020304" } }, ROOT,
	    ERR_ISSUER, "01020304" },
	{ "another AKI, root without SKI", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=DER:3006800401020304" } }, NO_SKI,
	    ERR_OK, "" },
	{ "another key's AKI, root without SKI", { .signer = TWIN }, NO_SKI,
	    ERR_SIGNATURE, "verify" },
	{ "AKI of the certificate", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=issuer:always" } }, ROOT, ERR_OK, "" },
	{ "AKI of another certificate of the key", { .no_aki = true,
	    .extension = { "authorityKeyIdentifier=issuer:always" } },
	    NO_USAGE, ERR_ISSUER, "authorityCertSerialNumber" },
	{ "an issuer without cRLSign", {0}, NO_SIGN, ERR_ISSUER, "" },
	{ "outer algorithm another", { .from = ECDSA_SHA256,
	    .to = ECDSA_SHA384 }, ROOT, ERR_ALGORITHM, "tbsCertList" },
	{ "SHA-1", { .digest = "SHA1" }, ROOT, ERR_WEAK, "" },
	{ "MD5", { .digest = "MD5", .signer = RSA_ROOT }, RSA_ROOT,
	    ERR_WEAK, "" },
	{ "SHA3-256", { .digest = "SHA3-256" }, ROOT, ERR_ALGORITHM, "" },
	{ "a changed entry", { .serials = { 0x7a7b7c }, .from = "7a7b7c",
	    .to = "7a7b7d" }, ROOT, ERR_SIGNATURE, "verify" },
	/* Unsigned entries are not read, however damaged. */
	{ "a damaged entry", { .serials = { 0x7a7b7c },
	    .from = "02037a7b7c", .to = "02807a7b7c" }, ROOT, ERR_SIGNATURE,
	    "verify" },
	{ "weak before signature", { .digest = "SHA1", .signer = TWIN,
	    .no_aki = true }, ROOT, ERR_WEAK, "" },
	{ "weak before cRLSign", { .digest = "SHA1" }, NO_SIGN, ERR_WEAK,
	    "" },
	{ "signature before scope", { .signer = TWIN, .no_aki = true,
	    .extension = { "1.2.3.4=critical,DER:0500" } }, ROOT,
	    ERR_SIGNATURE, "" },

	{ "an empty list of revoked certificates", { .has_empty_list = true },
	    ROOT, ERR_FORMAT, "5.1.2.6" },
	{ "an empty issuingDistributionPoint", { .extension = {
	    IDP("DER:3000") } }, ROOT, ERR_FORMAT, "5.2.5" },

	{ "delta", { .extension = { "deltaCRL=critical,DER:02010b" } }, ROOT,
	    ERR_SCOPE, "delta" },
	{ "indirect", { .extension = { IDP("indirectCRL:TRUE") } }, ROOT,
	    ERR_SCOPE, "indirect" },
	{ "user certificates", { .extension = { IDP("onlyuser:TRUE") } },
	    ROOT, ERR_SCOPE, "onlyContainsUserCerts" },
	{ "attribute certificates", { .extension = { IDP("onlyAA:TRUE") } },
	    ROOT, ERR_SCOPE, "onlyContainsAttributeCerts" },
	{ "some reasons", { .extension = {
	    IDP("onlysomereasons:keyCompromise") } }, ROOT, ERR_SCOPE,
	    "onlySomeReasons" },
	{ "another distribution point", { .extension = {
	    POINT("http://pki.example/other.crl") } }, ROOT, ERR_SCOPE,
	    "6.3.3" },
	{ "a relative distribution point", { .extension = { IDP(
	    "DER:3013a011a10f300d060355040313064f74686572" "31") } }, ROOT,
	    ERR_SCOPE, "relative" },
	{ "unknown critical extension", { .extension = {
	    "1.2.3.4=critical,DER:0500" } }, ROOT, ERR_SCOPE, "1.2.3.4" },
	{ "unknown critical entry extension", { .serials = { 3, 5 },
	    .entry_extension = "1.2.3.4=critical,DER:0500" }, ROOT,
	    ERR_SCOPE, "1.2.3.4" },
	{ "critical number", { .number = -1, .extension = {
	    "crlNumber=critical,DER:020105" } }, ROOT, ERR_SCOPE,
	    "CRL number is critical" },
	{ "critical AKI", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=critical,DER:3000" } }, ROOT, ERR_OK,
	    "" },
	{ "critical reasonCode", { .serials = { 3, 5 }, .entry_extension =
	    "CRLReason=critical,DER:0a0101" }, ROOT, ERR_SCOPE,
	    "reasonCode is critical" },
	{ "critical invalidityDate", { .serials = { 3, 5 }, .entry_extension =
	    "invalidityDate=critical,DER:180f32303236303130313030303030305a" },
	    ROOT, ERR_SCOPE, "invalidityDate is critical" },
	{ "removeFromCRL", { .serials = { 3, 5 }, .entry_extension =
	    "CRLReason=DER:0a0108" }, ROOT, ERR_FORMAT,
	    "revoked serial 05: a complete CRL cannot hold removeFromCRL" },
	{ "certificateIssuer", { .serials = { 3 }, .entry_extension =
	    "certificateIssuer=critical,DER:3003820161" }, ROOT, ERR_SCOPE,
	    "certificateIssuer" },

	{ "number below zero", { .number = -1,
	    .extension = { "crlNumber=DER:0201ff" } }, ROOT, ERR_FORMAT, "" },
	{ "number 2^159-1", { .number = -1, .extension = { "crlNumber=DER:"
	    "02147fffffffffffffffffffffffffffffffffffffff" } }, ROOT, ERR_OK,
	    "" },
	{ "number of 21 octets", { .number = -1, .extension = {
	    "crlNumber=DER:021500ffffffffffffffffffffffffffffffffffffffff" }
	    }, ROOT, ERR_FORMAT, "" },
	{ "duplicate serials", { .serials = { 3, 5, 3 } }, ROOT, ERR_FORMAT,
	    "03" },
	{ "duplicate serials side by side", { .serials = { 3, 3 } }, ROOT,
	    ERR_FORMAT, "03" },
	{ "duplicate extension", { .extension = { "1.2.3.4=DER:0500",
	    "1.2.3.4=DER:0500" } }, ROOT, ERR_FORMAT, "" },
	{ "scope before duplicates", { .serials = { 3, 3 }, .extension = {
	    IDP("indirectCRL:TRUE") } }, ROOT, ERR_SCOPE, "indirect" },

	{ "thisUpdate 5 min ahead", { .this_later_s = 600 + 300 }, ROOT,
	    ERR_OK, "" },
	{ "thisUpdate 5 min and a second ahead",
	    { .this_later_s = 600 + 301 }, ROOT, ERR_NOT_YET_VALID,
	    "2026-11-22T10:05:01Z" },
	{ "ends in a second", { .next_later_s = 1 - 200 * DAY_S }, ROOT,
	    ERR_OK, "" },
	{ "ends now", { .next_later_s = -200 * DAY_S }, ROOT, ERR_EXPIRED,
	    "2026-11-22T10:00:00Z" },
	{ "no nextUpdate", { .no_next_update = true }, ROOT, ERR_EXPIRED,
	    "has no nextUpdate" },
	{ "duplicates before dates", { .serials = { 3, 3 },
	    .no_next_update = true }, ROOT, ERR_FORMAT, "" },
};

TEST(test_crl_rows)
{
	size_t i;

	for (i = 0; i < COUNT_OF(crl_rows); i++) {
		struct admit_rules rules =
		    first_import(certs[crl_rows[i].pinned]);
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_facts facts = { .size_bytes = 99 };
		struct crl_survey survey = { .count = 99 };
		struct error err = {0};
		enum err have;

		make_crl(&crl_rows[i].recipe, &der);
		have = admit(span_of_buffer(&der), &rules, NULL, &facts,
		    &survey, &err);
		check_result(crl_rows[i].name, have, crl_rows[i].want, &err,
		    crl_rows[i].says);
		if (have != ERR_OK) {
			assert_int_equal(facts.size_bytes, 99);
			assert_int_equal(survey.count, 99);
		}
	}
}

TEST(test_facts)
{
	const struct recipe recipe = { .number = 258, .serials = { 3, 5 } };
	const struct number number = number_from_u64(258);
	struct admit_rules rules = first_import(certs[ROOT]);
	const struct span *wanted = &subordinate->serial;
	RELEASE_BUFFER struct buffer der = {0};
	struct crl_facts facts = {0};
	struct crl_survey survey = {0};
	struct error err = {0};
	uint8_t digest[SHA256_SIZE];

	make_crl(&recipe, &der);
	FINE(admit(span_of_buffer(&der), &rules, wanted, &facts, &survey,
	    &err));
	assert_true(facts.has_number && facts.has_next_update);
	assert_int_equal(number_compare(&facts.number, &number), 0);
	assert_int_equal(facts.this_update_s, THIS_UPDATE);
	assert_int_equal(facts.next_update_s, NEXT_UPDATE);
	assert_int_equal(facts.size_bytes, der.size);
	assert_int_equal(facts.revoked_count, 2);
	FINE(sha256(span_of_buffer(&der), digest, &err));
	assert_memory_equal(facts.sha256, digest, SHA256_SIZE);
	assert_true(survey.has_wanted);
	assert_int_equal(survey.wanted_reason, REASON_NONE);
}

/* The right serial, but of a certificate that CN=else issued. */
TEST(test_another_issuer)
{
	static const char name[] = "a113a411300f310d300b06035504030c04656c7365";
	const struct span serial = certs[ROOT]->serial;
	struct admit_rules rules = first_import(certs[ROOT]);
	RELEASE_BUFFER struct buffer der = {0};
	struct crl_survey survey;
	struct crl_facts facts;
	struct error err = {0};
	char hex[64], text[256];

	hex_encode(serial, hex, sizeof(hex));
	snprintf(text, sizeof(text), "authorityKeyIdentifier=DER:30%02zx%s82"
	    "%02zx%s", (sizeof(name) - 1) / 2 + 2 + serial.size, name,
	    serial.size, hex);
	make_crl(&(struct recipe){ .no_aki = true, .extension = { text } },
	    &der);
	check_result("another issuer", admit(span_of_buffer(&der), &rules,
	    NULL, &facts, &survey, &err), ERR_ISSUER, &err,
	    "authorityCertIssuer");
}

/* What it is by itself does not hang on the day. */
TEST(test_content)
{
	static const struct recipe recipes[] = {
		{ .next_later_s = -200 * DAY_S },
		{ .no_next_update = true },
		{ .this_later_s = 9000 },
	};
	const struct crl_facts seen = {.has_number = true,
	    .number = number_from_u64(100), .this_update_s = NEXT_UPDATE};

	for (size_t i = 0; i < COUNT_OF(recipes); i++) {
		struct admit_rules rules = first_import(certs[ROOT]);
		RELEASE_BUFFER struct buffer der = {0};
		RELEASE_CRL struct crl crl = {0};
		struct crl_survey survey;
		struct crl_facts facts;
		struct error err = {0};
		struct window window;

		rules.seen = &seen;
		rules.seen_count = 1;
		make_crl(&recipes[i], &der);
		window_init_memory(&window, span_of_buffer(&der));
		FINE(crl_open(&window, &crl, &err));
		FINE(admit_content(&crl, &rules, NULL, &facts, &survey, &err));
		assert_int_equal(facts.size_bytes, der.size);
	}
}

/* A root adopts what has ended, but nothing from the future or endless. */
TEST(test_adopting)
{
	static const struct {
		const char *name;
		struct recipe recipe;
		enum err want;
	} rows[] = {
		{ "ended", { .next_later_s = -200 * DAY_S }, ERR_OK },
		{ "endless", { .no_next_update = true }, ERR_EXPIRED },
		{ "ahead", { .this_later_s = 901 }, ERR_NOT_YET_VALID },
		{ "a serial twice", { .serials = { 7, 9, 7 } }, ERR_OK },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct admit_rules rules = first_import(certs[ROOT]);
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_survey survey;
		struct crl_facts facts;
		struct error err = {0};

		rules.is_adopting = true;
		make_crl(&rows[i].recipe, &der);
		check_result(rows[i].name, admit(span_of_buffer(&der), &rules,
		    NULL, &facts, &survey, &err), rows[i].want, &err, "");
	}
}

/* Without a subordinate's certificate no distribution point is known. */
TEST(test_no_subordinate)
{
	const struct recipe recipe = { .extension = {
	    POINT("http://pki.example/root.crl") } };
	struct admit_rules rules = { .root = certs[ROOT], .now_s = NOW };
	RELEASE_BUFFER struct buffer der = {0};
	struct crl_survey survey;
	struct crl_facts facts;
	struct error err = {0};

	make_crl(&recipe, &der);
	check_result("no subordinate", admit(span_of_buffer(&der), &rules,
	    NULL, &facts, &survey, &err), ERR_SCOPE, &err, "6.3.3");
}

/* What `openssl ca -gencrl` signs is taken. */
TEST(test_openssl_ca)
{
	const struct number number = number_from_u64(0x1000);
	struct admit_rules rules = first_import(certs[ROOT]);
	RELEASE_BUFFER struct buffer der = {0};
	struct crl_survey survey;
	struct crl_facts facts;
	struct error err = {0};

	fixture_openssl(folder, "ca -config root.cnf -gencrl -crl_lastupdate "
	    "20261122095000Z -crl_nextupdate 20270622095000Z -out ca.pem");
	fixture_openssl(folder, "crl -in ca.pem -outform DER -out ca.crl");
	fixture_read(folder, "ca.crl", &der);
	check_result("openssl ca", admit(span_of_buffer(&der), &rules, NULL,
	    &facts, &survey, &err), ERR_OK, &err, "");
	assert_int_equal(number_compare(&facts.number, &number), 0);
	assert_int_equal(facts.this_update_s, THIS_UPDATE);
}
