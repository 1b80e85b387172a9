/* SPDX-License-Identifier: ISC */
#include "ferry/admit.h"
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

	TRY(certfile_load(root->certificate, cert, err));
	TRY(archive_open_last(c->config, root->name, *cert, last, found,
	    &notices, err));
	/* A weak signature of the past is said by what judges the CRL. */
	return ERR_OK;
}

enum err
ceremony_read_crl(struct ceremony *c, const struct config_root *root,
    struct ceremony_crl *out, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	struct crl_facts facts;

	*out = (struct ceremony_crl){.exists = false};
	TRY(ceremony_open_root(c, root, &cert, &last, &out->exists, err));
	if (!out->exists)
		return ERR_OK;
	out->number = last.number;
	number_format(&last.number, 0, out->digits);
	out->this_update_s = last.crl.this_update.at_s;
	out->next_update_s = last.crl.next_update.at_s;
	TRY(crl_facts_of(&last.crl, &facts, err));
	out->revoked_count = facts.revoked_count;
	sha256_hex(facts.sha256, out->sha256);
	return ERR_OK;
}

enum err
ceremony_next_date(struct ceremony *c, const struct config_root *root,
    const struct ceremony_crl *crl, char out[UTC_TEXT_SIZE],
    struct error *err)
{
	struct calendar calendar;

	TRY(calendar_read(c->config, root, &crl->number, crl->this_update_s,
	    &calendar, err));
	utc_format_date(calendar.next_ceremony_s, out);
	return ERR_OK;
}

enum err
ceremony_is_issued(struct ceremony *c, const struct config_root *root,
    bool *is_issued, struct error *err)
{
	const struct journal_root *kept = journal_find_root(&c->journal,
	    root->name);
	struct ceremony_crl crl;

	*is_issued = false;
	if (kept == NULL || !kept->is_agreed)
		return ERR_OK;
	TRY(ceremony_read_crl(c, root, &crl, err));
	*is_issued = crl.exists && (!kept->has_before ||
	    number_compare(&crl.number, &kept->before) > 0);
	return ERR_OK;
}
