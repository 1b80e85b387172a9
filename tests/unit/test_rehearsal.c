/* SPDX-License-Identifier: ISC */
/* A rehearsal's CA beside the real one, which it leaves alone. */
#include <sys/stat.h>
#include <time.h>

#include "base/prompt/passphrase.h"
#include "config_fixture.h"
#include "root/ceremony/rehearsal.h"
#include "root/export/export.h"
#include "root/history/archive.h"
#include "root/history/ledger.h"
#include "root/issue/issue.h"
#include "site/sealkeys.h"
#include "site/state.h"
#include "test.h"

#define LINE(reason, serial) "R\t361231235959Z\t251120081500Z" reason "\t" \
	serial "\tunknown\t/CN=x\n"
#define KEPT LINE(",keyCompromise", "1005") LINE("", "0C4E") \
	LINE(",keyTime,20251118000000Z", "3D2F9A0C77E1B45508F6D21C9BE4A730")

#define NOTE_KEY "RWQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAA"

static char folder[FIXTURE_PATH_SIZE];	/* the real CA */
static char parent[FIXTURE_PATH_SIZE];	/* of rehearsals */
static int64_t now_s;

static const char configuration[] =
    "state = \"state\"; air_gap = \"off\"; max_crl_bytes = \"5 GiB\";\n"
    "seal = { secret = \"none.key\"; };\n"
    "roots = (\n"
    "{ name = \"seal\"; certificate = \"one.pem\"; schedule = \"own\";\n"
    "  published_as = \"Root CA (1).crl\"; profile = \"br\";\n"
    "  microsoft = true;\n"
    "  signing = { key = \"one.key\"; index = \"one.index\";\n"
    "    crlnumber = \"one.crlnumber\"; digest = \"sha512\";\n"
    "    backdate = \"1 day 3 min\"; };\n"
    "  subordinates = ( { name = \"a\"; certificate = \"no.pem\";\n"
    "    note_key = \"" NOTE_KEY "\"; },\n"
    "    { name = \"b\"; retired = true; } ); },\n"
    "{ name = \"elsewhere\"; certificate = \"one.pem\";\n"
    "  schedule = \"own\"; },\n"
    "{ name = \"last\"; certificate = \"two.pem\"; schedule = \"own\";\n"
    "  signing = { key = \"two.key\"; index = \"two.index\";\n"
    "    crlnumber = \"none\"; }; } );\n";

static struct config *
load_real(void)
{
	struct config *config = NULL;
	struct error err = {0};

	FINE(load_text(folder, configuration, &config, &err));
	return config;
}

static void
issue(const struct config *config, size_t root, bool is_first, int64_t at_s,
    struct issued *out)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_HISTORY struct history history = {0};
	const struct passphrase_source nobody = { .fd = -1 };
	const struct config_words none = {0};
	const struct issue_options options = {
		.now_s = at_s, .confirmed_s = -1, .is_first = is_first,
		.acknowledged = &none, .passphrases = &nobody,
		.who = "test@host" };
	struct error err = {0};

	FINE(history_read(config, &history, &err));
	FINE(issue_root(&history, &config->roots[root], &options, out, &notices,
	    &err));
}

/* A CA whose last CRL has three entries, with two more in its index. */
static int
enter(void **state)
{
	FREE_CONFIG struct config *config = NULL;
	struct issued issued;
	struct error err = {0};

	fixture_make_folder(folder);
	fixture_make_folder(parent);
	fixture_make_ca(folder, "one", "p256");
	fixture_make_ca(folder, "two", "ed25519");
	copy_schedule(folder, "quarterly", "own");
	fixture_write_text(folder, "one.index", KEPT);
	fixture_run(folder, (const char *const[]){ "chmod", "600", "one.key",
	    "two.key", NULL });
	if (secret_start(NULL) != ERR_OK)
		return -1;
	config = load_real();
	/* openssl dates certificates by the clock. */
	now_s = (int64_t)time(NULL);
	FINE(state_prepare(config, &err));
	issue(config, 0, true, now_s, &issued);
	fixture_write_text(folder, "one.index", KEPT
	    LINE(",superseded", "2000") LINE("", "2001"));
	/* A rehearsal has no business with the real keys. */
	fixture_run(folder, (const char *const[]){ "rm", "one.key",
	    "two.key", NULL });
	return 0;
}

