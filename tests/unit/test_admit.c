/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/utc.h"
#include "ferry/admit.h"
#include "openssl_fixture.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define NOW INT64_C(1795341600)		/* 2026-11-22T10:00:00Z */
#define THIS_UPDATE (NOW - 600)
#define NEXT_UPDATE (NOW + 200 * DAY_S)
#define SERIALS_MAX 8

static char folder[FIXTURE_PATH_SIZE];

/* The certificates that are pinned; setup makes them. */
enum pinned { ROOT, TWIN, NO_SIGN, NO_SKI, NO_USAGE, RSA_ROOT, CERT_COUNT };

static const char *const pinned_names[CERT_COUNT] = {
	"root", "twin", "nosign", "noski", "nousage", "rsa",
};
static struct cert *certs[CERT_COUNT];
static struct cert *subordinate;

static struct cert *
read_cert(const char *name)
{
	RELEASE_BUFFER struct buffer file = {0};
	char path[64];
	struct cert *cert = NULL;
	struct error err = {0};

	snprintf(path, sizeof(path), "%s.pem", name);
	fixture_read(folder, path, &file);
	if (cert_parse(span_of_buffer(&file), &cert, &err) != ERR_OK)
		fail_msg("%s: %s", name, err.what);
	return cert;
}

/* The same subject as root's, with one extension section each. */
static const char variants[] =
    "[req]\ndistinguished_name = dn\nprompt = no\n"
    "[dn]\nO = Fixture\nCN = root\n"
    "[nosign]\nbasicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n"
    "[noski]\nbasicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier = none\n"
    "[nousage]\nbasicConstraints = critical,CA:TRUE\n"
    "subjectKeyIdentifier = hash\n";

static int
setup(void **state)
{
	size_t i;

	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_make_ca(folder, "rsa", "rsa");
	fixture_make_key(folder, "twin", "p256");
	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key twin.key -days 3650 -out twin.pem");
	fixture_write_text(folder, "variants.cnf", variants);
	for (i = NO_SIGN; i <= NO_USAGE; i++)
		fixture_openssl(folder, "req -x509 -new -config variants.cnf "
		    "-extensions %s -key root.key -days 3650 -out %s.pem",
		    pinned_names[i], pinned_names[i]);
	fixture_make_key(folder, "sub", "p256");
	fixture_openssl(folder, "req -new -config root.cnf -key sub.key "
	    "-subj /CN=sub -out sub.csr");
	fixture_openssl(folder, "x509 -req -in sub.csr -CA root.pem -CAkey "
	    "root.key -days 1825 -extfile root.cnf -extensions sub_ext "
	    "-set_serial 5 -out sub.pem");
	for (i = 0; i < CERT_COUNT; i++)
		certs[i] = read_cert(pinned_names[i]);
	subordinate = read_cert("sub");
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	for (i = 0; i < CERT_COUNT; i++)
		cert_free(certs[i]);
	cert_free(subordinate);
	fixture_remove_folder(folder);
	return 0;
}

/* What a CRL is made of; zero is what a good one has. */
struct recipe {
	long number;			/* 0: 12; -1: none */
	int64_t this_later_s;		/* than THIS_UPDATE */
	int64_t next_later_s;		/* than NEXT_UPDATE */
	bool no_next_update;
	bool is_v1;
	bool no_aki;
	enum pinned signer;
	const char *digest;		/* default SHA256 */
	const char *extension[2];	/* "name=value" as in openssl.cnf */
	const char *entry_extension;	/* of the last entry */
	long serials[SERIALS_MAX];	/* 0 ends them */
	const char *from, *to;		/* octets exchanged once signed, last
					 * place first; same size, hex */
};

static void
put_time(X509_CRL *crl, int64_t at_s,
    int (*set)(X509_CRL *, const ASN1_TIME *))
{
	ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)at_s);

	assert_non_null(at);
	assert_int_equal(set(crl, at), 1);
	ASN1_TIME_free(at);
}

