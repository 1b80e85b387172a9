/* SPDX-License-Identifier: ISC */
/* CRLs against the profiles. */
#include "crl_fixture.h"
#include "lint_fixture.h"
#include "openssl_fixture.h"
#include "test.h"

#define TIME "170d3235303130313030303030305a"	/* 15 octets, 2025 */
#define REASON(n) "300c300a0603551d1504030a01" n
#define ENTRY(n) "3020020105" TIME REASON(n)
#define PSS_SHA256_SALT(n) "304106092a864886f70d01010a3034" \
	"a00f300d06096086480165030402010500" \
	"a11c301a06092a864886f70d010108300d06096086480165030402010500" \
	"a2030201" n
#define RSA(n) "300d06092a864886f70d0101" n "0500"
#define ED25519 "300506032b6570"
#define WITH(algorithm) .inner = algorithm, .outer = algorithm
#define IDP(ext_hex, octets_hex, value) AKI NUMBER_5 \
	"30" ext_hex "0603551d1c0101ff04" octets_hex value

static const struct {
	const char *name;
	struct crafted parts;
	const char *rfc5280;
	const char *br;		/* NULL where it is the same */
} rows[] = {
	{ "nothing wrong", { 0 }, "", NULL },
	{ "entries with reasons", { .revoked = ENTRY("01") "3020020106" TIME
	    REASON("05") }, "", NULL },
	{ "not a CRL", { .trailing = "00" }, "format", NULL },
	{ "v1", { .version = "", .tail = "" },
	    "crl-version aki-missing number-missing", NULL },
	{ "algorithms differ", { .outer = RSA("0b") }, "algorithm-mismatch",
	    NULL },
	{ "MD5", { WITH(RSA("04")) }, "algorithm-weak", NULL },
	{ "SHA-1", { WITH(RSA("05")) }, "algorithm-weak", NULL },
	{ "MD2", { WITH(RSA("02")) }, "algorithm-unknown", NULL },
	{ "Ed25519", { WITH(ED25519) }, "", "br-algorithm" },
	{ "PSS", { WITH(PSS_SHA256_SALT("20")) }, "", NULL },
	{ "PSS with a salt of 48", { WITH(PSS_SHA256_SALT("30")) }, "",
	    "br-algorithm" },
	{ "no issuer", { .issuer = "3000" }, "issuer-empty", NULL },
	{ "no nextUpdate", { .times = TIME_2026 }, "next-update-missing",
	    NULL },
	{ "nextUpdate is thisUpdate", { .times = TIME_2026 TIME_2026 },
	    "next-update-order", NULL },
	{ "nextUpdate a second later", { .times = TIME_2026
	    "170d3236303130313030303030315a" }, "", NULL },
	{ "twelve months", { .times = TIME_2026
	    "170d3237303130313030303030305a" }, "", NULL },
	{ "twelve months and a second", { .times = TIME_2026
	    "170d3237303130313030303030315a" }, "", "br-validity" },
	{ "GeneralizedTime in 2026", { .times =
	    "180f32303236303130313030303030305a" TIME_2026_07 },
	    "this-update-encoding", NULL },
	{ "GeneralizedTime at the end of 2049", { .times =
	    "170d3439313130313030303030305a"
	    "180f32303439313233313233353935395a" }, "next-update-encoding",
	    NULL },
	{ "GeneralizedTime in 2050", { .times =
	    "170d3439313130313030303030305a"
	    "180f32303530303130313030303030305a" }, "", NULL },
	{ "empty list", { .revoked = "" }, "revoked-empty", NULL },
	{ "no AKI", { .extensions = NUMBER_5 }, "aki-missing", NULL },
	{ "AKI without key id", { .extensions =
	    "30090603551d2304023000" NUMBER_5 }, "aki-key-id", NULL },
	{ "AKI critical", { .extensions =
	    "30100603551d230101ff040630048002abcd" NUMBER_5 },
	    "aki-critical", NULL },
	{ "no number", { .extensions = AKI }, "number-missing", NULL },
	{ "number critical", { .extensions = AKI
	    "300d0603551d140101ff0403020105" }, "number-critical", NULL },
	{ "delta", { .extensions = AKI NUMBER_5
	    "300d0603551d1b0101ff0403020101" }, "delta", NULL },
	{ "unknown critical", { .extensions = AKI NUMBER_5
	    "300a06022a030101ff040130" }, "unknown-critical", NULL },
	{ "unknown", { .extensions = AKI NUMBER_5
	    "300706022a03040130" }, "", NULL },
	{ "IDP empty", { .extensions = IDP("0c", "02", "3000") },
	    "idp-empty", NULL },
	{ "IDP not critical", { .extensions = AKI NUMBER_5
	    "300c0603551d1c040530038201ff" }, "idp-critical partial-scope",
	    NULL },
	{ "users alone", { .extensions = IDP("0f", "05", "30038101ff") },
	    "partial-scope", NULL },
	{ "users and CAs", { .extensions =
	    IDP("12", "08", "30068101ff8201ff") },
	    "idp-conflict partial-scope partial-scope", NULL },
	{ "attributes alone", { .extensions =
	    IDP("0f", "05", "30038501ff") }, "partial-scope", "br-scope" },
	{ "some reasons", { .extensions =
	    IDP("10", "06", "300483020640") }, "partial-scope",
	    "br-scope" },
	{ "indirect", { .extensions = IDP("0f", "05", "30038401ff") },
	    "indirect", "br-scope" },
	{ "named", { .extensions =
	    IDP("13", "09", "3007a005a003860161") }, "partial-scope",
	    NULL },
	{ "no reason", { .revoked = "3012020105" TIME "3012020106" TIME },
	    "", "br-reason-missing" },
	{ "reason 0", { .revoked = ENTRY("00") }, "reason-unspecified",
	    "br-reason-unspecified" },
	{ "reason 6", { .revoked = ENTRY("06") }, "", "br-reason-hold" },
	{ "reason 7", { .revoked = ENTRY("07") }, "reason-range", NULL },
	{ "reason 8", { .revoked = ENTRY("08") }, "reason-remove", NULL },
	{ "reason 8 in a delta", { .revoked = ENTRY("08"), .extensions =
	    AKI NUMBER_5 "300d0603551d1b0101ff0403020101" }, "delta",
	    NULL },
	{ "reason 9", { .revoked = ENTRY("09") }, "", NULL },
	{ "reason 11", { .revoked = ENTRY("0b") }, "format", NULL },
	{ "reason critical", { .revoked = "3023020105" TIME
	    "300f300d0603551d150101ff04030a0101" }, "reason-critical",
	    NULL },
	{ "invalidityDate critical", { .revoked = "303d020105" TIME
	    "3029" "300a0603551d1504030a0101" "301b0603551d180101ff0411"
	    "180f32303235303130313030303030305a" },
	    "invalidity-date-critical", NULL },
	{ "entry unknown critical", { .revoked = "3022020105" TIME
	    "300e300c06022a030101ff0403020101" }, "entry-unknown-critical",
	    "br-reason-missing entry-unknown-critical" },
	{ "revoked at thisUpdate", { .revoked = "3020020105" TIME_2026
	    REASON("01") }, "", NULL },
	{ "revoked a day later", { .revoked = "3020020105"
	    "170d3236303130323030303030305a" REASON("01") }, "", NULL },
	{ "revoked a second after that", { .revoked = "3020020105"
	    "170d3236303130323030303030315a" REASON("01") },
	    "entry-date-late", NULL },
	{ "entry with GeneralizedTime", { .revoked = "3022020105"
	    "180f32303235303130313030303030305a" REASON("01") },
	    "entry-date-encoding", NULL },
	{ "serial 0", { .revoked = "3020020100" TIME REASON("01") },
	    "serial-not-positive", NULL },
	{ "serial -1", { .revoked = "30200201ff" TIME REASON("01") },
	    "serial-not-positive", NULL },
	{ "serial of 21 octets", { .revoked = "30340215"
	    "00ffffffffffffffffffffffffffffffffffffffff" TIME
	    REASON("01") }, "serial-long", NULL },
	{ "not in order", { .revoked = "3020020106" TIME REASON("01")
	    ENTRY("01") }, "", NULL },
	{ "twice", { .revoked = ENTRY("01") ENTRY("03") },
	    "serial-duplicate", NULL },
	{ "twice with another between", { .revoked = ENTRY("01") "3020020106"
	    TIME REASON("01") ENTRY("03") }, "serial-duplicate", NULL },
	{ "second entry damaged", { .revoked = ENTRY("00") "0500" },
	    "reason-unspecified format", "br-reason-unspecified format" },
};

