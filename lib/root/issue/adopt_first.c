/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/issue/adopting.h"

/* Signed by the root, with whatever it signed then, and sound. */
static enum err
verify_file(struct adopting *adopting, struct error *err)
{
	struct crl *crl = &adopting->crl;
	enum err code;

	code = crl_verify(crl, adopting->cert, err);
	if (code == ERR_WEAK)
		notice_safety(adopting->notices, "%s is signed with MD5 or "
		    "SHA-1: issue a new one", adopting->file);
	else if (code != ERR_OK)
		return err_about(err, code, adopting->file);
	TRY(err_about(err, crl_facts_of(crl, &adopting->facts, err),
	    adopting->file));
	if (!crl->has_number)
		notice(adopting->notices, "%s has no CRL number: it counts as "
		    "0", adopting->file);
	return ERR_OK;
}

enum err
adopt_check(const struct config *config, const char *path,
    const struct cert *cert, struct error *err)
{
	RELEASE_NOTICES struct notices unsaid = {0};
	RELEASE_ADOPTING struct adopting adopting = {
	    .config = config, .file = path, .notices = &unsaid,
	    .cert = cert, .last = ARCHIVED_NONE};

	TRY(adopting_open(&adopting, err));
	return verify_file(&adopting, err);
}

/* An archive that holds this very CRL is left from a run that was cut off. */
static enum err
check_empty(struct adopting *adopting, struct error *err)
{
	TRY(adopting_load_last(adopting, err));
	if (!adopting->has_last)
		return ERR_OK;
	adopting->is_known = memcmp(adopting->last_facts.sha256,
	    adopting->facts.sha256, SHA256_SIZE) == 0;
	if (!adopting->is_known)
		return err_remedy(err, err_fail(err, ERR_USAGE, "%s has a CRL "
		    "in its archive already, %s", adopting->root->name,
		    adopting->last.path), "to take a newer one: crlferry-root "
		    "adopt%s %s FILE", config_option(adopting->config),
		    adopting->root->name);
	return ERR_OK;
}

enum err
adopt_first(struct history *history, const struct config_root *root,
    const char *path, int64_t now_s, const char *who, struct number *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ADOPTING struct adopting adopting = {
	    .history = history, .config = history->config, .root = root,
	    .file = path, .now_s = now_s,
	    .who = who, .notices = notices, .last = ARCHIVED_NONE};
	char place[4096];

	TRY(adopting_open(&adopting, err));
	TRY(verify_file(&adopting, err));
	TRY(check_empty(&adopting, err));
	if (!adopting.is_known)
		TRY(adopting_archive(&adopting, place, sizeof(place), err));
	else if (!adopting.recorded.is_entered)
		TRY(adopting_record(&adopting, err));
	*out = adopting.facts.number;
	return ERR_OK;
}
