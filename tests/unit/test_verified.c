/* SPDX-License-Identifier: ISC */
/* What is remembered of verifications, and when that is believed. */
#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "sub/verified/verified.h"
#include "test.h"

#define NOBODY 65534

static char folder[FIXTURE_PATH_SIZE];	/* of the CA */
static char place[FIXTURE_PATH_SIZE];	/* of the state, per test */
static char verdicts[PATH_SIZE];	/* in it */
static struct config_root configured = { .name = "r" };
static struct config config = { .path = "x.cfg", .state = place,
	.roots = &configured, .root_count = 1 };
static struct cert *root, *renewed;
static const uint8_t one[SHA256_SIZE] = { 1 }, two[SHA256_SIZE] = { 2 };

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "p256");
	fixture_openssl(folder, "req -x509 -new -config root.cnf -extensions "
	    "root_ext -key root.key -days 9 -out renewed.pem");
	root = load_cert(folder, "root");
	renewed = load_cert(folder, "renewed");
	return 0;
}

static int
tear_down(void **state)
{
	cert_free(root);
	cert_free(renewed);
	return 0;
}

AROUND_ALL(set_up, tear_down)

static int
enter(void **state)
{
	fixture_make_folder(place);
	path_in(verdicts, place, "verdicts");
	return 0;
}

AROUND_EACH(enter, NULL)

static bool
knows_one(void)
{
	RELEASE_VERIFIED struct verified verified = {0};

	verified_load(&config, "r", &verified);
	return verified_has(&verified, VERIFIED_CRL, one, root);
}

static void
save_one(const char *name)
{
	RELEASE_VERIFIED struct verified verified = {0};

	verified_add(&verified, VERIFIED_CRL, one, root);
	verified_save(&config, name, &verified);
}

/* Run a shell's command in the state. */
static void
change(const char *command)
{
	fixture_run(place, (const char *const[]){ "sh", "-c", command, NULL });
}

TEST(only_what_was_added_is_known)
{
	RELEASE_VERIFIED struct verified verified = {0};

	assert_false(verified_has(NULL, VERIFIED_CRL, one, root));
	verified_add(NULL, VERIFIED_CRL, one, root);
	assert_false(verified_has(&verified, VERIFIED_CRL, one, root));
	verified_add(&verified, VERIFIED_CRL, one, root);
	verified_add(&verified, VERIFIED_CRL, one, root);
	assert_int_equal(verified.count, 1);
	assert_true(verified_has(&verified, VERIFIED_CRL, one, root));
	assert_false(verified_has(&verified, VERIFIED_CRL, two, root));
	assert_false(verified_has(&verified, VERIFIED_OPENSSL, one, root));
	assert_false(verified_has(&verified, VERIFIED_ISSUED, one, root));
	assert_false(verified_has(&verified, VERIFIED_SERIALS, one, root));
	/* The same name and key in another certificate. */
	assert_true(cert_is_same_ca(root, renewed));
	assert_false(verified_has(&verified, VERIFIED_CRL, one, renewed));
}

TEST(a_text_comes_back_without_what_nobody_asked_for)
{
	RELEASE_VERIFIED struct verified first = {0};
	RELEASE_VERIFIED struct verified second = {0};
	RELEASE_VERIFIED struct verified third = {0};
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	verified_add(&first, VERIFIED_CRL, one, root);
	verified_add(&first, VERIFIED_ISSUED, two, root);
	FINE(verified_encode(&first, &text, &err));
	assert_int_equal(text.size, 20 + 2 * 65);
	assert_true(verified_decode(span_of_buffer(&text), &second));
	assert_int_equal(second.count, 2);
	assert_true(verified_has(&second, VERIFIED_ISSUED, two, root));
	text.size = 0;
	FINE(verified_encode(&second, &text, &err));
	assert_true(verified_decode(span_of_buffer(&text), &third));
	assert_true(verified_has(&third, VERIFIED_ISSUED, two, root));
	assert_false(verified_has(&third, VERIFIED_CRL, one, root));
}

#define HEADER "crlferry-verdicts 1\n"
#define SIXTEEN "0123456789abcdef"
#define KEY SIXTEEN SIXTEEN SIXTEEN SIXTEEN