TEST(test_crafted)
{
	for (size_t i = 0; i < COUNT_OF(rows) * 2; i++) {
		bool is_br = i % 2 != 0;
		RELEASE_BUFFER struct buffer der = { 0 };
		struct findings have;
		struct lint lint = lint_into(&have,
		    is_br ? LINT_BR : LINT_RFC5280);
		struct error err = { 0 };
		struct window window;

		craft(&rows[i / 2].parts, &der);
		window_init_memory(&window, span_of_buffer(&der));
		FINE(lint_crl(&lint, &window, NULL, &err));
		assert_found(rows[i / 2].name, is_br &&
		    rows[i / 2].br != NULL ? rows[i / 2].br :
		    rows[i / 2].rfc5280, &lint, &have);
	}
}

/* What openssl makes passes, under the right root only. */
static const struct {
	const char *name;
	const char *type;	/* of the CA that signs */
	const char *options;
	const char *root;
	const char *rfc5280;
	const char *br;
} real[] = {
	{ "RSA", "rsa", "", "rsa", "", "" },
	{ "P-256", "p256", "", "p256", "", "" },
	{ "P-384", "p384", "-md sha384", "p384", "", "" },
	{ "P-521", "p521", "-md sha512", "p521", "", "" },
	{ "Ed25519", "ed25519", "", "ed25519", "", "br-algorithm" },
	{ "P-384 with SHA-256", "p384", "-md sha256", "p384", "",
	    "br-algorithm" },
	{ "another root", "p256", "", "p384", "aki-mismatch issuer",
	    "br-algorithm aki-mismatch issuer" },
	{ "SHA-1", "rsa", "-md sha1", "rsa", "algorithm-weak",
	    "algorithm-weak" },
};

