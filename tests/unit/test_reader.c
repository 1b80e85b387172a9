/* SPDX-License-Identifier: ISC */
/* The reader, forked and confined as it is in earnest, and what it takes. */
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pki/pem.h"
#include "reader_fixture.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)
AROUND_EACH(enter_medium, NULL)

/* Is this kernel able to confine it? */
static bool
has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static void
run_good(const struct reader_request *request, struct verdict *verdict,
    const struct buffer *want)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer der = {0};
	struct error err = {0};

	FINE(reader_run(request, verdict, &der, &notices, &err));
	assert_true(span_equals(span_of_buffer(&der), span_of_buffer(want)));
	assert_int_equal(notices.lines.size > 0, !has_landlock() &&
	    request->sandbox == SANDBOX_TRY);
	assert_no_children();
}

TEST(a_good_bundle_is_taken_in_every_sandbox)
{
	static const enum sandbox sandboxes[] = {
		SANDBOX_TRY, SANDBOX_REQUIRE, SANDBOX_OFF,
	};
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_BUNDLE struct bundle bundle;
	char path[PATH_SIZE];

	write_recipe(&(struct recipe){ .serials = { 7, 8 } }, &der, path);
	load_source(medium, &bundle);
	for (size_t i = 0; i < COUNT_OF(sandboxes); i++) {
		struct reader_request request = make_request(&bundle);
		struct verdict verdict = {0};

		request.sandbox = sandboxes[i];
		if (sandboxes[i] == SANDBOX_REQUIRE && !has_landlock()) {
			assert_read_refused("require", &request,
			    ERR_PERMISSIONS, "sandbox: ");
			continue;
		}
		run_good(&request, &verdict, &der);
		assert_int_equal(verdict.answer.is_confined,
		    has_landlock() && sandboxes[i] != SANDBOX_OFF);
	}
}

TEST(the_verdict_says_what_the_bundle_says)
{
	RELEASE_MANIFEST struct manifest manifest = {0};
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_BUNDLE struct bundle bundle;
	const struct manifest_dropped drop = { .serial = "0a",
		.why = "acknowledged" };
	struct reader_request request;
	struct verdict verdict = {0};
	uint8_t digest[SHA256_SIZE];
	struct error err = {0};
	char path[PATH_SIZE], id[MINISIGN_KEY_ID_HEX_SIZE];

	make_crl(&(struct recipe){ .serials = { 7, 8, 9 } }, &der);
	describe_crl(&der, &manifest);
	manifest.is_emergency = true;
	strcpy(manifest.why, "key lost");
	manifest.has_next_ceremony = true;
	manifest.next_ceremony_s = instant("2027-01-05");
	FINE(manifest_add_dropped(&manifest, &drop, &err));
	write_bundle(&manifest, &der, 1, path);
	load_source(medium, &bundle);
	request = make_request(&bundle);
	run_good(&request, &verdict, &der);
	assert_int_equal(verdict.has_manifest, 1);
	assert_int_equal(verdict.is_emergency, 1);
	assert_string_equal(verdict.why, "key lost");
	assert_string_equal(verdict.published_as, "r.crl");
	assert_int_equal(verdict.created_s, manifest.created_s);
	assert_int_equal(verdict.has_next_ceremony, 1);
	assert_int_equal(verdict.next_ceremony_s, manifest.next_ceremony_s);
	assert_int_equal(verdict.dropped_count, 1);
	assert_int_equal(verdict.has_number, 1);
	assert_int_equal(verdict.number.octets[NUMBER_OCTETS - 1], 12);
	assert_int_equal(verdict.this_update_s, THIS_UPDATE);
	assert_int_equal(verdict.next_update_s, NEXT_UPDATE);
	assert_int_equal(verdict.size_bytes, der.size);
	assert_int_equal(verdict.revoked_count, 3);
	assert_string_equal(verdict.algorithm, "ecdsa-with-SHA256");
	FINE(sha256(span_of_buffer(&der), digest, &err));
	assert_memory_equal(verdict.sha256, digest, sizeof(digest));
	assert_int_equal(verdict.seal_count, 1);
	minisign_key_id_text(secrets[0].public.key_id, id);
	assert_string_equal(verdict.seals[0], id);
}

/* Each subordinate is looked for; one without a certificate is not. */
TEST(revoked_subordinates_are_found)
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_BUNDLE struct bundle bundle;
	const struct cert *const list[] = { NULL, subordinate, certs[TWIN],
		subordinate };
	struct reader_request request;
	struct verdict verdict = {0};
	char path[PATH_SIZE];

	/* 5 is the subordinate's. */
	write_recipe(&(struct recipe){ .serials = { 4, 6, 5 },
	    .entry_extension = "2.5.29.21=DER:0A0102" }, &der, path);
	load_source(medium, &bundle);
	request = make_request(&bundle);
	request.subordinates = list;
	request.subordinate_count = COUNT_OF(list);
	run_good(&request, &verdict, &der);
	assert_int_equal(verdict.pair_count, COUNT_OF(list));
	for (size_t i = 0; i < COUNT_OF(list); i++) {
		assert_int_equal(verdict.pairs[i].is_revoked, i % 2 == 1);
		assert_int_equal(verdict.pairs[i].reason,
		    i % 2 == 1 ? 2 : -1);
		if (i % 2 == 1)
			assert_int_equal(verdict.pairs[i].revoked_at_s,
			    NOW - 3600);
	}
	/* The first of the list is asked about with the walk. */
	request.subordinates = list + 1;
	request.subordinate_count = 1;
	run_good(&request, &verdict, &der);
	assert_int_equal(verdict.pairs[0].is_revoked, 1);
	request.subordinate_count = 0;
	run_good(&request, &verdict, &der);
	assert_int_equal(verdict.pair_count, 0);
}

