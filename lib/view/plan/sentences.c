/* SPDX-License-Identifier: ISC */
#include "plan/when.h"
#include "view/plan/views.h"

#define DAYS_SHOWN 3	/* on which somebody stops */

/* A sentence in the making. */
struct sentence {
	const struct plan *plan;
	const struct agenda *agenda;
	int64_t now_s;
	struct buffer *out;
};

/* "2027-06-30 (in 10 days)" */
static enum err
say_date(const struct sentence *sentence, int64_t at_s, struct error *err)
{
	char date[WHEN_TEXT_SIZE];

	when_date_text(at_s, sentence->now_s, date);
	return buffer_append_text(sentence->out, date, err);
}

/* "Tuesday " */
static enum err
say_weekday(const struct sentence *sentence, int64_t at_s, struct error *err)
{
	return buffer_appendf(sentence->out, err, "%s ",
	    when_weekdays[utc_weekday(at_s)]);
}

/* "Tuesday 2027-07-06 (in 10 days), 10:00 local time" */
static enum err
say_ceremony(const struct sentence *sentence, struct error *err)
{
	const int minute = sentence->plan->schedule->at_minute;

	TRY(say_weekday(sentence, sentence->agenda->ceremony_s, err));
	TRY(say_date(sentence, sentence->agenda->ceremony_s, err));
	return buffer_appendf(sentence->out, err, ", %02d:%02d local time",
	    minute / 60, minute % 60);
}

/* Who stops, or has stopped, on the day of the first: how many are *count. */
static enum err
say_stop(const struct sentence *sentence, const struct agenda_stop *stops,
    size_t left, size_t *count, struct error *err)
{
	const char *names[PLAN_NAMES_MAX + 1] = {NULL};
	const int64_t day_s = utc_day_start(stops[0].on_s);
	const bool has_stopped = stops[0].on_s <= sentence->now_s;
	size_t many = 0;

	for (; many < left && utc_day_start(stops[many].on_s) == day_s &&
	    (stops[many].on_s <= sentence->now_s) == has_stopped; many++) {
		if (many <= PLAN_NAMES_MAX)
			names[many] = stops[many].subordinate;
	}
	*count = many;
	if (stops[0].subordinate[0] == '\0')
		return buffer_appendf(sentence->out, err,
		    "every subordinate of %s", sentence->plan->root);
	return plan_names(names, many, sentence->out, err);
}

/* "issuing-1 has been stopped since 2027-06-30 (5 days ago)" */
static enum err
say_stopped(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	const size_t running = agenda->stop_count - agenda->lacking_count;
	size_t count = 0;

	for (size_t at = 0; at < running &&
	    agenda->stops[at].on_s <= sentence->now_s; at += count) {
		const struct agenda_stop *stop = &agenda->stops[at];

		TRY(buffer_append_text(sentence->out, at > 0 ? ", and " : "",
		    err));
		TRY(say_stop(sentence, stop, running - at, &count, err));
		TRY(buffer_appendf(sentence->out, err,
		    " %s been stopped since ", count == 1 ? "has" : "have"));
		TRY(say_date(sentence, stop->on_s, err));
	}
	return ERR_OK;
}

/*
 * "; without it issuing-1 stops on 2027-06-30, and issuing-2 stops on
 * 2027-07-05".  A root that ends takes them with it, ceremony or not.
 */
static enum err
say_stops(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	const size_t running = agenda->stop_count - agenda->lacking_count;
	size_t at = 0, days = 0, count;
	char when[WHEN_TEXT_SIZE];

	while (at < running && agenda->stops[at].on_s <= sentence->now_s)
		at++;
	for (; at < running; at += count) {
		const struct agenda_stop *stop = &agenda->stops[at];

		if (agenda->has_root_end && stop->on_s >= agenda->root_end_s)
			return ERR_OK;
		if (days == DAYS_SHOWN)
			return buffer_appendf(sentence->out, err,
			    ", and %zu more later", running - at);
		TRY(buffer_append_text(sentence->out, days++ == 0 ?
		    "; without it " : ", and ", err));
		TRY(say_stop(sentence, stop, running - at, &count, err));
		when_text(stop->on_s, sentence->now_s, when);
		TRY(buffer_appendf(sentence->out, err, count == 1 ?
		    " stops on %s" : " stop on %s", when));
	}
	return ERR_OK;
}

