/* SPDX-License-Identifier: ISC */
/* When a root wants a new certificate, until when, and in which file. */
#include <sys/stat.h>

#include "base/file.h"
#include "instant.h"
#include "root/issue/reissue.h"
#include "rooms_fixture.h"
#include "test.h"

#define NOW "2026-11-30T12:00:00Z"

static char folder[FIXTURE_PATH_SIZE];

/* Each made by the key of the CA `root`. */
static const struct {
	const char *name;
	const char *digest;
	const char *begin, *end;
	bool is_weak, is_ending;
	const char *why;
} certs[] = {
	{ "sound", "-sha256", "20200101000000Z", "20400101000000Z", false,
	    false, "" },
	{ "md5", "-md5", "20200101000000Z", "20400101000000Z", true, false,
	    "it is signed with md5WithRSAEncryption" },
	{ "sha1", "-sha1", "20200101000000Z", "20270601000000Z", true, true,
	    "it is signed with sha1WithRSAEncryption, and it ends on "
	    "2027-06-01" },
	{ "ending", "-sha256", "20070601000000Z", "20270601000000Z", false,
	    true, "it ends on 2027-06-01" },
	{ "urgent", "-sha256", "20070601000000Z", "20261224000000Z", false,
	    true, "it ends on 2026-12-24" },
	{ "ended", "-sha256", "20070601000000Z", "20261024000000Z", false,
	    true, "it ended on 2026-10-24" },
};

static int
set_up(void **state)
{
	(void)state;
	fixture_make_folder(folder);
	fixture_make_ca(folder, "root", "rsa");
	fixture_write_text(folder, "serial", "01\n");
	fixture_openssl(folder, "req -new -config root.cnf -key root.key -out "
	    "root.csr");
	for (size_t i = 0; i < COUNT_OF(certs); i++)
		fixture_openssl(folder, "ca -config root.cnf -batch -notext "
		    "-selfsign -rand_serial -extensions root_ext -md %s "
		    "-startdate %s -enddate %s -in root.csr -out %s.pem",
		    certs[i].digest + 1, certs[i].begin, certs[i].end,
		    certs[i].name);
	return 0;
}

AROUND_ALL(set_up, NULL)

/* A root with an empty history in a new folder. */
struct stage {
	char state[FIXTURE_PATH_SIZE];
	struct config config;
	struct config_signing signing;
	struct config_root root;
	struct history history;
};

static void
set_stage(struct stage *stage)
{
	fixture_make_folder(stage->state);
	stage->config = (struct config){ .state = stage->state };
	stage->signing = (struct config_signing){ .key = "root.key" };
	stage->root = (struct config_root){ .name = "corp",
		.certificate = "root.pem", .signing = &stage->signing,
		.schedule.renew.months = 12,
		.schedule.renew_critical.seconds = 30 * DAY_S };
	stage->history = (struct history){0};
	assert_int_equal(history_read(&stage->config, &stage->history, NULL),
	    ERR_OK);
}

static void
stage_release(struct stage *stage)
{
	history_release(&stage->history);
}

#define RELEASE_STAGE __attribute__((cleanup(stage_release)))

static struct reissue_want
want_of(const struct stage *stage, const struct cert *cert)
{
	struct reissue_want want;
	struct error err = {0};

	FINE(reissue_is_wanted(&stage->history, &stage->root, cert,
	    instant(NOW), &want, &err));
	return want;
}

TEST(lint_or_the_calendar_ask_for_it)
{
	RELEASE_STAGE struct stage stage;

	set_stage(&stage);
	for (size_t i = 0; i < COUNT_OF(certs); i++) {
		FREE_CERT struct cert *cert = load_cert(folder,
		    certs[i].name);
		const struct reissue_want want = want_of(&stage, cert);

		print_message("%s\n", certs[i].name);
		assert_int_equal(want.is_wanted, certs[i].is_weak ||
		    certs[i].is_ending);
		assert_int_equal(want.is_weak, certs[i].is_weak);
		assert_int_equal(want.is_ending, certs[i].is_ending);
		assert_string_equal(want.why, certs[i].why);
		assert_int_equal(want.not_after_s, cert->not_after_s);
	}
}

TEST(what_cannot_be_done_here_is_not_wanted)
{
	FREE_CERT struct cert *cert = load_cert(folder, "md5");
	RELEASE_STAGE struct stage stage;

	set_stage(&stage);
	cert->is_self_issued = false;
	assert_false(want_of(&stage, cert).is_wanted);
	cert->is_self_issued = true;
	stage.root.signing = NULL;
	assert_false(want_of(&stage, cert).is_wanted);
}

