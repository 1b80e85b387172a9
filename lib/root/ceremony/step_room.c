/* SPDX-License-Identifier: ISC */
/* Before anything is looked at: date, network, notes. */
#include <stdlib.h>
#include <string.h>

#include "root/ceremony/agreed.h"
#include "root/ceremony/steps.h"
#include "root/evidence/clock_gather.h"
#include "root/evidence/collect.h"
#include "root/issue/airgap.h"

#define DATE_TRIES 3
#define EMPTY_MAX 10	/* lines that are no try */
#define INTERFACES_MAX 16

/* The typed date against the clock, and the clock against what happened. */
static enum err
judge_clock(struct ceremony *c, const struct config_root *root,
    struct error *err)
{
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	RELEASE_NOTICES struct notices notices = {0};
	const struct ceremony_view *view;
	struct evidence_request request = {
	    .history = &c->history, .root = root, .now_s = c->dated_s,
	    .discarded = &c->discarded};
	bool is_last_discarded;

	TRY(ceremony_view_root(c, root, &view, err));
	request.cert = view->cert;
	request.last = view->crl.exists ? &view->last : NULL;
	TRY(evidence_gather(&request, &evidences, &is_last_discarded, &notices,
	    err));
	TRY(ceremony_take_notices(c, &notices, err));
	return clock_check(&evidences, &root->schedule, c->dated_s,
	    c->issue.utc_offset_s, c->journal.confirmed_s, err);
}

/* Today in UTC or in local time, and what --confirm-date said. */
static enum err
check_date(const struct ceremony *c, int64_t typed_s, struct error *err)
{
	const int64_t option_s = c->options->issue.confirmed_s;
	const int64_t today_s = utc_day_start(c->dated_s);
	const int64_t days = llabs(typed_s - today_s) / DAY_S;
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	utc_format_date(typed_s, have);
	utc_format_date(option_s >= 0 ? option_s : today_s, want);
	if (option_s >= 0 && option_s != typed_s)
		return err_remedy(err, err_fail(err, ERR_CLOCK, "the date "
		    "typed, %s, is not that of --confirm-date, %s", have,
		    want), "run the command again with today's date");
	if (typed_s != today_s && typed_s !=
	    utc_day_start(c->dated_s + c->issue.utc_offset_s))
		return err_remedy(err, err_fail(err, ERR_CLOCK, "the date "
		    "typed, %s, and this machine's clock, %s, differ by %lld "
		    "day%s", have, want, (long long)days, days == 1 ? "" :
		    "s"), "look at the calendar again: run the command again "
		    "and type its date, or set the clock");
	return ERR_OK;
}

/* Is it a date and nothing else? */
static bool
is_date(const char *answer, int64_t *out_s)
{
	return strlen(answer) == strlen("2026-11-22") &&
	    utc_parse(answer, out_s);
}

/* A date that will not do is asked for again; *why: what is wrong with it. */
static enum err
take_date(struct ceremony *c, const char *answer, int64_t *typed_s,
    struct error *why)
{
	if (!is_date(answer, typed_s))
		return err_remedy(why, err_fail(why, ERR_CLOCK, "today's date "
		    "is wanted as YYYY-MM-DD, for example 2026-11-30"),
		    "run the same command again");
	c->dated_s = c->io->now(c->io->context);
	return check_date(c, *typed_s, why);
}

/*
 * What was typed instead of a date may be anything, a passphrase too: the
 * minutes do not have it.
 */
static void
note_retry(struct ceremony *c, const char *answer, const struct error *why)
{
	int64_t typed_s;

	ceremony_repeat(c, "The date was asked for again: %.300s.",
	    is_date(answer, &typed_s) ? why->what :
	    "what was typed was none");
}

/* An empty line is no try. */
static enum err
ask_date(struct ceremony *c, int64_t *typed_s, struct error *err)
{
	char answer[JOURNAL_LINE_SIZE];
	struct error why;

	for (int left = DATE_TRIES, empty = EMPTY_MAX; left > 0;) {
		TRY(ceremony_ask(c, "Today's date, YYYY-MM-DD: ", answer,
		    sizeof(answer), err));
		if (answer[0] == '\0' && empty-- > 0)
			continue;
		if (take_date(c, answer, typed_s, &why) == ERR_OK)
			return ERR_OK;
		left--;
		if (left == 0)
			break;
		note_retry(c, answer, &why);
		TRY(ceremony_say(c, err, "No: %s.\nLook at the calendar, and "
		    "type its date, as YYYY-MM-DD; %d %s left. If the "
		    "calendar is right and the clock is not, press Ctrl-C and "
		    "set the clock.\n", why.what, left,
		    left == 1 ? "try is" : "tries are"));
	}
	return err_copy(err, &why);
}

