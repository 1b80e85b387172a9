/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/file.h"
#include "pki/lint.h"
#include "pki/pem.h"
#include "site/certfile.h"
#include "verbs.h"
#include "view/json.h"

#define LINT_MAX_BYTES (UINT64_C(1) << 30)

const struct cli_option lint_options[] = {
    {"profile", "NAME", "rfc5280 (default), or br"},
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

/* A certificate says so in PEM, or parses as one; all else is a CRL. */
static bool
is_certificate(struct span file)
{
	FREE_CERT struct cert *cert = NULL;
	struct pem_block block;
	size_t at = 0;

	if (pem_next(file, &at, &block))
		return strcmp(block.label, PEM_CERTIFICATE) == 0;
	return cert_parse(file, &cert, NULL) == ERR_OK;
}

static enum err
judge_crl(struct lint *lint, struct span file, const struct cert *root,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	struct window window;

	/* If it is no CRL at all, that is the finding. */
	if (pem_or_der(file, PEM_CRL, &der, NULL) == ERR_OK)
		file = span_of_buffer(&der);
	window_init_memory(&window, file);
	return lint_crl(lint, &window, root, err);
}

static enum err
judge_file(struct invocation *invocation, const char *path,
    enum lint_profile profile, const struct cert *root, struct error *err)
{
	__attribute__((cleanup(collecting_release))) struct collecting
	    collecting = {.left_out = 0};
	struct lint lint = {.profile = profile, .found = collect,
	    .context = &collecting};
	RELEASE_BUFFER struct buffer file = {0};
	bool is_cert;

	TRY(file_read(path, FILE_PUBLIC, LINT_MAX_BYTES, &file, err));
	is_cert = is_certificate(span_of_buffer(&file));
	if (is_cert)
		lint_certificate(&lint, span_of_buffer(&file));
	else
		TRY(judge_crl(&lint, span_of_buffer(&file), root, err));
	TRY(print_findings(invocation, path, is_cert ? "certificate" : "crl",
	    &collecting, err));
	if (lint.errors > 0)
		invocation->status = error_status(ERR_FORMAT);
	return ERR_OK;
}

enum err
cmd_lint(struct invocation *invocation, struct error *err)
{
	const char *name = cli_value(invocation, "profile");
	const char *root_path = cli_value(invocation, "root");
	enum lint_profile profile = LINT_RFC5280;
	FREE_CERT struct cert *root = NULL;

	if (name != NULL && !lint_profile_parse(name, &profile))
		return err_fail(err, ERR_USAGE,
		    "--profile takes rfc5280 or br, not \"%s\"", name);
	if (root_path != NULL)
		TRY(certfile_load(root_path, &root, err));
	for (size_t i = 0; i < invocation->arguments.count; i++)
		TRY(judge_file(invocation, invocation->arguments.words[i],
		    profile, root, err));
	return ERR_OK;
}
