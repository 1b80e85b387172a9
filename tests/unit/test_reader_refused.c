/* SPDX-License-Identifier: ISC */
/*
 * What the reader refuses, through the fork and back: each token once at
 * least.  That admission itself is right is for test_admit to show.
 */

#include "pki/pem.h"
#include "reader_fixture.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)
AROUND_EACH(enter_medium, NULL)

/* CRLs that no truthful manifest makes better. */
static const struct {
	const char *name;
	struct recipe recipe;
	enum err want;
	const char *says;
} crls[] = {
	{ "v1", { .is_v1 = true }, ERR_FORMAT, "v2" },
	{ "another CA's", { .signer = RSA_ROOT }, ERR_ISSUER, "issuer" },
	{ "another key's", { .signer = TWIN }, ERR_ISSUER,
	    "authorityKeyIdentifier" },
	{ "another key's, without AKI", { .signer = TWIN, .no_aki = true },
	    ERR_SIGNATURE, "" },
	{ "an entry changed", { .serials = { 0x7a7b7c }, .from = "7a7b7c",
	    .to = "7a7b7d" }, ERR_SIGNATURE, "" },
	{ "an unknown digest", { .digest = "SHA3-256" }, ERR_ALGORITHM, "" },
	{ "SHA-1", { .digest = "SHA1" }, ERR_WEAK, "" },
	{ "a delta", { .extension = { "deltaCRL=critical,DER:02010b" } },
	    ERR_SCOPE, "delta" },
	{ "an unknown critical extension", { .extension = {
	    "1.2.3.4=critical,DER:0500" } }, ERR_SCOPE, "1.2.3.4" },
	{ "a serial twice", { .serials = { 7, 7 } }, ERR_FORMAT, "" },
	{ "from 5 minutes and a second ahead", { .this_later_s = 901 },
	    ERR_NOT_YET_VALID, "thisUpdate" },
	{ "that has ended", { .next_later_s = -200 * DAY_S }, ERR_EXPIRED,
	    "nextUpdate" },
	{ "that never ends", { .no_next_update = true }, ERR_EXPIRED,
	    "nextUpdate" },
};

/* In a bundle, sealed, and bare: the same rules, the same words. */
TEST(bad_crls_are_refused)
{
	for (size_t i = 0; i < COUNT_OF(crls); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		char path[PATH_SIZE], bare[PATH_SIZE];
		const char *const sources[] = { medium, bare };

		write_recipe(&crls[i].recipe, &der, path);
		path_in(bare, medium, "crl");
		for (size_t k = 0; k < COUNT_OF(sources); k++) {
			RELEASE_BUNDLE struct bundle bundle;
			struct reader_request request;

			load_source(sources[k], &bundle);
			request = make_request(&bundle);
			assert_read_refused(crls[i].name, &request,
			    crls[i].want, crls[i].says);
		}
		fixture_remove_folder(path);
	}
}

/* What is no CRL at all, as one bare file. */
TEST(what_is_no_crl_is_refused)
{
	struct error err = {0};
	RELEASE_BUFFER struct buffer der = {0}, pem = {0}, two = {0};
	struct span files[7];
	static const char *const names[] = {
		"empty", "text", "cut", "more behind it", "PEM of nothing",
		"two in PEM", "a certificate",
	};
	char path[PATH_SIZE];

	make_crl(&(struct recipe){0}, &der);
	FINE(buffer_append_text(&der, "x", &err));
	FINE(pem_encode(PEM_CRL, (struct span){0}, &pem, &err));
	for (int i = 0; i < 2; i++)
		FINE(pem_encode(PEM_CRL, (struct span){ der.data, der.size - 1
		    }, &two, &err));
	files[0] = (struct span){0};
	files[1] = span_of_text("hello\n");
	files[2] = (struct span){ der.data, der.size - 2 };
	files[3] = span_of_buffer(&der);
	files[4] = span_of_buffer(&pem);
	files[5] = span_of_buffer(&two);
	files[6] = span_of_buffer(&certs[ROOT]->der);
	path_in(path, medium, "bare");
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		RELEASE_BUNDLE struct bundle bundle;
		struct reader_request request;

		fixture_write(medium, "bare", files[i]);
		load_source(path, &bundle);
		request = make_request(&bundle);
		assert_read_refused(names[i], &request, ERR_FORMAT, "bare");
	}
}

#define ZEROS "00000000000000000000000000000000"