static char folder[FIXTURE_PATH_SIZE];

static int
set_up(void **state)
{
	static const char *const types[] = {
		"rsa", "p256", "p384", "p521", "ed25519"
	};
	char file[64];

	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		fixture_make_ca(folder, types[i], types[i]);
		snprintf(file, sizeof(file), "%s.index", types[i]);
		fixture_write_text(folder, file,
		    "R\t361231235959Z\t200101000000Z,keyCompromise\t"
		    "05\tunknown\t/CN=a\n");
	}
	return 0;
}

AROUND_ALL(set_up, NULL)

static void
load_crl(const char *type, const char *options, struct buffer *der)
{
	fixture_openssl(folder, "ca -gencrl -config %s.cnf %s -out crl.pem",
	    type, options);
	fixture_openssl(folder, "crl -in crl.pem -outform DER -out crl.der");
	fixture_read(folder, "crl.der", der);
}

static struct cert *
load_cert(const char *name)
{
	RELEASE_BUFFER struct buffer pem = { 0 };
	struct cert *cert = NULL;
	struct error err = { 0 };
	char file[64];

	snprintf(file, sizeof(file), "%s.pem", name);
	fixture_read(folder, file, &pem);
	FINE(cert_parse(span_of_buffer(&pem), &cert, &err));
	return cert;
}

