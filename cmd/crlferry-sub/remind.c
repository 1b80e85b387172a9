/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../rows.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "site/config_keys.h"
#include "sub/watch/remind.h"
#include "sub/watch/reminded.h"
#include "sub/watch/sendmail.h"
#include "sub/watch/survey.h"
#include "sub_verbs.h"
#include "view/ics.h"
#include "view/ics_text.h"
#include "view/mail.h"

#define CALENDAR_YEARS 2

const struct cli_option remind_options[] = {
    {"to", "ADDRESS", "whom to remind; may be given several times"},
    {"sendmail", "FILE", "the program to send with, else that of PATH"},
    {"dry-run", NULL, "print the mail that would be sent, and send nothing"},
    {NULL},
};

/* One run: what people know, how things stand, and what that makes due. */
struct reminder {
	struct config_words to;
	struct reminded_file file;
	struct sub_survey survey;
	struct remind remind;
};

static void
reminder_release(struct reminder *reminder)
{
	reminded_release(&reminder->file);
	sub_survey_release(&reminder->survey);
}

static enum err
check_addresses(const struct config_words *to, struct error *err)
{
	if (to->count == 0)
		return err_remedy(err, err_fail(err, ERR_USAGE,
		    "--to is required"), "say whom to remind: --to ADDRESS");
	for (size_t i = 0; i < to->count; i++)
		TRY(sendmail_check_address(to->words[i], err));
	return ERR_OK;
}

/* The mail is read elsewhere: its commands name the whole path. */
static enum err
name_config(struct config *config, struct error *err)
{
	RELEASE_BUFFER struct buffer option = {0};
	char path[PATH_MAX];

	if (realpath(config->path, path) == NULL)
		return file_fail(err, config->path, "find");
	if (config->path[0] == '/')
		return ERR_OK;
	TRY(config_own_text(config, path, &config->path, err));
	TRY(buffer_append_text(&option, " --config ", err));
	TRY(shell_word_append(&option, path, err));
	TRY(buffer_append(&option, "", 1, err));
	return config_own_text(config, (const char *)option.data,
	    &config->option, err);
}

/*
 * The calendar of all roots.  A mail without one is better than no mail:
 * then *why says so.
 */
static enum err
make_calendar(struct invocation *invocation, const struct sub_survey *survey,
    struct span earlier, struct buffer *out, struct error *why)
{
	RELEASE_NOTICES struct notices unsaid = {0};
	RELEASE_PLANNING struct planning planning = {0};
	const struct notices said = invocation->notices;
	enum err code;

	if (survey->blind.code != ERR_OK)
		return err_copy(why, &survey->blind);
	/* What there is to note of plans is for those who ask for them. */
	invocation->notices = unsaid;
	code = planning_open(invocation, planning_look_surveyed,
	    &(struct planning_survey){survey->standings, survey->count},
	    invocation->now_s, CALENDAR_YEARS, &planning, why);
	unsaid = invocation->notices;
	invocation->notices = said;
	return code != ERR_OK ? code : plan_ics(planning.plans,
	    planning.count, &planning.span, earlier, out, why);
}

/* The pairs that are not fresh, the worst first; free *out. */
static enum err
list_pairs(const struct reminder *reminder, struct mail_pair **out,
    size_t *count, struct error *err)
{
	const struct reminded known = reminded_known(&reminder->file);
	const struct sub_survey *survey = &reminder->survey;

	*count = 0;
	*out = calloc(survey->count + 1, sizeof(**out));
	if (*out == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < survey->count; i++) {
		const struct standing *standing = &survey->standings[i];

		if (remind_is_open(standing))
			(*out)[(*count)++] = (struct mail_pair){standing,
			    remind_is_worse(&known, standing)};
	}
	mail_sort(*out, *count);
	return ERR_OK;
}

static enum err
compose(struct invocation *invocation, const struct reminder *reminder,
    struct buffer *calendar, struct buffer *out, struct error *err)
{
	struct error why = {0};
	struct mail_pair *pairs = NULL;
	struct mail mail = {.to = reminder->to.words,
	    .to_count = reminder->to.count, .who = invocation->who,
	    .config = invocation->config->path,
	    .option = config_option(invocation->config),
	    .now_s = invocation->now_s,
	    .standings = reminder->survey.standings,
	    .standing_count = reminder->survey.count};
	enum err code;

	if (make_calendar(invocation, &reminder->survey,
	    span_of_buffer(&reminder->file.uids), calendar, &why) != ERR_OK)
		calendar->size = 0;
	mail.calendar = span_of_buffer(calendar);
	mail.no_calendar = why.what;
	code = list_pairs(reminder, &pairs, &mail.pair_count, err);
	mail.pairs = pairs;
	if (code == ERR_OK)
		code = mail_compose(&mail, out, err);
	free(pairs);
	return code;
}

/* What people have now; without a calendar, they keep the one before. */
static enum err
keep_calendar(struct span calendar, struct reminded_file *file,
    struct error *err)
{
	char uid[REMINDED_UID_SIZE];

	if (calendar.size > 0)
		file->uids.size = 0;
	while (ics_next_uid(&calendar, uid, sizeof(uid)))
		TRY(buffer_appendf(&file->uids, err, "UID:%s\n", uid));
	return ERR_OK;
}