/* "those of 2027-01-06 and 2027-07-06 were missed" */
static enum err
say_missed(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	char dates[PLAN_NAMES_MAX][UTC_TEXT_SIZE];
	const char *names[PLAN_NAMES_MAX];
	const size_t count = agenda->missed_count;

	for (size_t i = 0; i < count && i < PLAN_NAMES_MAX; i++) {
		utc_format_date(agenda->missed[i], dates[i]);
		names[i] = dates[i];
	}
	if (count > PLAN_NAMES_MAX) {
		TRY(buffer_appendf(sentence->out, err,
		    "all %zu since %s were missed", count, dates[0]));
	} else {
		TRY(buffer_append_text(sentence->out, count == 1 ?
		    "the one of " : "those of ", err));
		TRY(plan_names(names, count, sentence->out, err));
		TRY(buffer_append_text(sentence->out, count == 1 ?
		    " was missed" : " were missed", err));
	}
	if (agenda->is_root)
		return ERR_OK;
	return buffer_append_text(sentence->out, count == 1 ?
	    ", or its stick has not come" : ", or their sticks have not come",
	    err);
}

/* The next one, if it comes before anybody stops. */
static enum err
say_coming(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	char date[UTC_TEXT_SIZE], overdue[UTC_TEXT_SIZE];

	if (!agenda->has_coming || agenda->stop_count == 0 ||
	    agenda->coming_s >= agenda->stops[0].on_s)
		return ERR_OK;
	utc_format_date(agenda->coming_s, date);
	utc_format_date(agenda->deadline_s, overdue);
	if (agenda->coming_s < utc_day_start(sentence->now_s))
		return buffer_appendf(sentence->out, err, "; that of %s is "
		    "late, and overdue from %s on", date, overdue);
	TRY(buffer_append_text(sentence->out, "; the next is planned for ",
	    err));
	return say_date(sentence, agenda->coming_s, err);
}

/* Why one has to be held though none was missed. */
static enum err
say_too_late(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	char date[UTC_TEXT_SIZE];

	utc_format_date(agenda->ceremony_s, date);
	if (!agenda->has_ceremony)
		return buffer_append_text(sentence->out, "the CRL expires, "
		    "and no other is planned before the root's certificate "
		    "ends", err);
	if (agenda->ceremony_s >= agenda->stops[0].on_s)
		return buffer_appendf(sentence->out, err, "the CRL expires "
		    "before the next one, which is planned for %s", date);
	TRY(buffer_append_text(sentence->out, "the CRL expires, and the next "
	    "is planned for ", err));
	return say_date(sentence, agenda->ceremony_s, err);
}

static enum err
say_wait(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	const bool is_all = agenda->mend_count == 0 &&
	    agenda->concern_count == 0 && !agenda->differs;
	char date[UTC_TEXT_SIZE];

	TRY(buffer_append_text(sentence->out, "The next ceremony is on ",
	    err));
	TRY(say_ceremony(sentence, err));
	TRY(buffer_append_text(sentence->out, is_all ?
	    "; nothing is to be done before " :
	    "; it need not be prepared before ", err));
	utc_format_date(agenda->upcoming_s, date);
	if (agenda->upcoming_s == agenda->ceremony_s)
		return buffer_append_text(sentence->out, "then", err);
	return buffer_appendf(sentence->out, err, "%s, when reminders begin",
	    date);
}

static enum err
say_prepare(const struct sentence *sentence, struct error *err)
{
	TRY(buffer_append_text(sentence->out, "Prepare the ceremony of ",
	    err));
	TRY(say_ceremony(sentence, err));
	TRY(buffer_append_text(sentence->out, ": call the operator, the "
	    "witnesses and the keeper of the safe", err));
	return say_stops(sentence, err);
}

static enum err
say_today(const struct sentence *sentence, struct error *err)
{
	TRY(buffer_append_text(sentence->out, "Hold the ceremony of ", err));
	TRY(say_ceremony(sentence, err));
	return say_stops(sentence, err);
}