static X509_EXTENSION *
make_extension(X509_CRL *crl, X509 *issuer, const char *text)
{
	X509_EXTENSION *extension;
	char name[64];
	X509V3_CTX context;
	size_t size = strcspn(text, "=");

	snprintf(name, sizeof(name), "%.*s", (int)size, text);
	X509V3_set_ctx(&context, issuer, NULL, NULL, crl, 0);
	extension = X509V3_EXT_nconf(NULL, &context, name, text + size + 1);
	if (extension == NULL)
		fail_msg("%s: want an extension, have none", text);
	return extension;
}

static void
put_extension(X509_CRL *crl, X509 *issuer, const char *text)
{
	X509_EXTENSION *extension = make_extension(crl, issuer, text);

	assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void
put_entries(X509_CRL *crl, const struct recipe *recipe)
{
	size_t i;

	for (i = 0; i < SERIALS_MAX && recipe->serials[i] != 0; i++) {
		X509_REVOKED *entry = X509_REVOKED_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();
		ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)NOW - 3600);

		assert_int_equal(ASN1_INTEGER_set(serial,
		    recipe->serials[i]), 1);
		assert_int_equal(X509_REVOKED_set_serialNumber(entry, serial),
		    1);
		assert_int_equal(X509_REVOKED_set_revocationDate(entry, at),
		    1);
		if (recipe->entry_extension != NULL &&
		    (i + 1 == SERIALS_MAX || recipe->serials[i + 1] == 0)) {
			X509_EXTENSION *extension = make_extension(crl, NULL,
			    recipe->entry_extension);

			assert_int_equal(X509_REVOKED_add_ext(entry,
			    extension, -1), 1);
			X509_EXTENSION_free(extension);
		}
		assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
		ASN1_INTEGER_free(serial);
		ASN1_TIME_free(at);
	}
}

static void
put_number(X509_CRL *crl, long value)
{
	ASN1_INTEGER *number = ASN1_INTEGER_new();

	assert_int_equal(ASN1_INTEGER_set(number, value), 1);
	assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0,
	    X509V3_ADD_APPEND), 1);
	ASN1_INTEGER_free(number);
}

static void
put_extensions(X509_CRL *crl, X509 *issuer, const struct recipe *recipe)
{
	size_t i;

	if (!recipe->no_aki && !recipe->is_v1)
		put_extension(crl, issuer,
		    "authorityKeyIdentifier=keyid:always");
	if (recipe->number != -1 && !recipe->is_v1)
		put_number(crl, recipe->number == 0 ? 12 : recipe->number);
	for (i = 0; i < COUNT_OF(recipe->extension); i++)
		if (recipe->extension[i] != NULL)
			put_extension(crl, issuer, recipe->extension[i]);
}

/* Exchange octets, beginning with the last place where they stand. */
static void
exchange(const struct recipe *recipe, struct buffer *der)
{
	uint8_t from[64], to[64];
	size_t size, to_size, at;

	if (recipe->from == NULL)
		return;
	assert_true(hex_decode(span_of_text(recipe->from), from,
	    sizeof(from), &size));
	assert_true(hex_decode(span_of_text(recipe->to), to, sizeof(to),
	    &to_size));
	assert_int_equal(size, to_size);
	for (at = der->size - size; memcmp(der->data + at, from, size) != 0;
	    at--)
		assert_true(at > 0);
	memcpy(der->data + at, to, size);
}

static void *
read_pem(const char *name, const char *suffix, bool is_key)
{
	RELEASE_BUFFER struct buffer file = {0};
	char path[64];
	BIO *bio;
	void *out;

	snprintf(path, sizeof(path), "%s.%s", name, suffix);
	fixture_read(folder, path, &file);
	bio = BIO_new_mem_buf(file.data, (int)file.size);
	out = is_key ? (void *)PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) :
	    (void *)PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_non_null(out);
	BIO_free(bio);
	return out;
}

