/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "root/evidence/clock_gather.h"
#include "root/issue/airgap.h"
#include "root/issue/issue_rules.h"
#include "root/issue/reissue_rules.h"
#include "site/certfile.h"

void
reissuing_release(struct reissuing *reissuing)
{
	cert_free(reissuing->old);
	buffer_release(&reissuing->identifier);
	certwrite_release(&reissuing->write);
}

enum err
reissuing_lint(const struct reissuing *reissuing, struct span der,
    bool is_noted, struct error *err)
{
	const struct config_root *root = reissuing->root;
	struct first_finding first = {.text = ""};
	struct lint lint = first_finding_lint(root, &first);

	lint_certificate(&lint, der);
	if (lint.errors > 0)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: a new "
		    "certificate would not pass profile %s, for `reissue` "
		    "changes no extension: %s", root->name, root->profile,
		    first.text), "make it by hand, for the same key: openssl "
		    "x509 -in OLD -signkey KEY -sha256 -clrext -extfile FILE "
		    "-days N -set_serial 0x$(openssl rand -hex 16) -out NEW");
	if (is_noted && first.warning[0] != '\0')
		notice(reissuing->notices, "%s: as the old certificate, so "
		    "the new one: %s", root->name, first.warning);
	return ERR_OK;
}

enum err
reissuing_load_old(struct reissuing *reissuing, struct error *err)
{
	const char *path = reissuing->root->certificate;

	TRY(certfile_load(path, &reissuing->old, err));
	return err_about(err, cert_check_root(reissuing->old, err), path);
}

/* Only who holds the key of the issuer can reissue. */
static enum err
check_self_signed(const struct reissuing *reissuing, struct error *err)
{
	const struct config_root *root = reissuing->root;
	const char *config = reissuing->history->config->path;
	const struct cert *old = reissuing->old;
	char issuer[NAME_TEXT_SIZE];

	if (root->signing == NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: %s "
		    "has no group \"signing\" to reissue with", config,
		    root->line, root->name), "let the program that signs for "
		    "it renew the certificate with the same key");
	/* Not by its signature: that of MD2 nobody can verify any more. */
	if (old->is_self_issued && cert_check_aki(old, old, NULL) == ERR_OK)
		return ERR_OK;
	name_text(old->issuer, issuer);
	return err_remedy(err, err_fail(err, ERR_ISSUER, "%s: %s is not "
	    "self-signed, its issuer is %s", root->name, root->certificate,
	    issuer), "have that CA issue a new certificate for the same key");
}

/*
 * Is it the very file that is configured?  path receives where that is; one
 * that leads nowhere is another.
 */
static enum err
compare_paths(const char *output, const char *configured, char *path,
    size_t capacity, bool *is_same, struct error *err)
{
	char *a = realpath(output, NULL), *b = realpath(configured, NULL);
	enum err code = ERR_OK;

	*is_same = a != NULL && b != NULL && strcmp(a, b) == 0;
	if (*is_same)
		code = file_join(path, capacity, "", b, err);
	free(a);
	free(b);
	return code;
}

/* A new file, or the configured one. */
enum err
reissuing_choose_output(struct reissuing *reissuing, struct error *err)
{
	const char *output = reissuing->options->output;
	const char *configured = reissuing->root->certificate;
	struct reissue_made *made = &reissuing->made;
	bool found;

	if (output[0] == '\0' || output[strlen(output) - 1] == '/')
		return err_fail(err, ERR_USAGE, "the new certificate must be "
		    "a file, not \"%s\"", output);
	TRY(file_find(output, &found, err));
	if (!found)
		return file_join(made->output, sizeof(made->output), "",
		    output, err);
	TRY(compare_paths(output, configured, made->output,
	    sizeof(made->output), &made->is_replaced, err));
	if (made->is_replaced)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_USAGE, "%s is there already; "
	    "nothing was signed", output), "name a new file, or %s, which is "
	    "then replaced", configured);
}