/* sed(1) on a file of a good bundle; sealed anew where that is not it. */
static const struct {
	const char *name;
	const char *file;
	const char *edit;
	bool is_sealed_anew;
	enum err want;
	const char *says;
} edits[] = {
	{ "an edited manifest", "bundle.json", "s/\"r.crl\"/\"R.crl\"/",
	    false, ERR_SEAL, "" },
	{ "another version", "bundle.json", "s/\"version\": 1/\"version\": 2/",
	    true, ERR_FORMAT, "version" },
	{ "no JSON", "bundle.json", "1d", true, ERR_FORMAT, "" },
	{ "another type", "bundle.json", "s/crlferry-bundle/crlferry-note/",
	    true, ERR_FORMAT, "type" },
	{ "an unknown key", "bundle.json", "s/^{/{\"x\": 1,/", true,
	    ERR_FORMAT, "" },
	{ "another root's name", "bundle.json",
	    "s/\"root\": \"r\"/\"root\": \"s\"/", true, ERR_ISSUER,
	    "is about root s, not r" },
	{ "another number", "bundle.json",
	    "s/\"number\": \"12\"/\"number\": \"13\"/", true, ERR_FORMAT,
	    "number" },
	{ "another count", "bundle.json", "s/revoked_count\": 1/revoked_count"
	    "\": 2/", true, ERR_FORMAT, "revoked_count" },
	{ "another key's digest", "bundle.json",
	    "s/\\(spki_sha256\": \"\\)[0-7]/\\18/;t;"
	    "s/\\(spki_sha256\": \"\\)./\\10/", true, ERR_ISSUER,
	    "spki_sha256" },
	{ "a later end", "bundle.json", "s/\\(\"next_update\": \"20\\)../"
	    "\\199/", true, ERR_FORMAT, "next_update" },
	{ "a file that it does not list", "bundle.json",
	    "s/README.txt/LIESMICH.txt/", true, ERR_FORMAT, "README.txt" },
	{ "one file more", "bundle.json", "s/\"files\": \\[/&{\"name\": \"x\", "
	    "\"size\": 0, \"sha256\": \"" ZEROS ZEROS "\"},/", true,
	    ERR_FORMAT, "want 4 files listed, have 5" },
	{ "another CRL's digest", "bundle.json",
	    "s/\\(\"sha256\": \"\\)../\\1zz/", true, ERR_FORMAT, "" },
	{ "a CRL that is longer", "r.crl", "$a x", false, ERR_DIGEST,
	    "r.crl" },
	{ "a PEM with another line end", "r.crl.pem", "s/$/\\r/", false,
	    ERR_DIGEST, "r.crl.pem" },
	{ "another certificate", "r.crt", "s/certificate/Certificate/",
	    false, ERR_DIGEST, "r.crt" },
	{ "another README", "README.txt", "s/e/E/", false, ERR_DIGEST,
	    "README.txt" },
	{ "edited sums", "SHA256SUMS", "s/r.crl$/R.crl/", false, ERR_DIGEST,
	    "SHA256SUMS" },
	{ "no sums", "SHA256SUMS", "d", false, ERR_DIGEST, "SHA256SUMS" },
	{ "another untrusted comment", "*.minisig",
	    "s/^untrusted comment: .*/untrusted comment: x/", false, ERR_OK,
	    "" },
	{ "an edited comment", "*.minisig", "s/number:12/number:13/", false,
	    ERR_SEAL, "" },
	{ "an empty seal", "*.minisig", "d", false, ERR_SEAL, "" },
	{ "an empty manifest", "bundle.json", "d", false, ERR_SEAL, "" },
};

/* Seal and sums as they would be had it been written so. */
static void
seal_anew(const char *path, const struct manifest *original)
{
	RELEASE_MANIFEST struct manifest edited = {0};
	RELEASE_BUFFER struct buffer json = {0};
	char comment[MINISIGN_COMMENT_SIZE];

	fixture_read(path, "bundle.json", &json);
	manifest_comment(manifest_parse(span_of_buffer(&json), &edited,
	    NULL) == ERR_OK ? &edited : original, comment, sizeof(comment));
	put_seal(path, 0, &secrets[0], span_of_buffer(&json), comment);
	fixture_run(path, (const char *const[]){ "sh", "-c",
	    "rm fixture.log && sums=$(sha256sum $(cut -c67- SHA256SUMS)) && "
	    "printf '%s\\n' \"$sums\" > SHA256SUMS", NULL });
}

static void
edit_bundle(size_t row, const char *path, const struct manifest *manifest)
{
	char command[2 * PATH_SIZE];

	snprintf(command, sizeof(command), "cd %s && sed -i '%s' %s", path,
	    edits[row].edit, edits[row].file);
	fixture_run(medium, (const char *const[]){ "sh", "-c", command,
	    NULL });
	if (edits[row].is_sealed_anew)
		seal_anew(path, manifest);
}

TEST(every_edit_is_found)
{
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		RELEASE_MANIFEST struct manifest manifest = {0};
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUFFER struct buffer der = {0};
		RELEASE_BUNDLE struct bundle bundle;
		struct reader_request request;
		struct verdict verdict;
		struct error err = {0};
		char path[PATH_SIZE];

		make_crl(&(struct recipe){ .serials = { 7 } }, &der);
		describe_crl(&der, &manifest);
		write_bundle(&manifest, &der, 1, path);
		edit_bundle(i, path, &manifest);
		load_source(medium, &bundle);
		request = make_request(&bundle);
		if (edits[i].want == ERR_OK)
			assert_fine(edits[i].name, reader_run(&request,
			    &verdict, NULL, &notices, &err), &err);
		else
			assert_read_refused(edits[i].name, &request,
			    edits[i].want, edits[i].says);
		fixture_remove_folder(path);
	}
}

