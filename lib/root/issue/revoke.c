/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "root/history/subjects.h"
#include "root/issue/revoke_target.h"
#include "site/certfile.h"

/* One revocation on its way into the index. */
struct revoking {
	struct history *history;
	const struct config_root *root;
	const struct revoke_options *options;
	struct notices *notices;
	struct cert *cert;		/* the root's */
	struct revoke_target target;
	struct revocation revocation;
	uint8_t hold[INDEX_HOLD_MAX];
	char serial[SERIAL_TEXT_SIZE];
	struct index_entry entry;
	struct buffer subject;		/* as OpenSSL writes it; of cert */
	struct buffer shown;		/* the index's, else that, for people */
	char name[SUBJECT_SIZE];	/* the same, short; "": not known */
	char beside[SUBJECT_SIZE];	/* " (CN=x)", or nothing */
	bool is_known;			/* entry is the index's line */
	bool is_recorded;		/* the ledger has a line of it */
};

static void
revoking_release(struct revoking *revoking)
{
	cert_free(revoking->cert);
	cert_free(revoking->target.cert);
	index_entry_release(&revoking->entry);
	buffer_release(&revoking->subject);
	buffer_release(&revoking->shown);
}

void
revoked_release(struct revoked *revoked)
{
	buffer_release(&revoked->subject);
}

static enum err
load_root(struct revoking *revoking, struct error *err)
{
	const struct config *config = revoking->history->config;
	const struct config_root *root = revoking->root;
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	if (root->signing == NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG,
		    "%s:%u: %s has no group \"signing\", whose index could "
		    "take the revocation", config->path, root->line,
		    root->name), "revoke with the program that signs for this "
		    "root, and take its next CRL: crlferry-root adopt%s %s "
		    "FILE", config_option(config), root->name);
	TRY(certfile_load(root->certificate, &revoking->cert, err));
	if (revoking->options->now_s >= revoking->cert->not_before_s)
		return ERR_OK;
	utc_format(revoking->cert->not_before_s, want);
	utc_format(revoking->options->now_s, have);
	return err_remedy(err, err_fail(err, ERR_CLOCK, "this machine's clock "
	    "says %s, before the root certificate's notBefore, %s", have,
	    want), "set the clock");
}

static enum err
choose_revocation(struct revoking *revoking, struct error *err)
{
	struct revoke_target *target = &revoking->target;
	enum lint_profile profile;

	TRY(revoke_target_find(revoking->options->what, revoking->cert, target,
	    revoking->notices, err));
	/* The profile's name was checked with the configuration. */
	if (!lint_profile_parse(revoking->root->profile, &profile))
		profile = LINT_RFC5280;
	TRY(revoke_reason_parse(revoking->options, profile,
	    target->cert == NULL ? revoking->cert->not_before_s :
	    target->cert->not_before_s, &revoking->revocation,
	    revoking->hold, err));
	revoking->revocation.serial = target->serial;
	serial_format(target->serial, revoking->serial);
	if (target->cert == NULL)
		return ERR_OK;
	TRY(cert_subject_oneline(target->cert, &revoking->subject, err));
	/* `openssl ca` says the serial for a certificate without a subject. */
	if (revoking->subject.size == 0)
		TRY(buffer_append_text(&revoking->subject, revoking->serial,
		    err));
	return ERR_OK;
}

/* What people call it, as long as a message has room for. */
static void
choose_name(struct revoking *revoking)
{
	RELEASE_SUBJECTS struct subjects subjects = {.root = revoking->root,
	    SUBJECTS_NONE};
	const struct index_subject_words words = index_subject_name(
	    span_of_buffer(revoking->is_known ? &revoking->entry.subject :
	    &revoking->subject));

	snprintf(revoking->name, sizeof(revoking->name), "%s", words.text);
	if (revoking->name[0] == '\0')
		subjects_of_subordinate(&subjects, revoking->target.serial,
		    revoking->name);
	subject_enclose(revoking->name, revoking->beside);
}

/* What index and ledger know; the index is read to its end, and sound. */
static enum err
look_up(struct revoking *revoking, struct error *err)
{
	const struct history_line *line = history_lines(revoking->history,
	    revoking->root->name);

	TRY(index_entry_find(revoking->root->signing->index,
	    revoking->target.serial, &revoking->is_known, &revoking->entry,
	    err));
	TRY(index_subject_show(span_of_buffer(revoking->is_known ?
	    &revoking->entry.subject : &revoking->subject), &revoking->shown,
	    err));
	choose_name(revoking);
	for (; line != NULL && !revoking->is_recorded; line = line->next)
		revoking->is_recorded = history_line_is(line, "revoke") &&
		    history_line_says(line, "serial", revoking->serial);
	return ERR_OK;
}

/*
 * The index may have letters as they are where OpenSSL writes escapes: it is
 * what people see that must be the same.
 */
