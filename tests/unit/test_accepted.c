/* SPDX-License-Identifier: ISC */
/* What a subordinate remembers, and what it makes of a memory that is lost. */
#include <sys/stat.h>

#include "base/file.h"
#include "instant.h"
#include "rooms_fixture.h"
#include "sub/import/accepted.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];	/* of the CAs */
static char place[FIXTURE_PATH_SIZE];	/* of the state, per test */
static char own[PATH_SIZE];		/* of the root r in it */
static struct config config = { .path = "x.cfg", .state = place,
	.max_crl_bytes = 64 * 1024 };
static struct cert *root, *other, *twin;
static struct buffer crl, next, others;

static void
make_crl(const char *ca, const char *number, struct buffer *out)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.crlnumber", ca);
	fixture_write_text(folder, file, number);
	fixture_openssl(folder, "ca -gencrl -config %s.cnf -out crl.pem", ca);
	fixture_openssl(folder, "crl -in crl.pem -outform DER -out crl.der");
	fixture_read(folder, "crl.der", out);
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_make_ca(folder, "other", "p256");
	fixture_write_text(folder, "root.index", "R\t361231235959Z\t"
	    "260101000000Z\t05\tunknown\t/CN=s\n");
	make_crl("root", "0C", &crl);
	make_crl("root", "0D", &next);
	make_crl("other", "0E", &others);
	root = load_cert(folder, "root");
	other = load_cert(folder, "other");
	fixture_make_key(folder, "twin", "p256");
	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key twin.key -out twin.pem");
	twin = load_cert(folder, "twin");
	return 0;
}

static int
tear_down(void **state)
{
	cert_free(root);
	cert_free(other);
	cert_free(twin);
	buffer_release(&crl);
	buffer_release(&next);
	buffer_release(&others);
	return 0;
}

AROUND_ALL(set_up, tear_down)

static int
enter(void **state)
{
	fixture_make_folder(place);
	path_in(own, place, "r");
	return 0;
}

AROUND_EACH(enter, NULL)

/* Everything in it differs from zero. */
static struct accepted
make_accepted(const struct buffer *der)
{
	struct accepted accepted = {
		.accepted_at_s = instant("2026-01-02T03:04:05Z"),
		.has_next_ceremony = true,
		.next_ceremony_s = instant("2026-07-07") };
	struct error err = {0};

	FINE(crl_facts_read(span_of_buffer(der), root, &accepted.facts, &err));
	return accepted;
}

static void
save(const struct accepted *accepted, const struct buffer *der)
{
	struct error err = {0};

	FINE(file_make_folder(own, 0755, &err));
	FINE(accepted_save(&config, "r", root, accepted, span_of_buffer(der),
	    &err));
	assert_no_temporaries("save", own);
}

static void
assert_same(const struct accepted *have, const struct accepted *want)
{
	assert_int_equal(have->facts.has_number, want->facts.has_number);
	assert_int_equal(number_compare(&have->facts.number,
	    &want->facts.number), 0);
	assert_int_equal(have->facts.this_update_s,
	    want->facts.this_update_s);
	assert_true(have->facts.has_next_update);
	assert_int_equal(have->facts.next_update_s,
	    want->facts.next_update_s);
	assert_int_equal(have->facts.size_bytes, want->facts.size_bytes);
	assert_int_equal(have->facts.revoked_count,
	    want->facts.revoked_count);
	assert_memory_equal(have->facts.sha256, want->facts.sha256,
	    SHA256_SIZE);
	assert_int_equal(have->accepted_at_s, want->accepted_at_s);
	assert_int_equal(have->has_next_ceremony, want->has_next_ceremony);
	assert_int_equal(have->next_ceremony_s, want->next_ceremony_s);
}

static enum accepted_state
load(const struct cert *cert, struct accepted *out, char detail[PATH_SIZE])
{
	enum accepted_state state = ACCEPTED_LOST;
	struct error err = {0};

	FINE(accepted_load(&config, "r", cert, &state, out, detail, PATH_SIZE,
	    &err));
	return state;
}

TEST(at_first_there_is_nothing)
{
	RELEASE_BUFFER struct buffer der = {0};
	struct accepted accepted;
	struct crl_facts facts;
	struct error err = {0};
	char detail[PATH_SIZE];

	assert_int_equal(load(root, &accepted, detail), ACCEPTED_NEVER);
	FINE(accepted_load_crl(&config, "r", root, &der, &facts, &err));
	assert_int_equal(der.size, 0);
	assert_int_equal(count_entries(place, ""), 0);
}