static enum err
choose_end(struct reissuing *reissuing, struct error *err)
{
	const int64_t old_s = reissuing->old->not_after_s;
	const int64_t now_s = reissuing->options->now_s;
	int64_t end_s = reissuing->options->until_s;
	char wanted[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];

	if (end_s < 0)
		end_s = reissue_default_end(reissuing->old,
		    &reissuing->root->schedule, now_s);
	utc_format(end_s, wanted);
	utc_format(old_s, end);
	if (end_s < old_s)
		return err_remedy(err, err_fail(err, ERR_USAGE, "%s: %s is "
		    "before %s, when the certificate ends now",
		    reissuing->root->name, wanted, end), "name a later day "
		    "with --until, or leave it out");
	if (end_s <= now_s)
		return err_fail(err, ERR_USAGE, "%s: %s has passed "
		    "already", reissuing->root->name, wanted);
	reissuing->write.not_after_s = end_s;
	return ERR_OK;
}

static enum err
choose_algorithm(struct reissuing *reissuing, struct error *err)
{
	const char *digest = reissuing->options->digest;
	const char *configured = reissuing->root->signing->digest;
	enum err code;

	reissuing->digest = digest != NULL ? digest : configured;
	code = algorithm_for_key(reissuing->old->key, reissuing->digest,
	    &reissuing->algorithm, &reissuing->identifier, err);
	if (code == ERR_ALGORITHM && digest != NULL)
		return err_remedy(err, code, "leave --digest out, for the "
		    "key's own, or name another: sha256, sha384, sha512");
	if (code == ERR_ALGORITHM && configured != NULL)
		return err_remedy(err, code, "remove or correct the line "
		    "\"digest\" of root %s (%s:%u), or give --digest",
		    reissuing->root->name, reissuing->history->config->path,
		    reissuing->root->line);
	return code;
}

/* By the same evidence as an issue; what is discarded stays so. */
static enum err
check_clock(const struct reissuing *reissuing, struct error *err)
{
	const struct reissue_options *options = reissuing->options;
	const struct config_root *root = reissuing->root;
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	struct evidence_request request = {
	    .history = reissuing->history, .root = root,
	    .cert = reissuing->old, .now_s = options->now_s,
	    .discarded = options->discarded};
	bool found, is_last_discarded;

	TRY(archive_open_last(reissuing->history->config, root->name,
	    reissuing->old, &last, &found, NULL, err));
	request.last = found ? &last : NULL;
	if (options->discarded != NULL && options->discarded->count > 0)
		TRY(evidence_record(&request, options->why, options->who,
		    reissuing->notices, err));
	TRY(evidence_gather(&request, &evidences, &is_last_discarded, NULL,
	    err));
	return clock_check(&evidences, &root->schedule, options->now_s,
	    options->utc_offset_s, options->confirmed_s, err);
}

/* Build what will be signed, and judge it while nobody has signed it. */
static enum err
prepare(struct reissuing *reissuing, struct error *err)
{
	struct certwrite *write = &reissuing->write;
	RELEASE_BUFFER struct buffer frame = {0};

	write->old = reissuing->old;
	write->algorithm = span_of_buffer(&reissuing->identifier);
	certwrite_serial(write->serial);
	TRY(certwrite_prepare(write, err));
	TRY(certwrite_frame(write, &frame, err));
	return reissuing_lint(reissuing, span_of_buffer(&frame), true, err);
}

enum err
reissuing_plan(struct reissuing *reissuing, struct error *err)
{
	TRY(reissuing_load_old(reissuing, err));
	TRY(check_self_signed(reissuing, err));
	TRY(reissuing_choose_output(reissuing, err));
	TRY(choose_end(reissuing, err));
	TRY(choose_algorithm(reissuing, err));
	return prepare(reissuing, err);
}

enum err
reissuing_judge(struct reissuing *reissuing, struct error *err)
{

	TRY(reissuing_plan(reissuing, err));
	TRY(check_clock(reissuing, err));
	return airgap_check(reissuing->history->config,
	    reissuing->options->is_gap_known ? NULL : reissuing->notices,
	    err);
}
