/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"
#include "root/history/admission.h"
#include "site/certfile.h"

/* The certificates of those that are retired, or of the others. */
static enum err
load_certs(const struct config_root *root, bool are_retired,
    struct admission *out, struct notices *notices, struct error *err)
{
	size_t *count = &out->rules.subordinate_count;
	struct error why;
	enum err code;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		const char *path = root->subordinates[i].certificate;

		if (path == NULL ||
		    root->subordinates[i].is_retired != are_retired)
			continue;
		code = certfile_load(path, &out->certs[*count], &why);
		if (code == ERR_OK)
			++*count;
		else if (out->rules.is_adopting && code != ERR_MISSING)
			return err_copy(err, &why);
		else
			notice(notices, "%s: its distribution points are not "
			    "known: %s", root->subordinates[i].name, why.what);
	}
	return ERR_OK;
}

enum err
admission_prepare(const struct config_root *root, const struct cert *cert,
    const struct crl *crl, struct admission *out, struct notices *notices,
    struct error *err)
{
	struct admit_rules *rules = &out->rules;

	rules->root = cert;
	if (!crl->has_idp && !rules->is_adopting)
		return ERR_OK;
	out->certs = calloc(root->subordinate_count + 1, sizeof(*out->certs));
	if (out->certs == NULL)
		return err_no_memory(err);
	rules->subordinates = (const struct cert *const *)out->certs;
	TRY(load_certs(root, false, out, notices, err));
	/* A part is no current CRL of a root that has others as well. */
	if (rules->is_adopting)
		rules->needed_count = rules->subordinate_count;
	return load_certs(root, true, out, notices, err);
}

void
admission_release(struct admission *admission)
{
	for (size_t i = 0; i < admission->rules.subordinate_count; i++)
		cert_free(admission->certs[i]);
	free(admission->certs);
}

/* Nothing else that an importer minds leaves anything out. */
static bool
may_be_part(const struct crl *crl)
{
	const struct crl_idp *idp = &crl->idp;

	return crl->is_delta || crl->has_unknown_critical ||
	    (crl->has_idp && (idp->has_name || idp->only_users ||
	    idp->only_attributes || idp->only_some_reasons ||
	    idp->is_indirect));
}

enum err
admission_check_scope(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct notices *notices,
    struct error *err)
{
	RELEASE_ADMISSION struct admission admission = {.certs = NULL};

	if (!may_be_part(crl))
		return ERR_OK;
	TRY(admission_prepare(root, cert, crl, &admission, notices, err));
	return admit_scope(crl, &admission.rules, err);
}

enum err
admission_way_out(const struct config *config, const struct config_root *root,
    const struct crl *crl, enum err code, struct error *err)
{
	const char *option = config_option(config);
	const bool is_part = crl != NULL && code == ERR_SCOPE &&
	    may_be_part(crl);

	/* Only the clock, or waiting, helps. */
	if (code == ERR_NOT_YET_VALID)
		return code;
	if (root->signing == NULL)
		return err_remedy(err, code, "adopt %s: crlferry-root adopt%s "
		    "%s FILE", is_part ? "the complete CRL" : "one", option,
		    root->name);
	if (!is_part)
		return err_remedy(err, code, "issue one: crlferry-root "
		    "issue%s %s", option, root->name);
	return err_remedy(err, code, "adopt the complete CRL: crlferry-root "
	    "adopt%s %s FILE; if there is none: crlferry-root issue%s --first "
	    "%s", option, root->name, option, root->name);
}

/* "corp: CRL #21: " before a failure, and the way out behind it. */
static enum err
about(const struct config *config, const struct config_root *root,
    const struct archived *last, enum err code, struct error *err)
{
	char number[NUMBER_TEXT_SIZE];
	char subject[sizeof(": CRL #") + 32 + NUMBER_TEXT_SIZE];

	number_format(&last->number, 0, number);
	snprintf(subject, sizeof(subject), "%.32s: CRL #%s", root->name,
	    number);
	return admission_way_out(config, root, &last->crl,
	    err_about(err, code, subject), err);
}

/* The cap comes first for an importer, too. */
static enum err
check_size(const struct config *config, const struct config_root *root,
    const struct archived *last, struct error *err)
{
	char number[NUMBER_TEXT_SIZE];

	if (last->crl.size <= config->max_crl_bytes)
		return ERR_OK;
	number_format(&last->number, 0, number);
	return err_remedy(err, err_fail(err, ERR_FORMAT, "%s: CRL #%s: want "
	    "at most %llu octets (max_crl_bytes), have %llu", root->name,
	    number, (unsigned long long)config->max_crl_bytes,
	    (unsigned long long)last->crl.size), "raise max_crl_bytes in %s, "
	    "and on each subordinate", config->path);
}

enum err
admission_check_content(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    struct archived *last, struct crl_facts *facts, struct notices *notices,
    struct error *err)
{
	RELEASE_ADMISSION struct admission admission = {.certs = NULL};
	struct crl_survey survey;

	TRY(check_size(config, root, last, err));
	TRY(admission_prepare(root, cert, &last->crl, &admission, notices,
	    err));
	return about(config, root, last, admit_content(&last->crl,
	    &admission.rules, NULL, facts, &survey, err), err);
}

enum err
admission_check_current(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    struct archived *last, int64_t now_s, struct crl_facts *facts,
    struct notices *notices, struct error *err)
{
	char end[UTC_TEXT_SIZE], now[UTC_TEXT_SIZE], number[NUMBER_TEXT_SIZE];
	enum err code;

	TRY(admission_check_content(config, root, cert, last, facts, notices,
	    err));
	code = admit_dates(facts, now_s, false, err);
	if (code != ERR_EXPIRED || !facts->has_next_update)
		return about(config, root, last, code, err);
	number_format(&last->number, 0, number);
	utc_format(facts->next_update_s, end);
	utc_format(now_s, now);
	return admission_way_out(config, root, &last->crl, err_fail(err, code,
	    "%s: CRL #%s expired on %s; this machine's clock says %s",
	    root->name, number, end, now), err);
}