static enum err
check_subject(const struct revoking *revoking, struct error *err)
{
	const struct span have = span_of_buffer(&revoking->shown);
	RELEASE_BUFFER struct buffer mine = {0};
	struct span want;

	/* Older versions of openssl wrote nothing for no subject. */
	if (revoking->subject.data[0] != '/' && have.size == 0)
		return ERR_OK;
	TRY(index_subject_show(span_of_buffer(&revoking->subject), &mine,
	    err));
	want = span_of_buffer(&mine);
	if (span_equals(want, have))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s:%lu: want the "
	    "subject of %s, %s, have %s", revoking->root->signing->index,
	    revoking->entry.line, revoking->options->what,
	    index_subject_apart(want, have).text,
	    index_subject_apart(have, want).text), "if the line is of another "
	    "certificate with this serial, find out which; to revoke the "
	    "serial all the same, give %s in place of the file",
	    revoking->serial);
}

/* The line of this serial must be the line of this certificate. */
static enum err
check_line(const struct revoking *revoking, struct error *err)
{
	const struct index_entry *entry = &revoking->entry;
	const struct cert *cert = revoking->target.cert;
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	if (!revoking->is_known || cert == NULL)
		return ERR_OK;
	TRY(check_subject(revoking, err));
	if (cert->not_after_s == entry->not_after_s)
		return ERR_OK;
	utc_format(cert->not_after_s, want);
	utc_format(entry->not_after_s, have);
	return err_fail(err, ERR_FORMAT, "%s:%lu: want the notAfter of %s, "
	    "%s, have %s", revoking->root->signing->index, entry->line,
	    revoking->options->what, want, have);
}

/* The index says what was asked for, or more. */
static bool
is_same(const struct revocation *asked, const struct revocation *have)
{
	const int32_t reason = asked->reason == 0 ? -1 : asked->reason;

	return reason == have->reason &&
	    (!asked->has_invalidity || (have->has_invalidity &&
	    asked->invalidity_s == have->invalidity_s)) &&
	    (asked->hold.size == 0 || span_equals(asked->hold, have->hold));
}

/* CRLs are believed for what they said: a reason is not exchanged. */
static enum err
check_revoked(struct revoking *revoking, struct error *err)
{
	const struct revocation *have = &revoking->entry.revocation;
	char reason[INDEX_REASON_SIZE];
	char date[UTC_TEXT_SIZE];
	const char *word;

	TRY(index_reason_format(have, reason, err));
	utc_format(have->revoked_at_s, date);
	word = reason[0] == '\0' ? "unspecified" : reason;
	if (!is_same(&revoking->revocation, have))
		return err_remedy(err, err_fail(err, ERR_USAGE, "%s: "
		    "%s%s was revoked on %s, reason %s, which cannot be "
		    "changed", revoking->root->name, revoking->serial,
		    revoking->beside, date, word),
		    "nothing is to be done: it is revoked");
	notice(revoking->notices, "%s: %s%s is revoked already, on %s, "
	    "reason %s: the index is left as it is", revoking->root->name,
	    revoking->serial, revoking->beside, date, word);
	return ERR_OK;
}

static enum err
check_ended(const struct revoking *revoking, struct error *err)
{
	const struct cert *cert = revoking->target.cert;
	const int64_t end_s = revoking->is_known ?
	    revoking->entry.not_after_s :
	    cert != NULL ? cert->not_after_s : UTC_MAX_S;
	char date[UTC_TEXT_SIZE], now[UTC_TEXT_SIZE];

	if (end_s >= revoking->options->now_s &&
	    !(revoking->is_known && revoking->entry.status == 'E'))
		return ERR_OK;
	utc_format(end_s, date);
	utc_format(revoking->options->now_s, now);
	return err_remedy(err, err_fail(err, ERR_EXPIRED, "%s: the "
	    "certificate %s%s expired on %s: a CRL need not list it (this "
	    "machine's clock: %s)", revoking->root->name, revoking->serial,
	    revoking->beside, date, now),
	    "nothing is to be done, if the clock is right");
}

static enum err
judge(struct revoking *revoking, struct error *err)
{
	const char *index = revoking->root->signing->index;

	TRY(check_line(revoking, err));
	if (revoking->is_known && revoking->entry.status == 'R')
		return check_revoked(revoking, err);
	if (!revoking->is_known && !revoking->options->is_unknown_allowed)
		return err_remedy(err, err_fail(err, ERR_MISSING,
		    "%s has no serial %s%s (hex)", index, revoking->serial,
		    revoking->beside),
		    "check the serial; if the index has lost it, add "
		    "--unknown");
	if (revoking->is_known && revoking->options->is_unknown_allowed)
		notice(revoking->notices, "%s:%lu knows %s%s: --unknown has "
		    "no effect", index, revoking->entry.line,
		    revoking->serial, revoking->beside);
	return check_ended(revoking, err);
}

