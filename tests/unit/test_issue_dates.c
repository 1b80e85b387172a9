/* SPDX-License-Identifier: ISC */
/* thisUpdate of a new CRL, and what it must not lie before. */
#include "index_fixture.h"
#include "root/issue/issue_rules.h"

#define NOW "2026-11-30T10:10:00Z"
#define R(date, serial) \
	"R\t361231235959Z\t" date "\t" serial "\tunknown\t/CN=x\n"

static struct config_signing signing;
static struct config_root root = {.name = "corp", .certificate = "root.pem",
    .signing = &signing, .schedule = {.validity = {.months = 7}}};
static struct cert cert;
static struct issue_options options;

AROUND_EACH(enter, NULL)

static int64_t
at(const char *time)
{
	int64_t at_s;

	assert_true(utc_parse(time, &at_s));
	return at_s;
}

/* An issue now, with ten minutes of backdate, of what is revoked. */
static struct issuing
issuing_now(const char *name, const char *index, struct notices *notices)
{
	static const struct config config = {.path = "crlferry.cfg"};
	static struct history history = {.config = &config};
	struct issuing issuing = {.history = &history, .root = &root,
	    .options = &options,
	    .notices = notices, .cert = &cert};

	options.now_s = at(NOW);
	signing.backdate.seconds = 600;
	/* Nobody is named: there is no such file. */
	signing.index = "index.none";
	cert.not_before_s = at("2020-01-01");
	cert.not_after_s = at("2040-01-01");
	load(name, index, &issuing.index);
	return issuing;
}

static void
assert_time(const char *name, int64_t have_s, const char *want)
{
	char have[UTC_TEXT_SIZE];

	utc_format(have_s, have);
	if (strcmp(have, want) != 0)
		fail_msg("%s: want %s, have %s", name, want, have);
}

TEST(it_does_not_precede_a_revocation)
{
	static const struct {
		const char *name, *index, *want;
		const char *serial;	/* that the notice names, or NULL */
	} rows[] = {
		{ "none", "", "2026-11-30T10:00:00Z", NULL },
		{ "long ago", R("240101000000Z", "1001"),
		    "2026-11-30T10:00:00Z", NULL },
		{ "in the second of the backdate", R("261130100000Z", "1001"),
		    "2026-11-30T10:00:00Z", NULL },
		{ "a second later", R("261130100001Z", "1001"),
		    "2026-11-30T10:00:01Z", "1001" },
		{ "a minute ago", R("261130100900Z", "1001"),
		    "2026-11-30T10:09:00Z", "1001" },
		{ "in this second", R("261130101000Z", "1001"), NOW, "1001" },
		{ "the latest of three, wherever it stands",
		    R("261130100300Z", "1001") R("261130100700Z", "1002")
		    R("261130100500Z", "1003"), "2026-11-30T10:07:00Z",
		    "1002" },
		{ "the first of two at once", R("261130100300Z", "1002")
		    R("261130100300Z", "1001"), "2026-11-30T10:03:00Z",
		    "1001" },
		{ "still to come", R("261130101001Z", "1001"),
		    "2026-11-30T10:00:00Z", NULL },
		{ "one still to come does not hide another",
		    R("270101000000Z", "1001") R("261130100500Z", "1002"),
		    "2026-11-30T10:05:00Z", "1002" },
		{ "not revoked", "V\t361231235959Z\t\t1001\tunknown\t/CN=x\n",
		    "2026-11-30T10:00:00Z", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUFFER struct buffer want = {0};
		struct error err = {0};
		struct issuing issuing = issuing_now(rows[i].name,
		    rows[i].index, &notices);

		assert_fine(rows[i].name, issuing_choose_dates(&issuing, &err),
		    &err);
		assert_time(rows[i].name, issuing.this_update_s, rows[i].want);
		if (rows[i].serial != NULL)
			FINE(buffer_appendf(&want, &err, "corp: thisUpdate is "
			    "backdated only to %s, when serial %s was "
			    "revoked\n",
			    rows[i].want, rows[i].serial));
		if (!span_equals(span_of_buffer(&want),
		    span_of_buffer(&notices.lines)))
			fail_msg("%s: want \"%.*s\", have \"%.*s\"",
			    rows[i].name, (int)want.size,
			    (const char *)want.data, (int)notices.lines.size,
			    (const char *)notices.lines.data);
		index_release(&issuing.index);
	}
}

/* The revocation was 5 minutes ago; other bounds may be later. */
TEST(the_latest_bound_counts)
{
	static const struct {
		const char *name, *not_before, *last;
		int64_t backdate_s;
		const char *want;
		bool is_told;
	} rows[] = {
		{ "the revocation", "2020-01-01", "2026-05-01", 600,
		    "2026-11-30T10:05:00Z", true },
		{ "no backdate", "2020-01-01", "2026-05-01", 0, NOW, false },
		{ "the root is younger", "2026-11-30T10:06:00Z", NULL, 600,
		    "2026-11-30T10:06:00Z", false },
		{ "the last CRL is younger", "2020-01-01",
		    "2026-11-30T10:06:00Z", 600, "2026-11-30T10:06:01Z",
		    false },
		{ "the last CRL is of the same second", "2020-01-01",
		    "2026-11-30T10:05:00Z", 600, "2026-11-30T10:05:01Z",
		    false },
		{ "the last CRL is a little older", "2020-01-01",
		    "2026-11-30T10:04:00Z", 600, "2026-11-30T10:05:00Z",
		    true },
		{ "the last CRL is of this second", "2020-01-01", NOW, 600,
		    "2026-11-30T10:10:01Z", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		struct error err = {0};
		struct issuing issuing = issuing_now(rows[i].name,
		    R("261130100500Z", "1001"), &notices);

		signing.backdate.seconds = rows[i].backdate_s;
		cert.not_before_s = at(rows[i].not_before);
		issuing.has_last = rows[i].last != NULL;
		if (issuing.has_last)
			issuing.last.crl.this_update.at_s = at(rows[i].last);
		assert_fine(rows[i].name, issuing_choose_dates(&issuing, &err),
		    &err);
		assert_time(rows[i].name, issuing.this_update_s, rows[i].want);
		assert_int_equal(rows[i].is_told, notices.lines.size > 0);
		index_release(&issuing.index);
	}
}

/* nextUpdate follows from where thisUpdate came to lie. */
TEST(next_update_follows)
{
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};
	struct issuing issuing = issuing_now("next", R("261130100500Z",
	    "1001"), &notices);

	FINE(issuing_choose_dates(&issuing, &err));
	assert_time("next", issuing.next_update_s, "2027-06-30T10:05:00Z");
	cert.not_after_s = at("2026-11-30T10:05:00Z");
	REFUSED(issuing_choose_dates(&issuing, &err), ERR_EXPIRED);
	index_release(&issuing.index);
}
