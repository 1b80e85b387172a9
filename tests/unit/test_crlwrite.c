/* SPDX-License-Identifier: ISC */
/* What is written is what openssl(1) writes, octet for octet. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "index_fixture.h"
#include "instant.h"
#include "pki/lint.h"
#include "root/crlwrite.h"

#define THIS_UPDATE "20260101120000Z"
#define THIS_UPDATE_S "2026-01-01T12:00:00Z"
#define NEXT_UPDATE "20260801120000Z"
#define NEXT_UPDATE_S "2026-08-01T12:00:00Z"
#define MANY 5000

/* Also the CAs' names. */
static const struct {
	const char *type;
	const char *options;	/* of openssl, for the key's own digest */
	bool is_deterministic;
} keys[] = {
	{ "p256", "-md sha256", false },
	{ "p384", "-md sha384", false },
	{ "p521", "-md sha512", false },
	{ "rsa", "-md sha256", true },
	{ "ed25519", "", true },
};

static int
set_up(void **state)
{
	enter(state);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char key[64], key_path[PATH_SIZE];

		fixture_make_ca(folder, keys[i].type, keys[i].type);
		snprintf(key, sizeof(key), "%s.key", keys[i].type);
		path_in(key_path, folder, key);
		assert_int_equal(chmod(key_path, 0600), 0);
	}
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

/* A CRL in a file, open. */
struct opened {
	struct buffer der;
	struct window window;
	struct crl crl;
};

static void
opened_release(struct opened *opened)
{
	crl_release(&opened->crl);
	buffer_release(&opened->der);
}

#define RELEASE_OPENED __attribute__((cleanup(opened_release)))

static void
open_crl(const char *name, struct opened *out)
{
	struct error err = {0};

	fixture_read(folder, name, &out->der);
	window_init_memory(&out->window, span_of_buffer(&out->der));
	assert_fine(name, crl_open(&out->window, &out->crl, &err), &err);
}

static struct span
tbs_of(const struct opened *opened)
{
	return (struct span){ opened->der.data + opened->crl.tbs_offset,
	    (size_t)opened->crl.tbs_size };
}

/* What openssl makes of index.txt, in theirs.crl. */
static void
write_theirs(const char *ca, const char *options, const char *number,
    const char *this_update, const char *next_update)
{
	RELEASE_BUFFER struct buffer index = {0};
	char name[64];

	fixture_read(folder, "index.txt", &index);
	snprintf(name, sizeof(name), "%s.index", ca);
	fixture_write(folder, name, span_of_buffer(&index));
	snprintf(name, sizeof(name), "%s.crlnumber", ca);
	fixture_write_text(folder, name, number);
	fixture_openssl(folder, "ca -gencrl -config %s.cnf %s -crl_lastupdate "
	    "%s -crl_nextupdate %s -out theirs.pem", ca, options,
	    this_update, next_update);
	fixture_openssl(folder, "crl -in theirs.pem -outform DER -out "
	    "theirs.crl");
}

struct signing {
	struct cert *root;
	struct signer *signer;
};

static void
signing_release(struct signing *signing)
{
	signer_free(signing->signer);
	cert_free(signing->root);
}

#define RELEASE_SIGNING __attribute__((cleanup(signing_release)))

static void
open_signing(const char *ca, struct signing *out)
{
	const struct secret_source none = { .fd = -1 };
	char key[64], key_path[PATH_SIZE];
	struct error err = {0};

	out->root = load_cert(folder, ca);
	snprintf(key, sizeof(key), "%s.key", ca);
	path_in(key_path, folder, key);
	assert_fine(ca, signer_open(key_path, out->root, NULL, &none,
	    &out->signer, &err), &err);
}

struct findings {
	size_t count;
	char first[256];
};

static void
take_finding(void *context, const struct lint_finding *finding)
{
	struct findings *findings = context;

	if (findings->count++ == 0)
		snprintf(findings->first, sizeof(findings->first), "%s",
		    finding->text);
}

