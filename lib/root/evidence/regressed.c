/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ca/index_crl.h"
#include "ferry/admit.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "root/evidence/regressed.h"
#include "root/evidence/shrunk.h"
#include "root/history/recorded.h"
#include "root/history/waived.h"

#define CRL_TEXT_SIZE (NUMBER_TEXT_SIZE + 64)	/* see name_crl */

/* A walk over the kept notes of one root. */
struct proofs {
	const struct proofs_request *request;
	struct proofs_found *found;
	struct notices *notices;
	struct buffer dropped;		/* struct ledger_drop each */
	bool has_dropped;
	const struct kept_note *kept;	/* that is looked at */
	struct lost lost;		/* what its CRL has beyond the index */
};

static void
proofs_release(struct proofs *proofs)
{
	buffer_release(&proofs->dropped);
	lost_release(&proofs->lost);
}

#define RELEASE_PROOFS __attribute__((cleanup(proofs_release)))

/* Does it come after the archive's last one? */
static bool
is_newer(const struct archived *last, const struct crl *crl)
{
	if (last == NULL)
		return true;
	if (crl->has_number)
		return !last->crl.has_number ||
		    number_compare(&crl->number, &last->crl.number) > 0;
	return !last->crl.has_number &&
	    crl->this_update.at_s > last->crl.this_update.at_s;
}

/* "CRL #7", "the CRL of 2026-01-01T00:00:00Z without a number" */
static void
name_crl(const struct crl *crl, char out[CRL_TEXT_SIZE])
{
	char number[NUMBER_TEXT_SIZE];
	char this_update[UTC_TEXT_SIZE];

	if (crl->has_number) {
		number_format(&crl->number, 0, number);
		snprintf(out, CRL_TEXT_SIZE, "CRL #%s", number);
	} else {
		utc_format(crl->this_update.at_s, this_update);
		snprintf(out, CRL_TEXT_SIZE, "the CRL of %s without a number",
		    this_update);
	}
}

static enum err
fail_newer(const struct proofs *proofs, const struct crl *crl,
    const char *id, struct error *err)
{
	const struct config *config = proofs->request->history->config;
	const char *root = proofs->request->root->name;
	const struct archived *last = proofs->request->last;
	char name[CRL_TEXT_SIZE], have[CRL_TEXT_SIZE] = "none";
	char path[4096] = "FILE", way_out[PROVEN_CRL_WAY_SIZE];

	name_crl(crl, name);
	if (last != NULL)
		name_crl(&last->crl, have);
	if (crl->has_number)
		TRY(notes_crl_path(config, root, &crl->number, path,
		    sizeof(path), err));
	proven_crl_way_out(config, root, path, last == NULL ? NULL : id,
	    way_out);
	return err_fail(err, ERR_REGRESSED, "%s: %s, which this root has "
	    "signed and %s holds, is ahead of the archive (the last in it: "
	    "%s): %s", root, name, proofs->kept->id, have, way_out);
}

static enum err
take_drop(void *context, const struct number *number,
    const struct ledger_drop *drop, struct error *err)
{
	struct proofs *proofs = context;

	(void)number;
	return buffer_append(&proofs->dropped, drop, sizeof(*drop), err);
}

static int
compare_drops(const void *a, const void *b)
{
	const struct ledger_drop *one = a;
	const struct ledger_drop *two = b;

	return strcmp(one->serial, two->serial);
}

/* All that the ledger says were dropped, by serial. */
static enum err
load_drops(struct proofs *proofs, struct error *err)
{
	struct buffer *dropped = &proofs->dropped;

	if (proofs->has_dropped)
		return ERR_OK;
	TRY(recorded_visit_drops(proofs->request->history,
	    proofs->request->root->name, take_drop, proofs, err));
	proofs->has_dropped = true;
	if (dropped->size > 0)
		qsort(dropped->data, dropped->size /
		    sizeof(struct ledger_drop), sizeof(struct ledger_drop),
		    compare_drops);
	return ERR_OK;
}