/* Loudly, should the certificate be a configured subordinate's. */
static void
find_subordinate(const struct revoking *revoking, struct revoked *out)
{
	const struct config_root *root = revoking->root;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *cert = NULL;
		struct error why;

		if (subordinate->certificate == NULL)
			continue;
		if (certfile_load(subordinate->certificate, &cert, &why) !=
		    ERR_OK) {
			notice_safety(revoking->notices, "cannot tell whether "
			    "this revokes the certificate of %s: %s",
			    subordinate->name, why.what);
			continue;
		}
		if (!span_equals(cert->serial, revoking->target.serial) ||
		    cert_check_issued_by(cert, revoking->cert, NULL) !=
		    ERR_OK)
			continue;
		snprintf(out->subordinate, sizeof(out->subordinate), "%s",
		    subordinate->name);
		notice(revoking->notices, "%s/%s: THIS IS ITS "
		    "CERTIFICATE: %s stops when the next CRL is installed%s",
		    root->name, subordinate->name, subordinate->name,
		    subordinate->is_retired ? "; it is marked retired" : "");
	}
}

static enum err
describe(const struct revoking *revoking, struct revoked *out,
    struct error *err)
{
	const struct revocation *what = &revoking->revocation;

	*out = (struct revoked){
	    .was_revoked = revoking->is_known &&
		revoking->entry.status == 'R',
	    .is_added = !revoking->is_known};
	if (out->was_revoked)
		what = &revoking->entry.revocation;
	out->revoked_at_s = what->revoked_at_s;
	out->has_invalidity = what->has_invalidity;
	out->invalidity_s = what->invalidity_s;
	memcpy(out->serial, revoking->serial, sizeof(out->serial));
	if (revoking->shown.size > 0) {
		TRY(buffer_append(&out->subject, revoking->shown.data,
		    revoking->shown.size, err));
		TRY(buffer_append(&out->subject, "", 1, err));
	}
	find_subordinate(revoking, out);
	return index_reason_format(what, out->reason, err);
}

static enum err
write_index(const struct revoking *revoking, struct error *err)
{
	const struct cert *cert = revoking->target.cert;
	const struct index_certificate certificate = {
	    cert == NULL ? 0 : cert->not_after_s,
	    span_of_buffer(&revoking->subject)};
	struct index_written written;

	return index_revoke(revoking->root->signing->index,
	    &revoking->revocation, 1, cert == NULL ? NULL : &certificate,
	    &written, err);
}

/*
 * A revocation that only the index has was made with another program, or by a
 * run that was cut off here: either way that is said.
 */
static enum err
record(const struct revoking *revoking, const struct revoked *revoked,
    struct error *err)
{
	char revoked_at[UTC_TEXT_SIZE], invalidity[UTC_TEXT_SIZE];
	struct ledger_event event = {
	    .event = "revoke", .root = revoking->root->name,
	    .at_s = revoking->options->now_s, .who = revoking->options->who,
	    .details = {{"serial", revoked->serial},
		{"reason", revoked->reason[0] == '\0' ? "unspecified" :
		revoked->reason}, {"revoked_at", revoked_at}}};
	struct ledger_detail *next = &event.details[3];

	utc_format(revoked->revoked_at_s, revoked_at);
	utc_format(revoked->invalidity_s, invalidity);
	if (revoked->has_invalidity)
		*next++ = (struct ledger_detail){"invalidity", invalidity};
	if (revoking->name[0] != '\0')
		*next++ = (struct ledger_detail){"subject", revoking->name};
	if (revoked->is_added)
		*next++ = (struct ledger_detail){"unknown", "yes"};
	if (revoked->was_revoked) {
		*next++ = (struct ledger_detail){"recorded",
		    "late, the index had it already"};
		notice(revoking->notices, "%s: the ledger lacked the "
		    "revocation of %s%s: entered now", revoking->root->name,
		    revoked->serial, revoking->beside);
	}
	return history_append(revoking->history, &event, revoking->notices,
	    err);
}

enum err
revoke(struct history *history, const struct config_root *root,
    const struct revoke_options *options, struct revoked *out,
    struct notices *notices, struct error *err)
{
	__attribute__((cleanup(revoking_release))) struct revoking revoking = {
	    .history = history, .root = root, .options = options,
	    .notices = notices};
	RELEASE_REVOKED struct revoked revoked = {0};

	TRY(load_root(&revoking, err));
	TRY(choose_revocation(&revoking, err));
	TRY(look_up(&revoking, err));
	TRY(judge(&revoking, err));
	TRY(describe(&revoking, &revoked, err));
	/*
	 * The index first: a revocation that stands and is not recorded can be
	 * recorded later, one that is recorded and does not stand is a lie.
	 */
	if (!revoked.was_revoked)
		TRY(write_index(&revoking, err));
	if (!(revoked.was_revoked && revoking.is_recorded))
		TRY(record(&revoking, &revoked, err));
	*out = revoked;
	revoked.subject = (struct buffer){0};
	return ERR_OK;
}