TEST(what_was_saved_is_loaded)
{
	static const char *const largest =
	    "730750818665451459101842416358141509827966271487";

	for (int i = 0; i < 4; i++) {
		RELEASE_BUFFER struct buffer der = {0};
		struct accepted want = make_accepted(&crl);
		struct accepted have = {0};
		struct crl_facts facts;
		struct error err = {0};
		char detail[PATH_SIZE];

		/* As it is; without what may be absent; the largest number. */
		if (i == 1)
			want.has_next_ceremony = false;
		if (i == 1)
			want.next_ceremony_s = 0;
		if (i == 2)
			want.facts.has_number = false;
		if (i == 2)
			want.facts.number = number_from_u64(0);
		if (i == 3)
			assert_true(number_from_decimal(largest,
			    &want.facts.number));
		save(&want, &crl);
		assert_int_equal(load(root, &have, detail), ACCEPTED_KNOWN);
		assert_same(&have, &want);
		FINE(accepted_load_crl(&config, "r", root, &der, &facts, &err));
		assert_true(span_equals(span_of_buffer(&der),
		    span_of_buffer(&crl)));
		assert_int_equal(facts.revoked_count, 1);
		assert_int_equal(count_entries(own, ""), 2);
	}
}

TEST(the_next_one_replaces_it)
{
	struct accepted first = make_accepted(&crl);
	struct accepted second = make_accepted(&next);
	struct accepted have = {0};
	char detail[PATH_SIZE], path[PATH_SIZE];
	struct stat before, after;

	save(&first, &crl);
	path_in(path, own, "accepted.crl");
	assert_int_equal(stat(path, &before), 0);
	/* Equal bytes are left; only the mark is written. */
	first.accepted_at_s++;
	save(&first, &crl);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(load(root, &have, detail), ACCEPTED_KNOWN);
	assert_same(&have, &first);
	save(&second, &next);
	assert_int_equal(load(root, &have, detail), ACCEPTED_KNOWN);
	assert_same(&have, &second);
	assert_file_equals(own, "accepted.crl", span_of_buffer(&next));
}

/* The mark must not speak of a CRL that is not there. */
TEST(the_crl_is_there_before_its_mark)
{
	struct accepted first = make_accepted(&crl), have = {0};
	struct accepted second = make_accepted(&next);
	char detail[PATH_SIZE], path[PATH_SIZE];
	struct error err = {0};

	save(&first, &crl);
	/* Nothing can be put in place of a folder. */
	path_in(path, own, "accepted.crl");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_refusal("folder", ERR_FORMAT, "accepted.crl", accepted_save(
	    &config, "r", root, &second, span_of_buffer(&next), &err), &err);
	assert_int_equal(load(root, &have, detail), ACCEPTED_KNOWN);
	assert_same(&have, &first);
}

/* What is done to accepted.json, as sed(1) writes it. */
static const struct {
	const char *name;
	const char *edit;
	enum accepted_state want;
} edits[] = {
	{ "untouched", "", ACCEPTED_KNOWN },
	{ "no next ceremony", "/next_ceremony/d", ACCEPTED_KNOWN },
	{ "no number", "/number/d", ACCEPTED_KNOWN },
	{ "emptied", "d", ACCEPTED_LOST },
	{ "cut", "$d", ACCEPTED_LOST },
	{ "no JSON", "s/{/(/", ACCEPTED_LOST },
	{ "an array", "s/{/[/;s/}/]/", ACCEPTED_LOST },
	{ "a key twice", "s/^{/{\"type\": \"x\",/", ACCEPTED_LOST },
	{ "another type", "s/crlferry-accepted/crlferry-bundle/",
	    ACCEPTED_LOST },
	{ "no type", "/\"type\"/d", ACCEPTED_LOST },
	{ "another key's", "s/\"spki_sha256\": \"../\"spki_sha256\": \"zz/",
	    ACCEPTED_LOST },
	{ "no key", "/spki_sha256/d", ACCEPTED_LOST },
	{ "half a digest", "s/\\(\"sha256\": \"\\)................/\\1/",
	    ACCEPTED_LOST },
	{ "no digest", "/\"sha256\"/d", ACCEPTED_LOST },
	{ "a number that is none", "s/\"12\"/\"0x0c\"/", ACCEPTED_LOST },
	{ "a number as integer", "s/\"12\"/12/", ACCEPTED_LOST },
	{ "an empty number", "s/\"12\"/\"\"/", ACCEPTED_LOST },
	{ "a size as text", "s/\"size\": \\(.*\\),/\"size\": \"\\1\",/",
	    ACCEPTED_LOST },
	{ "a negative count", "s/\"revoked\": 1/\"revoked\": -1/",
	    ACCEPTED_LOST },
	{ "no thisUpdate", "/this_update/d", ACCEPTED_LOST },
	{ "no nextUpdate", "/next_update/d", ACCEPTED_LOST },
	{ "no time", "/accepted_at/d", ACCEPTED_LOST },
	{ "a time that is none", "s/T03:04:05Z/T03:04:65Z/", ACCEPTED_LOST },
	{ "a ceremony that is none", "s/2026-07-07/soon/", ACCEPTED_LOST },
};

