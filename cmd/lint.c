/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "ferry/kind.h"
#include "pki/lint/lint.h"
#include "site/certfile.h"
#include "verbs.h"
#include "view/json.h"

#define LINT_MAX_BYTES (UINT64_C(1) << 30)

const struct cli_option lint_options[] = {
    {"profile", "NAME", "rfc5280 (default), or br"},
    {"format", "text|json", "the first by default"},
    {"root", "CERT", "the CA that should have signed the CRLs"},
    {NULL},
};

/* A few findings of the same kind tell as much as a million. */
#define SAME_ID_MAX 20

struct collecting {
	struct buffer findings;		/* struct lint_finding each */
	uint64_t left_out;
};

static void
collecting_release(struct collecting *collecting)
{
	buffer_release(&collecting->findings);
}

static void
collect(void *context, const struct lint_finding *finding)
{
	struct collecting *collecting = context;
	const struct lint_finding *list =
	    (const void *)collecting->findings.data;
	size_t count = collecting->findings.size / sizeof(*list);
	size_t same = 0;

	for (size_t i = 0; i < count; i++)
		same += strcmp(list[i].id, finding->id) == 0;
	if (same >= SAME_ID_MAX || buffer_append(&collecting->findings,
	    finding, sizeof(*finding), NULL) != ERR_OK)
		collecting->left_out++;
}

static enum err
print_findings(struct invocation *invocation, const char *path,
    const char *kind, const struct collecting *collecting, struct error *err)
{
	static const char *const severities[] = {"notice", "warning", "error"};
	const struct lint_finding *list =
	    (const void *)collecting->findings.data;
	size_t count = collecting->findings.size / sizeof(*list);

	if (invocation->is_json)
		return json_findings(path, kind, list, count,
		    collecting->left_out, &invocation->output, err);
	for (size_t i = 0; i < count; i++)
		TRY(buffer_appendf(&invocation->output, err,
		    "%s: %s: %s: %s (%s)\n", path,
		    severities[list[i].severity], list[i].id, list[i].text,
		    list[i].source));
	if (collecting->left_out > 0)
		TRY(buffer_appendf(&invocation->output, err,
		    "%s: and %llu more of the same\n", path,
		    (unsigned long long)collecting->left_out));
	return ERR_OK;
}

/* Neither a CRL nor a certificate: a finding, so that the others are judged. */
static void
collect_refusal(struct collecting *collecting, const struct error *why)
{
	const struct lint_row *row = &lint_rows[FOUND_FORMAT];
	struct lint_finding finding = {
	    .id = row->id, .severity = row->severity, .source = row->source};

	snprintf(finding.text, sizeof(finding.text), "%.255s", why->what);
	collect(collecting, &finding);
}

/* *why is the first refusal of a file that is neither. */
static enum err
judge_file(struct invocation *invocation, const char *path,
    enum lint_profile profile, const struct cert *root, struct error *why,
    struct error *err)
{
	__attribute__((cleanup(collecting_release))) struct collecting
	    collecting = {.left_out = 0};
	struct lint lint = {.profile = profile, .found = collect,
	    .context = &collecting};
	RELEASE_BUFFER struct buffer file = {0}, der = {0};
	struct error refusal = {0};
	struct window window;
	enum kind kind;
	enum err code;

	TRY(file_read(path, FILE_PUBLIC, LINT_MAX_BYTES, &file, err));
	kind = kind_of(span_of_buffer(&file));
	code = kind_take(path, span_of_buffer(&file), kind, &der, &refusal);
	window_init_memory(&window, span_of_buffer(&der));
	if (code == ERR_FORMAT)
		collect_refusal(&collecting, &refusal);
	else if (code != ERR_OK)
		return err_copy(err, &refusal);
	else if (kind == KIND_CERTIFICATE)
		lint_certificate(&lint, span_of_buffer(&der));
	else
		TRY(lint_crl(&lint, &window, root, err));
	if (code != ERR_OK && why->code == ERR_OK)
		*why = refusal;
	if (lint.errors > 0)
		invocation->status = error_status(ERR_FORMAT);
	return print_findings(invocation, path, kind == KIND_CERTIFICATE ?
	    "certificate" : "crl", &collecting, err);
}

enum err
cmd_lint(struct invocation *invocation, struct error *err)
{
	const char *name = cli_value(invocation, "profile");
	const char *root_path = cli_value(invocation, "root");
	enum lint_profile profile = LINT_RFC5280;
	FREE_CERT struct cert *root = NULL;
	struct error why = {0};

	if (name != NULL && !lint_profile_parse(name, &profile))
		return err_fail(err, ERR_USAGE,
		    "--profile takes rfc5280 or br, not \"%s\"", name);
	if (root_path != NULL)
		TRY(certfile_load(root_path, &root, err));
	for (size_t i = 0; i < invocation->arguments.count; i++)
		TRY(judge_file(invocation, invocation->arguments.words[i],
		    profile, root, &why, err));
	return why.code == ERR_OK ? ERR_OK : err_copy(err, &why);
}
