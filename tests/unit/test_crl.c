/* SPDX-License-Identifier: ISC */
#include "crl_fixture.h"
#include "test.h"

/* Extensions, whole: SEQUENCE of OID and OCTET STRING. */
#define NUMBER(hex, size_hex, ext_hex, inner_hex) \
	"30" ext_hex "0603551d1404" inner_hex "02" size_hex hex
#define OCTETS_20 "7fffffffffffffffffffffffffffffffffffffff"
#define OCTETS_21 "00ffffffffffffffffffffffffffffffffffffffff"
#define IDP(ext_hex, octets_hex, value) \
	"30" ext_hex "0603551d1c0101ff04" octets_hex value

static const struct {
	const char *name;
	struct crafted parts;
	const char *says;
} refused[] = {
	{ "v1 spelt out", { .version = "020100" }, "version" },
	{ "v3", { .version = "020102" }, "version" },
	{ "version not minimal", { .version = "02020001" }, "version" },
	{ "extensions in v1", { .version = "" }, "v1" },
	{ "no algorithm", { .inner = "" }, "issuer" },
	{ "issuer not a Name", { .issuer = "3003020101" }, "issuer" },
	{ "issuer with an empty RDN", { .issuer = "30023100" }, "issuer" },
	{ "issuer with three in a pair",
	    { .issuer = "300f310d300b06035504030c0243410500" }, "issuer" },
	{ "no thisUpdate", { .times = "" }, "thisUpdate" },
	{ "thisUpdate without seconds",
	    { .times = "170b323630313031303030305a" }, "thisUpdate" },
	{ "thisUpdate with an offset",
	    { .times = "17113236303130313030303030302b30303030" },
	    "thisUpdate" },
	{ "thisUpdate with a fraction",
	    { .times = "181132303236303130313030303030302e355a" },
	    "thisUpdate" },
	{ "30 February",
	    { .times = TIME_2026 "170d3236303233303030303030305a" },
	    "nextUpdate" },
	{ "three times", { .times = TIME_2026 TIME_2026_07 TIME_2026_07 },
	    "crlExtensions" },
	{ "empty [0]", { .tail = "a000" }, "crlExtensions" },
	{ "no extension", { .extensions = "" }, "an empty list of extensions" },
	{ "[0] twice", { .tail = "a00e300c" NUMBER_5 "a00e300c" NUMBER_5 },
	    "crlExtensions" },
	{ "[1]", { .tail = "a10e300c" NUMBER_5 }, "crlExtensions" },
	{ "something beside the extensions",
	    { .tail = "a010300c" NUMBER_5 "0500" }, "crlExtensions" },
	{ "the same extension twice", { .extensions = NUMBER_5 NUMBER_5 },
	    "extension 2.5.29.20 is there twice" },
	{ "an unknown extension twice",
	    { .extensions = "300706022a03040130" "300706022a03040130" },
	    "1.2.3 is there twice" },
	{ "critical FALSE",
	    { .extensions = "300d0603551d140101000403020105" }, "FALSE" },
	{ "critical TRUE as 01",
	    { .extensions = "300d0603551d140101010403020105" }, "BOOLEAN" },
	{ "OID padded", { .extensions = "300806032a800304" "0130" }, "OID" },
	{ "OID cut", { .extensions = "300706022a83040130" }, "OID" },
	{ "OID empty", { .extensions = "30050600040130" }, "OID" },
	{ "extension with a third field",
	    { .extensions = "300c0603551d1404030201050500" },
	    "crlExtensions" },
	{ "negative number", { .extensions =
	    NUMBER("80", "01", "0a", "03") }, "negative" },
	{ "number of 21 octets", { .extensions =
	    NUMBER(OCTETS_21, "15", "1e", "17") }, "20 octets" },
	{ "number not minimal", { .extensions =
	    NUMBER("0005", "02", "0b", "04") }, "minimal" },
	{ "number empty", { .extensions = NUMBER("", "00", "09", "02") },
	    "cRLNumber" },
	{ "two numbers in one", { .extensions =
	    "300d0603551d140406020105020106" }, "cRLNumber" },
	{ "delta base negative", { .extensions =
	    "300d0603551d1b0101ff04030201ff" }, "deltaCRLIndicator" },
	{ "AKI with an empty key id", { .extensions =
	    "300b0603551d23040430028000" }, "keyIdentifier" },
	{ "AKI with issuer alone", { .extensions =
	    "300b0603551d2304043002a100" }, "together" },
	{ "AKI out of order", { .extensions =
	    "30100603551d23040930078201058002abcd" },
	    "authorityKeyIdentifier" },
	{ "IDP with FALSE", { .extensions =
	    IDP("0f", "05", "3003810100") }, "FALSE" },
	{ "IDP out of order", { .extensions =
	    IDP("12", "08", "30068201ff8101ff") },
	    "issuingDistributionPoint" },
	{ "IDP with [6]", { .extensions =
	    IDP("0f", "05", "30038601ff") }, "issuingDistributionPoint" },
	{ "IDP with no reasons", { .extensions =
	    IDP("0f", "05", "3003830100") }, "onlySomeReasons" },
	{ "IDP reasons with trailing zeros", { .extensions =
	    IDP("10", "06", "300483020540") }, "onlySomeReasons" },
	{ "IDP name of no kind", { .extensions =
	    IDP("10", "06", "3004a0020500") }, "distribution point" },
	{ "no signatureAlgorithm", { .outer = "" }, "signatureAlgorithm" },
	{ "no signature", { .signature = "" }, "signatureValue" },
	{ "signature without its first octet", { .signature = "0300" },
	    "signatureValue" },
	{ "signature with 8 unused bits", { .signature = "03020800" },
	    "signatureValue" },
	{ "signature with unused bits set", { .signature = "03020354" },
	    "signatureValue" },
	{ "no octet but unused bits", { .signature = "030101" },
	    "signatureValue" },
	{ "something behind the signature", { .signature = "030200550500" },
	    "CRL" },
	{ "a trailing octet", { .trailing = "00" }, "1 octet follows it" },
	{ "a trailing LF", { .trailing = "0a" }, "1 octet follows it" },
};

