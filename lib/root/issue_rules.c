/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "root/airgap.h"
#include "root/clock_evidence.h"
#include "root/issue_rules.h"

static enum err
check_clock(const struct issuing *issuing, struct error *err)
{
	const struct issue_options *options = issuing->options;
	RELEASE_CLOCK_EVIDENCES struct clock_evidences evidences = {0};
	char id[96], digits[NUMBER_TEXT_SIZE];
	enum err code;

	code = clock_evidence_add(&evidences, issuing->cert->not_before_s, "",
	    "the root certificate's notBefore", err);
	if (code == ERR_OK && issuing->has_last) {
		number_format(&issuing->last.number, 0, digits);
		snprintf(id, sizeof(id), "crl-%s", digits);
		code = clock_evidence_add(&evidences,
		    issuing->last.crl.this_update.at_s, id,
		    "the last CRL's thisUpdate", err);
	}
	if (code == ERR_OK && issuing->ledger.count > 0)
		code = clock_evidence_add(&evidences,
		    issuing->ledger.latest_s, "", "the ledger's latest line",
		    err);
	if (code != ERR_OK)
		return code;
	return clock_check(&evidences, &issuing->root->schedule,
	    options->now_s, options->utc_offset_s, options->confirmed_s, err);
}

enum err
issuing_judge(struct issuing *issuing, struct error *err)
{
	enum err code;

	code = issuing_check_last(issuing, err);
	if (code == ERR_OK)
		code = check_clock(issuing, err);
	if (code == ERR_OK)
		code = airgap_check(issuing->config, issuing->notices, err);
	if (code == ERR_OK)
		code = issuing_choose_number(issuing, err);
	if (code == ERR_OK)
		code = issuing_choose_dates(issuing, err);
	return code;
}