/* Make, sign and encode, with OpenSSL's own code. */
static void
make_crl(const struct recipe *recipe, struct buffer *out)
{
	const char *name = pinned_names[recipe->signer];
	X509 *issuer = read_pem(name, "pem", false);
	EVP_PKEY *key = read_pem(recipe->signer >= NO_SIGN &&
	    recipe->signer <= NO_USAGE ? "root" : name, "key", true);
	X509_CRL *crl = X509_CRL_new();
	uint8_t *der = NULL;
	int size;

	if (!recipe->is_v1)
		assert_int_equal(X509_CRL_set_version(crl, 1), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl,
	    X509_get_subject_name(issuer)), 1);
	put_time(crl, THIS_UPDATE + recipe->this_later_s,
	    X509_CRL_set1_lastUpdate);
	if (!recipe->no_next_update)
		put_time(crl, NEXT_UPDATE + recipe->next_later_s,
		    X509_CRL_set1_nextUpdate);
	put_entries(crl, recipe);
	put_extensions(crl, issuer, recipe);
	assert_true(X509_CRL_sign(crl, key, EVP_get_digestbyname(
	    recipe->digest != NULL ? recipe->digest : "SHA256")) > 0);
	size = i2d_X509_CRL(crl, &der);
	assert_true(size > 0);
	assert_int_equal(buffer_append(out, der, (size_t)size, NULL), ERR_OK);
	exchange(recipe, out);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	EVP_PKEY_free(key);
	X509_free(issuer);
}

/* Open and admit octets, as a reader would. */
static enum err
admit(struct span der, const struct admit_rules *rules,
    const struct span *wanted, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	enum err result;

	window_init_memory(&window, der);
	result = crl_open(&window, &crl, err);
	if (result == ERR_OK)
		result = admit_crl(&crl, rules, wanted, facts, survey, err);
	window_release(&window);
	return result;
}

static void
check_result(const char *name, enum err have, enum err want,
    const struct error *err, const char *says)
{
	if (have != want || (want != ERR_OK && (err->code != want ||
	    strstr(err->what, says) == NULL)))
		fail_msg("%s: want %s \"%s\", have %s \"%s\"", name,
		    error_token(want), says, error_token(have), err->what);
}

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
	    ERR_ISSUER, "01020304" },
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
	    "none" },
	{ "duplicates before dates", { .serials = { 3, 3 },
	    .no_next_update = true }, ROOT, ERR_FORMAT, "" },
};

static struct admit_rules
first_import(const struct cert *root)
{
	static const struct cert *subordinates[1];

	subordinates[0] = subordinate;
	return (struct admit_rules){
		.root = root,
		.subordinates = subordinates,
		.subordinate_count = 1,
		.now_s = NOW,
	};
}

static void
test_crl_rows(void **state)
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

static void
test_facts(void **state)
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
	assert_int_equal(admit(span_of_buffer(&der), &rules, wanted, &facts,
	    &survey, &err), ERR_OK);
	assert_true(facts.has_number && facts.has_next_update);
	assert_int_equal(number_compare(&facts.number, &number), 0);
	assert_int_equal(facts.this_update_s, THIS_UPDATE);
	assert_int_equal(facts.next_update_s, NEXT_UPDATE);
	assert_int_equal(facts.size_bytes, der.size);
	assert_int_equal(facts.revoked_count, 2);
	assert_int_equal(sha256(span_of_buffer(&der), digest, &err), ERR_OK);
	assert_memory_equal(facts.sha256, digest, SHA256_SIZE);
	assert_true(survey.has_wanted);
	assert_int_equal(survey.wanted_reason, REASON_NONE);
}

