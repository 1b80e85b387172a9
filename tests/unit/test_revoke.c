/* SPDX-License-Identifier: ISC */
/* A revocation on its way into index and ledger, and what is refused. */
#include <sys/stat.h>
/* It has a function of our name, for terminals. */
#define revoke revoke_terminal
#include <unistd.h>
#undef revoke

#include "revoke_fixture.h"
#include "root/issue/revoke.h"
#include "test.h"

AROUND_ALL(set_up, tear_down)
AROUND_EACH(enter, NULL)

/* One that is asked for; times are seconds after the root's notBefore. */
struct asked {
	const char *what;	/* one with a "." is a file of the folder */
	const char *reason;
	int64_t at_s;		/* 0: none */
	bool is_unknown_allowed;
	int64_t now_s;		/* 0: a month after notBefore */
};

static enum err
ask(const struct asked *asked, struct revoked *out, struct notices *notices,
    struct error *err)
{
	RELEASE_HISTORY struct history history = {0};
	char path[PATH_SIZE];
	const struct revoke_options options = {
		.what = strchr(asked->what, '.') == NULL ? asked->what : path,
		.reason = asked->reason, .has_at = asked->at_s != 0,
		.at_s = made_s + asked->at_s,
		.is_unknown_allowed = asked->is_unknown_allowed,
		.now_s = asked->now_s == 0 ? now_s : made_s + asked->now_s,
		.who = "me@here" };

	path_in(path, folder, asked->what);
	TRY(history_read(config, &history, err));
	return revoke(&history, &config->roots[0], &options, out, notices,
	    err);
}

/* What the index and the ledger say; nothing of what is not there. */
static void
read_both(struct buffer *out)
{
	char path[PATH_SIZE];
	struct stat st;

	out->size = 0;
	fixture_read(folder, INDEX, out);
	path_in(path, folder, LEDGER);
	if (lstat(path, &st) == 0)
		fixture_read(folder, LEDGER, out);
}

static void
assert_refused(const char *name, const struct asked *asked, enum err want,
    const char *says)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer after = {0};
	struct revoked revoked = { .serial = "untouched" };
	struct error err = {0};

	read_both(&before);
	assert_refusal(name, want, says, ask(asked, &revoked, &notices,
	    &err), &err);
	read_both(&after);
	if (!span_equals(span_of_buffer(&before), span_of_buffer(&after)))
		fail_msg("%s: want index and ledger as they were", name);
	assert_string_equal(revoked.serial, "untouched");
	assert_no_temporaries(name, folder);
}

#define HOUR_S 3600
#define TEN "1001020304050607080910"
#define LONG TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *name;
	struct asked asked;
	enum err want;
	const char *says;
} refusals[] = {
	{ "no reason", { "1001", NULL }, ERR_USAGE, "reason" },
	{ "no such reason", { "1001", "boredom" }, ERR_USAGE, "boredom" },
	{ "empty", { "1001", "" }, ERR_USAGE, "reason" },
	{ "none of an index", { "1001", "privilegeWithdrawn" }, ERR_USAGE,
	    "privilegeWithdrawn" },
	{ "none of a complete CRL", { "1003", "removeFromCRL" }, ERR_USAGE,
	    "removeFromCRL" },
	{ "keyTime without its time", { "1001", "keyTime" }, ERR_USAGE,
	    "--at" },
	{ "a time given twice", { "1001", "keyTime,20260101000000Z",
	    HOUR_S }, ERR_USAGE, "once" },
	{ "in the future", { "1001", "superseded", 31 * DAY_S }, ERR_USAGE,
	    "--at" },
	{ "known in the future", { "1001", "keyCompromise", 31 * DAY_S },
	    ERR_USAGE, "--at" },
	{ "before there was a root", { "1001", "superseded", -HOUR_S },
	    ERR_USAGE, "notBefore" },
	{ "for another reason", { "1002", "superseded" }, ERR_USAGE,
	    "keyCompromise" },
	{ "since another time", { "1002", "keyCompromise", HOUR_S },
	    ERR_USAGE, "revoked on 2026-01-02" },
	{ "since when is known", { "1008", "keyTime", HOUR_S }, ERR_USAGE,
	    "revoked on 2026-01-02" },
	{ "a hold for good", { "1003", "keyCompromise" }, ERR_USAGE,
	    "certificateHold" },
	{ "marked as ended", { "1004", "superseded" }, ERR_EXPIRED, "1004" },
	{ "ended", { "1006", "superseded" }, ERR_EXPIRED, "2020-01-01" },
	{ "not known", { "1009", "superseded" }, ERR_MISSING,
	    "has no serial 1009 (hex)" },
	{ "no such file", { "none.pem", "superseded" }, ERR_MISSING,
	    "none.pem" },
	{ "neither", { "neither", "superseded" }, ERR_MISSING, "neither" },
	{ "no certificate", { "root.cnf", "superseded" }, ERR_FORMAT, "" },
	{ "the root", { "root.pem", "superseded" }, ERR_USAGE, "root" },
	{ "another CA", { "other.pem", "superseded" }, ERR_ISSUER, "" },
	{ "too long", { LONG, "superseded", .is_unknown_allowed = true },
	    ERR_USAGE, "octets" },
	{ "before the root began", { "1001", "superseded",
	    .now_s = -HOUR_S }, ERR_CLOCK, "notBefore" },
};