/* A seal that is good, for another manifest; and one for another purpose. */
TEST(seals_do_not_move)
{
	RELEASE_BUFFER struct buffer first = {0}, second = {0}, json = {0};
	RELEASE_BUNDLE struct bundle bundle;
	struct reader_request request;
	char one[PATH_SIZE], two[PATH_SIZE], command[4 * PATH_SIZE];

	write_recipe(&(struct recipe){ .number = 12 }, &first, one);
	write_recipe(&(struct recipe){ .number = 13 }, &second, two);
	snprintf(command, sizeof(command), "cp %s/*.minisig %s", one, two);
	fixture_run(medium, (const char *const[]){ "sh", "-c", command,
	    NULL });
	load_source(two, &bundle);
	request = make_request(&bundle);
	assert_read_refused("another's seal", &request, ERR_SEAL, "");
	bundle_release(&bundle);
	snprintf(command, sizeof(command), "cp %s/bundle.json %s && rm "
	    "%s/*.minisig", one, two, two);
	fixture_run(medium, (const char *const[]){ "sh", "-c", command,
	    NULL });
	fixture_read(two, "bundle.json", &json);
	put_seal(two, 0, &secrets[0], span_of_buffer(&json),
	    "timestamp:1 file:bundle.json");
	load_source(two, &bundle);
	request = make_request(&bundle);
	assert_read_refused("minisign's own comment", &request, ERR_SEAL,
	    "comment");
}

static const struct {
	const char *name;
	struct recipe seen;
	const char *max_number_jump;
	enum err want;		/* ERR_OK: it is taken */
	const char *says;
} histories[] = {
	{ "the one before", { .number = 11, .this_later_s = -60 }, "0",
	    ERR_OK, NULL },
	{ "the one after", { .number = 13, .this_later_s = 60 }, "0",
	    ERR_ROLLBACK, "above 13" },
	{ "the same number", { .this_later_s = -60 }, "0", ERR_ROLLBACK,
	    "OTHER CONTENT" },
	{ "the same thisUpdate", { .number = 11 }, "0", ERR_ROLLBACK,
	    "thisUpdate" },
	{ "a jump that is allowed", { .number = 5, .this_later_s = -60 },
	    "7", ERR_OK, NULL },
	{ "a jump", { .number = 5, .this_later_s = -60 }, "6", ERR_JUMP,
	    "at most 6" },
	/* With entries that are gone now. */
	{ "entries that are lost", { .number = 11, .this_later_s = -60,
	    .serials = { 7, 9 } }, "0", ERR_SHRUNK, "serial 09" },
};

TEST(history_is_kept)
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_BUNDLE struct bundle bundle;
	char path[PATH_SIZE];

	write_recipe(&(struct recipe){ .serials = { 7 } }, &der, path);
	load_source(medium, &bundle);
	for (size_t i = 0; i < COUNT_OF(histories); i++) {
		struct reader_request request = make_request(&bundle);
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUFFER struct buffer previous = {0};
		struct config_root root = reader_root;
		const struct admit_rules rules = first_import(certs[ROOT]);
		struct crl_survey survey;
		struct crl_facts seen;
		struct verdict verdict;
		struct error err = {0};

		make_crl(&histories[i].seen, &previous);
		assert_fine(histories[i].name, admit(span_of_buffer(
		    &previous), &rules, NULL, &seen, &survey, &err), &err);
		assert_true(number_from_decimal(histories[i].max_number_jump,
		    &root.max_number_jump));
		request.root = &root;
		request.rules.max_number_jump = root.max_number_jump;
		request.rules.seen = &seen;
		request.rules.seen_count = 1;
		request.previous = span_of_buffer(&previous);
		if (histories[i].want != ERR_OK)
			assert_read_refused(histories[i].name, &request,
			    histories[i].want, histories[i].says);
		/* --accept-removed takes what was lost, and nothing else. */
		request.is_removal_accepted = true;
		if (histories[i].want == ERR_OK ||
		    histories[i].want == ERR_SHRUNK)
			assert_fine(histories[i].name, reader_run(&request,
			    &verdict, NULL, &notices, &err), &err);
		else
			assert_read_refused(histories[i].name, &request,
			    histories[i].want, histories[i].says);
	}
}

TEST(too_many_subordinates_are_refused)
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_BUNDLE struct bundle bundle;
	const struct cert *many[VERDICT_PAIRS_MAX + 1] = { NULL };
	struct reader_request request;
	struct verdict verdict;
	struct notices notices = {0};
	struct error err = {0};
	char path[PATH_SIZE];

	write_recipe(&(struct recipe){0}, &der, path);
	load_source(medium, &bundle);
	request = make_request(&bundle);
	request.subordinates = many;
	request.subordinate_count = VERDICT_PAIRS_MAX;
	FINE(reader_run(&request, &verdict, NULL, &notices, &err));
	assert_int_equal(verdict.pair_count, VERDICT_PAIRS_MAX);
	request.subordinate_count++;
	assert_read_refused("65", &request, ERR_CONFIG, "at most 64");
	notices_release(&notices);
}