static bool
was_dropped(const struct proofs *proofs, struct span serial)
{
	const struct buffer *dropped = &proofs->dropped;
	struct ledger_drop key;

	hex_encode(serial, key.serial, sizeof(key.serial));
	return dropped->size > 0 && bsearch(&key, dropped->data,
	    dropped->size / sizeof(key), sizeof(key), compare_drops) != NULL;
}

/* An entry that is not revoked here: may it have gone? */
static enum err
miss_entry(void *context, const struct crl_entry *entry, struct error *err)
{
	struct proofs *proofs = context;

	return was_dropped(proofs, entry->serial) ? ERR_OK :
	    lost_add(&proofs->lost, entry, err);
}

/* The command that brings back the first entry that is lost. */
static enum err
append_revoke(const struct proofs *proofs, struct buffer *out,
    struct error *err)
{
	const struct config_root *root = proofs->request->root;
	const char *serial = proofs->lost.first;
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct index_expiry asked = {.serial = {octets, 0}};

	if (serial_parse(span_of_text(serial), octets, &asked.serial.size))
		TRY(index_expiries(root->signing->index, &asked, 1, err));
	return lost_append_revoke(proofs->request->history->config,
	    root->name, serial, !asked.is_found, out, err);
}

static enum err
say_lost(const struct proofs *proofs, struct crl *crl, bool is_twin,
    const char *subject, struct error *err)
{
	const bool is_regressed = is_twin ||
	    is_newer(proofs->request->last, crl);
	const struct config_root *root = proofs->request->root;
	const struct lost *lost = &proofs->lost;
	RELEASE_BUFFER struct buffer revoke = {0};
	char name[CRL_TEXT_SIZE];

	TRY(append_revoke(proofs, &revoke, err));
	name_crl(crl, name);
	return err_fail(err, is_regressed ? ERR_REGRESSED : ERR_SHRUNK,
	    "%s: %s holds %s, which this root has signed and the archive "
	    "%s; the index has lost %s%s of its revocations (%llu in all): "
	    "%.*s; if the certificate is good again (a hold that was "
	    "released): crlferry-root issue%s %s --acknowledge-removed %s%s",
	    root->name, proofs->kept->id, name,
	    is_twin ? "has otherwise" : "lacks", lost->first,
	    subject, (unsigned long long)lost->count, (int)revoke.size,
	    (const char *)revoke.data,
	    config_option(proofs->request->history->config), root->name,
	    lost->first, lost->count > 1 ? ", and so for each" : "");
}

static enum err
fail_lost(const struct proofs *proofs, struct crl *crl, bool is_twin,
    struct error *err)
{
	const enum err code = say_lost(proofs, crl, is_twin,
	    proofs->lost.first_subject, err);

	return !lost_has_no_room(err) ? code :
	    say_lost(proofs, crl, is_twin, "", err);
}

/* Entries that the operator lets go are recorded with the new CRL. */
static enum err
take_acknowledged(struct proofs *proofs, const char *name, struct error *err)
{
	const struct ledger_drop *list = (const void *)proofs->lost.drops.data;
	struct buffer *drops = &proofs->found->drops;
	char subject[SUBJECT_SIZE];

	for (size_t i = 0; i < proofs->lost.drops.size / sizeof(*list); i++) {
		if (!lost_is_acknowledged(proofs->request->acknowledged,
		    list[i].serial) ||
		    ledger_drops_have(drops, list[i].serial))
			continue;
		TRY(buffer_append(drops, &list[i], sizeof(*list), err));
		lost_name(proofs->request->root, list[i].serial, subject);
		notice(proofs->notices, "%s: %s%s, which %s in %s lists, is "
		    "left out: acknowledged", proofs->request->root->name,
		    list[i].serial, subject, name, proofs->kept->id);
	}
	return ERR_OK;
}

/* Signed by this root, and not what the archive has: is anything lost? */
static enum err
check_stray(struct proofs *proofs, struct crl *crl, bool is_twin,
    struct error *err)
{
	const struct config_root *root = proofs->request->root;
	char name[CRL_TEXT_SIZE];