TEST(test_refused)
{
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		RELEASE_BUFFER struct buffer der = { 0 };
		struct crl crl = { 0 };
		struct error err = { 0 };
		struct window window;
		enum err code;

		craft(&refused[i].parts, &der);
		code = open_memory(&der, &window, &crl, &err);
		assert_refused(refused[i].name, ERR_FORMAT, code, &err);
		if (strstr(err.what, refused[i].says) == NULL)
			fail_msg("%s: want \"%s\", have \"%s\"",
			    refused[i].name, refused[i].says, err.what);
		/* Untouched on failure. */
		assert_null(crl.window);
		assert_null(crl.head.data);
	}
}

/* What opening finds, as far as it is yes or no. */
enum {
	V2 = 1, NEXT = 2, REVOKED = 4, AKI_SET = 8, NUMBER_SET = 16,
	DELTA = 32, IDP_SET = 64, UNKNOWN = 128, AKI_CRIT = 256,
	NUMBER_CRIT = 512, IDP_CRIT = 1024, EXTENSIONS = 2048,
};

#define USUAL (V2 | NEXT | AKI_SET | NUMBER_SET | EXTENSIONS)
#define BARE (V2 | NEXT | EXTENSIONS)

static const struct {
	const char *name;
	struct crafted parts;
	int want;
} accepted[] = {
	{ "the usual", { 0 }, USUAL },
	{ "v1", { .version = "", .tail = "" }, NEXT },
	{ "v2 without extensions", { .tail = "" }, V2 | NEXT },
	{ "empty revokedCertificates", { .revoked = "" }, USUAL | REVOKED },
	{ "no nextUpdate", { .times = TIME_2026 }, USUAL & ~NEXT },
	{ "GeneralizedTime", { .times = "180f32303236303130313030303030305a"
	    "180f32303630303130313030303030305a" }, USUAL },
	{ "empty issuer", { .issuer = "3000" }, USUAL },
	{ "AKI with nothing in it", { .extensions =
	    "30090603551d230402" "3000" }, BARE | AKI_SET },
	{ "AKI with issuer and serial", { .extensions =
	    "300e0603551d2304073005a100820105" }, BARE | AKI_SET },
	{ "AKI critical", { .extensions =
	    "30100603551d230101ff040630048002abcd" },
	    BARE | AKI_SET | AKI_CRIT },
	{ "number critical", { .extensions =
	    "300d0603551d140101ff0403020105" },
	    BARE | NUMBER_SET | NUMBER_CRIT },
	{ "number of 20 octets", { .extensions =
	    NUMBER(OCTETS_20, "14", "1d", "16") }, BARE | NUMBER_SET },
	{ "delta", { .extensions = "300d0603551d1b0101ff0403020101" },
	    BARE | DELTA },
	{ "freshestCRL", { .extensions = "30090603551d2e04023000" }, BARE },
	{ "freshestCRL critical", { .extensions =
	    "300c0603551d2e0101ff04023000" }, BARE | UNKNOWN },
	{ "unknown", { .extensions = "300706022a03040130" }, BARE },
	{ "unknown critical", { .extensions =
	    "300a06022a030101ff040130" }, BARE | UNKNOWN },
	{ "IDP", { .extensions = IDP("0f", "05", "30038201ff") },
	    BARE | IDP_SET | IDP_CRIT },
	{ "IDP not critical", { .extensions =
	    "300c0603551d1c040530038201ff" }, BARE | IDP_SET },
	{ "not signed yet", { .signature = "030100" }, USUAL },
	{ "signature of 14 bits", { .signature = "0303025554" }, USUAL },
};

static int
summary(const struct crl *crl)
{
	return (crl->version == 2 ? V2 : 0) |
	    (crl->has_next_update ? NEXT : 0) |
	    (crl->has_revoked ? REVOKED : 0) |
	    (crl->has_aki ? AKI_SET : 0) |
	    (crl->has_number ? NUMBER_SET : 0) |
	    (crl->is_delta ? DELTA : 0) | (crl->has_idp ? IDP_SET : 0) |
	    (crl->has_unknown_critical ? UNKNOWN : 0) |
	    (crl->is_aki_critical ? AKI_CRIT : 0) |
	    (crl->is_number_critical ? NUMBER_CRIT : 0) |
	    (crl->is_idp_critical ? IDP_CRIT : 0) |
	    (crl->has_extensions ? EXTENSIONS : 0);
}