TEST(a_text_is_understood_or_it_is_not)
{
	static const struct {
		const char *name;
		const char *text;
		bool want;
	} rows[] = {
		{ "nothing known", HEADER, true },
		{ "one", HEADER KEY "\n", true },
		{ "the same twice", HEADER KEY "\n" KEY "\n", true },
		{ "empty", "", false },
		{ "no header", KEY "\n", false },
		{ "another version", "crlferry-verdicts 2\n" KEY "\n", false },
		{ "cut", HEADER SIXTEEN "\n", false },
		{ "cut before the LF", HEADER KEY, false },
		{ "cut behind one", HEADER KEY "\n0123", false },
		{ "no digit", HEADER SIXTEEN SIXTEEN SIXTEEN
		    "0123456789abcdeg\n", false },
		{ "CR LF", HEADER KEY "\r\n", false },
		{ "more in a line", HEADER KEY " \n", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_VERIFIED struct verified verified = {0};

		if (verified_decode(span_of_text(rows[i].text), &verified) !=
		    rows[i].want)
			fail_msg("%s", rows[i].name);
		if (!rows[i].want)
			assert_int_equal(verified.count, 0);
	}
}

TEST(they_are_kept_in_the_state)
{
	struct stat st;
	char path[PATH_SIZE];

	assert_false(knows_one());
	save_one("r");
	assert_true(knows_one());
	path_in(path, verdicts, "r");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(count_entries(verdicts, ""), 1);
}

TEST(what_is_known_already_is_not_written_again)
{
	RELEASE_VERIFIED struct verified verified = {0};

	save_one("r");
	verified_load(&config, "r", &verified);
	assert_true(verified_has(&verified, VERIFIED_CRL, one, root));
	change("rm verdicts/r");
	verified_save(&config, "r", &verified);
	assert_false(knows_one());
}

TEST(no_state_is_made)
{
	RELEASE_VERIFIED struct verified verified = {0};
	struct config none = config;
	char path[PATH_SIZE];

	path_in(path, place, "none");
	none.state = path;
	verified_load(&none, "r", &verified);
	verified_add(&verified, VERIFIED_CRL, one, root);
	verified_save(&none, "r", &verified);
	verified_prune(&none);
	assert_int_equal(count_entries(place, "none"), 0);
}

/* With is_mended, by the next that is saved. */
TEST(nobody_else_is_believed)
{
	static const struct {
		const char *name;
		const char *spoil;
		bool needs_root;
		bool is_mended;
	} rows[] = {
		{ "file that its group may write", "chmod 664 verdicts/r",
		    false, true },
		{ "file that all may write", "chmod 646 verdicts/r", false,
		    true },
		{ "folder that its group may write", "chmod 775 verdicts",
		    false, false },
		{ "folder that all may write", "chmod 777 verdicts", false,
		    false },
		{ "sticky folder that all may write", "chmod 1777 verdicts",
		    false, false },
		{ "state that all may write", "chmod 777 .", false, false },
		{ "another's file", "chown 65534 verdicts/r", true, true },
		{ "another's folder", "chown 65534 verdicts", true, false },
		{ "another's state", "chown 65534 .", true, false },
		{ "link", "mv verdicts/r r && ln -s ../r verdicts/r", false,
		    true },
		{ "link of the folder", "mv verdicts v && ln -s v verdicts",
		    false, false },
		{ "folder in its place", "rm verdicts/r && mkdir verdicts/r",
		    false, false },
		{ "file in the folder's place", "rm -r verdicts && "
		    "cp /dev/null verdicts", false, false },
		{ "FIFO", "rm verdicts/r && mkfifo verdicts/r", false, true },
		{ "damaged", "printf x >> verdicts/r", false, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].needs_root && geteuid() != 0)
			continue;
		fixture_make_folder(place);
		save_one("r");
		assert_true(knows_one());
		change(rows[i].spoil);
		if (knows_one())
			fail_msg("%s: was believed", rows[i].name);
		save_one("r");
		if (knows_one() != rows[i].is_mended)
			fail_msg("%s: want it %s", rows[i].name,
			    rows[i].is_mended ? "mended" : "left alone");
	}
}

/* A monitoring user takes root's word. */
TEST(root_is_believed)
{
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(place, 0755), 0);
	save_one("r");
	assert_int_equal(seteuid(NOBODY), 0);
	if (eaccess(place, X_OK) == 0) {
		assert_true(knows_one());
		save_one("other");
	}
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(count_entries(verdicts, ""), 1);
}

TEST(a_root_that_is_gone_takes_its_own_with_it)
{
	save_one("r");
	save_one("gone");
	change("cp verdicts/gone verdicts/.hidden; mkdir verdicts/folder; "
	    "echo text > verdicts/text; ln -s gone verdicts/link");
	verified_prune(&config);
	change("test ! -e verdicts/gone && test -f verdicts/r && "
	    "test -f verdicts/.hidden && test -d verdicts/folder && "
	    "test -f verdicts/text && test -L verdicts/link");
}

TEST(a_crl_is_told_and_asked)
{
	RELEASE_VERIFIED struct verified verified = {0};
	struct crl crl = {0};

	verified_tell(&verified, &crl, one, root);
	assert_false(crl.is_verified);
	assert_false(crl.is_unrepeated);
	verified_learn(&verified, &crl, one, root);
	assert_int_equal(verified.count, 0);
	crl.is_verified = true;
	verified_learn(&verified, &crl, one, root);
	/* By another key. */
	assert_int_equal(verified.count, 0);
	memcpy(crl.verified_spki_sha256, root->spki_sha256, SHA256_SIZE);
	crl.is_unrepeated = true;
	verified_learn(&verified, &crl, one, root);
	assert_int_equal(verified.count, 2);
	crl = (struct crl){0};
	verified_tell(&verified, &crl, one, renewed);
	assert_false(crl.is_verified || crl.is_unrepeated);
	verified_tell(&verified, &crl, one, root);
	assert_true(crl.is_verified && crl.is_unrepeated);
	assert_memory_equal(crl.verified_spki_sha256, root->spki_sha256,
	    SHA256_SIZE);
}