TEST(test_real)
{
	for (size_t i = 0; i < COUNT_OF(real) * 2; i++) {
		bool is_br = i % 2 != 0;
		FREE_CERT struct cert *root = load_cert(real[i / 2].root);
		RELEASE_BUFFER struct buffer der = { 0 };
		struct findings have;
		struct lint lint = lint_into(&have,
		    is_br ? LINT_BR : LINT_RFC5280);
		struct error err = { 0 };
		struct window window;

		load_crl(real[i / 2].type, real[i / 2].options, &der);
		window_init_memory(&window, span_of_buffer(&der));
		FINE(lint_crl(&lint, &window, root, &err));
		assert_found(real[i / 2].name, is_br ? real[i / 2].br :
		    real[i / 2].rfc5280, &lint, &have);
	}
}

TEST(test_damaged_signature)
{
	FREE_CERT struct cert *root = load_cert("rsa");
	RELEASE_BUFFER struct buffer der = { 0 };
	struct findings have;
	struct lint lint = lint_into(&have, LINT_RFC5280);
	struct error err = { 0 };
	struct window window;

	load_crl("rsa", "", &der);
	der.data[der.size - 1] ^= 1;
	window_init_memory(&window, span_of_buffer(&der));
	FINE(lint_crl(&lint, &window, root, &err));
	assert_found("last octet", "signature", &lint, &have);
}

/* An entry by itself, as a writer asks before there is a CRL. */
TEST(test_entry_alone)
{
	static const uint8_t serial[] = { 5 };
	struct crl_entry entry = {
		.serial = { serial, sizeof(serial) },
		.revoked_at = { 1767225600, true }, .reason = 11,
	};
	struct findings have;
	struct lint lint = lint_into(&have, LINT_RFC5280);

	lint_crl_entry(&lint, &entry, 0);
	assert_found("reason 11", "reason-range", &lint, &have);
	entry.reason = -2;
	lint_crl_entry(&lint, &entry, 1);
	assert_found("reason -2", "reason-range reason-range", &lint, &have);
}

static void
take_text(void *context, const struct lint_finding *finding)
{
	snprintf(context, 256, "%s", finding->text);
}

/* What a message cuts off, it says so. */
TEST(test_long_serials_are_cut_with_a_mark)
{
	static const uint8_t serial[23] = { 0x12, 0x34 };
	char text[256];
	struct lint lint = { .profile = LINT_RFC5280, .found = take_text,
		.context = text };
	struct crl_entry entry = { .revoked_at = { 1767225600, true },
		.reason = REASON_NONE };

	entry.serial = (struct span){ serial, 23 };
	lint_crl_entry(&lint, &entry, 0);
	assert_string_equal(text, "entry 0 (serial 1234"
	    "00000000000000000000000000000000000000...): want at most 20 "
	    "octets of serial, have 23");
	entry.serial.size = 21;
	lint_crl_entry(&lint, &entry, 0);
	assert_string_equal(text, "entry 0 (serial 1234"
	    "00000000000000000000000000000000000000): want at most 20 "
	    "octets of serial, have 21");
}

TEST(test_profiles)
{
	enum lint_profile profile = LINT_RFC5280;

	assert_true(lint_profile_parse("br", &profile));
	assert_int_equal(profile, LINT_BR);
	assert_true(lint_profile_parse("rfc5280", &profile));
	assert_int_equal(profile, LINT_RFC5280);
	assert_false(lint_profile_parse("BR", &profile));
	assert_false(lint_profile_parse("", &profile));
}

/* Ids are names of their own: lower case, one each. */
TEST(test_ids)
{
	for (unsigned int i = 0; i < LINT_ID_COUNT; i++) {
		const char *id = lint_rows[i].id;

		assert_int_equal(strspn(id,
		    "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(id));
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(id, lint_rows[j].id);
		assert_true(lint_rows[i].source[0] != '\0');
	}
	assert_int_equal(lint_rows[FOUND_DELTA].severity, LINT_NOTICE);
	assert_int_equal(lint_rows[FOUND_FORMAT].severity, LINT_ERROR);
}
