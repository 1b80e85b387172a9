/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ca/index.h"
#include "ca/index_crl.h"
#include "root/evidence/news.h"
#include "root/evidence/survey.h"
#include "root/evidence/vanished.h"
#include "root/history/admission.h"
#include "root/history/calendar.h"
#include "root/history/reissued.h"
#include "site/certfile.h"

/* One root, open for its pairs. */
struct view {
	const struct history *history;	/* NULL: the ledger is damaged */
	const struct error *damage;	/* and how */
	const struct config_root *root;
	struct cert *cert;
	struct archived last;
	bool has_last;
	uint64_t unpublished;
	int64_t unpublished_since_s;
	char trouble[VANISHED_TEXT_SIZE];	/* why no next CRL can be
					 * issued, or not exported */
	const char *remedy;	/* of it, if that is not the state's */
	bool is_reissued;	/* another certificate is the newest */
	bool has_calendar;
	struct calendar calendar;
	struct standing_news *news;	/* of each subordinate */
};

static void
view_release(struct view *view)
{
	cert_free(view->cert);
	archived_release(&view->last);
	free(view->news);
}

static void
free_flags(bool **flags)
{
	free(*flags);
}

/* How much of the index the last CRL lacks. */
static enum err
count_unpublished(struct view *view, struct error *err)
{
	__attribute__((cleanup(free_flags))) bool *is_published = NULL;
	RELEASE_INDEX struct index index = {0};
	struct revocation revocation;
	size_t offset = 0;

	TRY(index_load(view->root->signing->index, &index, err));
	is_published = calloc(index.count + 1, sizeof(bool));
	if (is_published == NULL)
		return err_no_memory(err);
	TRY(index_crl_compare(&index, &view->last.crl, is_published, NULL, NULL,
	    err));
	for (size_t i = 0; index_next(&index, &offset, &revocation); i++) {
		if (is_published[i])
			continue;
		if (view->unpublished == 0 ||
		    revocation.revoked_at_s < view->unpublished_since_s)
			view->unpublished_since_s = revocation.revoked_at_s;
		view->unpublished++;
	}
	return ERR_OK;
}

/* If the ledger is damaged the CRL still stands, judged by its date. */
static void
read_calendar(struct view *view, struct notices *notices)
{
	view->has_calendar = view->history != NULL;
	if (view->has_calendar)
		calendar_read(view->history, view->root, &view->last.number,
		    view->last.crl.this_update.at_s, &view->calendar);
	else
		notice(notices, "%s: whether the last CRL was an emergency is "
		    "not known: %s", view->root->name, view->damage->what);
}

/* The archive's last CRL may be sound, and yet not the root's last one. */
static enum err
look_for_vanished(struct view *view, struct notices *notices,
    struct error *err)
{
	const struct archived *last = view->has_last ? &view->last : NULL;
	struct vanished vanished;
	struct error why = *view->damage;

	if (view->history != NULL)
		why.code = vanished_find(view->history, view->root->name,
		    last, &vanished, &why);
	if (why.code == ERR_IO)
		return err_copy(err, &why);
	if (why.code != ERR_OK) {
		notice(notices, "%s: whether the archive has lost a CRL is "
		    "not known: %s", view->root->name, why.what);
		return ERR_OK;
	}
	if (!vanished.is_gone)
		return ERR_OK;
	vanished_text(&vanished, view->trouble);
	if (vanished_fail(&vanished, view->history->config, view->root, last,
	    false, &why) != ERR_OK)
		notice_safety(notices, "ATTENTION: %s", why.what);
	return ERR_OK;
}

/* It may be sound as well, and yet none that a subordinate takes. */
static enum err
look_for_misfit(const struct config *config, struct view *view,
    struct notices *notices, struct error *err)
{
	char line[ERROR_LINE_SIZE];
	struct crl_facts facts;
	struct error why;
	enum err code;

	code = admission_check_content(config, view->root, view->cert,
	    &view->last, &facts, notices, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	if (code == ERR_OK && !facts.has_next_update)
		view->remedy = "adopt or issue one that has it";
	if (code == ERR_OK || view->trouble[0] != '\0')
		return ERR_OK;
	snprintf(view->trouble, sizeof(view->trouble), "%.159s", why.what);
	view->remedy = "adopt or issue one that subordinates take";
	notice_safety(notices, "ATTENTION: %s", error_line(&why, line));
	return ERR_OK;
}

/* Has the root a newer certificate than the configuration names? */
static enum err
look_for_reissued(struct view *view, struct error *err)
{
	RELEASE_REISSUED struct reissued newest = {.cert = NULL};

	if (view->history == NULL)
		return ERR_OK;
	/* Export says it if its file is gone. */
	TRY(reissued_find(view->history, view->root, view->cert, &newest,
	    NULL, err));
	view->is_reissued = newest.cert != NULL;
	return ERR_OK;
}

static enum err
view_open(const struct config *config, struct view *view,
    struct notices *notices, struct error *err)
{
	struct error why;
	enum err code;

