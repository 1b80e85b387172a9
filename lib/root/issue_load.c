/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/issue_rules.h"
#include "site/certfile.h"

/* The highest number that was ever reserved for this root. */
static enum err
note_intent(void *context, const struct ledger_line *line, struct error *err)
{
	struct issuing *issuing = context;

	(void)err;
	recorded_see(&issuing->recorded, line);
	if (!line->has_number ||
	    strcmp(line->root, issuing->root->name) != 0)
		return ERR_OK;
	if (!issuing->has_intent ||
	    number_compare(&line->number, &issuing->intent) > 0)
		issuing->intent = line->number;
	issuing->has_intent = true;
	return ERR_OK;
}

static enum err
load_certificate(struct issuing *issuing, struct error *err)
{
	const char *path = issuing->root->certificate;
	enum err code;

	code = certfile_load(path, &issuing->cert, err);
	if (code != ERR_OK)
		return code;
	code = cert_check_signs_crls(issuing->cert, err);
	return code == ERR_OK ? code : err_about(err, path);
}

enum err
issuing_load(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	enum err code;

	if (root->signing == NULL)
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: want a group "
		    "\"signing\" to issue with, have none",
		    issuing->config->path, root->line, root->name);
	code = load_certificate(issuing, err);
	if (code == ERR_OK)
		code = archive_open_last(issuing->config, root->name,
		    issuing->cert, &issuing->last, &issuing->has_last,
		    issuing->notices, err);
	issuing->recorded = (struct recorded){.root = root->name,
	    .last = issuing->has_last ? &issuing->last : NULL};
	if (code == ERR_OK)
		code = ledger_read(issuing->config, note_intent, issuing,
		    &issuing->ledger, err);
	if (code == ERR_OK)
		code = index_load(root->signing->index, &issuing->index, err);
	return code;
}

void
issuing_release(struct issuing *issuing)
{
	cert_free(issuing->cert);
	index_release(&issuing->index);
	archived_release(&issuing->last);
	lost_release(&issuing->lost);
}
