/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/array.h"
#include "base/utc.h"
#include "ferry/admit.h"
#include "pki/name.h"
#include "pki/points.h"

#define POINT_TEXT_SIZE 128

/* Refuse sound DER that is no CRL by the profile all the same. */
static enum err
check_form(const struct crl *crl, struct error *err)
{
	const struct crl_idp *idp = &crl->idp;

	if (crl->version != 2)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "CRL version: "
		    "want v2 (RFC 5280 5.1.2.1), have v%d", crl->version),
		    "have the CA issue v2 CRLs (openssl.cnf: crl_extensions "
		    "and crlnumber), or sign with crlferry-root issue");
	if (crl->has_revoked && crl->revoked_size == 0)
		return err_fail(err, ERR_FORMAT, "revokedCertificates is an "
		    "empty list; it must be left out if nothing is revoked "
		    "(RFC 5280 5.1.2.6)");
	if (crl->has_idp && !idp->has_name && !idp->only_users &&
	    !idp->only_cas && !idp->only_attributes &&
	    !idp->only_some_reasons && !idp->is_indirect)
		return err_fail(err, ERR_FORMAT, "issuingDistributionPoint is "
		    "empty, and a CRL must not have an empty one (RFC 5280 "
		    "5.2.5)");
	return ERR_OK;
}

/* GeneralNames, as OpenSSL compares them: octets, or a directoryName's Name. */
static bool
is_same_point(struct span a, struct span b)
{
	const uint8_t directory = DER_CONTEXT_CONSTRUCTED(4);
	struct der_value first, second;

	return span_equals(a, b) || (der_expect(&a, directory, "", &first,
	    NULL) == ERR_OK && der_expect(&b, directory, "", &second, NULL) ==
	    ERR_OK && name_equals(first.content, second.content));
}

static bool
names_point(const struct cert *cert, struct span name)
{
	for (size_t i = 0; i < cert->cdp_count; i++)
		if (!cert->is_cdp_indirect[i] &&
		    is_same_point(cert->cdp[i], name))
			return true;
	return false;
}

/* RFC 5280 6.3.3 (b)(2)(i): is one of its names one of the certificate's? */
static enum err
covers(const struct cert *cert, struct span names, bool *out,
    struct error *err)
{
	struct der_value name;

	*out = false;
	while (names.size > 0) {
		TRY(der_next(&names, "distribution point name", &name, err));
		if (names_point(cert, name.whole))
			*out = true;
	}
	return ERR_OK;
}

/* The first URL of a CRL's distribution point, for people; or "its name". */
static const char *
point_text(struct span names, char out[POINT_TEXT_SIZE])
{
	struct der_value name;
	struct span url;

	if (der_next(&names, "", &name, NULL) != ERR_OK ||
	    !point_url(name.whole, "", &url))
		return "its name";
	snprintf(out, POINT_TEXT_SIZE, "%.*s", (int)url.size,
	    (const char *)url.data);
	return out;
}

/* AD CS's partitions have one each, and so have others' parts. */
static enum err
check_point(const struct crl *crl, const struct admit_rules *rules,
    struct error *err)
{
	struct span rest = crl->idp.name;
	const struct cert *left_out = NULL;
	bool is_any = false, is_covering;
	struct der_value names;
	char text[POINT_TEXT_SIZE];

	if (!der_is_next(rest, DER_CONTEXT_CONSTRUCTED(0)))
		return err_fail(err, ERR_SCOPE, "issuingDistributionPoint: "
		    "its name is relative to the CRL's issuer, not a fullName "
		    "(RFC 5280 5.2.5)");
	TRY(der_expect(&rest, DER_CONTEXT_CONSTRUCTED(0),
	    "issuingDistributionPoint fullName", &names, err));
	TRY(der_end(rest, "issuingDistributionPoint name", err));
	for (size_t i = 0; i < rules->subordinate_count; i++) {
		TRY(covers(rules->subordinates[i], names.content,
		    &is_covering, err));
		is_any = is_any || is_covering;
		if (!is_covering && i < rules->needed_count)
			left_out = rules->subordinates[i];
	}
	if (!is_any)
		return err_fail(err, ERR_SCOPE, "issuingDistributionPoint: "
		    "the CRL may be a part, not the whole: %s stands in no "
		    "subordinate's certificate (RFC 5280 6.3.3)",
		    point_text(names.content, text));
	if (left_out != NULL)
		return err_fail(err, ERR_SCOPE, "issuingDistributionPoint: "
		    "the CRL is a part, not the whole: %s stands in no "
		    "distribution point of %s (RFC 5280 6.3.3)",
		    point_text(names.content, text), left_out->subject_text);
	return ERR_OK;
}