static enum err
report(struct invocation *invocation, const struct reminder *reminder,
    const char *did, struct error *err)
{
	static const char *const reasons[] = {[REMIND_FRESH] = "fresh",
	    [REMIND_KNOWN] = "known", [REMIND_WORSE] = "worse",
	    [REMIND_WEEK] = "week"};
	const struct remind *remind = &reminder->remind;
	RELEASE_ROWS struct rows rows = {0};
	char next[UTC_TEXT_SIZE] = "";

	if (remind->reason != REMIND_FRESH)
		utc_format(remind->next_s, next);
	for (size_t i = 0; i < reminder->to.count; i++) {
		rows_begin(&rows);
		rows_text(&rows, "to", reminder->to.words[i]);
		rows_text(&rows, "mail", did);
		rows_text(&rows, "reason", reasons[remind->reason]);
		rows_integer(&rows, "pairs",
		    (int64_t)reminder->survey.count);
		rows_integer(&rows, "open", (int64_t)remind->open_count);
		rows_integer(&rows, "worse", (int64_t)remind->worse_count);
		rows_text(&rows, "next", next[0] == '\0' ? NULL : next);
	}
	return rows_print(&rows, invocation, "crlferry-remind", "reminders",
	    err);
}

/* A retired pair is not well: nobody looks. */
static enum err
say_fresh(struct invocation *invocation, const struct reminder *reminder,
    struct error *err)
{
	size_t retired = 0, count;

	for (size_t i = 0; i < reminder->survey.count; i++)
		retired += reminder->survey.standings[i].facts->is_retired;
	count = reminder->survey.count - retired;
	if (count == 0)
		TRY(cli_say(invocation, err, "no mail: no pair is in use"));
	else
		TRY(cli_say(invocation, err, "no mail: all is well with %zu "
		    "pair%s", count, count == 1 ? "" : "s"));
	return retired == 0 ? cli_say(invocation, err, "\n") :
	    cli_say(invocation, err, " (%zu retired)\n", retired);
}

/* No mail; a state that became milder is kept nevertheless. */
static enum err
keep_silent(struct invocation *invocation, struct reminder *reminder,
    struct error *err)
{
	const struct remind *remind = &reminder->remind;
	char next[UTC_TEXT_SIZE], last[UTC_TEXT_SIZE];

	if (!cli_flag(invocation, "dry-run"))
		TRY(reminded_save(invocation->config, &reminder->to,
		    &reminder->file, reminder->survey.standings,
		    reminder->survey.count, err));
	TRY(report(invocation, reminder, "none", err));
	if (remind->reason == REMIND_FRESH)
		return say_fresh(invocation, reminder, err);
	utc_format(reminder->file.at_s, last);
	utc_format(remind->next_s, next);
	return cli_say(invocation, err, "no mail: nothing is worse than in "
	    "the mail of %s; the next is due %s\n", last, next);
}

static enum err
send(struct invocation *invocation, struct reminder *reminder,
    struct error *err)
{
	RELEASE_BUFFER struct buffer mail = {0}, calendar = {0};
	struct reminded_file *file = &reminder->file;
	const bool is_dry = cli_flag(invocation, "dry-run");

	TRY(compose(invocation, reminder, &calendar, &mail, err));
	if (is_dry && !invocation->is_json)
		return buffer_append(&invocation->output, mail.data, mail.size,
		    err);
	reminder->remind.next_s = invocation->now_s + REMIND_WEEK_S;
	if (is_dry)
		return report(invocation, reminder, "due", err);
	TRY(sendmail_send(cli_value(invocation, "sendmail"), &reminder->to,
	    span_of_buffer(&mail), err));
	/* A crash before this is in place repeats the mail, and loses none. */
	file->has_mail = true;
	file->at_s = invocation->now_s;
	TRY(keep_calendar(span_of_buffer(&calendar), file, err));
	TRY(reminded_save(invocation->config, &reminder->to, file,
	    reminder->survey.standings, reminder->survey.count, err));
	TRY(report(invocation, reminder, "sent", err));
	for (size_t i = 0; i < reminder->to.count; i++)
		TRY(cli_say(invocation, err, "%s%s", i == 0 ? "mail sent to " :
		    ", ", reminder->to.words[i]));
	return cli_say(invocation, err, ": %zu of %zu pair%s need%s "
	    "attention\n", reminder->remind.open_count,
	    reminder->survey.count, reminder->survey.count == 1 ? "" : "s",
	    reminder->remind.open_count == 1 ? "s" : "");
}

enum err
cmd_remind(struct invocation *invocation, struct error *err)
{
	__attribute__((cleanup(reminder_release))) struct reminder reminder =
	    {0};
	const char *words[CLI_VALUES_MAX];
	const struct config_words all = {NULL, 0};
	struct reminded known;

	reminder.to = cli_values(invocation, "to", words);
	TRY(check_addresses(&reminder.to, err));
	TRY(name_config(invocation->config, err));
	TRY(sub_survey(invocation->config, &all, invocation->now_s,
	    SURVEY_ROOTS, &reminder.survey, &invocation->notices, err));
	TRY(reminded_load(invocation->config, &reminder.to, &reminder.file,
	    &invocation->notices, err));
	known = reminded_known(&reminder.file);
	remind_decide(&known, reminder.survey.standings,
	    reminder.survey.count, invocation->now_s, &reminder.remind);
	if (reminder.remind.reason == REMIND_WORSE ||
	    reminder.remind.reason == REMIND_WEEK)
		TRY(send(invocation, &reminder, err));
	else
		TRY(keep_silent(invocation, &reminder, err));
	/* People know; whoever runs this shall know too. */
	return reminder.survey.blind.code == ERR_OK ? ERR_OK :
	    err_copy(err, &reminder.survey.blind);
}
