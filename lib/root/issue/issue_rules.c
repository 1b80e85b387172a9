/* SPDX-License-Identifier: ISC */
#include "root/evidence/vanished.h"
#include "root/issue/airgap.h"
#include "root/issue/issue_rules.h"

struct evidence_request
issuing_evidence(const struct issuing *issuing)
{
	return (struct evidence_request){
	    .config = issuing->config, .root = issuing->root,
	    .cert = issuing->cert,
	    .last = issuing->has_last ? &issuing->last : NULL,
	    .now_s = issuing->options->now_s,
	    .discarded = issuing->options->discarded};
}

static enum err
check_proofs(struct issuing *issuing, struct error *err)
{
	const struct proofs_request request = {
	    .config = issuing->config, .root = issuing->root,
	    .cert = issuing->cert,
	    .last = issuing->has_last ? &issuing->last : NULL,
	    .discarded = issuing->options->discarded,
	    .acknowledged = issuing->options->acknowledged};

	/* Where a note has brought back what is lost, its file is named. */
	TRY(proofs_check(&request, &issuing->proven, issuing->notices, err));
	return vanished_check(issuing->config, issuing->root, request.last,
	    request.discarded, err);
}

static enum err
check_clock(struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	const struct evidence_request request = issuing_evidence(issuing);
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	RELEASE_NOTICES struct notices unsaid = {0};
	enum err code;

	/* What is to be said of the notes came with the proofs. */
	code = evidence_gather(&request, &evidences,
	    &issuing->is_last_discarded, &unsaid, err);
	return code == ERR_OK ? clock_check(&evidences,
	    &issuing->root->schedule, options->now_s, options->utc_offset_s,
	    options->confirmed_s, err) : code;
}

/*
 * The order is that of the most useful refusal.  A root restored from backup
 * has lost revocations too, and to adopt the newer CRL brings them back;
 * which certificates have ended can be said where the clock is right.
 */
enum err
issuing_judge(struct issuing *issuing, struct error *err)
{
	enum err code;

	recorded_warn(&issuing->recorded, issuing->notices);
	code = check_proofs(issuing, err);
	if (code == ERR_OK)
		code = issuing_check_first(issuing, err);
	if (code == ERR_OK)
		code = check_clock(issuing, err);
	if (code == ERR_OK)
		code = issuing_check_lost(issuing, err);
	if (code == ERR_OK)
		code = airgap_check(issuing->config, issuing->notices, err);
	if (code == ERR_OK)
		code = issuing_choose_number(issuing, err);
	if (code == ERR_OK)
		code = issuing_choose_dates(issuing, err);
	return code == ERR_OK ? issuing_note_hits(issuing, err) : code;
}
