/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/evp.h>

#include "base/array.h"
#include "base/utc.h"
#include "pki/crl_parts.h"
#include "pki/lint/lint_report.h"

#define BR_MONTHS 12		/* BR 4.9.7, CRLs for CA certificates */

static void
judge_next_update(struct lint *lint, const struct crl *crl)
{
	static const struct duration limit = {.months = BR_MONTHS};
	int64_t this_s = crl->this_update.at_s;
	int64_t next_s = crl->next_update.at_s;
	char this_text[UTC_TEXT_SIZE], next_text[UTC_TEXT_SIZE];

	if (!crl->has_next_update) {
		lint_report(
		    lint, FOUND_NEXT_UPDATE_MISSING, "nextUpdate is missing");
		return;
	}
	utc_format(this_s, this_text);
	utc_format(next_s, next_text);
	if (lint_time_is_wrong(&crl->next_update))
		lint_report(lint, FOUND_NEXT_UPDATE_ENCODING, "nextUpdate: "
		    "want UTCTime through 2049, have GeneralizedTime");
	if (next_s <= this_s)
		lint_report(lint, FOUND_NEXT_UPDATE_ORDER, "nextUpdate: want "
		    "later than %s, have %s", this_text, next_text);
	if (lint->profile == LINT_BR && next_s > utc_add(this_s, &limit))
		lint_report(lint, FOUND_BR_VALIDITY, "nextUpdate: want at most "
		    "%d months after %s, have %s", BR_MONTHS, this_text,
		    next_text);
}

static void
judge_aki(struct lint *lint, const struct crl *crl)
{
	if (!crl->has_aki) {
		lint_report(lint, FOUND_AKI_MISSING,
		    "authorityKeyIdentifier is missing");
		return;
	}
	if (crl->aki_key_id.size == 0)
		lint_report(lint, FOUND_AKI_KEY_ID,
		    "authorityKeyIdentifier has no keyIdentifier");
	if (crl->is_aki_critical)
		lint_report(lint, FOUND_AKI_CRITICAL,
		    "authorityKeyIdentifier is critical, and must not be");
}

static void
judge_number(struct lint *lint, const struct crl *crl)
{
	if (!crl->has_number)
		lint_report(lint, FOUND_NUMBER_MISSING, "cRLNumber is missing");
	else if (crl->is_number_critical)
		lint_report(lint, FOUND_NUMBER_CRITICAL,
		    "cRLNumber is critical, and must not be");
}

/* Which of the CA's certificates does the list leave out? */
static void
judge_scope(struct lint *lint, const struct crl_idp *idp)
{
	bool is_br = lint->profile == LINT_BR;
	enum lint_id forbidden = is_br ? FOUND_BR_SCOPE : FOUND_PARTIAL;
	const struct {
		bool is_set;
		enum lint_id id;
		const char *name;
	} limits[] = {
		{idp->has_name, FOUND_PARTIAL, "distributionPoint"},
		{idp->only_users, FOUND_PARTIAL, "onlyContainsUserCerts"},
		{idp->only_cas, FOUND_PARTIAL, "onlyContainsCACerts"},
		{idp->only_attributes, forbidden,
		    "onlyContainsAttributeCerts"},
		{idp->only_some_reasons, forbidden, "onlySomeReasons"},
		{idp->is_indirect, is_br ? FOUND_BR_SCOPE : FOUND_INDIRECT,
		    "indirectCRL"},
	};
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		if (!limits[i].is_set)
			continue;
		count++;
		lint_report(lint, limits[i].id, "issuingDistributionPoint: "
		    "%s, so the CRL is not complete", limits[i].name);
	}
	if (count == 0)
		lint_report(
		    lint, FOUND_IDP_EMPTY, "issuingDistributionPoint is empty");
}

static void
judge_idp(struct lint *lint, const struct crl *crl)
{
	const struct crl_idp *idp = &crl->idp;

	if (!crl->has_idp)
		return;
	if (!crl->is_idp_critical)
		lint_report(lint, FOUND_IDP_CRITICAL,
		    "issuingDistributionPoint is not critical");
	if (idp->only_users + idp->only_cas + idp->only_attributes > 1)
		lint_report(lint, FOUND_IDP_CONFLICT,
		    "issuingDistributionPoint names several kinds of "
		    "certificates");
	judge_scope(lint, idp);
}