AROUND_EACH(enter, NULL)

/* Names, modes, times and digests of all that the real CA has. */
static void
take_stock(struct buffer *out)
{
	fixture_run(folder, (const char *const[]){ "sh", "-c", "{ find . "
	    "! -name 'stock*' ! -name fixture.log ! -path . -printf "
	    "'%p %m %T@\\n' | sort; find . -type f ! -name 'stock*' "
	    "! -name fixture.log -exec sha256sum {} + | sort; } >stock",
	    NULL });
	fixture_read(folder, "stock", out);
	assert_true(out->size > 0);
	fixture_run(folder, (const char *const[]){ "rm", "stock", NULL });
}

static void
rehearse(const struct config *config, struct rehearsal *out)
{
	const struct rehearsal_options how = {.parent = parent};
	struct error err = {0};

	FINE(rehearsal_prepare(config, &how, out, &err));
}

TEST(it_is_gone_when_it_is_over)
{
	FREE_CONFIG struct config *config = load_real();
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer after = {0};
	struct rehearsal rehearsal = REHEARSAL_NONE;
	struct stat status;

	take_stock(&before);
	rehearse(config, &rehearsal);
	assert_int_equal(stat(rehearsal.folder, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(count_entries(rehearsal.medium, ""), 0);
	assert_int_equal(count_entries(parent, "crlferry-rehearsal-"), 1);
	assert_no_temporaries("rehearsal", rehearsal.folder);
	assert_int_equal(count_entries(rehearsal.folder, "_index"), 0);
	rehearsal_release(&rehearsal);
	assert_int_equal(count_entries(parent, ""), 0);
	take_stock(&after);
	assert_true(span_equals(span_of_buffer(&before),
	    span_of_buffer(&after)));
	/* Once more does no harm. */
	rehearsal_release(&rehearsal);
	assert_int_equal(count_entries(folder, "one.index"), 1);
}

TEST(the_configuration_is_the_real_ones)
{
	FREE_CONFIG struct config *config = load_real();
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	const struct config_root *want, *have;

	rehearse(config, &rehearsal);
	assert_int_equal(rehearsal.config->root_count, 2);
	assert_null(config_find_root(rehearsal.config, "elsewhere"));
	assert_int_equal(rehearsal.config->air_gap, AIR_GAP_OFF);
	assert_true(rehearsal.config->max_crl_bytes == config->max_crl_bytes);
	for (size_t i = 0; i < 2; i++) {
		have = &rehearsal.config->roots[i];
		want = config_find_root(config, have->name);
		assert_memory_equal(&have->schedule, &want->schedule,
		    sizeof(want->schedule));
		assert_string_equal(have->profile, want->profile);
		assert_string_equal(have->published_as, want->published_as);
		assert_int_equal(have->is_microsoft, want->is_microsoft);
		assert_true(have->signing->backdate.seconds ==
		    want->signing->backdate.seconds);
		assert_memory_equal(have->signing->key, rehearsal.folder,
		    strlen(rehearsal.folder));
		assert_int_equal(have->subordinate_count,
		    want->subordinate_count);
	}
	have = &rehearsal.config->roots[0];
	assert_string_equal(have->signing->digest, "sha512");
	assert_null(have->subordinates[0].certificate);
	assert_null(have->subordinates[0].note_key);
	assert_false(have->subordinates[0].is_retired);
	assert_string_equal(have->subordinates[1].name, "b");
	assert_true(have->subordinates[1].is_retired);
}

static void
open_last(const struct config *config, const struct config_root *root,
    struct archived *out)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer pem = {0};
	FREE_CERT struct cert *cert = NULL;
	struct error err = {0};
	bool found = false;

	fixture_read("", root->certificate, &pem);
	FINE(cert_parse(span_of_buffer(&pem), &cert, &err));
	FINE(archive_open_last(config, root->name, cert, out, &found, &notices,
	    &err));
	assert_true(found);
}

/* The entries of both CRLs are the same in all that they say. */
static void
assert_same_entries(struct crl *a, struct crl *b)
{
	struct crl_entries walks[2];
	struct crl_entry entries[2];
	bool has[2] = { true, true };
	size_t count = 0;

	crl_entries_start(&walks[0], a);
	crl_entries_start(&walks[1], b);
	while (has[0]) {
		struct error err = {0};

		for (size_t i = 0; i < 2; i++)
			FINE(crl_entries_next(&walks[i], &entries[i], &has[i],
			    &err));
		assert_int_equal(has[0], has[1]);
		if (!has[0])
			break;
		count++;
		assert_true(span_equals(entries[0].serial,
		    entries[1].serial));
		assert_true(entries[0].revoked_at.at_s ==
		    entries[1].revoked_at.at_s);
		assert_int_equal(entries[0].reason, entries[1].reason);
		assert_int_equal(entries[0].has_invalidity,
		    entries[1].has_invalidity);
		if (entries[0].has_invalidity)
			assert_true(entries[0].invalidity_s ==
			    entries[1].invalidity_s);
	}
	assert_int_equal(count, 3);
}

TEST(the_last_crl_is_signed_anew)
{
	FREE_CONFIG struct config *config = load_real();
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	RELEASE_ARCHIVED struct archived want = ARCHIVED_NONE;
	RELEASE_ARCHIVED struct archived have = ARCHIVED_NONE;
	struct ledger_summary real, own;
	struct error err = {0};

	rehearse(config, &rehearsal);
	open_last(config, &config->roots[0], &want);
	open_last(rehearsal.config, &rehearsal.config->roots[0], &have);
	assert_int_equal(number_compare(&want.number, &have.number), 0);
	assert_true(want.crl.this_update.at_s == have.crl.this_update.at_s);
	assert_true(want.crl.next_update.at_s == have.crl.next_update.at_s);
	assert_same_entries(&want.crl, &have.crl);
	/* The other root has none yet, and gets none. */
	FINE(ledger_read(config, NULL, NULL, &real, &err));
	FINE(ledger_read(rehearsal.config, NULL, NULL, &own, &err));
	assert_int_equal(own.count, 1);
	assert_true(own.latest_s == real.latest_s);
}

TEST(issue_and_export_work)
{
	FREE_CONFIG struct config *config = load_real();
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer after = {0};
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	RELEASE_SEALKEYS struct sealkeys_secret seals = {0};
	RELEASE_NOTICES struct notices notices = {0};
	const struct passphrase_source nobody = { .fd = -1 };
	struct issued issued;
	RELEASE_HISTORY struct history history = {0};
	struct exported exported;
	struct error err = {0};

	take_stock(&before);
	rehearse(config, &rehearsal);
	issue(rehearsal.config, 0, false, now_s + 60, &issued);
	assert_int_equal(issued.revoked_count, 5);
	/* The real one was 0x1000. */
	assert_int_equal(issued.number.octets[NUMBER_OCTETS - 2], 0x10);
	assert_int_equal(issued.number.octets[NUMBER_OCTETS - 1], 1);
	issue(rehearsal.config, 1, true, now_s + 60, &issued);
	assert_int_equal(issued.revoked_count, 0);
	FINE(sealkeys_open(rehearsal.config, &nobody, &seals, &err));
	FINE(history_read(rehearsal.config, &history, &err));
	FINE(export_root(&history, &rehearsal.config->roots[0],
	    &(const struct export_options){ .medium = rehearsal.medium, .now_s =
	    now_s + 120, .who = "test@host", .seals = &seals }, &exported,
	    &notices, &err));
	take_stock(&after);
	assert_true(span_equals(span_of_buffer(&before),
	    span_of_buffer(&after)));
}

/* On the stick it has a folder of its own; its keys may be locked. */
TEST(a_stick_and_a_passphrase)
{
	FREE_CONFIG struct config *config = load_real();
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	RELEASE_SECRET struct secret passphrase = {0};
	RELEASE_BUFFER struct buffer key = {0};
	char stick[PATH_SIZE], left[PATH_SIZE], name[PATH_SIZE];
	const struct rehearsal_options how = {.parent = parent,
	    .medium = stick, .passphrase = &passphrase};
	struct error err = {0};

	path_in(stick, folder, "stick");
	path_in(left, folder, "stick/crlferry-rehearsal/crlferry/old");
	FINE(secret_new(3, &passphrase, &err));
	memcpy(passphrase.data, "abc", 3);
	fixture_run(folder, (const char *const[]){"mkdir", "-p", left, NULL});
	fixture_write_text(folder, "stick/mine", "x");
	FINE(rehearsal_prepare(config, &how, &rehearsal, &err));
	path_in(name, folder, "stick/crlferry-rehearsal");
	assert_string_equal(rehearsal.medium, name);
	assert_int_equal(count_entries(name, ""), 1);
	assert_int_equal(count_entries(name, "REHEARSAL.txt"), 1);
	fixture_read(rehearsal.folder, "seal.key", &key);
	assert_true(span_starts_with(span_of_buffer(&key),
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
	/* Nothing was written to it: nothing stays. */
	rehearsal_release(&rehearsal);
	assert_int_equal(count_entries(stick, ""), 1);
}

static void
refuse(const char *name, const struct config *config, const char *where,
    enum err want, const char *says)
{
	const struct rehearsal_options how = {.parent = where};
	struct rehearsal rehearsal, untouched;
	struct error err = {0};

	memset(&rehearsal, 0x5a, sizeof(rehearsal));
	untouched = rehearsal;
	assert_refusal(name, want, says, rehearsal_prepare(config, &how,
	    &rehearsal, &err), &err);
	assert_memory_equal(&rehearsal, &untouched, sizeof(rehearsal));
	assert_int_equal(count_entries(parent, ""), 0);
}

TEST(failures_leave_nothing_behind)
{
	FREE_CONFIG struct config *config = load_real();
	struct config one = *config;
	char path[PATH_SIZE];

	path_in(path, parent, "none");
	refuse("parent", config, path, ERR_MISSING, "none");
	one.roots = &config->roots[1];
	one.root_count = 1;
	refuse("no root signs", &one, parent, ERR_CONFIG, "\"signing\"");
	fixture_write_text(folder, "two.index", "garbage\n");
	fixture_write_text(folder, "state/seal/archive/004096.crl", "x");
	refuse("a damaged archive", config, parent, ERR_FORMAT,
	    "004096.crl");
	fixture_write_text(folder, "schedules/own.cfg", "every = 1;\n");
	refuse("a damaged schedule", config, parent, ERR_CONFIG, "own.cfg");
	fixture_run(folder, (const char *const[]){ "rm", "schedules/own.cfg",
	    NULL });
	refuse("no schedule", config, parent, ERR_CONFIG, "schedule");
	fixture_run(folder, (const char *const[]){ "rm", "two.index", NULL });
	fixture_run(folder, (const char *const[]){ "cp", "one.cnf",
	    "schedules/own.cfg", NULL });
	refuse("no index", config, parent, ERR_MISSING, "two.index");
	fixture_run(folder, (const char *const[]){ "rm", "one.pem", NULL });
	refuse("no certificate", config, parent, ERR_MISSING, "one.pem");
}