static enum err
say_late(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	char date[UTC_TEXT_SIZE], overdue[UTC_TEXT_SIZE];

	utc_format_date(agenda->ceremony_s, date);
	utc_format_date(agenda->deadline_s, overdue);
	TRY(buffer_append_text(sentence->out, "Hold the ceremony of ", err));
	TRY(say_weekday(sentence, agenda->ceremony_s, err));
	TRY(buffer_appendf(sentence->out, err, "%s by ", date));
	TRY(say_date(sentence, agenda->by_s, err));
	TRY(buffer_appendf(sentence->out, err, agenda->is_root ?
	    ": it is late, and overdue from %s on" :
	    ": its CRL has not come, and is overdue from %s on", overdue));
	return say_stops(sentence, err);
}

static enum err
say_hold(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;

	TRY(buffer_append_text(sentence->out, agenda->stop_count > 0 ?
	    "Hold a ceremony by " : "Hold a ceremony now", err));
	if (agenda->stop_count > 0)
		TRY(say_date(sentence, agenda->by_s, err));
	TRY(buffer_append_text(sentence->out, ": ", err));
	if (agenda->missed_count == 0) {
		TRY(say_too_late(sentence, err));
	} else {
		TRY(say_missed(sentence, err));
		TRY(say_coming(sentence, err));
	}
	return say_stops(sentence, err);
}

static enum err
say_hold_now(const struct sentence *sentence, struct error *err)
{
	TRY(buffer_append_text(sentence->out, "Hold a ceremony now: ", err));
	TRY(say_stopped(sentence, err));
	if (sentence->agenda->missed_count > 0) {
		TRY(buffer_append_text(sentence->out, "; ", err));
		TRY(say_missed(sentence, err));
	}
	return say_stops(sentence, err);
}

static enum err
say_succeed(const struct sentence *sentence, struct error *err)
{
	const struct agenda *agenda = sentence->agenda;
	const size_t running = agenda->stop_count - agenda->lacking_count;
	size_t count;

	TRY(buffer_append_text(sentence->out, "No ceremony is left: the "
	    "root's certificate ends on ", err));
	TRY(say_date(sentence, agenda->root_end_s, err));
	TRY(buffer_appendf(sentence->out, err, ", before another one; %s by "
	    "then", agenda->can_reissue ? "give it a new one (crlferry-root "
	    "reissue)" : "put its successor in place"));
	if (running == 0)
		return ERR_OK;
	TRY(buffer_append_text(sentence->out, ", or ", err));
	TRY(say_stop(sentence, agenda->stops, running, &count, err));
	return buffer_append_text(sentence->out, count == 1 ? " stops" :
	    " stop", err);
}

static enum err
say_ended(const struct sentence *sentence, struct error *err)
{
	const bool can_reissue = sentence->agenda->can_reissue;

	TRY(buffer_append_text(sentence->out, can_reissue ? "Hold a ceremony "
	    "now: the root's certificate ended on " :
	    "Replace the root: its certificate ended on ", err));
	TRY(say_date(sentence, sentence->agenda->root_end_s, err));
	TRY(buffer_append_text(sentence->out, can_reissue ? ", and it gives "
	    "it a new one" : ", and no ceremony helps any more", err));
	if (sentence->agenda->stop_count == 0)
		return ERR_OK;
	TRY(buffer_append_text(sentence->out, "; ", err));
	return say_stopped(sentence, err);
}

static enum err
say_nothing(const struct sentence *sentence, struct error *err)
{
	return buffer_append_text(sentence->out, "Nothing is to be done: no "
	    "subordinate in use needs its CRL", err);
}

enum err
plan_agenda_text(const struct plan *plan, int64_t now_s, struct buffer *out,
    struct error *err)
{
	static enum err (*const say[AGENDA_WHAT_COUNT])(
	    const struct sentence *sentence, struct error *err) = {
	    [AGENDA_NOTHING] = say_nothing,
	    [AGENDA_WAIT] = say_wait,
	    [AGENDA_PREPARE] = say_prepare,
	    [AGENDA_TODAY] = say_today,
	    [AGENDA_LATE] = say_late,
	    [AGENDA_HOLD] = say_hold,
	    [AGENDA_HOLD_NOW] = say_hold_now,
	    [AGENDA_SUCCEED] = say_succeed,
	    [AGENDA_ENDED] = say_ended,
	};
	const struct sentence sentence = {plan, &plan->agenda, now_s, out};

	if (plan->agenda.is_blind)
		return buffer_append_text(out, "Nothing can be said of days "
		    "until the clock of this machine is right.", err);
	TRY(say[plan->agenda.what](&sentence, err));
	return buffer_append_text(out, ".", err);
}