void
lint_crl_frame(struct lint *lint, const struct crl *crl)
{
	static const uint8_t no_name[] = {0x30, 0x00};

	lint->has_frame = true;
	lint->is_delta = crl->is_delta;
	lint->this_update_s = crl->this_update.at_s;
	if (crl->version != 2)
		lint_report(lint, FOUND_VERSION,
		    "version: want v2, have v%d", crl->version);
	if (!span_equals(crl->inner_algorithm, crl->outer_algorithm))
		lint_report(lint, FOUND_ALGORITHM_MISMATCH,
		    "signatureAlgorithm differs from that of tbsCertList");
	lint_algorithm(lint, crl->inner_algorithm, FOUND_ALGORITHM_UNKNOWN,
	    FOUND_ALGORITHM_WEAK);
	if (span_equals(crl->issuer,
	    (struct span){no_name, sizeof(no_name)}))
		lint_report(
		    lint, FOUND_ISSUER_EMPTY, "issuer is an empty name");
	if (lint_time_is_wrong(&crl->this_update))
		lint_report(lint, FOUND_THIS_UPDATE_ENCODING, "thisUpdate: "
		    "want UTCTime through 2049, have GeneralizedTime");
	judge_next_update(lint, crl);
	if (crl->has_revoked && crl->revoked_size == 0)
		lint_report(lint, FOUND_REVOKED_EMPTY,
		    "revokedCertificates is an empty list, which has to be "
		    "absent");
	judge_aki(lint, crl);
	judge_number(lint, crl);
	if (crl->is_delta)
		lint_report(lint, FOUND_DELTA,
		    "deltaCRLIndicator: a delta CRL, not a complete one");
	judge_idp(lint, crl);
	lint_microsoft(lint, crl);
	if (crl->has_unknown_critical)
		lint_report(lint, FOUND_UNKNOWN_CRITICAL,
		    "crlExtensions: %s is critical and not known",
		    crl->unknown_critical);
}

/* BR 7.1.3.2.2 ties the digest to the curve. */
static void
judge_curve(struct lint *lint, const struct crl *crl, const struct cert *root)
{
	int bits = EVP_PKEY_get_bits(root->key);
	const char *want = bits > 384 ? "SHA512" : bits > 256 ? "SHA384" :
	    "SHA256";
	struct algorithm algorithm;
	struct error why = {0};

	if (lint->profile != LINT_BR ||
	    crl_algorithm(crl, &algorithm, &why) != ERR_OK ||
	    algorithm.family != ALGORITHM_ECDSA || algorithm.is_weak)
		return;
	if (strcmp(algorithm.digest, want) != 0)
		lint_report(lint, FOUND_BR_ALGORITHM, "signatureAlgorithm: "
		    "want %s on a curve of %d bits, have %s", want, bits,
		    algorithm.digest);
}

static enum err
judge_root(struct lint *lint, struct crl *crl, const struct cert *root,
    struct error *err)
{
	struct error why = {0};
	enum err code;

	judge_curve(lint, crl, root);
	if (crl_check_aki(crl, root, &why) != ERR_OK)
		lint_report(lint, FOUND_AKI_MISMATCH, "%s", why.what);
	code = crl_verify(crl, root, &why);
	if (code == ERR_ISSUER)
		lint_report(lint, FOUND_ISSUER, "%s", why.what);
	else if (!span_equals(crl->issuer, root->subject))
		lint_report(lint, FOUND_ISSUER_SPELLING, "issuer: the root's "
		    "name in other octets than its subject: equal to OpenSSL "
		    "and GnuTLS, not to NSS, which compares octets");
	if (code == ERR_SIGNATURE)
		lint_report(lint, FOUND_SIGNATURE, "%s", why.what);
	/* Those two are findings of the frame. */
	if (code == ERR_ISSUER || code == ERR_SIGNATURE ||
	    code == ERR_ALGORITHM || code == ERR_WEAK || code == ERR_OK)
		return ERR_OK;
	return err_copy(err, &why);
}

static enum err
judge_entries(struct lint *lint, struct crl *crl, struct error *err)
{
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;

	crl_entries_start(&entries, crl);
	for (uint64_t index = 0;; index++) {
		const enum err code = crl_entries_next(&entries, &entry,
		    &has_entry, err);

		if (code != ERR_OK)
			return crl_fail_entry(index, code, err);
		if (!has_entry)
			return ERR_OK;
		lint_crl_entry(lint, &entry, index);
	}
}

static enum err
judge(struct lint *lint, struct window *window, const struct cert *root,
    struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey;

	TRY(crl_open(window, &crl, err));
	lint_crl_frame(lint, &crl);
	if (root != NULL)
		TRY(judge_root(lint, &crl, root, err));
	TRY(judge_entries(lint, &crl, err));
	TRY(crl_survey_walk(&crl, NULL, &survey, err));
	TRY(serial_find_twice(&crl, &survey, err));
	if (survey.twice[0] != '\0')
		lint_report(lint, FOUND_SERIAL_DUPLICATE,
		    "serial %s is listed twice", survey.twice);
	return ERR_OK;
}

enum err
lint_crl(struct lint *lint, struct window *window, const struct cert *root,
    struct error *err)
{
	struct error why = {0};
	enum err code = judge(lint, window, root, &why);

	if (code == ERR_FORMAT)
		lint_report(lint, FOUND_FORMAT, "%s", why.what);
	return code == ERR_OK || code == ERR_FORMAT ? ERR_OK :
	    err_copy(err, &why);
}
