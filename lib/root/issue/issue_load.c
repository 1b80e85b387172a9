/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/issue/issue_rules.h"
#include "site/certfile.h"

static void
note_reserved(struct issuing *issuing, const struct ledger_line *line)
{
	const char *why = ledger_line_detail(line, "why");

	issuing->has_reserved = true;
	issuing->reserved = line->number;
	issuing->is_reserved_emergency = ledger_line_is_emergency(line);
	snprintf(issuing->reserved_why, sizeof(issuing->reserved_why), "%s",
	    why == NULL ? "" : why);
	for (issuing->reserved_drops = 0; ; issuing->reserved_drops++) {
		struct ledger_drop drop;

		if (!ledger_line_drop(line, issuing->reserved_drops, &drop))
			break;
	}
}

/* The highest number that was ever known of this root, and the last intent. */
static enum err
note_number(void *context, const struct ledger_line *line, struct error *err)
{
	struct issuing *issuing = context;

	recorded_see(&issuing->recorded, line);
	TRY(pending_see(&issuing->pending, line, err));
	if (!line->has_number || strcmp(line->root, issuing->root->name) != 0)
		return ERR_OK;
	/* What a note has proven binds no more once it was given up. */
	if (strcmp(line->event, "collect") == 0 &&
	    given_up_has_number(&issuing->given_up, &line->number))
		return ERR_OK;
	if (strcmp(line->event, "issue-intent") == 0)
		note_reserved(issuing, line);
	if (!issuing->has_known ||
	    number_compare(&line->number, &issuing->known) > 0)
		issuing->known = line->number;
	issuing->has_known = true;
	return ERR_OK;
}

static enum err
load_certificate(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->certificate;

	TRY(certfile_load(path, &issuing->cert, err));
	return err_about(err, cert_check_signs_crls(issuing->cert, err), path);
}

enum err
issuing_load_history(struct issuing *issuing, struct error *err)
{
	struct ledger_summary ledger;

	TRY(load_certificate(issuing, err));
	TRY(archive_open_last(issuing->config, issuing->root->name,
	    issuing->cert, &issuing->last, &issuing->has_last,
	    issuing->notices, err));
	issuing->recorded = (struct recorded){.root = issuing->root->name,
	    .last = issuing->has_last ? &issuing->last : NULL};
	TRY(given_up_read(issuing->config, issuing->root->name,
	    &issuing->given_up, err));
	issuing->pending.root = issuing->root->name;
	return ledger_read(issuing->config, note_number, issuing, &ledger,
	    err);
}

enum err
issuing_load(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;

	if (root->signing == NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG,
		    "%s:%u: %s has no group \"signing\" to issue with",
		    issuing->config->path, root->line, root->name),
		    "add the group, or take what another program signed: "
		    "crlferry-root adopt%s %s FILE",
		    config_option(issuing->config), root->name);
	TRY(issuing_load_history(issuing, err));
	return index_load(root->signing->index, &issuing->index, err);
}

void
issuing_release(struct issuing *issuing)
{
	cert_free(issuing->cert);
	index_release(&issuing->index);
	archived_release(&issuing->last);
	lost_release(&issuing->lost);
	proofs_found_release(&issuing->proven);
	pending_release(&issuing->pending);
	given_up_release(&issuing->given_up);
}
