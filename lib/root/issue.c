/* SPDX-License-Identifier: ISC */
#include <unistd.h>

#include "base/file.h"
#include "root/crlwrite.h"
#include "root/issue_rules.h"

static enum err
write_waiting(const struct crlwrite *crl, struct signer *signer,
    const char *path, struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;
	enum err code;

	code = file_writer_open(&writer, path, 0644, err);
	if (code == ERR_OK)
		code = crlwrite_sign(crl, signer, &writer, err);
	if (code == ERR_OK)
		code = file_writer_commit(&writer, err);
	return code;
}

/* Read it back from disk, by code that did not write it. */
static enum err
verify_waiting(const struct issuing *issuing, const char *path,
    uint8_t sha256[SHA256_SIZE], struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	struct first_finding first = {.text = ""};
	struct lint lint = issuing_lint(issuing, &first);
	struct crl_survey survey;
	enum err code;

	code = archived_open(path, issuing->cert, &waiting, err);
	if (code == ERR_OK)
		code = crl_survey(&waiting.crl, NULL, &survey, err);
	if (code != ERR_OK)
		return code;
	if (survey.count != issuing->index.count ||
	    !span_equals(waiting.crl.aki_key_id, (struct span){
	    issuing->cert->key_id, issuing->cert->key_id_size}))
		return err_fail(err, ERR_FORMAT, "%s: want %zu entries and "
		    "the root's key id, have %llu entries", path,
		    issuing->index.count, (unsigned long long)survey.count);
	/* The signature was verified when it was opened. */
	code = lint_crl(&lint, &waiting.window, NULL, err);
	if (code == ERR_OK)
		code = issuing_judge_findings(issuing, &lint, &first, err);
	if (code == ERR_OK)
		code = window_sha256(&waiting.window, sha256, err);
	return code;
}

static enum err
sign_and_archive(struct issuing *issuing, const struct crlwrite *crl,
    struct signer *signer, struct issued *out, struct error *err)
{
	struct issued issued = {
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s,
	    .next_ceremony_s = schedule_after_crl(&issuing->root->schedule,
		issuing->this_update_s),
	    .revoked_count = issuing->index.count,
	    .dropped_count = issuing->lost.drops.size /
		sizeof(struct ledger_drop)};
	char waiting[4096];
	enum err code;

	code = archive_waiting_path(issuing->config, issuing->root->name,
	    waiting, sizeof(waiting), err);
	if (code == ERR_OK)
		code = issuing_reserve(issuing, err);
	if (code != ERR_OK)
		return code;
	code = write_waiting(crl, signer, waiting, err);
	if (code == ERR_OK)
		code = verify_waiting(issuing, waiting, issued.sha256, err);
	if (code == ERR_OK)
		code = archive_admit(issuing->config, issuing->root->name,
		    &issuing->number, issued.path, sizeof(issued.path), err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	code = issuing_record(issuing, &issued, err);
	if (code == ERR_OK)
		*out = issued;
	return code;
}

static enum err
issue_judged(struct issuing *issuing, struct issued *out, struct error *err)
{
	const struct config_signing *signing = issuing->root->signing;
	FREE_SIGNER struct signer *signer = NULL;
	RELEASE_CRLWRITE struct crlwrite crl = {
	    .root = issuing->cert, .index = &issuing->index,
	    .number = issuing->number,
	    .this_update_s = issuing->this_update_s,
	    .next_update_s = issuing->next_update_s};
	struct first_finding first = {.text = ""};
	struct lint lint = issuing_lint(issuing, &first);
	enum err code;

	code = signer_open(signing->key, issuing->cert, signing->digest,
	    issuing->options->passphrases, &signer, err);
	if (code != ERR_OK)
		return code;
	crl.algorithm = signer_identifier(signer);
	code = crlwrite_prepare(&crl, err);
	if (code == ERR_OK)
		code = crlwrite_lint(&crl, &lint, err);
	if (code == ERR_OK)
		code = issuing_judge_findings(issuing, &lint, &first, err);
	if (code == ERR_OK)
		code = sign_and_archive(issuing, &crl, signer, out, err);
	return code;
}

enum err
issue_root(const struct config *config, const struct config_root *root,
    const struct issue_options *options, struct issued *out,
    struct notices *notices, struct error *err)
{
	__attribute__((cleanup(issuing_release))) struct issuing issuing = {
	    .config = config, .root = root, .options = options,
	    .notices = notices, .last = ARCHIVED_NONE};
	enum err code;

	code = issuing_load(&issuing, err);
	if (code == ERR_OK)
		code = issuing_judge(&issuing, err);
	if (code == ERR_OK)
		code = issue_judged(&issuing, out, err);
	return code;
}