TEST(a_damaged_mark_is_lost_not_forgotten)
{
	const struct accepted accepted = make_accepted(&crl);

	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		char detail[PATH_SIZE] = "", path[PATH_SIZE];
		struct accepted have = { .accepted_at_s = 77 };
		enum accepted_state is;

		save(&accepted, &crl);
		path_in(path, own, "accepted.json");
		fixture_run(folder, (const char *const[]){ "sed", "-i",
		    edits[i].edit, path, NULL });
		is = load(root, &have, detail);
		if (is != edits[i].want)
			fail_msg("%s: want %d, have %d", edits[i].name,
			    (int)edits[i].want, (int)is);
		if (is == ACCEPTED_KNOWN)
			continue;
		assert_int_equal(have.accepted_at_s, 77);
		assert_non_null(strstr(detail, "accepted.json is damaged"));
	}
}

TEST(a_missing_mark_is_lost_as_well)
{
	const struct accepted accepted = make_accepted(&crl);
	char detail[PATH_SIZE] = "", path[PATH_SIZE];
	struct accepted have;

	save(&accepted, &crl);
	path_in(path, own, "accepted.json");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(load(root, &have, detail), ACCEPTED_LOST);
	assert_non_null(strstr(detail, "accepted.json is missing"));
	path_in(path, own, "accepted.crl");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(load(root, &have, detail), ACCEPTED_LOST);
}

/* A renewed certificate is the same root, a new key is another. */
TEST(it_is_bound_to_the_key)
{
	const struct accepted accepted = make_accepted(&crl);
	const struct cert *const certs[] = { other, twin };
	FREE_CERT struct cert *renewed = NULL;
	struct accepted have;
	char detail[PATH_SIZE];

	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key root.key -days 7000 -out renewed.pem");
	renewed = load_cert(folder, "renewed");
	save(&accepted, &crl);
	assert_int_equal(load(renewed, &have, detail), ACCEPTED_KNOWN);
	for (size_t i = 0; i < COUNT_OF(certs); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_facts facts;
		struct error err = {0};

		assert_int_equal(load(certs[i], &have, detail),
		    ACCEPTED_LOST);
		FINE(accepted_load_crl(&config, "r", certs[i], &der, &facts,
		    &err));
		assert_int_equal(der.size, 0);
	}
}

TEST(other_versions_are_refused)
{
	static const char *const edits_of[] = {
		"s/\"version\": 1/\"version\": 2/",
		"s/\"version\": 1/\"version\": \"1\"/",
		"s/\"version\"/\"revision\"/",
	};
	const struct accepted accepted = make_accepted(&crl);

	for (size_t i = 0; i < COUNT_OF(edits_of); i++) {
		enum accepted_state is = ACCEPTED_LOST;
		char detail[PATH_SIZE], path[PATH_SIZE];
		struct accepted have = { .accepted_at_s = 77 };
		struct error err = {0};

		save(&accepted, &crl);
		path_in(path, own, "accepted.json");
		fixture_run(folder, (const char *const[]){ "sed", "-i",
		    edits_of[i], path, NULL });
		assert_refusal(edits_of[i], ERR_FORMAT, "version",
		    accepted_load(&config, "r", root, &is, &have, detail,
		    sizeof(detail), &err), &err);
		assert_int_equal(have.accepted_at_s, 77);
	}
}

TEST(a_crl_that_does_not_verify_is_none)
{
	const struct accepted accepted = make_accepted(&crl);
	struct buffer *const damaged[] = { &others, &crl, &crl, &crl };

	for (size_t i = 0; i < COUNT_OF(damaged); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		struct span file = span_of_buffer(damaged[i]);
		struct crl_facts facts;
		struct error err = {0};
		uint8_t *last = damaged[i]->data + file.size - 1;

		save(&accepted, &crl);
		*last ^= i == 1;
		file.size -= i == 2;
		file.size = i == 3 ? 0 : file.size;
		fixture_write(own, "accepted.crl", file);
		*last ^= i == 1;
		FINE(accepted_load_crl(&config, "r", root, &der, &facts, &err));
		assert_int_equal(der.size, 0);
	}
}