/* The same by us, in ours.crl; the unsigned list is linted on the way. */
static void
write_ours(const struct signing *signing, const char *number,
    const char *this_update, const char *next_update)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	RELEASE_INDEX struct index index = {0};
	RELEASE_CRLWRITE struct crlwrite crl = { .root = signing->root,
		.index = &index,
		.algorithm = signer_identifier(signing->signer),
		.this_update_s = instant(this_update),
		.next_update_s = instant(next_update) };
	struct findings findings = {0};
	struct lint lint = { .found = take_finding, .context = &findings };
	struct error err = {0};
	char out[PATH_SIZE];

	assert_true(number_from_hex(span_of_text(number), &crl.number));
	assert_fine("index", index_load(path, &index, &err), &err);
	assert_fine("prepare", crlwrite_prepare(&crl, &err), &err);
	assert_fine("lint", crlwrite_lint(&crl, &lint, &err), &err);
	assert_string_equal(findings.first, "");
	path_in(out, folder, "ours.crl");
	assert_fine("open", file_writer_open(&writer, out, 0644, &err), &err);
	assert_fine("sign", crlwrite_sign(&crl, signing->signer, &writer,
	    &err), &err);
	assert_fine("commit", file_writer_commit(&writer, &err), &err);
	assert_no_temporaries("ours.crl", folder);
}

/* Ours is sound by itself: it verifies, and no lint has a word on it. */
static void
check_ours(const char *name, const struct signing *signing,
    struct opened *ours)
{
	struct findings findings = {0};
	struct lint lint = { .found = take_finding, .context = &findings };
	struct error err = {0};

	assert_fine(name, crl_verify(&ours->crl, signing->root, &err), &err);
	assert_fine(name, lint_crl(&lint, &ours->window, signing->root, &err),
	    &err);
	if (findings.count > 0)
		fail_msg("%s: want nothing found, have %zu, first: %s", name,
		    findings.count, findings.first);
}

static void
compare(const char *name, size_t key, const char *number,
    const char *next_update, const char *next_update_text)
{
	RELEASE_OPENED struct opened ours = {0}, theirs = {0};
	RELEASE_SIGNING struct signing signing = {0};
	struct span one, other;

	open_signing(keys[key].type, &signing);
	write_theirs(keys[key].type, keys[key].options, number, THIS_UPDATE,
	    next_update);
	write_ours(&signing, number, THIS_UPDATE_S, next_update_text);
	open_crl("ours.crl", &ours);
	open_crl("theirs.crl", &theirs);
	one = tbs_of(&ours);
	other = tbs_of(&theirs);
	if (keys[key].is_deterministic) {
		one = span_of_buffer(&ours.der);
		other = span_of_buffer(&theirs.der);
	}
	for (size_t i = 0; i < one.size && i < other.size; i++)
		if (one.data[i] != other.data[i])
			fail_msg("%s, %s: octet %zu: want %02x, have %02x",
			    name, keys[key].type, i, other.data[i],
			    one.data[i]);
	if (one.size != other.size)
		fail_msg("%s, %s: want %zu octets, have %zu", name,
		    keys[key].type, other.size, one.size);
	check_ours(name, &signing, &ours);
}

#define R(date, serial) "R\t" END "\t" date "\t" serial "\tunknown\t/CN=x\n"

/* Every reason that an index and a complete CRL can hold. */
static const char reasons[] =
    R("260101000000Z", "01")
    R("260101000001Z,keyCompromise", "02")
    R("251231235959Z,CACompromise", "03")
    R("250101000000Z,affiliationChanged", "04")
    R("250101000000Z,superseded", "05")
    R("250101000000Z,cessationOfOperation", "06")
    R("250101000000Z,certificateHold", "07")
    R("250101000000Z,holdInstruction,holdInstructionNone", "08")
    R("250101000000Z,holdInstruction,holdInstructionCallIssuer", "09")
    R("250101000000Z,holdInstruction,holdInstructionReject", "0A")
    R("250101000000Z,holdInstruction,1.2.3.4.5.6.7.8.9", "0B")
    R("250101000000Z,keyTime,20241231235959Z", "0C")
    R("250101000000Z,CAkeyTime,20241231235959Z", "0D");

static const struct {
	const char *name;
	const char *index;
} indexes[] = {
	{ "none", "" },
	{ "none revoked", VALID("01") },
	{ "one", REVOKED("01") },
	{ "three out of order", REVOKED("30") REVOKED("10") VALID("40")
	    REVOKED("20") },
	{ "every reason", reasons },
	{ "serials by value", REVOKED("FF") REVOKED("0100") REVOKED("80")
	    REVOKED("7F")
	    REVOKED("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")
	    REVOKED("80000000000000000000000000000000000000") },
	{ "dates of both centuries", R("500101000000Z", "01")
	    R("991231235959Z", "02") R("000101000000Z", "03") },
};