/* Enter a certificate as reissue does. */
static void
enter(struct stage *stage, const struct cert *cert, const struct cert *old,
    char path[STATE_PATH_SIZE])
{
	char serial[REISSUED_SERIAL_SIZE], digest[2][SHA256_HEX_SIZE];
	char not_after[UTC_TEXT_SIZE];
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};
	uint8_t octets[SHA256_SIZE];
	const struct cert *both[] = { cert, old };
	struct ledger_event event = { .event = REISSUE_EVENT,
		.root = "corp", .at_s = instant(NOW), .who = "a@b",
		.details = { { "serial", serial }, { "sha256", digest[0] },
		    { "replaces", digest[1] }, { "not_after", not_after } } };

	for (size_t i = 0; i < COUNT_OF(both); i++) {
		FINE(sha256(span_of_buffer(&both[i]->der), octets, &err));
		sha256_hex(octets, digest[i]);
	}
	reissued_serial(cert, serial);
	utc_format(cert->not_after_s, not_after);
	FINE(reissued_keep(&stage->config, "corp", cert, path, &err));
	FINE(history_append(&stage->history, &event, &notices, &err));
}

static void
assert_newest(const struct stage *stage, const char *configured,
    const char *want, bool is_known, size_t notice_count)
{
	FREE_CERT struct cert *cert = load_cert(folder, configured);
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};
	struct span line;
	size_t count = 0;
	bool is_safety;

	FINE(reissued_find(&stage->history, &stage->root, cert, &newest,
	    &notices, &err));
	assert_int_equal(newest.cert != NULL, want != NULL);
	assert_int_equal(newest.is_known, is_known);
	if (want != NULL) {
		FREE_CERT struct cert *wanted = load_cert(folder, want);

		assert_true(span_equals(span_of_buffer(&newest.cert->der),
		    span_of_buffer(&wanted->der)));
	}
	while (notices_take(&notices, &line, &is_safety))
		count++;
	assert_int_equal(count, notice_count);
}

/* md5 was reissued as ending, and that as sound, which counts from then on. */
TEST(what_was_reissued_is_wanted_no_more)
{
	FREE_CERT struct cert *md5 = load_cert(folder, "md5");
	FREE_CERT struct cert *ending = load_cert(folder, "ending");
	FREE_CERT struct cert *sound = load_cert(folder, "sound");
	RELEASE_STAGE struct stage stage;
	char path[STATE_PATH_SIZE];
	struct error err = {0};

	set_stage(&stage);
	assert_newest(&stage, "md5", NULL, false, 0);
	enter(&stage, ending, md5, path);
	assert_newest(&stage, "md5", "ending", true, 0);
	assert_newest(&stage, "ending", NULL, true, 0);
	assert_true(want_of(&stage, md5).is_ending);
	assert_false(want_of(&stage, md5).is_weak);
	enter(&stage, sound, ending, path);
	assert_newest(&stage, "md5", "sound", true, 0);
	assert_newest(&stage, "ending", "sound", true, 0);
	assert_newest(&stage, "sound", NULL, true, 0);
	assert_newest(&stage, "urgent", "sound", true, 0);
	assert_false(want_of(&stage, md5).is_wanted);
	/* Without its file, or with another in it, it is none. */
	assert_int_equal(unlink(path), 0);
	assert_newest(&stage, "md5", NULL, false, 1);
	assert_true(want_of(&stage, md5).is_weak);
	FINE(file_replace(path, span_of_buffer(&md5->der), 0644, &err));
	assert_newest(&stage, "md5", NULL, false, 1);
}

/* Under this name there was another root. */
TEST(a_certificate_of_another_key_is_none)
{
	FREE_CERT struct cert *md5 = load_cert(folder, "md5");
	FREE_CERT struct cert *other = NULL;
	RELEASE_STAGE struct stage stage;
	char path[STATE_PATH_SIZE];

	fixture_make_ca(folder, "other", "p256");
	other = load_cert(folder, "other");
	set_stage(&stage);
	enter(&stage, other, md5, path);
	assert_newest(&stage, "md5", NULL, false, 0);
	assert_true(want_of(&stage, md5).is_weak);
}

TEST(it_lasts_as_long_as_before)
{
	const struct schedule schedule = {.renew = {.months = 12}};
	FREE_CERT struct cert *cert = load_cert(folder, "sound");

	assert_int_equal(reissue_default_end(cert, &schedule,
	    instant("2026-01-01")), instant("2046-01-01"));
	/* By a clock before its notBefore, the old end is the least. */
	assert_int_equal(reissue_default_end(cert, &schedule,
	    instant("2019-01-01")), cert->not_after_s);
	/* It does not end soon once more. */
	cert->not_after_s = cert->not_before_s + 60 * DAY_S;
	assert_int_equal(reissue_default_end(cert, &schedule,
	    instant("2026-01-01")), instant("2028-01-01"));
	cert->not_after_s = UTC_MAX_S;
	assert_int_equal(reissue_default_end(cert, &schedule, instant(NOW)),
	    UTC_MAX_S);
}
