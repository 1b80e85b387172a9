/* SPDX-License-Identifier: ISC */
#include "root/ceremony/steps.h"
#include "root/history/calendar.h"
#include "site/certfile.h"

bool
ceremony_next_root(struct ceremony *c, struct ceremony_root *at)
{
	while (at->place < c->config->root_count) {
		at->root = &c->config->roots[at->place++];
		at->kept = journal_find_root(&c->journal, at->root->name);
		if (at->kept != NULL)
			return true;
	}
	return false;
}

enum err
ceremony_open_root(struct ceremony *c, const struct config_root *root,
    struct cert **cert, struct archived *last, bool *found,
    struct error *err)
{
	RELEASE_NOTICES struct notices notices = {0};
	enum err code;

	code = certfile_load(root->certificate, cert, err);
	if (code == ERR_OK)
		code = archive_open_last(c->config, root->name, *cert, last,
		    found, &notices, err);
	/* A weak signature of the past is said by what judges the CRL. */
	return code;
}

enum err
ceremony_read_crl(struct ceremony *c, const struct config_root *root,
    struct ceremony_crl *out, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	uint8_t sha256[SHA256_SIZE];
	struct crl_survey survey;
	enum err code;

	*out = (struct ceremony_crl){.exists = false};
	code = ceremony_open_root(c, root, &cert, &last, &out->exists, err);
	if (code != ERR_OK || !out->exists)
		return code;
	out->number = last.number;
	number_format(&last.number, 0, out->digits);
	out->this_update_s = last.crl.this_update.at_s;
	out->next_update_s = last.crl.next_update.at_s;
	code = crl_survey(&last.crl, NULL, &survey, err);
	if (code == ERR_OK)
		code = window_sha256(&last.window, sha256, err);
	if (code != ERR_OK)
		return code;
	out->revoked_count = survey.count;
	sha256_hex(sha256, out->sha256);
	return ERR_OK;
}

enum err
ceremony_next_date(struct ceremony *c, const struct config_root *root,
    const struct ceremony_crl *crl, char out[UTC_TEXT_SIZE],
    struct error *err)
{
	struct calendar calendar;
	enum err code;

	code = calendar_read(c->config, root, &crl->number,
	    crl->this_update_s, &calendar, err);
	if (code == ERR_OK)
		utc_format_date(calendar.next_ceremony_s, out);
	return code;
}

enum err
ceremony_is_issued(struct ceremony *c, const struct config_root *root,
    bool *is_issued, struct error *err)
{
	const struct journal_root *kept = journal_find_root(&c->journal,
	    root->name);
	struct ceremony_crl crl;
	enum err code;

	*is_issued = false;
	if (kept == NULL || !kept->is_agreed)
		return ERR_OK;
	code = ceremony_read_crl(c, root, &crl, err);
	*is_issued = code == ERR_OK && crl.exists && (!kept->has_before ||
	    number_compare(&crl.number, &kept->before) > 0);
	return code;
}
