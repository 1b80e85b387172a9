/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "pki/crl.h"
#include "root/evidence/clock_evidence.h"
#include "root/evidence/collect_note.h"
#include "root/evidence/notes.h"
#include "root/evidence/proven_crl.h"
#include "root/history/archive.h"
#include "root/history/waived.h"
#include "site/mailbox/mailbox.h"
#include "site/sealkeys.h"

/* A note as it came, and what was made of it. */
struct incoming {
	struct buffer json;
	struct buffer seal;
	struct note note;
	char id[NOTE_ID_SIZE];
	bool has_number;	/* a CRL of this root proves it */
	bool is_ours;		/* receipt: the archive holds that very CRL */
};

static void
incoming_release(struct incoming *incoming)
{
	buffer_release(&incoming->json);
	buffer_release(&incoming->seal);
	note_release(&incoming->note);
}

#define RELEASE_INCOMING __attribute__((cleanup(incoming_release)))

/* Is it what its place says: this kind, this root, this subordinate? */
static enum err
check_binding(const struct collecting *collecting,
    const struct config_subordinate *subordinate, enum note_kind kind,
    const struct note *note, struct error *err)
{
	const struct config_root *root = collecting->root;

	if (note->kind != kind)
		return err_fail(err, ERR_FORMAT, "it is a %s, not a %s",
		    note_kind_word(note->kind), note_kind_word(kind));
	if (strcmp(note->root, root->name) != 0)
		return err_fail(err, ERR_ISSUER, "it is for root %s, not for "
		    "%s", note->root, root->name);
	if (memcmp(note->spki_sha256, collecting->cert->spki_sha256,
	    SHA256_SIZE) != 0)
		return err_fail(err, ERR_ISSUER, "it is for another key than "
		    "that of root %s", root->name);
	if (strcmp(note->subordinate, subordinate->name) != 0)
		return err_fail(err, ERR_ISSUER, "it is of %s, not of %s",
		    note->subordinate, subordinate->name);
	return ERR_OK;
}

static enum err
check_number(const struct note *note, const struct crl *crl,
    struct error *err)
{
	char want[NUMBER_TEXT_SIZE] = "no number";
	char have[NUMBER_TEXT_SIZE] = "none";

	if (note->has_number == crl->has_number && (!crl->has_number ||
	    number_compare(&note->number, &crl->number) == 0))
		return ERR_OK;
	if (crl->has_number)
		number_format(&crl->number, 0, want);
	if (note->has_number)
		number_format(&note->number, 0, have);
	return err_fail(err, ERR_FORMAT, "its number: want its CRL's, %s, "
	    "have %s", want, have);
}

/* Does the CRL in it verify under this root's key?  None proves nothing. */
static enum err
check_crl(const struct collecting *collecting, struct incoming *incoming,
    struct error *err)
{
	const struct span der = span_of_buffer(&incoming->note.crl);
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey;
	struct window window;
	enum err code;

	if (der.size == 0)
		return ERR_OK;
	if (der.size > collecting->history->config->max_crl_bytes)
		return err_fail(err, ERR_FORMAT, "its CRL: want at most %llu "
		    "octets, have %zu", (unsigned long long)
		    collecting->history->config->max_crl_bytes, der.size);
	window_init_memory(&window, der);
	code = crl_open(&window, &crl, err);
	if (code == ERR_OK)
		code = crl_verify(&crl, collecting->cert, err);
	if (code == ERR_OK)
		code = crl_survey(&crl, NULL, &survey, err);
	if (code != ERR_OK)
		return err_about(err, code, "its CRL");
	incoming->has_number = crl.has_number;
	return check_number(&incoming->note, &crl, err);
}

static enum err
check_note(const struct collecting *collecting,
    const struct config_subordinate *subordinate, enum note_kind kind,
    struct incoming *incoming, struct error *err)
{
	struct minisign_public key;

	TRY(notes_key(collecting->history->config, subordinate, &key, err));
	TRY(note_open(span_of_buffer(&incoming->json),
	    span_of_buffer(&incoming->seal), &key, &incoming->note, err));
	TRY(check_binding(collecting, subordinate, kind, &incoming->note, err));
	return check_crl(collecting, incoming, err);
}