static void
small_indexes_are_written_alike(void **state)
{
	for (size_t i = 0; i < COUNT_OF(indexes); i++) {
		fixture_write_text(folder, "index.txt", indexes[i].index);
		for (size_t key = 0; key < COUNT_OF(keys); key++)
			compare(indexes[i].name, key, "1000", NEXT_UPDATE,
			    NEXT_UPDATE_S);
	}
}

static void
numbers_are_written_alike(void **state)
{
	static const char *const numbers[] = {
		"01", "7F", "80", "FF", "0100", "FFFFFFFFFFFFFFFF",
		"7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
	};

	fixture_write_text(folder, "index.txt", REVOKED("01"));
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		compare(numbers[i], 0, numbers[i], NEXT_UPDATE,
		    NEXT_UPDATE_S);
}

static void
dates_change_their_encoding_in_2050(void **state)
{
	fixture_write_text(folder, "index.txt", REVOKED("01"));
	compare("2049", 3, "1000", "20491231235959Z", "2049-12-31T23:59:59Z");
	compare("2050", 3, "1000", "20500101000000Z", "2050-01-01T00:00:00Z");
}

/* More than one piece, and more than one window when it is read back. */
static void
a_large_index_is_written_alike(void **state)
{
	write_many(MANY, true);
	for (size_t key = 0; key < COUNT_OF(keys); key += 2)
		compare("many", key, "1000", NEXT_UPDATE, NEXT_UPDATE_S);
}

static void
an_empty_list_is_left_out(void **state)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_OPENED struct opened ours = {0};
	struct crl_survey survey;
	struct error err = {0};

	fixture_write_text(folder, "index.txt", VALID("01"));
	open_signing("p256", &signing);
	write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S);
	open_crl("ours.crl", &ours);
	assert_false(ours.crl.has_revoked);
	assert_int_equal(ours.crl.version, 2);
	assert_fine("survey", crl_survey(&ours.crl, NULL, &survey, &err),
	    &err);
	assert_int_equal(survey.count, 0);
	check_ours("empty", &signing, &ours);
}

/* RFC 5280 5.3.1: unspecified is said by no reason, which openssl does not. */
static void
unspecified_is_left_out(void **state)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_OPENED struct opened ours = {0};
	struct crl_entries entries;
	struct crl_entry entry;
	struct error err = {0};
	bool has_entry = false;

	fixture_write_text(folder, "index.txt",
	    R("250101000000Z,unspecified", "01"));
	open_signing("p256", &signing);
	write_ours(&signing, "05", THIS_UPDATE_S, NEXT_UPDATE_S);
	open_crl("ours.crl", &ours);
	crl_entries_start(&entries, &ours.crl);
	assert_fine("entry", crl_entries_next(&entries, &entry, &has_entry,
	    &err), &err);
	assert_true(has_entry);
	assert_int_equal(entry.reason, REASON_NONE);
	check_ours("unspecified", &signing, &ours);
}

/* The lint sees the list before there is a signature. */
static void
the_lint_comes_first(void **state)
{
	RELEASE_SIGNING struct signing signing = {0};
	RELEASE_INDEX struct index index = {0};
	RELEASE_CRLWRITE struct crlwrite crl = { .index = &index };
	struct findings findings = {0};
	struct lint lint = { .profile = LINT_BR, .found = take_finding,
		.context = &findings };
	struct error err = {0};

	load("hold", R("250101000000Z,certificateHold", "01"), &index);
	open_signing("p256", &signing);
	crl.root = signing.root;
	crl.algorithm = signer_identifier(signing.signer);
	crl.number = number_from_u64(1);
	crl.this_update_s = instant(THIS_UPDATE_S);
	/* Later than BR 4.9.7 allows, and a reason that BR 7.2.2 does not. */
	crl.next_update_s = instant("2027-06-01");
	assert_fine("prepare", crlwrite_prepare(&crl, &err), &err);
	assert_fine("lint", crlwrite_lint(&crl, &lint, &err), &err);
	assert_int_equal(lint.errors, 2);
	assert_int_equal(findings.count, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_indexes_are_written_alike),
		cmocka_unit_test(numbers_are_written_alike),
		cmocka_unit_test(dates_change_their_encoding_in_2050),
		cmocka_unit_test(a_large_index_is_written_alike),
		cmocka_unit_test(an_empty_list_is_left_out),
		cmocka_unit_test(unspecified_is_left_out),
		cmocka_unit_test(the_lint_comes_first),
	};

	return cmocka_run_group_tests_name("crlwrite", tests, set_up, leave);
}