	view->news = calloc(view->root->subordinate_count + 1,
	    sizeof(*view->news));
	if (view->news == NULL)
		return err_no_memory(err);
	TRY(root_open(config, view->root, &view->cert, &view->last,
	    &view->has_last, notices, err));
	TRY(news_read(config, view->root, view->news, notices, err));
	TRY(look_for_reissued(view, err));
	TRY(look_for_vanished(view, notices, err));
	if (!view->has_last)
		return ERR_OK;
	TRY(look_for_misfit(config, view, notices, err));
	read_calendar(view, notices);
	if (view->root->signing == NULL)
		return ERR_OK;
	code = count_unpublished(view, &why);
	/* A monitoring user may not read the index: then it is not judged. */
	if (code == ERR_PERMISSIONS)
		notice(notices, "%s: unpublished revocations are not "
		    "counted: %s", view->root->name, why.what);
	else if (code != ERR_OK)
		snprintf(view->trouble, sizeof(view->trouble), "%.159s",
		    why.what);
	return ERR_OK;
}

static void
fill_place(const struct view *view, struct standing_place *place)
{
	const struct crl *crl = &view->last.crl;

	snprintf(place->kind, sizeof(place->kind), "archive");
	place->is_present = view->has_last;
	if (!view->has_last)
		return;
	snprintf(place->path, sizeof(place->path), "%.511s",
	    view->last.path);
	/* The CRL may be sound, the next one could not be issued. */
	place->is_valid = view->trouble[0] == '\0';
	memcpy(place->detail, view->trouble, sizeof(view->trouble));
	place->remedy = view->remedy;
	place->has_number = crl->has_number;
	place->number = crl->number;
	place->this_update_s = crl->this_update.at_s;
	place->has_next_update = crl->has_next_update;
	place->next_update_s = crl->next_update.at_s;
	place->next_publish_s = crl_next_publish(crl);
}

/*
 * Is the subordinate's certificate on the last CRL?  `easyrsa revoke` moves
 * the file away: then that is said, and the rest is judged.
 */
static enum err
find_revoked(struct view *view, const struct config_subordinate *subordinate,
    struct standing_facts *facts, struct notices *notices, struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	struct crl_survey survey;
	char line[ERROR_LINE_SIZE];
	struct error why;
	enum err code;

	if (subordinate->certificate == NULL)
		return ERR_OK;
	code = certfile_load(subordinate->certificate, &cert, err);
	if (code != ERR_OK && !view->has_last)
		return ERR_OK;
	if (code == ERR_MISSING) {
		notice(notices, "%s: %s is missing: it is not looked for on "
		    "the CRL", subordinate->name, subordinate->certificate);
		return ERR_OK;
	}
	if (code == ERR_OK) {
		if (!subordinate->is_retired)
			certfile_note_weak(subordinate->certificate, cert,
			    notices);
		facts->has_subordinate_not_after = true;
		facts->subordinate_not_after_s = cert->not_after_s;
		cert_weak_algorithm(cert, facts->subordinate_weak);
		code = cert_check_issued_by(cert, view->cert, err);
	}
	/* No CRL for the root's certificate counts for it. */
	if (code == ERR_OK &&
	    cert_check_aki(cert, view->cert, &why) != ERR_OK)
		notice_safety(notices, "%s: %s", subordinate->certificate,
		    error_line(&why, line));
	if (code == ERR_OK && view->has_last)
		code = crl_survey_lax(&view->last.crl, &cert->serial, &survey,
		    err);
	if (code != ERR_OK || !view->has_last)
		return err_about(err, code, subordinate->name);
	facts->is_revoked = survey.has_wanted;
	facts->revoked_reason = survey.wanted_reason;
	if (survey.has_wanted)
		snprintf(facts->revoked_reason_name,
		    sizeof(facts->revoked_reason_name), "%s",
		    survey.wanted_reason == REASON_NONE ? "unspecified" :
		    crl_reason_name(survey.wanted_reason));
	return ERR_OK;
}

/* The i-th pair of a root; the 0-th of a root without any is the root's. */
static enum err
fill_pair(struct view *view, size_t i, struct standing_facts *facts,
    struct standing_place *place, struct notices *notices,
    struct error *err)
{
	const struct config_root *root = view->root;