/* A CRL that is only one of several. */
static enum err
check_parts(const struct crl *crl, struct error *err)
{
	const struct crl_idp *idp = &crl->idp;
	const struct {
		bool has;
		const char *part;
	} parts[] = {
		{idp->is_indirect, "an indirect CRL"},
		{idp->only_some_reasons, "onlySomeReasons"},
		{idp->only_users, "onlyContainsUserCerts"},
		{idp->only_attributes, "onlyContainsAttributeCerts"},
	};

	if (crl->is_delta)
		return err_fail(err, ERR_SCOPE, "a delta CRL is not complete "
		    "(RFC 5280 5.2.4)");
	for (size_t i = 0; crl->has_idp && i < COUNT_OF(parts); i++)
		if (parts[i].has)
			return err_fail(err, ERR_SCOPE, "issuingDistribution"
			    "Point: the CRL is not for all of this CA's "
			    "certificates and reasons: %s (RFC 5280 5.2.5)",
			    parts[i].part);
	return ERR_OK;
}

/* RFC 5280 6.3.3 (b)(2)(iii): a list of CA certificates says of no other. */
static enum err
check_covers(const struct crl *crl, const struct admit_rules *rules,
    struct error *err)
{
	for (size_t i = 0; crl->has_idp && crl->idp.only_cas &&
	    i < rules->subordinate_count; i++)
		if (!rules->subordinates[i]->is_ca)
			return err_fail(err, ERR_SCOPE, "issuingDistribution"
			    "Point: onlyContainsCACerts does not cover %s, "
			    "which is no CA certificate (RFC 5280 6.3.3)",
			    rules->subordinates[i]->subject_text);
	return ERR_OK;
}

static enum err
fail_critical(enum err code, struct error *err)
{
	return err_remedy(err, code, "have the CA sign a CRL in which that "
	    "extension is not critical, or is left out");
}

enum err
admit_scope(const struct crl *crl, const struct admit_rules *rules,
    struct error *err)
{
	TRY(check_parts(crl, err));
	TRY(check_covers(crl, rules, err));
	if (crl->has_unknown_critical)
		return fail_critical(err_fail(err, ERR_SCOPE, "CRL extension "
		    "%s is critical and unknown (RFC 5280 5.2)",
		    crl->unknown_critical), err);
	if (crl->is_number_critical)
		return fail_critical(err_fail(err, ERR_SCOPE, "CRL number is "
		    "critical, and must not be: OpenSSL refuses the CRL (RFC "
		    "5280 5.2.3)"), err);
	if (crl->has_idp && crl->idp.has_name && !rules->is_point_unknown)
		return check_point(crl, rules, err);
	return ERR_OK;
}

static enum err
check_entries(const struct crl_survey *survey, struct error *err)
{
	if (survey->has_certificate_issuer)
		return err_fail(err, ERR_SCOPE, "CRL entries: one is for "
		    "another CA's certificates (certificateIssuer, RFC 5280 "
		    "5.3.3)");
	if (survey->has_unknown_critical)
		return fail_critical(err_fail(err, ERR_SCOPE, "CRL entry "
		    "extension %s is critical: OpenSSL refuses the CRL (RFC "
		    "5280 5.3)", survey->unknown_critical), err);
	/* OpenSSL takes it for one that is not revoked, others do not. */
	if (survey->removed[0] != '\0')
		return err_remedy(err, err_fail(err, ERR_FORMAT, "revoked "
		    "serial %s: a complete CRL cannot hold removeFromCRL "
		    "(RFC 5280 5.3.1)", survey->removed), "have the CA issue "
		    "a complete CRL without that entry");
	return ERR_OK;
}