/* Has a reset order given up the CRL that it holds? */
static enum err
is_given_up(const struct collecting *collecting, const struct note *note,
    bool *out, struct error *err)
{
	uint8_t digest[SHA256_SIZE];
	enum err code = sha256(span_of_buffer(&note->crl), digest, err);

	*out = code == ERR_OK &&
	    waived_has_crl(collecting->history, collecting->root->name, digest);
	return code;
}

/* A CRL of this root that its archive lacks: put it where `adopt` finds it. */
static enum err
keep_proven(const struct collecting *collecting,
    const struct incoming *incoming, struct error *err)
{
	const struct note *note = &incoming->note;
	char last[NUMBER_TEXT_SIZE] = "", number[NUMBER_TEXT_SIZE];
	char path[4096];
	bool was_given_up;

	if (!incoming->has_number || note->crl.size == 0 ||
	    (collecting->has_last &&
	    number_compare(&note->number, &collecting->last) <= 0))
		return ERR_OK;
	TRY(is_given_up(collecting, note, &was_given_up, err));
	if (was_given_up)
		return ERR_OK;
	TRY(notes_crl_path(collecting->history->config, collecting->root->name,
	    &note->number, path, sizeof(path), err));
	TRY(file_update(path, span_of_buffer(&note->crl), 0644, err));
	number_format(&note->number, 0, number);
	if (collecting->has_last)
		number_format(&collecting->last, 0, last);
	notice_safety(collecting->notices, "ATTENTION: %s: %s holds CRL #%s, "
	    "which this root has signed, and the archive %s%s: was this "
	    "machine restored from an old backup?  Before anything is issued: "
	    "crlferry-root adopt%s %s %s, or give it up with a reset order",
	    collecting->root->name, note->subordinate, number,
	    collecting->has_last ? "ends with #" : "is empty", last,
	    config_option(collecting->history->config), collecting->root->name,
	    path);
	return ERR_OK;
}

/* Is what was installed in the archive, octet for octet? */
static enum err
check_receipt(const struct collecting *collecting,
    struct incoming *incoming, struct error *err)
{
	const struct note *note = &incoming->note;
	char number[NUMBER_TEXT_SIZE] = "without a number";
	uint8_t sha256[SHA256_SIZE];
	bool found;

	if (note->kind != NOTE_RECEIPT)
		return ERR_OK;
	TRY(archive_digest(collecting->history->config, collecting->root->name,
	    &note->number, note->this_update_s, &found, sha256, err));
	incoming->is_ours = found &&
	    memcmp(sha256, note->sha256, SHA256_SIZE) == 0;
	incoming->has_number = incoming->is_ours && note->has_number;
	if (incoming->is_ours ||
	    waived_has_crl(collecting->history, collecting->root->name,
	    note->sha256))
		return ERR_OK;
	if (note->has_number)
		number_format(&note->number, 0, number);
	notice_safety(collecting->notices, "ATTENTION: %s: %s reports CRL "
	    "%s%s, %s", collecting->root->name, note->subordinate,
	    note->has_number ? "#" : "", number, found ?
	    "with other octets than this root signed: who made it?" :
	    "which the archive lacks: was this machine restored from an old "
	    "backup?  Issue nothing yet: crlferry-sub request MEDIUM there "
	    "sends that CRL, and collect takes it in");
	return ERR_OK;
}

/* Has the ledger this very note? */
static bool
is_entered(const struct collecting *collecting, const char *id,
    const char *sha256)
{
	const struct history_line *line = history_lines(collecting->history,
	    collecting->root->name);

	while (line != NULL && !(history_line_is(line, "collect") &&
	    history_line_says(line, "id", id) &&
	    history_line_says(line, "sha256", sha256)))
		line = line->next;
	return line != NULL;
}