	fill_place(view, place);
	*facts = (struct standing_facts){
	    .schedule = &root->schedule, .places = place, .place_count = 1,
	    .revoked_reason = -1,
	    .has_next_ceremony = view->has_calendar,
	    .next_ceremony_s = view->calendar.next_ceremony_s,
	    .has_root_not_after = true,
	    .root_not_after_s = view->cert->not_after_s,
	    .can_reissue = root->signing != NULL &&
		view->cert->is_self_issued,
	    .is_reissued = view->is_reissued,
	    .unpublished = view->unpublished,
	    .unpublished_since_s = view->unpublished_since_s};
	cert_weak_algorithm(view->cert, facts->root_weak);
	snprintf(facts->root, sizeof(facts->root), "%s", root->name);
	if (i >= root->subordinate_count)
		return ERR_OK;
	snprintf(facts->subordinate, sizeof(facts->subordinate), "%s",
	    root->subordinates[i].name);
	facts->is_retired = root->subordinates[i].is_retired;
	facts->news = view->news[i];
	return find_revoked(view, &root->subordinates[i], facts, notices,
	    err);
}

/* A root without subordinates has a line of its own. */
static size_t
count_pairs(const struct config_root *root)
{
	return root->subordinate_count == 0 ? 1 : root->subordinate_count;
}

static enum err
allocate(size_t pairs, struct root_survey *out, struct error *err)
{
	out->standings = calloc(pairs + 1, sizeof(struct standing));
	out->facts = calloc(pairs + 1, sizeof(struct standing_facts));
	out->places = calloc(pairs + 1, sizeof(struct standing_place));
	if (out->standings == NULL || out->facts == NULL ||
	    out->places == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

static enum err
survey_root(const struct config *config, struct view *view, int64_t now_s,
    struct root_survey *survey, struct notices *notices, struct error *err)
{
	size_t i = 0;

	TRY(view_open(config, view, notices, err));
	do {
		const size_t at = survey->count++;

		TRY(fill_pair(view, i, &survey->facts[at], &survey->places[at],
		    notices, err));
		survey->facts[at].option = config_option(config);
		standing_decide(&survey->facts[at], now_s,
		    &survey->standings[at]);
		i++;
	} while (i < view->root->subordinate_count);
	return ERR_OK;
}

enum err
root_survey(const struct config *config, int64_t now_s,
    struct root_survey *out, struct notices *notices, struct error *err)
{
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};
	RELEASE_HISTORY struct history history = {0};
	struct error damage = {.code = ERR_OK};
	size_t pairs = 0;

	for (size_t i = 0; i < config->root_count; i++)
		pairs += count_pairs(&config->roots[i]);
	TRY(allocate(pairs, &survey, err));
	if (history_read(config, &history, &damage) == ERR_IO)
		return err_copy(err, &damage);
	for (size_t i = 0; i < config->root_count; i++) {
		__attribute__((cleanup(view_release))) struct view view = {
		    .history = damage.code == ERR_OK ? &history : NULL,
		    .damage = &damage, .root = &config->roots[i],
		    .last = ARCHIVED_NONE};

		TRY(survey_root(config, &view, now_s, &survey, notices, err));
	}
	*out = survey;
	survey = (struct root_survey){0};
	return ERR_OK;
}

enum err
root_survey_one(const struct history *history, const struct config_root *root,
    int64_t now_s, struct root_survey *out, struct notices *notices,
    struct error *err)
{
	const struct error sound = {.code = ERR_OK};
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};
	__attribute__((cleanup(view_release))) struct view view = {
	    .history = history, .damage = &sound, .root = root,
	    .last = ARCHIVED_NONE};

	TRY(allocate(count_pairs(root), &survey, err));
	TRY(survey_root(history->config, &view, now_s, &survey, notices, err));
	*out = survey;
	survey = (struct root_survey){0};
	return ERR_OK;
}

void
root_survey_release(struct root_survey *survey)
{
	free(survey->standings);
	free(survey->facts);
	free(survey->places);
	*survey = (struct root_survey){0};
}
