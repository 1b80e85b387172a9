/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ferry/admit.h"
#include "root/difference.h"
#include "root/given_up.h"
#include "root/laid_out.h"
#include "root/ledger.h"
#include "root/lost.h"
#include "root/notes.h"
#include "root/proofs.h"

#define CRL_TEXT_SIZE (NUMBER_TEXT_SIZE + 64)	/* see name_crl */

/* A walk over the kept notes of one root. */
struct proofs {
	const struct config *config;
	const struct config_root *root;
	const struct cert *cert;
	const struct archived *last;	/* NULL: none */
	struct notices *notices;
	struct given_up given_up;	/* by reset orders */
	struct index index;
	bool has_index;			/* it is loaded */
	struct buffer dropped;		/* struct ledger_drop each */
	bool has_dropped;
	const struct kept_note *kept;	/* that is looked at */
	struct lost lost;		/* what its CRL has beyond the index */
};

static void
proofs_release(struct proofs *proofs)
{
	given_up_release(&proofs->given_up);
	index_release(&proofs->index);
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
    struct error *err)
{
	char name[CRL_TEXT_SIZE], have[CRL_TEXT_SIZE];
	char path[4096] = "FILE";
	enum err code = ERR_OK;

	name_crl(crl, name);
	snprintf(have, sizeof(have), "an empty one");
	if (proofs->last != NULL)
		name_crl(&proofs->last->crl, have);
	if (crl->has_number)
		code = notes_crl_path(proofs->config, proofs->root->name,
		    &crl->number, path, sizeof(path), err);
	if (code != ERR_OK)
		return code;
	return err_fail(err, ERR_REGRESSED, "%s: want an archive with %s, "
	    "which this root has signed and %s holds, have %s%s: "
	    "crlferry-root adopt %s %s (to give it up: reset-order)",
	    proofs->root->name, name,
	    proofs->kept->id, proofs->last == NULL ? "" : "the last one ",
	    have, proofs->root->name, path);
}