TEST(a_refusal_changes_neither_index_nor_ledger)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++)
		assert_refused(refusals[i].name, &refusals[i].asked,
		    refusals[i].want, refusals[i].says);
	configure("profile = \"br\";", SIGNING);
	assert_refused("br", &(struct asked){ "1001", "unspecified" },
	    ERR_USAGE, "profile br");
	assert_refused("br", &(struct asked){ "1001", "certificateHold" },
	    ERR_USAGE, "profile br");
	configure("", "");
	assert_refused("nothing that signs", &(struct asked){ "1001",
	    "superseded" }, ERR_CONFIG, "signing");
}

/* An index, or a ledger, that cannot be believed. */
TEST(damage_is_refused_before_anything_is_written)
{
	static const char other_end[] =
	    "V\t" END "\t\t1005\tunknown\t/CN=sub\n";
	const struct asked of_sub = { "sub.pem", "superseded" };
	const struct asked of_1001 = { "1001", "superseded" };
	char other_subject[160];

	snprintf(other_subject, sizeof(other_subject), "%.*s/CN=subway\n",
	    (int)(strlen(sub_line) - strlen("/CN=sub\n")), sub_line);
	write_index(lines, other_subject);
	assert_refused("subject", &of_sub, ERR_FORMAT, "/CN=subway");
	write_index(lines, other_end);
	assert_refused("end", &of_sub, ERR_FORMAT, "2036-12-31");
	write_index(lines, "V\t" END "\t\t1001\tunknown\t/CN=twice\n");
	assert_refused("twice", &of_1001, ERR_FORMAT, INDEX);
	write_index(lines, "V\t" END "\t\t10");
	assert_refused("cut", &of_1001, ERR_FORMAT, INDEX);
	write_index(lines, sub_line);
	fixture_write_text(folder, LEDGER, "{\"event\":\"issue\"}\n");
	assert_refused("ledger", &of_1001, ERR_FORMAT, "ledger");
}

/* What index and ledger say of it then; @ is the time of the run, % of --at. */
static const struct {
	const char *name;
	struct asked asked;
	const char *line;
	const char *ledger;
} good[] = {
	{ "a word", { "1001", "superseded" },
	    "R\t" END "\t@,superseded\t1001\tunknown\t/CN=valid\n",
	    "\"reason\":\"superseded\"" },
	{ "unspecified", { "0x10:01", "unspecified" },
	    "R\t" END "\t@,unspecified\t1001\tunknown\t/CN=valid\n",
	    "\"reason\":\"unspecified\"" },
	{ "when", { "1001", "cessationOfOperation", HOUR_S },
	    "R\t" END "\t%,cessationOfOperation\t1001\tunknown\t/CN=valid\n",
	    "\"revoked_at\":" },
	{ "since when others may have the key",
	    { "1001", "keyCompromise", HOUR_S },
	    "R\t" END "\t@,keyTime,20%\t1001\tunknown\t/CN=valid\n",
	    "\"invalidity\":" },
	{ "even before there was a root", { "1001", "CACompromise",
	    -HOUR_S },
	    "R\t" END "\t@,CAkeyTime,20%\t1001\tunknown\t/CN=valid\n",
	    "\"invalidity\":" },
	{ "on hold", { "1001", "certificateHold" },
	    "R\t" END "\t@,certificateHold\t1001\tunknown\t/CN=valid\n",
	    "\"reason\":\"certificateHold\"" },
	{ "lost in the index", { "1009", "superseded",
	    .is_unknown_allowed = true },
	    "R\t99991231235959Z\t@,superseded\t1009\tunknown\t/CN=unknown\n",
	    "\"unknown\":\"yes\"" },
};