	TRY(load_drops(proofs, err));
	lost_release(&proofs->lost);
	proofs->lost = (struct lost){
	    .index = root->signing->index, .root = root,
	    .acknowledged = proofs->request->acknowledged,
	    .last_s = proofs->request->last->crl.this_update.at_s};
	TRY(index_crl_compare(proofs->request->index, crl, NULL, miss_entry,
	    proofs, err));
	TRY(lost_judge(&proofs->lost, err));
	if (proofs->lost.count > 0)
		return fail_lost(proofs, crl, is_twin, err);
	name_crl(crl, name);
	TRY(take_acknowledged(proofs, name, err));
	notice_safety(proofs->notices, "%s: %s holds %s, and the archive "
	    "%s: none of its revocations is lost", root->name,
	    proofs->kept->id, name, is_twin ?
	    "another under that number" : "lacks it");
	return ERR_OK;
}

static bool
is_discarded(const struct proofs *proofs, const char *id)
{
	return waived_has_evidence(proofs->request->history,
	    proofs->request->root->name, proofs->request->discarded, id);
}

/* Ahead of the archive: may it be passed over, and its number be used up? */
static enum err
check_newer(struct proofs *proofs, const struct crl *crl,
    const uint8_t sha256[SHA256_SIZE], struct error *err)
{
	struct proofs_found *found = proofs->found;
	char id[NOTES_CRL_ID_SIZE];

	notes_crl_id(sha256, id);
	if (proofs->request->last == NULL || !is_discarded(proofs, id))
		return fail_newer(proofs, crl, id, err);
	if (crl->has_number && (!found->has_number ||
	    number_compare(&crl->number, &found->number) > 0))
		found->number = crl->number;
	found->has_number = found->has_number || crl->has_number;
	return ERR_OK;
}

static enum err
check_crl(struct proofs *proofs, struct crl *crl, struct error *err)
{
	const struct proofs_request *request = proofs->request;
	uint8_t want[SHA256_SIZE], have[SHA256_SIZE];
	bool found = false;

	TRY(window_sha256(crl->window, want, err));
	if (is_newer(request->last, crl) && (request->last == NULL ||
	    !waived_has_crl(request->history, request->root->name, want)))
		TRY(check_newer(proofs, crl, want, err));
	TRY(archive_digest(request->history->config, request->root->name,
	    &crl->number, crl->this_update.at_s, &found, have, err));
	if (found && memcmp(want, have, SHA256_SIZE) == 0)
		return ERR_OK;
	return check_stray(proofs, crl, found, err);
}

static enum err
take_note(void *context, const struct kept_note *kept, struct error *err)
{
	struct proofs *proofs = context;
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	struct crl_survey survey;
	struct error why;
	enum err code;

	if (kept->note.crl.size == 0)
		return ERR_OK;
	window_init_memory(&window, span_of_buffer(&kept->note.crl));
	code = crl_open(&window, &crl, &why);
	if (code == ERR_OK)
		code = admit_identity(&crl, proofs->request->cert, &why);
	if (code == ERR_OK)
		code = crl_survey(&crl, NULL, &survey, &why);
	if (code != ERR_OK) {
		notice(proofs->notices, "%s: its CRL proves nothing: %s",
		    kept->id, why.what);
		return ERR_OK;
	}
	proofs->kept = kept;
	return check_crl(proofs, &crl, err);
}

enum err
proofs_check(const struct proofs_request *request,
    struct proofs_found *found, struct notices *notices, struct error *err)
{
	RELEASE_PROOFS struct proofs proofs = {
	    .request = request, .found = found, .notices = notices};
	struct history *history = request->history;
	const struct config_root *root = request->root;
	size_t count;

	TRY(waived_check(history, root->name, err));
	/* Which of them are not authentic any more is said with the heads. */
	TRY(notes_visit(history->config, root, take_note, &proofs, NULL, err));
	TRY(proven_crl_check(request, notices, err));
	return proofs_check_heads(history, root, request->cert,
	    request->discarded, &count, notices, err);
}

void
proofs_found_release(struct proofs_found *found)
{
	buffer_release(&found->drops);
}
