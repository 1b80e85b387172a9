/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/listing.h"
#include "root/laid_out.h"
#include "root/notes.h"
#include "site/state.h"

/* The highest that the archive should have. */
struct search {
	const struct config *config;
	const struct config_root *root;
	const struct cert *cert;
	const struct archived *last;
	const struct given_up *given_up;
	struct notices *notices;
	struct number highest;
	bool found;
};

/* Is it a CRL of this root, under its own number, that still binds it? */
static enum err
check_one(const struct search *search, const char *path,
    const struct number *number, bool *counts, struct error *err)
{
	RELEASE_ARCHIVED struct archived crl = ARCHIVED_NONE;
	uint8_t sha256[SHA256_SIZE];
	struct error why;
	enum err code;

	*counts = false;
	code = archived_open(path, search->cert, &crl, &why);
	if (code == ERR_IO || code == ERR_PERMISSIONS)
		return err_fail(err, code, "%s", why.what);
	if (code != ERR_OK && code != ERR_WEAK) {
		notice(search->notices, "%s: proves nothing: %s", path,
		    why.what);
		return ERR_OK;
	}
	if (!crl.crl.has_number ||
	    number_compare(&crl.crl.number, number) != 0) {
		notice(search->notices, "%s: proves nothing: it has another "
		    "number", path);
		return ERR_OK;
	}
	code = window_sha256(&crl.window, sha256, err);
	*counts = code == ERR_OK && (search->last == NULL ||
	    !given_up_has_crl(search->given_up, sha256));
	return code;
}

static enum err
see_name(struct search *search, const char *name, struct error *err)
{
	struct number number;
	char path[4096];
	bool counts;
	enum err code;

	if (!archive_parse_name(name, &number) || (search->last != NULL &&
	    number_compare(&number, &search->last->number) <= 0) ||
	    (search->found && number_compare(&number, &search->highest) <= 0))
		return ERR_OK;
	code = notes_crl_path(search->config, search->root->name, &number,
	    path, sizeof(path), err);
	if (code == ERR_OK)
		code = check_one(search, path, &number, &counts, err);
	if (code == ERR_OK && counts) {
		search->highest = number;
		search->found = true;
	}
	return code;
}

static enum err
find_highest(struct search *search, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char folder[STATE_PATH_SIZE];
	const char *name;
	enum err code;

	code = state_path(search->config, search->root->name, "notes", folder,
	    err);
	if (code == ERR_OK)
		code = listing_open(folder, &listing, err);
	while (listing_next(&listing, &name, &code, err))
		code = see_name(search, name, err);
	return code;
}

enum err
laid_out_check(const struct config *config, const struct config_root *root,
    const struct cert *cert, const struct archived *last,
    const struct given_up *given_up, struct notices *notices,
    struct error *err)
{
	struct search search = {.config = config, .root = root, .cert = cert,
	    .last = last, .given_up = given_up, .notices = notices};
	char number[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE + 1] = "none";
	char path[4096];
	enum err code;

	code = find_highest(&search, err);
	if (code != ERR_OK || !search.found)
		return code;
	code = notes_crl_path(config, root->name, &search.highest, path,
	    sizeof(path), err);
	if (code != ERR_OK)
		return code;
	number_format(&search.highest, 0, number);
	if (last != NULL) {
		have[0] = '#';
		number_format(&last->number, 0, have + 1);
	}
	return err_fail(err, ERR_REGRESSED, "%s: want an archive with CRL "
	    "#%s, which this root has signed and a note has brought back, "
	    "have %s as the last one: crlferry-root adopt %s %s (to give it "
	    "up: reset-order)", root->name, number, have, root->name, path);
}
