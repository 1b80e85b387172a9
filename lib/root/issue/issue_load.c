/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "root/history/waived.h"
#include "root/issue/issue_rules.h"
#include "site/certfile.h"

struct issuing
issuing_of(struct history *history, const struct config_root *root,
    const struct issue_options *options, struct notices *notices)
{
	return (struct issuing){.history = history, .root = root,
	    .options = options, .notices = notices,
	    .is_emergency = options->is_emergency, .why = options->why,
	    .last = ARCHIVED_NONE};
}

static void
note_reserved(struct issuing *issuing, const struct history_line *line)
{
	const char *why = history_line_detail(line, "why");

	issuing->has_reserved = true;
	issuing->reserved = line->number;
	issuing->is_reserved_emergency = history_line_is_emergency(line);
	snprintf(issuing->reserved_why, sizeof(issuing->reserved_why), "%s",
	    why == NULL ? "" : why);
	issuing->reserved_drops = line->drop_count;
}

/* The highest number that was ever known of this root, and the last intent. */
static void
note_numbers(struct issuing *issuing)
{
	const char *root = issuing->root->name;
	const struct history_line *line = history_lines(issuing->history,
	    root);

	for (; line != NULL; line = line->next) {
		if (!line->has_number)
			continue;
		if (history_line_is(line, "issue-intent"))
			note_reserved(issuing, line);
		/* A number that was given up binds no more. */
		if ((issuing->has_known && number_compare(&line->number,
		    &issuing->known) <= 0) ||
		    (history_line_is(line, "collect") && waived_has_number(
		    issuing->history, root, &line->number)))
			continue;
		issuing->known = line->number;
		issuing->has_known = true;
	}
}

enum err
issuing_load_history(struct issuing *issuing, struct error *err)
{
	const char *root = issuing->root->name;

	TRY(certfile_load(issuing->root->certificate, &issuing->cert, err));
	TRY(err_about(err, cert_check_root(issuing->cert, err),
	    issuing->root->certificate));
	TRY(archive_open_last(issuing->history->config, root, issuing->cert,
	    &issuing->last, &issuing->has_last, issuing->notices, err));
	recorded_find(issuing->history, root, issuing->has_last ?
	    &issuing->last : NULL, &issuing->recorded);
	TRY(waived_check(issuing->history, root, err));
	note_numbers(issuing);
	return ERR_OK;
}

enum err
issuing_load(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;

	if (root->signing == NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG,
		    "%s:%u: %s has no group \"signing\" to issue with",
		    issuing->history->config->path, root->line, root->name),
		    "add the group, or take what another program signed: "
		    "crlferry-root adopt%s %s FILE",
		    config_option(issuing->history->config), root->name);
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
	buffer_release(&issuing->locations);
}