static enum err
take_drops(void *context, const struct ledger_line *line, struct error *err)
{
	struct proofs *proofs = context;
	struct ledger_drop drop;
	enum err code = ERR_OK;
	size_t i;

	if (strcmp(line->root, proofs->root->name) != 0)
		return ERR_OK;
	for (i = 0; code == ERR_OK && ledger_line_drop(line, i, &drop); i++)
		code = buffer_append(&proofs->dropped, &drop, sizeof(drop),
		    err);
	return code;
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
	struct ledger_summary summary;
	enum err code;

	if (proofs->has_dropped)
		return ERR_OK;
	code = ledger_read(proofs->config, take_drops, proofs, &summary, err);
	proofs->has_dropped = code == ERR_OK;
	if (code == ERR_OK && dropped->size > 0)
		qsort(dropped->data, dropped->size /
		    sizeof(struct ledger_drop), sizeof(struct ledger_drop),
		    compare_drops);
	return code;
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

static enum err
compare_index(struct proofs *proofs, struct crl *crl, struct error *err)
{
	enum err code = ERR_OK;

	if (!proofs->has_index)
		code = index_load(proofs->root->signing->index,
		    &proofs->index, err);
	proofs->has_index = code == ERR_OK;
	return code == ERR_OK ? difference_lost(&proofs->index, crl,
	    miss_entry, proofs, err) : code;
}

/* Without an index the last CRL says what is revoked. */
static enum err
compare_last(struct proofs *proofs, struct crl *crl, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	enum err code;

	code = archived_open(proofs->last->path, proofs->cert, &last, err);
	return code == ERR_OK || code == ERR_WEAK ?
	    crl_compare(crl, &last.crl, miss_entry, proofs, err) : code;
}

/* What brings back the first entry that is lost. */
static enum err
name_way_out(const struct proofs *proofs, char *out, size_t capacity,
    struct error *err)
{
	const char *serial = proofs->lost.first;
	uint8_t octets[LEDGER_SERIAL_SIZE];
	struct index_expiry asked = {.serial = {octets, 0}};
	enum err code = ERR_OK;

	if (proofs->root->signing == NULL) {
		snprintf(out, capacity, "adopt a CRL that lists it");
		return ERR_OK;
	}
	if (hex_decode(span_of_text(serial), octets, sizeof(octets),
	    &asked.serial.size))
		code = index_expiries(proofs->root->signing->index, &asked, 1,
		    err);
	snprintf(out, capacity, "crlferry-root revoke %s %s%s --reason "
	    "REASON", proofs->root->name, serial,
	    asked.is_found ? "" : " --unknown");
	return code;
}

/* Signed by this root, older than the last, and not what the archive has. */
static enum err
check_stray(struct proofs *proofs, struct crl *crl, bool is_twin,
    struct error *err)
{
	const struct config_signing *signing = proofs->root->signing;
	char name[CRL_TEXT_SIZE], way_out[320];
	enum err code;

	code = load_drops(proofs, err);
	if (code != ERR_OK)
		return code;
	lost_release(&proofs->lost);
	proofs->lost = (struct lost){
	    .index = signing == NULL ? NULL : signing->index,
	    .last_s = proofs->last->crl.this_update.at_s};
	code = signing == NULL ? compare_last(proofs, crl, err) :
	    compare_index(proofs, crl, err);
	if (code == ERR_OK)
		code = lost_judge(&proofs->lost, err);
	if (code != ERR_OK)
		return code;
	name_crl(crl, name);
	if (proofs->lost.count == 0) {
		notice_safety(proofs->notices, "%s: %s holds %s, and the archive %s: "
		    "none of its revocations is lost", proofs->root->name,
		    proofs->kept->id, name, is_twin ?
		    "another under that number" : "lacks it");
		return ERR_OK;
	}
	code = name_way_out(proofs, way_out, sizeof(way_out), err);
	return code != ERR_OK ? code : err_fail(err, ERR_REGRESSED,
	    "%s: want every revocation of %s, which this root has signed, %s "
	    "holds and the archive %s, have lost %s (%llu in all): %s",
	    proofs->root->name, name, proofs->kept->id,
	    is_twin ? "has otherwise" : "lacks", proofs->lost.first,
	    (unsigned long long)proofs->lost.count, way_out);
}

static enum err
check_crl(struct proofs *proofs, struct crl *crl, struct error *err)
{
	uint8_t want[SHA256_SIZE], have[SHA256_SIZE];
	bool found = false;
	enum err code;

	code = window_sha256(crl->window, want, err);
	if (code == ERR_OK && is_newer(proofs->last, crl) &&
	    (proofs->last == NULL ||
	    !given_up_has_crl(&proofs->given_up, want)))
		return fail_newer(proofs, crl, err);
	if (code == ERR_OK)
		code = archive_digest(proofs->config, proofs->root->name,
		    &crl->number, crl->this_update.at_s, &found, have, err);
	if (code != ERR_OK || (found && memcmp(want, have, SHA256_SIZE) == 0))
		return code;
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
		code = admit_identity(&crl, proofs->cert, &why);
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
proofs_check(const struct config *config, const struct config_root *root,
    const struct cert *cert, const struct archived *last,
    const struct config_words *discarded, struct notices *notices,
    struct error *err)
{
	RELEASE_PROOFS struct proofs proofs = {
	    .config = config, .root = root, .cert = cert, .last = last,
	    .notices = notices};
	size_t count;
	enum err code;

	code = given_up_read(config, root->name, &proofs.given_up, err);
	/* Which of them are not authentic any more is said with the heads. */
	if (code == ERR_OK)
		code = notes_visit(config, root, take_note, &proofs, NULL, err);
	if (code == ERR_OK)
		code = laid_out_check(config, root, cert, last,
		    &proofs.given_up, notices, err);
	return code == ERR_OK ? proofs_check_heads(config, root, cert,
	    discarded, &count, notices, err) : code;
}