static void
fill_in(const char *pattern, int64_t at_s, char out[160])
{
	char text[16];

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '@' || *pattern == '%') {
			index_time(*pattern == '@' ? now_s : at_s, text);
			out += sprintf(out, "%s", text);
		} else {
			*out++ = *pattern;
		}
	}
	*out = '\0';
}

TEST(a_revocation_is_in_index_and_ledger)
{
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUFFER struct buffer both = {0};
		RELEASE_REVOKED struct revoked revoked = {
		    .was_revoked = true };
		struct error err = {0};
		char line[160];

		enter(NULL);
		assert_fine(good[i].name, ask(&good[i].asked, &revoked,
		    &notices, &err), &err);
		fill_in(good[i].line, made_s + good[i].asked.at_s, line);
		read_both(&both);
		if (!span_contains(span_of_buffer(&both), line) ||
		    !span_contains(span_of_buffer(&both), good[i].ledger))
			fail_msg("%s: want %sand %s, have %.*s",
			    good[i].name, line, good[i].ledger,
			    (int)both.size, (const char *)both.data);
		/* Every other line is as it was. */
		assert_true(span_contains(span_of_buffer(&both),
		    strchr(lines, '\n')));
		assert_false(revoked.was_revoked);
		assert_int_equal(revoked.is_added,
		    good[i].asked.is_unknown_allowed);
		assert_string_equal(revoked.subordinate, "");
	}
}

TEST(what_is_revoked_already_is_entered_once_in_the_ledger)
{
	static const struct asked same[] = { { "1002", "keyCompromise" },
		{ "1003", "certificateHold" }, { "1007", "unspecified" },
		{ "1008", "keyTime,20260101000000Z" },
		/* less than what is there, and so is that */
		{ "1008", "keyCompromise" } };

	for (size_t i = 0; i < COUNT_OF(same); i++) {
		RELEASE_NOTICES struct notices notices = {0};
		RELEASE_BUFFER struct buffer first = {0};
		RELEASE_BUFFER struct buffer second = {0};
		RELEASE_REVOKED struct revoked revoked = {0};
		struct error err = {0};
		char says[160];

		FINE(ask(&same[i], &revoked, &notices, &err));
		assert_true(revoked.was_revoked);
		assert_int_equal(revoked.revoked_at_s,
		    instant("2026-01-02T03:04:05Z"));
		read_both(&first);
		snprintf(says, sizeof(says), "had it already\","
		    "\"revoked_at\":\"2026-01-02T03:04:05Z\",\"root\":\"r\","
		    "\"sequence\":%zu,\"serial\":\"%s\"",
		    i < 4 ? i + 1 : 4, same[i].what);
		assert_true(span_contains(span_of_buffer(&first), says));
		assert_true(span_contains(span_of_buffer(&first), lines));
		revoked_release(&revoked);
		FINE(ask(&same[i], &revoked, &notices, &err));
		read_both(&second);
		assert_true(span_equals(span_of_buffer(&first),
		    span_of_buffer(&second)));
		assert_true(span_contains(span_of_buffer(&notices.lines),
		    "is revoked already, on 2026-01-02"));
	}
}

TEST(a_subordinate_is_named_loudly)
{
	RELEASE_NOTICES struct notices notices = {0};
	RELEASE_BUFFER struct buffer both = {0};
	RELEASE_REVOKED struct revoked revoked = {0};
	struct error err = {0};

	FINE(ask(&(struct asked){ "sub.pem", "superseded" }, &revoked, &notices,
	    &err));
	assert_string_equal(revoked.subordinate, "s");
	assert_string_equal((const char *)revoked.subject.data, "/CN=sub");
	assert_true(span_contains(span_of_buffer(&notices.lines),
	    "r/s: THIS IS ITS CERTIFICATE"));
	read_both(&both);
	assert_true(span_contains(span_of_buffer(&both),
	    ",superseded\t1005\tunknown\t/CN=sub\n"));
	assert_true(span_contains(span_of_buffer(&both), lines));
}
