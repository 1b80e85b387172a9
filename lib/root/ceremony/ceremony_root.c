/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "ferry/admit.h"
#include "root/ceremony/steps.h"
#include "root/history/calendar.h"

bool
ceremony_next_root(struct ceremony *c, struct ceremony_root *at)
{
	while (at->place < c->config->root_count) {
		at->root = &c->config->roots[at->place++];
		at->kept = journal_find_root(&c->journal, at->root->name);
		if (at->kept != NULL)
			return true;
	}
	return false;
}

enum err
ceremony_open_root(struct ceremony *c, const struct config_root *root,
    struct cert **cert, struct archived *last, bool *found,
    struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};

	/* A weak signature of the past is said by what judges the CRL. */
	return root_open(c->config, root, cert, last, found, &notices, err);
}

static enum err
read_view(struct ceremony *c, const struct config_root *root,
    struct ceremony_view *view, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	struct ceremony_crl *crl = &view->crl;
	struct crl_facts facts;

	TRY(ceremony_open_root(c, root, &view->cert, &last, &crl->exists,
	    err));
	crl->root_end_s = view->cert->not_after_s;
	if (!crl->exists)
		return ERR_OK;
	TRY(crl_facts_of(&last.crl, &facts, err));
	crl->number = view->last.number = last.number;
	number_format(&last.number, 0, crl->digits);
	crl->this_update_s = last.crl.this_update.at_s;
	crl->next_update_s = last.crl.next_update.at_s;
	crl->revoked_count = facts.revoked_count;
	sha256_hex(facts.sha256, crl->sha256);
	view->last.crl.this_update = last.crl.this_update;
	return ERR_OK;
}

enum err
ceremony_view_root(struct ceremony *c, const struct config_root *root,
    const struct ceremony_view **out, struct error *err)
{
	struct ceremony_view *view = &c->views[root - c->config->roots];

	if (!view->is_read) {
		ceremony_forget(c, root);
		TRY(read_view(c, root, view, err));
		view->is_read = true;
	}
	*out = view;
	return ERR_OK;
}

void
ceremony_forget(struct ceremony *c, const struct config_root *root)
{
	for (size_t i = 0; c->views != NULL && i < c->config->root_count; i++) {
		if (root != NULL && root != &c->config->roots[i])
			continue;
		cert_free(c->views[i].cert);
		c->views[i] = (struct ceremony_view){.last = ARCHIVED_NONE};
	}
}

enum err
ceremony_read_crl(struct ceremony *c, const struct config_root *root,
    struct ceremony_crl *out, struct error *err)
{
	const struct ceremony_view *view;

	TRY(ceremony_view_root(c, root, &view, err));
	*out = view->crl;
	return ERR_OK;
}

void
ceremony_next_date(const struct ceremony *c, const struct config_root *root,
    const struct ceremony_crl *crl, char out[UTC_TEXT_SIZE])
{
	struct calendar calendar;

	calendar_read(&c->history, root, &crl->number, crl->this_update_s,
	    &calendar);
	if (calendar.next_ceremony_s < crl->root_end_s)
		utc_format_date(calendar.next_ceremony_s, out);
	else
		snprintf(out, UTC_TEXT_SIZE, "none, the root ends");
}

void
ceremony_due_text(const struct ceremony *c, const struct config_root *root,
    const struct ceremony_crl *crl, char out[CEREMONY_DUE_SIZE])
{
	char date[UTC_TEXT_SIZE];

	ceremony_next_date(c, root, crl, date);
	if (date[0] == 'n')
		snprintf(out, CEREMONY_DUE_SIZE, "no ceremony follows before "
		    "the root ends");
	else
		snprintf(out, CEREMONY_DUE_SIZE, "the next ceremony is due on "
		    "%s", date);
}

enum err
ceremony_is_issued(struct ceremony *c, const struct config_root *root,
    bool *is_issued, struct error *err)
{
	const struct journal_root *kept = journal_find_root(&c->journal,
	    root->name);
	struct ceremony_crl crl;

	*is_issued = false;
	if (kept == NULL || !kept->is_agreed)
		return ERR_OK;
	TRY(ceremony_read_crl(c, root, &crl, err));
	*is_issued = crl.exists && (!kept->has_before ||
	    number_compare(&crl.number, &kept->before) > 0);
	return ERR_OK;
}
