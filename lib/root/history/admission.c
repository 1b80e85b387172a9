/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "root/history/admission.h"
#include "site/certfile.h"

enum err
admission_prepare(const struct config_root *root, const struct cert *cert,
    const struct crl *crl, struct admission *out, struct notices *notices,
    struct error *err)
{
	struct error why;
	size_t count = 0;

	out->rules = (struct admit_rules){.root = cert};
	if (!crl->has_idp)
		return ERR_OK;
	out->certs = calloc(root->subordinate_count + 1, sizeof(*out->certs));
	if (out->certs == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const char *path = root->subordinates[i].certificate;

		if (path == NULL)
			continue;
		if (certfile_load(path, &out->certs[count], &why) == ERR_OK)
			count++;
		else
			notice(notices, "%s: its distribution points are not "
			    "known: %s", root->subordinates[i].name, why.what);
	}
	out->rules.subordinates = (const struct cert *const *)out->certs;
	out->rules.subordinate_count = count;
	return ERR_OK;
}

void
admission_release(struct admission *admission)
{
	for (size_t i = 0; i < admission->rules.subordinate_count; i++)
		cert_free(admission->certs[i]);
	free(admission->certs);
}

enum err
admission_check_scope(const struct config_root *root,
    const struct cert *cert, const struct crl *crl, struct notices *notices,
    struct error *err)
{
	RELEASE_ADMISSION struct admission admission = {.certs = NULL};

	TRY(admission_prepare(root, cert, crl, &admission, notices, err));
	return admit_scope(crl, &admission.rules, err);
}