/* A root adopts what has ended, but nothing from the future or endless. */
static void
test_adopting(void **state)
{
	static const struct {
		const char *name;
		struct recipe recipe;
		enum err want;
	} rows[] = {
		{ "ended", { .next_later_s = -200 * DAY_S }, ERR_OK },
		{ "endless", { .no_next_update = true }, ERR_EXPIRED },
		{ "ahead", { .this_later_s = 901 }, ERR_NOT_YET_VALID },
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
static void
test_no_subordinate(void **state)
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
static void
test_openssl_ca(void **state)
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

/* Numbers of -1 are none; times are seconds after THIS_UPDATE. */
static const struct {
	const char *name;
	int64_t seen, seen_s;
	int64_t candidate, candidate_s;
	bool is_same;		/* the same octets */
	uint64_t max_jump;
	enum err want;
	const char *says;
} history_rows[] = {
	{ "next", 12, 0, 13, 1, false, 0, ERR_OK, "" },
	{ "the same again", 12, 0, 12, 0, true, 0, ERR_OK, "" },
	{ "the same again, no number", -1, 0, -1, 0, true, 1, ERR_OK, "" },
	{ "lower number", 12, 0, 11, 1, false, 0, ERR_ROLLBACK,
	    "above 12, have 11" },
	{ "lower number and time", 12, 0, 11, -1, false, 0, ERR_ROLLBACK,
	    "above 12, have 11" },
	{ "same number, other octets", 12, 0, 12, 0, false, 0, ERR_ROLLBACK,
	    "OTHER CONTENT" },
	{ "same number, later", 12, 0, 12, 1, false, 0, ERR_ROLLBACK,
	    "OTHER CONTENT" },
	{ "higher number, earlier", 12, 0, 13, -1, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "higher number, same time", 12, 0, 13, 0, false, 0, ERR_ROLLBACK,
	    "2026-11-22T09:50:00Z" },
	{ "number lost", 12, 0, -1, 1, false, 0, ERR_ROLLBACK,
	    "above 12, have none" },
	{ "number gained", -1, 0, 1, 1, false, 1, ERR_OK, "" },
	{ "number gained, same time", -1, 0, 1, 0, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "unnumbered, later", -1, 0, -1, 1, false, 0, ERR_OK, "" },
	{ "unnumbered, same time", -1, 0, -1, 0, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "unnumbered, earlier", -1, 0, -1, -1, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "number 0 seen", 0, 0, 1, 1, false, 0, ERR_OK, "" },
	{ "number 0 again", 0, 0, 0, 1, false, 0, ERR_ROLLBACK, "above 0" },
	{ "a jump to the limit", 12, 0, 22, 1, false, 10, ERR_OK, "" },
	{ "a jump beyond it", 12, 0, 23, 1, false, 10, ERR_JUMP,
	    "at most 10 above 12, have 23" },
	{ "rollback before jump", 12, 0, 23, 0, false, 10, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "any jump without limit", 12, 0, INT64_MAX, 1, false, 0, ERR_OK,
	    "" },
};

static struct crl_facts
make_facts(int64_t number, int64_t later_s)
{
	struct crl_facts facts = {
		.has_number = number >= 0,
		.this_update_s = THIS_UPDATE + later_s,
		.has_next_update = true,
		.next_update_s = NEXT_UPDATE,
	};

	if (number >= 0)
		facts.number = number_from_u64((uint64_t)number);
	return facts;
}

static void
test_history(void **state)
{
	size_t i;

	for (i = 0; i < COUNT_OF(history_rows); i++) {
		struct crl_facts seen = make_facts(history_rows[i].seen,
		    history_rows[i].seen_s);
		struct crl_facts candidate =
		    make_facts(history_rows[i].candidate,
		    history_rows[i].candidate_s);
		struct number jump =
		    number_from_u64(history_rows[i].max_jump);
		struct error err = {0};

		candidate.sha256[31] = history_rows[i].is_same ? 0 : 1;
		check_result(history_rows[i].name, admit_history(&seen,
		    &candidate, &jump, &err), history_rows[i].want, &err,
		    history_rows[i].says);
		assert_int_equal(admit_history(NULL, &candidate, &jump,
		    &err), ERR_OK);
	}
}

static void
test_dates(void **state)
{
	static const struct {
		const char *name;
		int64_t this_s, next_s, now_s;
		enum err want;
	} rows[] = {
		{ "in the middle", 1000, 2000, 1500, ERR_OK },
		{ "5 min early", 1000, 2000, 700, ERR_OK },
		{ "a second earlier", 1000, 2000, 699, ERR_NOT_YET_VALID },
		{ "the last second", 1000, 2000, 1999, ERR_OK },
		{ "nextUpdate itself", 1000, 2000, 2000, ERR_EXPIRED },
		{ "at the end of time", 1000, UTC_MAX_S, UTC_MAX_S - 1,
		    ERR_OK },
		{ "none", 1000, 0, 1500, ERR_EXPIRED },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct crl_facts facts = {
			.this_update_s = rows[i].this_s,
			.has_next_update = rows[i].next_s != 0,
			.next_update_s = rows[i].next_s,
		};
		struct error err = {0};

		check_result(rows[i].name, admit_dates(&facts, rows[i].now_s,
		    &err), rows[i].want, &err, "Update");
	}
}

/* Real CRLs in turn, against the one accepted and one that a store holds. */
static void
test_seen(void **state)
{
	static const struct {
		const char *name;
		struct recipe recipe;
		enum err want;
	} rows[] = {
		{ "the one accepted", { .number = 14, .this_later_s = 20 },
		    ERR_ROLLBACK },
		{ "between both", { .number = 13, .this_later_s = 10 },
		    ERR_ROLLBACK },
		{ "the store's", { .number = 12 }, ERR_ROLLBACK },
		{ "the next", { .number = 15, .this_later_s = 30 }, ERR_OK },
		{ "a jump of 3", { .number = 17, .this_later_s = 30 },
		    ERR_JUMP },
	};
	struct admit_rules rules = first_import(certs[ROOT]);
	struct crl_facts seen[2] = { make_facts(12, 0), make_facts(14, 20) };
	size_t i;

	rules.seen = seen;
	rules.seen_count = 2;
	rules.max_number_jump = number_from_u64(3);
	for (i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_survey survey;
		struct crl_facts facts;
		struct error err = {0};

		make_crl(&rows[i].recipe, &der);
		check_result(rows[i].name, admit(span_of_buffer(&der), &rules,
		    NULL, &facts, &survey, &err), rows[i].want, &err, "");
	}
}

/* The very octets that were accepted are fine, another signing is not. */
static void
test_same_octets(void **state)
{
	const struct recipe recipe = {0};
	struct admit_rules rules = first_import(certs[ROOT]);
	RELEASE_BUFFER struct buffer first = {0}, second = {0};
	struct crl_survey survey;
	struct crl_facts seen, facts;
	struct error err = {0};

	make_crl(&recipe, &first);
	make_crl(&recipe, &second);
	assert_int_equal(admit(span_of_buffer(&first), &rules, NULL, &seen,
	    &survey, &err), ERR_OK);
	rules.seen = &seen;
	rules.seen_count = 1;
	assert_int_equal(admit(span_of_buffer(&first), &rules, NULL, &facts,
	    &survey, &err), ERR_OK);
	check_result("signed twice", admit(span_of_buffer(&second), &rules,
	    NULL, &facts, &survey, &err), ERR_ROLLBACK, &err, "OTHER");
}

static const struct {
	const char *name;
	long before_number;	/* as in a recipe; -1: none */
	long before[SERIALS_MAX], after[SERIALS_MAX];
	bool is_bare;
	struct {
		const char *serial;
		uint64_t number;
	} dropped[3];
	enum err want;
	const char *says;
} kept_rows[] = {
	{ "all kept", 12, { 3, 5 }, { 3, 5 }, true, {{0}}, ERR_OK, "" },
	{ "one more", 12, { 3, 5 }, { 3, 4, 5 }, true, {{0}}, ERR_OK, "" },
	{ "from nothing", 12, {0}, { 3 }, true, {{0}}, ERR_OK, "" },
	{ "one lost", 12, { 3, 5 }, { 3 }, true, {{0}}, ERR_SHRUNK, "05" },
	{ "all lost", 12, { 3, 5 }, {0}, true, {{0}}, ERR_SHRUNK, "03" },
	{ "lost, manifest silent", 12, { 3, 5 }, { 3 }, false, {{0}},
	    ERR_SHRUNK, "05" },
	{ "dropped", 12, { 3, 5 }, { 3 }, false, {{ "05", 13 }}, ERR_OK, "" },
	{ "dropped by before itself", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 12 }}, ERR_SHRUNK, "after number 12" },
	{ "dropped, listed again, lost", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 7 }}, ERR_SHRUNK, "after number 12" },
	{ "dropped twice", 12, { 3, 5 }, { 3 }, false,
	    {{ "05", 13 }, { "05", 7 }}, ERR_OK, "" },
	{ "another dropped", 12, { 3, 5 }, { 3 }, false, {{ "04", 13 }},
	    ERR_SHRUNK, "05" },
	{ "one of two dropped", 12, { 3, 5, 7 }, { 3 }, false,
	    {{ "07", 13 }}, ERR_SHRUNK, "05" },
	{ "two dropped, any order", 12, { 3, 5, 7 }, { 3 }, false,
	    {{ "07", 14 }, { "05", 13 }}, ERR_OK, "" },
	{ "before had no number", -1, { 3, 5 }, { 3 }, false, {{ "05", 1 }},
	    ERR_OK, "" },
	{ "a serial with its sign octet", 12, { 0x80 }, {0}, false,
	    {{ "0080", 13 }}, ERR_OK, "" },
	{ "a serial without it", 12, { 0x80 }, {0}, false, {{ "80", 13 }},
	    ERR_SHRUNK, "0080" },
};