enum err
ceremony_date(struct ceremony *c, struct error *err)
{
	char date[UTC_TEXT_SIZE], now[UTC_TEXT_SIZE];
	int64_t typed_s;

	TRY(ceremony_say(c, err, "Read today's date from a calendar, not from "
	    "this machine. Local time and UTC will both do. Enter alone asks "
	    "again.\n"));
	TRY(ask_date(c, &typed_s, err));
	c->journal.confirmed_s = typed_s;
	utc_format_date(typed_s, date);
	utc_format(c->dated_s, now);
	for (size_t i = 0; i < c->config->root_count; i++) {
		if (c->config->roots[i].signing != NULL)
			TRY(judge_clock(c, &c->config->roots[i], err));
	}
	TRY(ceremony_say(c, err, "The clock says %s. That fits the date, and "
	    "everything that is known to have happened before.\n", now));
	if (c->is_resumed)
		TRY(agreed_renew_ended(c, err));
	ceremony_outcome(c, "The date typed was %s, the clock said %s.", date,
	    now);
	return ERR_OK;
}

/* Interfaces that are up with leave: said, whatever air_gap says. */
static enum err
say_allowed(struct ceremony *c, struct error *err)
{
	char names[INTERFACES_MAX][64];
	const char *words[INTERFACES_MAX];
	struct config_words seen = {words, 0};
	bool found;

	while (seen.count < INTERFACES_MAX) {
		TRY(airgap_find(&seen, names[seen.count], sizeof(names[0]),
		    &found, err));
		if (!found)
			break;
		words[seen.count] = names[seen.count];
		TRY(ceremony_record(c, config_words_has(
		    &c->config->air_gap_allow, words[seen.count]) ?
		    JOURNAL_NOTICE : JOURNAL_DEVIATION, err,
		    "Network interface %s is up.", words[seen.count]));
		seen.count++;
	}
	if (seen.count == 0)
		ceremony_outcome(c, "No network interface is up.");
	else
		ceremony_outcome(c, "%zu network interface%s up; the "
		    "configuration permits it.", seen.count,
		    seen.count == 1 ? " is" : "s are");
	return ERR_OK;
}

enum err
ceremony_network(struct ceremony *c, struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};

	/* Its notices under "warn" are said below, interface by interface. */
	TRY(airgap_check(c->config, &notices, err));
	TRY(say_allowed(c, err));
	return ceremony_say(c, err, "%s\n", c->outcome);
}

static enum err
say_note(struct ceremony *c, const struct collected_note *note,
    struct error *err)
{
	static const char *const fates[] = {
	    [COLLECTED_NEW] = "taken in", [COLLECTED_KNOWN] = "known already",
	    [COLLECTED_SEEN] = "looked at, and left there"};
	const char *kind = note_kind_word(note->kind);
	char at[UTC_TEXT_SIZE], what[128] = "";

	if (note->fate == COLLECTED_ASIDE)
		return ceremony_record(c, JOURNAL_DEVIATION, err, "%s/%s: its "
		    "%s was set aside: %s", note->root, note->subordinate,
		    kind, note->why.what);
	utc_format(note->at_s, at);
	if (note->kind == NOTE_RECEIPT) {
		memcpy(what, ": ", sizeof(": "));
		collected_installed(note, what + 2, sizeof(what) - 2);
	}
	ceremony_outcome(c, "%s/%s: %s %llu of %s%s.", note->root,
	    note->subordinate, kind, (unsigned long long)note->sequence, at,
	    what);
	return ceremony_say(c, err, "  %s/%s: %s %llu of %s%s: %s\n",
	    note->root, note->subordinate, kind,
	    (unsigned long long)note->sequence, at, what,
	    fates[note->fate]);
}

/* What neither a rehearsal nor a dry run may change is only looked at. */
static enum err
collect_notes(struct ceremony *c, struct collected *collected,
    struct notices *notices, struct error *err)
{
	RELEASE_HISTORY struct history real = {0};
	const bool is_rehearsal = c->options->real != NULL;
	const struct collect_options options = {
	    .medium = is_rehearsal ? c->options->real_medium :
		c->options->medium,
	    .now_s = c->io->now(c->io->context), .who = c->issue.who,
	    .is_only_looked_at = is_rehearsal || c->options->is_dry_run,
	    .discarded = &c->discarded};

	if (is_rehearsal)
		TRY(history_read(c->options->real, &real, err));
	return collect_medium(is_rehearsal ? &real : &c->history, &options,
	    collected, notices, err);
}

enum err
ceremony_notes(struct ceremony *c, struct error *err)
{
	RELEASE_COLLECTED struct collected collected = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct error failure = {0};
	enum err judged;

	judged = collect_notes(c, &collected, &notices, &failure);
	for (size_t i = 0; i < collected.count; i++)
		TRY(say_note(c, &collected.notes[i], err));
	TRY(ceremony_take_notices(c, &notices, err));
	if (judged != ERR_OK)
		return err_copy(err, &failure);
	if (collected.count > 0)
		return ERR_OK;
	ceremony_outcome(c, "No notes were on the medium.");
	return ceremony_say(c, err, "%s\n", c->outcome);
}