enum err
admit_dates(const struct crl_facts *candidate, int64_t now_s,
    bool may_have_ended, struct error *err)
{
	char want[UTC_TEXT_SIZE], have[UTC_TEXT_SIZE];

	utc_format(now_s + ADMIT_SKEW_S, want);
	utc_format(candidate->this_update_s, have);
	if (candidate->this_update_s - ADMIT_SKEW_S > now_s)
		return err_fail(err, ERR_NOT_YET_VALID, "thisUpdate: want %s "
		    "or earlier, have %s (RFC 5280 5.1.2.4)", want, have);
	if (!candidate->has_next_update)
		return err_remedy(err, err_fail(err, ERR_EXPIRED, "the CRL has "
		    "no nextUpdate, so that nobody can tell when it is too "
		    "old (RFC 5280 5.1.2.5)"), "have the CA issue one with "
		    "nextUpdate, or sign it with crlferry-root issue, which "
		    "always writes it");
	utc_format(now_s, want);
	utc_format(candidate->next_update_s, have);
	if (candidate->next_update_s <= now_s && !may_have_ended)
		return err_fail(err, ERR_EXPIRED, "the CRL expired on %s, its "
		    "nextUpdate; now it is %s (RFC 5280 5.1.2.5)", have,
		    want);
	return ERR_OK;
}

static enum err
fill_facts(struct crl *crl, const struct crl_survey *survey,
    struct crl_facts *out, struct error *err)
{
	*out = (struct crl_facts){
		.has_number = crl->has_number,
		.number = crl->number,
		.this_update_s = crl->this_update.at_s,
		.has_next_update = crl->has_next_update,
		.next_update_s = crl->next_update.at_s,
		.next_publish_s = crl_next_publish(crl),
		.size_bytes = crl->size,
		.revoked_count = survey->count,
	};
	return crl_sha256(crl, out->sha256, err);
}

enum err
crl_facts_of(struct crl *crl, struct crl_facts *out, struct error *err)
{
	struct crl_survey survey;

	TRY(crl_survey_lax(crl, NULL, &survey, err));
	return fill_facts(crl, &survey, out, err);
}

enum err
crl_facts_read(struct span der, const struct cert *root,
    struct crl_facts *out, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;

	window_init_memory(&window, der);
	TRY(crl_open(&window, &crl, err));
	TRY(admit_identity(&crl, root, err));
	TRY(crl_facts_of(&crl, out, err));
	out->is_respelt = !span_equals(crl.issuer, root->subject);
	return ERR_OK;
}

enum err
admit_content(struct crl *crl, const struct admit_rules *rules,
    const struct span *wanted, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err)
{
	struct crl_survey found = {0};
	struct crl_facts gathered;

	/* Nothing reads the entries before the signature is known good. */
	TRY(crl_fail_form(check_form(crl, err), err));
	TRY(admit_identity(crl, rules->root, err));
	TRY(admit_scope(crl, rules, err));
	if (rules->is_adopting)
		TRY(crl_survey_lax(crl, wanted, &found, err));
	else
		TRY(crl_survey(crl, wanted, &found, err));
	TRY(check_entries(&found, err));
	TRY(fill_facts(crl, &found, &gathered, err));
	gathered.is_respelt = !span_equals(crl->issuer,
	    rules->root->subject);
	*facts = gathered;
	*survey = found;
	return ERR_OK;
}

enum err
admit_crl(struct crl *crl, const struct admit_rules *rules,
    const struct span *wanted, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err)
{
	struct crl_survey found = {0};
	struct crl_facts gathered;

	TRY(admit_content(crl, rules, wanted, &gathered, &found, err));
	TRY(admit_dates(&gathered, rules->now_s, rules->is_adopting, err));
	TRY(admit_seen(&gathered, rules, err));
	*facts = gathered;
	*survey = found;
	return ERR_OK;
}
