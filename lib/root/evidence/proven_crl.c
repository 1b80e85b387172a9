/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"
#include "root/evidence/proven_crl.h"
#include "root/history/archive.h"
#include "root/history/waived.h"
#include "site/state.h"

enum err
notes_crl_path(const struct config *config, const char *root,
    const struct number *number, char *out, size_t capacity,
    struct error *err)
{
	return archive_path_in(config, root, "notes", number, out, capacity,
	    err);
}

void
notes_crl_id(const uint8_t sha256[SHA256_SIZE], char out[NOTES_CRL_ID_SIZE])
{
	char hex[SHA256_HEX_SIZE];

	sha256_hex(sha256, hex);
	snprintf(out, NOTES_CRL_ID_SIZE, "note-crl-%.16s", hex);
}

enum err
notes_visit_crls(const struct config *config, const char *root,
    enum err (*visit)(void *context, const char *path,
    const struct number *number, struct error *err), void *context,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	struct number number;
	const char *name;
	enum err code = ERR_OK;

	TRY(state_path(config, root, "notes", folder, err));
	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (!archive_parse_name(name, &number))
			continue;
		TRY(file_join(path, sizeof(path), folder, name, err));
		TRY(visit(context, path, &number, err));
	}
	return code;
}

static enum err
drop_passed(void *context, const char *path, const struct number *number,
    struct error *err)
{
	const struct number *last = context;

	return number_compare(number, last) > 0 ? ERR_OK :
	    file_remove(path, err);
}

enum err
notes_drop_crls(const struct config *config, const char *root,
    const struct number *last, struct error *err)
{
	struct number highest = *last;

	return notes_visit_crls(config, root, drop_passed, &highest, err);
}

/* The highest that the archive should have. */
struct search {
	const struct proofs_request *request;
	struct notices *notices;
	struct number highest;
	char path[4096];	/* of that */
	char id[NOTES_CRL_ID_SIZE];
	bool found;
};

static bool
is_discarded(const struct search *search, const char *id)
{
	return waived_has_evidence(search->request->history,
	    search->request->root->name, search->request->discarded, id);
}

/* Is it a CRL of this root, under its own number, that still binds it? */
static enum err
check_one(const struct search *search, const char *path,
    const struct number *number, char id[NOTES_CRL_ID_SIZE], bool *counts,
    struct error *err)
{
	RELEASE_ARCHIVED struct archived crl = ARCHIVED_NONE;
	uint8_t sha256[SHA256_SIZE];
	struct error why;
	enum err code;

	*counts = false;
	code = archived_open(path, search->request->cert, &crl, &why);
	if (code == ERR_IO || code == ERR_PERMISSIONS)
		return err_copy(err, &why);
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
	TRY(window_sha256(&crl.window, sha256, err));
	notes_crl_id(sha256, id);
	*counts = search->request->last == NULL ||
	    (!waived_has_crl(search->request->history,
	    search->request->root->name, sha256) &&
	    !is_discarded(search, id));
	return ERR_OK;
}

static enum err
see_crl(void *context, const char *path, const struct number *number,
    struct error *err)
{
	struct search *search = context;
	const struct archived *last = search->request->last;
	char id[NOTES_CRL_ID_SIZE];
	bool counts;

	if ((last != NULL && number_compare(number, &last->number) <= 0) ||
	    (search->found && number_compare(number, &search->highest) <= 0))
		return ERR_OK;
	TRY(check_one(search, path, number, id, &counts, err));
	if (!counts)
		return ERR_OK;
	search->highest = *number;
	search->found = true;
	snprintf(search->path, sizeof(search->path), "%s", path);
	memcpy(search->id, id, sizeof(search->id));
	return ERR_OK;
}

void
proven_crl_way_out(const struct config *config, const char *root,
    const char *path, const char *id, char out[PROVEN_CRL_WAY_SIZE])
{
	const char *option = config_option(config);
	size_t used;

	used = (size_t)snprintf(out, PROVEN_CRL_WAY_SIZE, "crlferry-root "
	    "adopt%s %s %s (to give it up: reset-order", option, root, path);
	if (id != NULL)
		used += (size_t)snprintf(out + used, PROVEN_CRL_WAY_SIZE - used,
		    "; if neither is possible: crlferry-root issue%s %s "
		    "--discard-evidence %s --why TEXT", option, root, id);
	snprintf(out + used, PROVEN_CRL_WAY_SIZE - used, ")");
}

enum err
proven_crl_check(const struct proofs_request *request,
    struct notices *notices, struct error *err)
{
	struct search search = {.request = request, .notices = notices};
	const struct archived *last = request->last;
	const char *root = request->root->name;
	char number[NUMBER_TEXT_SIZE], have[NUMBER_TEXT_SIZE] = "";
	char way_out[PROVEN_CRL_WAY_SIZE];

	TRY(notes_visit_crls(request->history->config, root, see_crl, &search,
	    err));
	if (!search.found)
		return ERR_OK;
	proven_crl_way_out(request->history->config, root, search.path,
	    last == NULL ? NULL : search.id, way_out);
	number_format(&search.highest, 0, number);
	if (last != NULL)
		number_format(&last->number, 0, have);
	return err_fail(err, ERR_REGRESSED, "%s: CRL #%s, which this root "
	    "has signed and a note has brought back, is ahead of the archive "
	    "(the last in it: %s%s): %s", root, number,
	    last == NULL ? "none" : "CRL #", have, way_out);
}
