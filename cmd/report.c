/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "planning.h"
#include "report.h"
#include "site/certfile.h"
#include "verbs.h"

const struct cli_option report_options[] = {
    {"output", "FILE", "write there, atomically, and not to stdout"},
    {"years", "N", "how far to look ahead, 1 to 50, default 2"},
    {"at", "TIME", "as it would stand then"},
    {NULL},
};

/* What the page borrows; notices point into lines. */
struct making {
	struct report report;
	struct report_root *roots;
	struct report_certificate *certificates;
	size_t certificate_count;
	struct buffer lines;
	const char **notices;
};

static void
making_release(struct making *making)
{
	free(making->roots);
	free(making->certificates);
	free(making->notices);
	buffer_release(&making->lines);
}

static enum err
allocate(const struct planning *planning, struct making *out,
    struct error *err)
{
	size_t certificates = 0;

	for (size_t i = 0; i < planning->count; i++)
		certificates += 1 + planning->roots[i]->subordinate_count;
	out->roots = calloc(planning->count + 1, sizeof(*out->roots));
	out->certificates = calloc(certificates + 1,
	    sizeof(*out->certificates));
	if (out->roots == NULL || out->certificates == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

static void
add_certificate(struct making *making, const char *root,
    const struct config_subordinate *subordinate, const struct cert *cert,
    const char *why)
{
	struct report_certificate *certificate =
	    &making->certificates[making->certificate_count++];

	certificate->root = root;
	certificate->subordinate = subordinate == NULL ? NULL :
	    subordinate->name;
	certificate->is_retired = subordinate != NULL &&
	    subordinate->is_retired;
	certificate->is_known = cert != NULL;
	snprintf(certificate->why, sizeof(certificate->why), "%s", why);
	if (cert == NULL)
		return;
	certificate->not_after_s = cert->not_after_s;
	snprintf(certificate->subject, sizeof(certificate->subject), "%s",
	    cert->subject_text);
}

static enum err
add_root(struct invocation *invocation, const struct reporting *reporting,
    const struct config_root *root, const struct plan *plan,
    struct making *making, struct error *err)
{
	struct report_root *out = &making->roots[making->report.root_count++];
	FREE_CERT struct cert *cert = NULL;

	out->plan = plan;
	TRY(certfile_load(root->certificate, &cert, err));
	add_certificate(making, root->name, NULL, cert, "");
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *its = NULL;
		struct error why = {0};

		if (subordinate->certificate == NULL)
			snprintf(why.what, sizeof(why.what), "no certificate "
			    "is configured");
		else if (certfile_load(subordinate->certificate, &its, &why) !=
		    ERR_OK)
			its = NULL;
		add_certificate(making, root->name, subordinate, its,
		    why.what);
	}
	return reporting->look(reporting, invocation, root, cert, out, err);
}

/*
 * What was noticed belongs on the page as well: take it, and put it back for
 * those who read stderr.
 */
static enum err
take_notices(struct invocation *invocation, struct making *making,
    struct error *err)
{
	RELEASE_NOTICES struct notices taken = invocation->notices;
	struct span line;
	bool is_safety;
	size_t count = 0;
	const char *at;

	invocation->notices = (struct notices){0};
	while (notices_take(&taken, &line, &is_safety)) {
		TRY(buffer_append(&making->lines, line.data, line.size, err));
		TRY(buffer_append(&making->lines, "", 1, err));
		count++;
		(is_safety ? notice_safety : notice)(&invocation->notices,
		    "%.*s", (int)line.size, (const char *)line.data);
	}
	making->notices = calloc(count + 1, sizeof(*making->notices));
	if (making->notices == NULL)
		return err_no_memory(err);
	at = (const char *)making->lines.data;
	for (size_t i = 0; i < count; i++) {
		making->notices[i] = at;
		at += strlen(at) + 1;
	}
	making->report.notices = making->notices;
	making->report.notice_count = count;
	return ERR_OK;
}

static enum err
write_page(struct invocation *invocation, struct making *making,
    struct error *err)
{
	const char *output = cli_value(invocation, "output");
	char program[64];
	enum err code;

	snprintf(program, sizeof(program), "%s %s", invocation->program->name,
	    CRLFERRY_VERSION);
	making->report.program = program;
	making->report.roots = making->roots;
	making->report.certificates = making->certificates;
	making->report.certificate_count = making->certificate_count;
	TRY(report_html(&making->report, &invocation->output, err));
	if (output == NULL)
		return ERR_OK;
	code = file_replace(output, span_of_buffer(&invocation->output), 0644,
	    err);
	invocation->output.size = 0;
	return code;
}

enum err
report_write(struct invocation *invocation, struct reporting *reporting,
    struct error *err)
{
	RELEASE_PLANNING struct planning planning = {0};
	__attribute__((cleanup(making_release))) struct making making = {
	    .report = {.who = invocation->who, .made_s = invocation->now_s,
		.is_on_root = reporting->is_on_root,
		.standings = reporting->standings,
		.standing_count = reporting->count}};
	unsigned int years;

	TRY(planning_years(invocation, &years, err));
	TRY(planning_open(invocation, planning_look_surveyed,
	    &(struct planning_survey){reporting->standings, reporting->count},
	    reporting->now_s, years, &planning, err));
	making.report.span = planning.span;
	TRY(allocate(&planning, &making, err));
	for (size_t i = 0; i < planning.count; i++)
		TRY(add_root(invocation, reporting, planning.roots[i],
		    &planning.plans[i], &making, err));
	TRY(take_notices(invocation, &making, err));
	return write_page(invocation, &making, err);
}