TEST(test_accepted)
{
	for (size_t i = 0; i < COUNT_OF(accepted); i++) {
		RELEASE_BUFFER struct buffer der = { 0 };
		RELEASE_CRL struct crl crl = { 0 };
		struct error err = { 0 };
		struct window window;

		craft(&accepted[i].parts, &der);
		if (open_memory(&der, &window, &crl, &err) != ERR_OK)
			fail_msg("%s: %s", accepted[i].name, err.what);
		if (summary(&crl) != accepted[i].want)
			fail_msg("%s: want %#x, have %#x", accepted[i].name,
			    (unsigned int)accepted[i].want,
			    (unsigned int)summary(&crl));
		assert_int_equal(crl.size, der.size);
		assert_int_equal(crl.revoked_size, 0);
	}
}

TEST(test_values)
{
	RELEASE_BUFFER struct buffer der = { 0 };
	RELEASE_CRL struct crl crl = { 0 };
	const struct number five = number_from_u64(5);
	const uint8_t key_id[] = { 0xab, 0xcd };
	const struct crafted parts = {
		.times = TIME_2026 "180f32303630303130313030303030305a",
		.revoked = "3011020117170c" "323630313031303030305a00",
	};
	struct error err = { 0 };
	struct window window;

	craft(&parts, &der);
	FINE(open_memory(&der, &window, &crl, &err));
	assert_int_equal(crl.this_update.at_s, 1767225600);
	assert_true(crl.this_update.is_utctime);
	assert_int_equal(crl.next_update.at_s, 2840140800);
	assert_false(crl.next_update.is_utctime);
	assert_int_equal(number_compare(&crl.number, &five), 0);
	assert_true(span_equals(crl.aki_key_id,
	    (struct span){ key_id, sizeof(key_id) }));
	assert_int_equal(crl.issuer.size, 15);
	assert_int_equal(crl.inner_algorithm.size, 12);
	assert_true(span_equals(crl.inner_algorithm, crl.outer_algorithm));
	assert_int_equal(crl.signature.size, 1);
	assert_int_equal(crl.signature.data[0], 0x55);
	assert_int_equal(crl.revoked_size, 19);
	assert_int_equal(der.data[crl.revoked_offset], 0x30);
	assert_int_equal(der.data[crl.tbs_offset], 0x30);
	assert_int_equal(crl.tbs_offset + crl.tbs_size + 12 + 4, der.size);
}

/* Each field of the IDP, alone and together. */
TEST(test_idp)
{
	static const struct {
		const char *extension;
		struct crl_idp want;
	} rows[] = {
		{ IDP("0f", "05", "30038101ff"), { .only_users = true } },
		{ IDP("0f", "05", "30038201ff"), { .only_cas = true } },
		{ IDP("10", "06", "300483020640"),
		    { .only_some_reasons = true } },
		{ IDP("0f", "05", "30038401ff"), { .is_indirect = true } },
		{ IDP("0f", "05", "30038501ff"),
		    { .only_attributes = true } },
		{ IDP("12", "08", "30068201ff8401ff"),
		    { .only_cas = true, .is_indirect = true } },
		{ IDP("0c", "02", "3000"), { 0 } },
		{ IDP("13", "09", "3007a005a003860161"),
		    { .has_name = true } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct crafted parts = {
			.extensions = rows[i].extension
		};
		RELEASE_BUFFER struct buffer der = { 0 };
		RELEASE_CRL struct crl crl = { 0 };
		struct error err = { 0 };
		struct window window;
		const struct crl_idp *idp = &crl.idp, *want = &rows[i].want;

		craft(&parts, &der);
		if (open_memory(&der, &window, &crl, &err) != ERR_OK)
			fail_msg("row %zu: %s", i, err.what);
		assert_int_equal(idp->only_users, want->only_users);
		assert_int_equal(idp->only_cas, want->only_cas);
		assert_int_equal(idp->only_attributes, want->only_attributes);
		assert_int_equal(idp->only_some_reasons,
		    want->only_some_reasons);
		assert_int_equal(idp->is_indirect, want->is_indirect);
		assert_int_equal(idp->has_name, want->has_name);
		assert_int_equal(idp->name.size, want->has_name ? 5 : 0);
	}
}

/* Every beginning of a CRL is refused, and says why. */
TEST(test_truncated)
{
	const struct crafted parts = { .revoked = "" };
	RELEASE_BUFFER struct buffer der = { 0 };

	craft(&parts, &der);
	for (size_t size = 0; size < der.size; size++) {
		const struct buffer part = { der.data, size, size };
		struct crl crl = { 0 };
		struct error err = { 0 };
		struct window window;
		enum err code = open_memory(&part, &window, &crl, &err);

		assert_refused("truncated", ERR_FORMAT, code, &err);
	}
}
