/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "root/issue/issue_rules.h"

static void
keep_first(void *context, const struct lint_finding *finding)
{
	struct first_finding *first = context;
	char *text = finding->severity == LINT_ERROR ? first->text :
	    first->warning;

	if (finding->severity != LINT_NOTICE && text[0] == '\0')
		snprintf(text, sizeof(first->text), "%s: %s (%s)",
		    finding->id, finding->text, finding->source);
}

/* The profile's name was checked with the configuration. */
struct lint
issuing_lint(const struct issuing *issuing, struct first_finding *first)
{
	struct lint lint = {.found = keep_first, .context = first};

	if (!lint_profile_parse(issuing->root->profile, &lint.profile))
		lint.profile = LINT_RFC5280;
	return lint;
}

enum err
issuing_judge_findings(const struct issuing *issuing, const struct lint *lint,
    const struct first_finding *first, struct error *err)
{
	if (lint->errors == 0)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: want a CRL that passes profile "
	    "%s, have %s: mend %s, or set another profile",
	    issuing->root->name, issuing->root->profile, first->text,
	    issuing->root->signing->index);
}

struct crlwrite
issuing_list(const struct issuing *issuing)
{
	return (struct crlwrite){
	    .root = issuing->cert, .index = &issuing->index,
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s};
}

enum err
issuing_lint_unsigned(const struct issuing *issuing, struct crlwrite *crl,
    struct error *err)
{
	struct first_finding first = {.text = ""};
	struct lint lint = issuing_lint(issuing, &first);
	enum err code;

	code = crlwrite_prepare(crl, err);
	if (code == ERR_OK)
		code = crlwrite_lint(crl, &lint, err);
	if (code == ERR_OK)
		code = issuing_judge_findings(issuing, &lint, &first, err);
	if (code == ERR_OK && first.warning[0] != '\0')
		notice(issuing->notices, "%s: %s%s", issuing->root->name,
		    first.warning, lint.warnings > 1 ? ", and more such: "
		    "crlferry-root lint shows all of the CRL" : "");
	return code;
}
