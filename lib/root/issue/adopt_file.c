/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "pki/pem.h"
#include "root/issue/adopting.h"
#include "site/certfile.h"

static enum err
read_der(struct adopting *adopting, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	FREE_CERT struct cert *cert = NULL;
	const uint64_t max_bytes = adopting->config->max_crl_bytes;

	TRY(file_read(adopting->file, FILE_PUBLIC, 2 * max_bytes, &file, err));
	if (file.size <= CERT_MAX_BYTES &&
	    cert_parse(span_of_buffer(&file), &cert, NULL) == ERR_OK)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "%s is a "
		    "certificate, not a CRL", adopting->file),
		    "name the file of a CRL");
	TRY(err_about(err, pem_or_der(span_of_buffer(&file), PEM_CRL,
	    &adopting->der, err), adopting->file));
	if (adopting->der.size > max_bytes)
		return err_fail(err, ERR_FORMAT, "%s: CRL: want at most %llu "
		    "octets, have %zu", adopting->file,
		    (unsigned long long)max_bytes, adopting->der.size);
	return ERR_OK;
}

enum err
adopting_open(struct adopting *adopting, struct error *err)
{
	if (adopting->cert == NULL)
		TRY(certfile_load(adopting->root->certificate,
		    &adopting->loaded, err));
	TRY(read_der(adopting, err));
	if (adopting->cert == NULL)
		adopting->cert = adopting->loaded;
	window_init_memory(&adopting->window, span_of_buffer(&adopting->der));
	return err_about(err, crl_open(&adopting->window, &adopting->crl, err),
	    adopting->file);
}

void
adopting_release(struct adopting *adopting)
{
	crl_release(&adopting->crl);
	window_release(&adopting->window);
	buffer_release(&adopting->der);
	buffer_release(&adopting->ledger_lost);
	archived_release(&adopting->last);
	lost_release(&adopting->lost);
	cert_free(adopting->loaded);
}

enum err
adopting_load_last(struct adopting *adopting, struct error *err)
{
	TRY(archive_open_last(adopting->config, adopting->root->name,
	    adopting->cert, &adopting->last, &adopting->has_last,
	    adopting->notices, err));
	if (adopting->has_last)
		TRY(crl_facts_of(&adopting->last.crl, &adopting->last_facts,
		    err));
	recorded_find(adopting->history, adopting->root->name,
	    adopting->has_last ? &adopting->last : NULL, &adopting->recorded);
	recorded_warn(&adopting->recorded, adopting->notices);
	return ERR_OK;
}

/* The numbers and dates of a line, as texts. */
struct line_texts {
	char sha256[SHA256_HEX_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];
	char revoked[24];
	char merged[24];
};

static void
format_texts(const struct adopting *adopting, struct line_texts *out)
{
	const struct crl_facts *facts = &adopting->facts;

	sha256_hex(facts->sha256, out->sha256);
	utc_format(facts->this_update_s, out->this_update);
	snprintf(out->next_update, sizeof(out->next_update), "none");
	if (facts->has_next_update)
		utc_format(facts->next_update_s, out->next_update);
	snprintf(out->revoked, sizeof(out->revoked), "%llu",
	    (unsigned long long)facts->revoked_count);
	snprintf(out->merged, sizeof(out->merged), "%zu",
	    adopting->merged_count);
}

static enum err
append_event(const struct adopting *adopting, struct ledger_event *event,
    struct error *err)
{
	event->root = adopting->root->name;
	event->number = &adopting->facts.number;
	event->at_s = adopting->now_s;
	event->who = adopting->who;
	return history_append(adopting->history, event, adopting->notices, err);
}

static enum err
record_intent(const struct adopting *adopting, struct error *err)
{
	struct line_texts texts;
	struct ledger_event intent = {
	    .event = "adopt-intent",
	    .details = {{"sha256", texts.sha256},
		{"this_update", texts.this_update}},
	    .dropped = (const void *)adopting->lost.drops.data,
	    .dropped_count = adopting->lost.drops.size /
		sizeof(struct ledger_drop)};

	format_texts(adopting, &texts);
	return append_event(adopting, &intent, err);
}

enum err
adopting_record(struct adopting *adopting, struct error *err)
{
	struct line_texts texts;
	struct ledger_event event = {
	    .event = "adopt",
	    .details = {{"file", adopting->file}, {"sha256", texts.sha256},
		{"this_update", texts.this_update},
		{"next_update", texts.next_update},
		{"revoked", texts.revoked}, {"merged", texts.merged}}};

	format_texts(adopting, &texts);
	if (adopting->ledger_lost.size > 0) {
		TRY(buffer_append(&adopting->ledger_lost, "", 1, err));
		event.details[6] = (struct ledger_detail){"ledger_lost",
		    (const char *)adopting->ledger_lost.data};
	}
	return append_event(adopting, &event, err);
}

/* Read back from disk: the octets that were judged, not others. */
static enum err
check_waiting(const struct adopting *adopting, const char *path,
    struct error *err)
{
	RELEASE_ARCHIVED struct archived waiting = ARCHIVED_NONE;
	uint8_t digest[SHA256_SIZE];
	enum err code;

	code = archived_open(path, adopting->cert, &waiting, err);
	if (code != ERR_OK && code != ERR_WEAK)
		return code;
	TRY(window_sha256(&waiting.window, digest, err));
	if (memcmp(digest, adopting->facts.sha256, SHA256_SIZE) != 0)
		return err_fail(err, ERR_IO, "%s: other octets are read back "
		    "than were written: nothing was archived; the disk is bad",
		    path);
	return ERR_OK;
}

enum err
adopting_archive(struct adopting *adopting, char *path, size_t capacity,
    struct error *err)
{
	const char *root = adopting->root->name;
	char waiting[4096];
	enum err code;

	TRY(archive_waiting_path(adopting->config, root, waiting,
	    sizeof(waiting), err));
	TRY(recorded_make_up(&adopting->recorded, adopting->history,
	    adopting->now_s, adopting->who, adopting->notices, err));
	TRY(record_intent(adopting, err));
	code = file_replace(waiting, span_of_buffer(&adopting->der), 0644,
	    err);
	if (code == ERR_OK)
		code = check_waiting(adopting, waiting, err);
	if (code == ERR_OK)
		code = archive_admit(adopting->config, root,
		    &adopting->facts.number, path, capacity, err);
	if (code != ERR_OK) {
		unlink(waiting);
		return code;
	}
	return adopting_record(adopting, err);
}

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