static const struct {
	const char *name;
	const char *seals;	/* of which keys, in order */
	unsigned int required;
	uint32_t count;		/* of different trusted ones; 0: refused */
} seals[] = {
	{ "one", "0", 1, 1 },
	{ "the other", "1", 1, 1 },
	{ "two", "01", 2, 2 },
	{ "two, the other way round", "10", 2, 2 },
	{ "two where one would do", "01", 1, 2 },
	{ "a stranger's beside it", "20", 1, 1 },
	{ "a stranger's alone", "2", 1, 0 },
	{ "one key twice is one", "00", 1, 1 },
	{ "one key twice is not two", "00", 2, 0 },
	{ "one key many times, and another", "000001", 2, 2 },
	{ "a stranger's is not the second", "02", 2, 0 },
	{ "sixteen by one key", "0000000000000000", 2, 0 },
	{ "sixteen, the last by another", "0000000000000001", 2, 2 },
};

TEST(different_keys_are_counted)
{
	for (size_t i = 0; i < COUNT_OF(seals); i++) {
		RELEASE_MANIFEST struct manifest manifest = {0};
		RELEASE_BUFFER struct buffer der = {0}, json = {0};
		RELEASE_BUNDLE struct bundle bundle;
		struct reader_request request;
		struct verdict verdict = {0};
		char path[PATH_SIZE], comment[MINISIGN_COMMENT_SIZE];

		make_crl(&(struct recipe){ .serials = { 7 } }, &der);
		describe_crl(&der, &manifest);
		write_bundle(&manifest, &der, 0, path);
		fixture_read(path, "bundle.json", &json);
		manifest_comment(&manifest, comment, sizeof(comment));
		for (unsigned int k = 0; seals[i].seals[k] != '\0'; k++)
			put_seal(path, k, &secrets[seals[i].seals[k] - '0'],
			    span_of_buffer(&json), comment);
		load_source(medium, &bundle);
		request = make_request(&bundle);
		request.seals_required = seals[i].required;
		if (seals[i].count == 0) {
			assert_read_refused(seals[i].name, &request, ERR_SEAL,
			    "want seals by");
		} else {
			run_good(&request, &verdict, &der);
			assert_int_equal(verdict.seal_count, seals[i].count);
		}
		fixture_remove_folder(path);
	}
}

/* One file without a bundle: DER as it is, PEM decoded. */
TEST(a_bare_file_is_read)
{
	struct error err = {0};

	for (int as_pem = 0; as_pem < 2; as_pem++) {
		RELEASE_BUFFER struct buffer der = {0}, pem = {0};
		RELEASE_BUNDLE struct bundle bundle;
		struct reader_request request;
		struct verdict verdict = {0};
		char path[PATH_SIZE];

		make_crl(&(struct recipe){ .serials = { 5 } }, &der);
		FINE(buffer_append_text(&pem, "# text\n", &err));
		FINE(pem_encode(PEM_CRL, span_of_buffer(&der), &pem, &err));
		fixture_write(medium, "bare", span_of_buffer(as_pem == 1 ?
		    &pem : &der));
		path_in(path, medium, "bare");
		load_source(path, &bundle);
		request = make_request(&bundle);
		/* No key has to vouch for it. */
		request.seals_required = 2;
		run_good(&request, &verdict, &der);
		assert_int_equal(verdict.is_decoded, as_pem);
		assert_int_equal(verdict.has_manifest, 0);
		assert_int_equal(verdict.seal_count, 0);
		assert_int_equal(verdict.pairs[0].is_revoked, 1);
	}
}

/* der is appended to, or not wanted at all. */
TEST(the_crl_is_appended)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer der = {0}, have = {0};
	RELEASE_BUNDLE struct bundle bundle;
	struct reader_request request;
	struct verdict verdict = {0};
	struct error err = {0};
	char path[PATH_SIZE];

	write_recipe(&(struct recipe){ .serials = { 7 } }, &der, path);
	load_source(medium, &bundle);
	request = make_request(&bundle);
	FINE(buffer_append_text(&have, "before", &err));
	FINE(reader_run(&request, &verdict, &have, &notices, &err));
	assert_int_equal(have.size, 6 + der.size);
	assert_memory_equal(have.data, "before", 6);
	assert_memory_equal(have.data + 6, der.data, der.size);
	verdict = (struct verdict){0};
	FINE(reader_run(&request, &verdict, NULL, &notices, &err));
	assert_int_equal(verdict.revoked_count, 1);
}
