/* SPDX-License-Identifier: ISC */
#include <unistd.h>

#include "base/file.h"
#include "ca/crlwrite.h"
#include "root/issue/issue_rules.h"

static enum err
write_waiting(const struct crlwrite *crl, struct signer *signer,
    const char *path, struct error *err)
{
	ABORT_WRITER struct file_writer writer = FILE_WRITER_NONE;

	TRY(file_writer_open(&writer, path, 0644, err));
	TRY(crlwrite_sign(crl, signer, &writer, err));
	return file_writer_commit(&writer, err);
}

static enum err
issue_judged(struct issuing *issuing, struct issued *out, struct error *err)
{
	const struct config_signing *signing = issuing->root->signing;
	FREE_SIGNER struct signer *signer = NULL;
	RELEASE_CRLWRITE struct crlwrite crl = issuing_list(issuing);
	struct issued issued;
	char waiting[4096];
	enum err code;

	TRY(issuing_about_digest(issuing, signer_open(signing->key,
	    issuing->cert, signing->digest, issuing->options->passphrases,
	    &signer, err), err));
	crl.algorithm = signer_identifier(signer);
	TRY(issuing_lint_unsigned(issuing, &crl, err));
	issuing_describe(issuing, &issued);
	TRY(archive_waiting_path(issuing->config, issuing->root->name, waiting,
	    sizeof(waiting), err));
	TRY(issuing_reserve(issuing, err));
	code = write_waiting(&crl, signer, waiting, err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	TRY(issuing_take_waiting(issuing, waiting, &issued, err));
	*out = issued;
	return ERR_OK;
}

/* Evidence that is discarded stays so, whatever comes of this issue. */
static enum err
record_discarded(const struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	const struct evidence_request request = issuing_evidence(issuing);

	if (options->discarded == NULL || options->discarded->count == 0)
		return ERR_OK;
	return evidence_record(&request, options->why, options->who,
	    issuing->notices, err);
}

enum err
issue_root(struct history *history, const struct config_root *root,
    const struct issue_options *options, struct issued *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ISSUING struct issuing issuing = {
	    .history = history, .config = history->config, .root = root,
	    .options = options,
	    .notices = notices, .is_emergency = options->is_emergency,
	    .why = options->why, .last = ARCHIVED_NONE};
	bool is_done = false;

	TRY(issuing_load(&issuing, err));
	TRY(record_discarded(&issuing, err));
	TRY(issuing_judge(&issuing, err));
	if (options->is_resuming)
		TRY(issuing_resume(&issuing, out, &is_done, err));
	if (!is_done)
		TRY(issue_judged(&issuing, out, err));
	return ERR_OK;
}