static void
open_made(const struct recipe *recipe, struct buffer *der,
    struct window *window, struct crl *crl)
{
	struct error err = {0};

	make_crl(recipe, der);
	window_init_memory(window, span_of_buffer(der));
	assert_int_equal(crl_open(window, crl, &err), ERR_OK);
}

static void
test_kept(void **state)
{
	size_t i, j;

	for (i = 0; i < COUNT_OF(kept_rows); i++) {
		struct recipe recipe[2] = {
			{ .number = kept_rows[i].before_number },
			{ .number = 15, .this_later_s = 1 } };
		RELEASE_BUFFER struct buffer old_der = {0}, new_der = {0};
		RELEASE_MANIFEST struct manifest manifest = {0};
		RELEASE_CRL struct crl before = {0}, after = {0};
		struct window old_window, new_window;
		struct error err = {0};

		memcpy(recipe[0].serials, kept_rows[i].before,
		    sizeof(recipe[0].serials));
		memcpy(recipe[1].serials, kept_rows[i].after,
		    sizeof(recipe[1].serials));
		open_made(&recipe[0], &old_der, &old_window, &before);
		open_made(&recipe[1], &new_der, &new_window, &after);
		for (j = 0; kept_rows[i].dropped[j].serial != NULL; j++) {
			struct manifest_dropped dropped = { .why = "x",
			    .number = number_from_u64(
			    kept_rows[i].dropped[j].number) };

			strcpy(dropped.serial, kept_rows[i].dropped[j].serial);
			assert_int_equal(manifest_add_dropped(&manifest,
			    &dropped, &err), ERR_OK);
		}
		check_result(kept_rows[i].name, admit_kept(&before, &after,
		    kept_rows[i].is_bare ? NULL : &manifest, &err),
		    kept_rows[i].want, &err, kept_rows[i].says);
		window_release(&old_window);
		window_release(&new_window);
	}
}

