/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/issue/issue_rules.h"
#include "site/certfile.h"

/* Is this serial on the new list, and not on the last one? */
static enum err
is_added(struct issuing *issuing, struct span serial, bool *result,
    struct error *err)
{
	struct index_search search = {0};
	struct crl_survey survey;
	enum err code;
	size_t at;

	*result = index_find(&issuing->index, &search, serial, &at);
	if (!*result || !issuing->has_last)
		return ERR_OK;
	code = crl_survey(&issuing->last.crl, &serial, &survey, err);
	if (code == ERR_OK)
		*result = !survey.has_wanted;
	return code;
}

/* The linter cannot tell whose certificate an entry is; here it is known. */
static void
note_reason(const struct issuing *issuing,
    const struct config_subordinate *subordinate, struct span serial)
{
	struct revocation revocation;
	size_t offset = 0;

	if (strcmp(issuing->root->profile, "br") != 0)
		return;
	while (index_next(&issuing->index, &offset, &revocation)) {
		if (!span_equals(revocation.serial, serial))
			continue;
		if (revocation.reason < 0)
			notice(issuing->notices, "%s/%s: profile br wants the "
			    "revocation of a CA to say why (BR 7.2.2), have "
			    "no reason in %s", issuing->root->name,
			    subordinate->name, issuing->root->signing->index);
		return;
	}
}

enum err
issuing_note_hits(struct issuing *issuing, struct error *err)
{
	const struct config_root *root = issuing->root;
	enum err code = ERR_OK;
	size_t i;

	for (i = 0; code == ERR_OK && i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		FREE_CERT struct cert *cert = NULL;
		struct error why;
		bool is_hit = false;

		if (subordinate->certificate == NULL)
			continue;
		/* A certificate that cannot be read stops no CRL. */
		if (certfile_load(subordinate->certificate, &cert, &why) !=
		    ERR_OK) {
			notice_safety(issuing->notices, "cannot tell whether "
			    "this CRL revokes the certificate of %s: %s",
			    subordinate->name, why.what);
			continue;
		}
		/* By name: a rehearsal's root has another key. */
		if (span_equals(cert->issuer, issuing->cert->subject)) {
			note_reason(issuing, subordinate, cert->serial);
			code = is_added(issuing, cert->serial, &is_hit, err);
		}
		if (code == ERR_OK && is_hit)
			notice_safety(issuing->notices, "%s/%s: ITS "
			    "CERTIFICATE IS REVOKED: %s stops when this CRL is "
			    "installed%s", root->name, subordinate->name,
			    subordinate->name, subordinate->is_retired ?
			    "; it is marked retired" : "");
	}
	return code;
}