/* Enter it, unless an earlier run came that far. */
static enum err
record(const struct collecting *collecting, const struct incoming *incoming,
    bool is_known, struct error *err)
{
	char digest[SHA256_HEX_SIZE];
	const struct ledger_event event = {
	    .event = "collect", .root = collecting->root->name,
	    .number = incoming->has_number ? &incoming->note.number : NULL,
	    .at_s = collecting->options->now_s,
	    .who = collecting->options->who,
	    .details = {{"id", incoming->id}, {"sha256", digest}}};
	uint8_t octets[SHA256_SIZE];

	TRY(sha256(span_of_buffer(&incoming->json), octets, err));
	sha256_hex(octets, digest);
	if (is_known && is_entered(collecting, incoming->id, digest))
		return ERR_OK;
	return history_append(collecting->history, &event,
	    collecting->notices, err);
}

static bool
is_discarded(const struct collecting *collecting, const char *id)
{
	return waived_has_evidence(collecting->history,
	    collecting->root->name, collecting->options->discarded, id);
}

/* Keep what has passed. */
static enum err
keep(const struct collecting *collecting, struct incoming *incoming,
    enum collected_fate *fate, struct error *err)
{
	bool is_known;

	*fate = COLLECTED_SEEN;
	if (collecting->options->is_only_looked_at)
		return check_receipt(collecting, incoming, err);
	TRY(notes_keep(collecting->history->config, collecting->root,
	    &incoming->note, span_of_buffer(&incoming->json),
	    span_of_buffer(&incoming->seal), &is_known, err));
	TRY(check_receipt(collecting, incoming, err));
	TRY(keep_proven(collecting, incoming, err));
	*fate = is_known ? COLLECTED_KNOWN : COLLECTED_NEW;
	return record(collecting, incoming, is_known, err);
}

/* Keep it, and say what it holds. */
static enum err
take_in(const struct collecting *collecting, struct incoming *incoming,
    struct collected_note *out, bool *is_ahead, struct error *err)
{
	const struct note *note = &incoming->note;

	TRY(keep(collecting, incoming, &out->fate, err));
	if (note->kind == NOTE_REQUEST && note->has_number &&
	    !incoming->has_number)
		notice(collecting->notices, "%s: %s claims a number without "
		    "its CRL: that proves nothing", collecting->root->name,
		    incoming->id);
	out->sequence = note->sequence;
	out->at_s = note->at_s;
	out->has_number = incoming->has_number;
	out->number = note->number;
	out->has_claim = note->has_number || note->crl.size > 0;
	out->is_ours = incoming->is_ours;
	out->store_count = note_store_count(note);
	out->store_failures = note_store_failures(note);
	*is_ahead = note->at_s > collecting->options->now_s +
	    CLOCK_TOLERANCE_S && !is_discarded(collecting, incoming->id);
	return ERR_OK;
}

enum err
collect_note(const struct collecting *collecting,
    const struct config_subordinate *subordinate, enum note_kind kind,
    struct collected_note *out, bool *is_ahead, bool *found,
    struct error *err)
{
	const struct config *config = collecting->history->config;
	RELEASE_INCOMING struct incoming incoming = {.has_number = false};
	char stem[NOTE_STEM_SIZE], subject[256];
	enum err code;

	snprintf(out->root, sizeof(out->root), "%s", collecting->root->name);
	snprintf(out->subordinate, sizeof(out->subordinate), "%s",
	    subordinate->name);
	out->kind = kind;
	note_stem(kind, subordinate->name, stem);
	code = mailbox_read(collecting->options->medium,
	    collecting->root->name, stem,
	    note_max_bytes(config->max_crl_bytes), &incoming.json,
	    &incoming.seal, found, &out->why);
	if (code == ERR_OK && !*found)
		return ERR_OK;
	*found = true;
	if (code == ERR_OK) {
		code = check_note(collecting, subordinate, kind, &incoming,
		    &out->why);
		snprintf(subject, sizeof(subject), "%s: %s",
		    collecting->root->name, stem);
		if (code != ERR_OK && code != ERR_CONFIG)
			err_about(&out->why, code, subject);
	}
	if (code == ERR_OK) {
		notes_id(&incoming.note, incoming.id);
		code = take_in(collecting, &incoming, out, is_ahead,
		    &out->why);
		if (code != ERR_OK && code != ERR_ROLLBACK)
			return err_copy(err, &out->why);
	}
	if (code != ERR_OK)
		out->fate = COLLECTED_ASIDE;
	return ERR_OK;
}