static void
test_manifest_matches(void **state)
{
	const struct cert *root = certs[ROOT];
	struct crl_facts facts = make_facts(12, 0);
	struct manifest good = {
		.number = number_from_u64(12), .this_update_s = THIS_UPDATE,
		.next_update_s = NEXT_UPDATE, .revoked_count = 0,
	}, bad;
	struct error err = {0};

	memcpy(good.spki_sha256, root->spki_sha256, SHA256_SIZE);
	assert_int_equal(admit_manifest(&good, &facts, root, &err), ERR_OK);
	check_result("key", admit_manifest(&good, &facts, certs[TWIN], &err),
	    ERR_ISSUER, &err, "spki_sha256");
	bad = good;
	bad.number = number_from_u64(13);
	check_result("number", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "want the CRL's 12, have 13");
	bad = good;
	bad.this_update_s++;
	check_result("thisUpdate", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "this_update");
	bad = good;
	bad.next_update_s--;
	check_result("nextUpdate", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "next_update");
	bad = good;
	bad.revoked_count = 1;
	check_result("count", admit_manifest(&bad, &facts, root, &err),
	    ERR_FORMAT, &err, "revoked_count");
	facts.has_number = false;
	check_result("no number", admit_manifest(&good, &facts, root, &err),
	    ERR_FORMAT, &err, "number");
	good.number = number_from_u64(0);
	assert_int_equal(admit_manifest(&good, &facts, root, &err), ERR_OK);
}

/* What the words of verdicts.tsv are called here. */
static enum err
verdict_error(const char *verdict, const char *why)
{
	static const struct {
		const char *word;
		enum err code;
	} words[] = {
		{ "issuer", ERR_ISSUER }, { "signature", ERR_SIGNATURE },
		{ "expired", ERR_EXPIRED }, { "unknown critical", ERR_SCOPE },
		{ "delta", ERR_SCOPE }, { "IDP", ERR_SCOPE },
	};
	size_t i;

	if (strcmp(verdict, "ACCEPT") == 0)
		return ERR_OK;
	assert_string_equal(verdict, "REJECT");
	for (i = 0; i < COUNT_OF(words); i++)
		if (strncmp(why, words[i].word, strlen(words[i].word)) == 0)
			return words[i].code;
	fail_msg("verdicts.tsv: want a known reason, have %s", why);
	return ERR_COUNT;
}

static void
check_verdict(const char *pkits, char *line)
{
	const char *name = strsep(&line, "\t");
	const char *pinned = strsep(&line, "\t");
	const char *verdict = strsep(&line, "\t");
	const char *why = strsep(&line, "\t");
	RELEASE_BUFFER struct buffer cert_der = {0}, crl_der = {0};
	struct admit_rules rules = { .now_s = NOW };
	FREE_CERT struct cert *cert = NULL;
	char path[128];
	struct crl_survey survey;
	struct crl_facts facts;
	struct error err = {0};
	enum err have, want;

	assert_non_null(why);
	snprintf(path, sizeof(path), "certs/%s.crt", pinned);
	fixture_read(pkits, path, &cert_der);
	snprintf(path, sizeof(path), "crls/%s.crl", name);
	fixture_read(pkits, path, &crl_der);
	assert_int_equal(cert_parse(span_of_buffer(&cert_der), &cert, &err),
	    ERR_OK);
	rules.root = cert;
	have = admit(span_of_buffer(&crl_der), &rules, NULL, &facts, &survey,
	    &err);
	want = verdict_error(verdict, why);
	/* NIST changed the BIT STRING's unused bits: no whole octets. */
	if (want == ERR_SIGNATURE && have == ERR_FORMAT)
		want = ERR_FORMAT;
	check_result(name, have, want, &err, "");
}

static void
test_pkits(void **state)
{
	const char *pkits = getenv("CRLFERRY_PKITS");
	RELEASE_BUFFER struct buffer table = {0};
	char *rest, *line;
	size_t rows = 0;

	if (pkits == NULL) {
		print_message("CRLFERRY_PKITS is unset: want the folder of "
		    "the PKITS CRLs, have none\n");
		skip();
	}
	fixture_read(pkits, "verdicts.tsv", &table);
	assert_int_equal(buffer_append(&table, "", 1, NULL), ERR_OK);
	rest = (char *)table.data;
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
		check_verdict(pkits, line);
		rows++;
	}
	assert_int_equal(rows, 43);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crl_rows),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_adopting),
		cmocka_unit_test(test_no_subordinate),
		cmocka_unit_test(test_openssl_ca),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_same_octets),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_manifest_matches),
		cmocka_unit_test(test_pkits),
	};

	return cmocka_run_group_tests_name("admit", tests, setup, teardown);
}
