/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "ca/crlnumber.h"
#include "ferry/kind.h"
#include "pki/pem.h"
#include "root/issue/adopting.h"
#include "site/certfile.h"

/* Is it this root's, as far as names and key ids tell? */
static bool
is_own(const struct adopting *adopting, struct span der)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;

	window_init_memory(&window, der);
	return crl_open(&window, &crl, NULL) == ERR_OK &&
	    name_equals(crl.issuer, adopting->cert->subject) &&
	    crl_check_aki(&crl, adopting->cert, NULL) == ERR_OK;
}

/*
 * Of several CRLs, as a web server has them in one file, the root's own; *out
 * stays empty if the file is not such a one.
 */
static enum err
pick_own(const struct adopting *adopting, struct span file,
    struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	size_t at = 0, count = 0, own = 0;
	struct pem_block block;

	while (!pem_is_der(file) && pem_next(file, &at, &block)) {
		der.size = 0;
		if (!pem_is_label(PEM_CRL, block.label))
			continue;
		count++;
		if (pem_decode(&block, &der, NULL) != ERR_OK ||
		    !is_own(adopting, span_of_buffer(&der)))
			continue;
		out->size = 0;
		own++;
		TRY(buffer_append(out, der.data, der.size, err));
	}
	if (count < 2 || own != 1)
		out->size = 0;
	else
		notice(adopting->notices, "%s holds %zu CRLs: the one of %s "
		    "is taken", adopting->file, count, adopting->root->name);
	return ERR_OK;
}

static enum err
read_der(struct adopting *adopting, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	const uint64_t max_bytes = adopting->config->max_crl_bytes;

	TRY(file_read(adopting->file, FILE_PUBLIC, 2 * max_bytes, &file, err));
	TRY(pick_own(adopting, span_of_buffer(&file), &adopting->der, err));
	if (adopting->der.size == 0)
		TRY(kind_take(adopting->file, span_of_buffer(&file), KIND_CRL,
		    &adopting->der, err));
	if (adopting->der.size > max_bytes)
		return err_fail(err, ERR_FORMAT, "%s: CRL: want at most %llu "
		    "octets, have %zu", adopting->file,
		    (unsigned long long)max_bytes, adopting->der.size);
	return ERR_OK;
}

enum err
adopting_open(struct adopting *adopting, struct error *err)
{
	const char *path = adopting->root->certificate;

	TRY(certfile_load(path, &adopting->cert, err));
	TRY(err_about(err, cert_check_root(adopting->cert, err), path));
	TRY(read_der(adopting, err));
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
	buffer_release(&adopting->entered);
	cert_free(adopting->cert);
}

/* A delta CRL, or a part, that was archived is nothing to judge others by. */
static enum err
skip_part(struct adopting *adopting, bool *is_part, struct error *err)
{
	struct archived *last = &adopting->last;
	struct error why;
	enum err code;

	code = admission_check_scope(adopting->root, adopting->cert,
	    &last->crl, adopting->notices, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	*is_part = code != ERR_OK;
	if (*is_part)
		notice_safety(adopting->notices, "%s does not count: %s",
		    last->path, why.what);
	return ERR_OK;
}

enum err
adopting_load_last(struct adopting *adopting, struct error *err)
{
	struct archived *last = &adopting->last;
	const struct number *below = NULL;
	struct number number;
	bool is_part;

	do {
		archived_release(last);
		*last = (struct archived)ARCHIVED_NONE;
		TRY(archive_open_below(adopting->config, adopting->root->name,
		    adopting->cert, below, last, &adopting->has_last,
		    adopting->notices, err));
		is_part = false;
		if (adopting->has_last)
			TRY(skip_part(adopting, &is_part, err));
		number = last->number;
		below = &number;
	} while (is_part);
	if (adopting->has_last)
		TRY(crl_facts_of(&last->crl, &adopting->last_facts, err));
	recorded_find(adopting->history, adopting->root->name,
	    adopting->has_last ? last : NULL, &adopting->recorded);
	recorded_warn(&adopting->recorded, adopting->notices);
	return ERR_OK;
}

enum err
adopting_way_out(const struct adopting *adopting, enum err code,
    struct error *err)
{
	static const struct {
		enum err code;
		const char *first;	/* before the command */
	} ways[] = {
		{ERR_SCOPE, "take the complete CRL of this root (of a delta, "
		    "its base; of AD CS's partitions, partition 0)"},
		{ERR_WEAK, "sign with SHA-256 or better (openssl ca -gencrl "
		    "-md sha256), and take that one"},
		{ERR_EXPIRED, "sign it again with a nextUpdate (openssl ca "
		    "-gencrl -crldays DAYS), and take that one"},
		{ERR_ROLLBACK, "take the newest CRL of this root, or sign "
		    "another one, with a number above that of the archive, "
		    "and take that one"},
	};

	/* An importer's remedy for a rollback is none for the root. */
	if (code == ERR_OK || (err->remedy[0] != '\0' && code !=
	    ERR_ROLLBACK))
		return code;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (ways[i].code != code)
			continue;
		if (adopting->is_first)
			return err_remedy(err, code, "%s: --last-crl FILE",
			    ways[i].first);
		return err_remedy(err, code, "%s: crlferry-root adopt%s %s "
		    "FILE", ways[i].first, config_option(adopting->config),
		    adopting->root->name);
	}
	return code;
}

/* Whole, and then in its place: a crash leaves it lost, not empty. */
static enum err
make_index(const char *index, struct merge *merge, struct error *err)
{
	char made[4096], folder[4096];
	enum err code;

	if (snprintf(made, sizeof(made), "%s.made", index) >=
	    (int)sizeof(made))
		return err_fail(err, ERR_FORMAT, "%s: its path is too long",
		    index);
	TRY(file_replace(made, (struct span){NULL, 0}, 0644, err));
	/* What it would say is said in other words. */
	merge->notices = NULL;
	code = merge_enter(merge, made, err);
	if (code == ERR_OK && rename(made, index) != 0)
		code = file_fail(err, index, "write");
	if (code != ERR_OK) {
		unlink(made);
		return code;
	}
	TRY(file_folder(folder, sizeof(folder), index, err));
	return file_sync_folder(folder, err);
}

enum err
adopting_make_index(const struct adopting *adopting, struct merge *merge,
    struct error *err)
{
	const struct config_signing *signing = adopting->root->signing;
	struct number next = adopting->facts.number;
	bool found;

	/* First: if the index is there, so is all that init makes. */
	TRY(file_find(signing->crlnumber, &found, err));
	if (!found && number_increment(&next))
		TRY(crlnumber_save(signing->crlnumber, &next, err));
	TRY(make_index(signing->index, merge, err));
	notice_safety(adopting->notices, "%s was not there: it is made anew; "
	    "it lists the %zu revocation%s of %s, and no other certificate",
	    signing->index, merge->count, merge->count == 1 ? "" : "s",
	    adopting->file);
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
	struct ledger_detail *next = &event.details[6];

	format_texts(adopting, &texts);
	if (adopting->entered.size > 0)
		*next++ = (struct ledger_detail){"entered",
		    (const char *)adopting->entered.data};
	if (adopting->ledger_lost.size > 0) {
		TRY(buffer_append(&adopting->ledger_lost, "", 1, err));
		*next++ = (struct ledger_detail){"ledger_lost",
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

/* It must not be asked for again; its number is used up all the same. */
static enum err
record_aside(const struct adopting *adopting, const struct number *number,
    const char *path, const uint8_t sha256[SHA256_SIZE], struct error *err)
{
	char hex[SHA256_HEX_SIZE], id[sizeof("archive-crl-") + 16];
	const struct ledger_event event = {
	    .event = DISCARD_EVENT, .root = adopting->root->name,
	    .number = number, .at_s = adopting->now_s, .who = adopting->who,
	    .details = {{"id", id}, {"evidence", path},
		{"why", "it is no complete CRL: one was adopted"}}};

	sha256_hex(sha256, hex);
	snprintf(id, sizeof(id), "archive-crl-%.16s", hex);
	return history_append(adopting->history, &event, adopting->notices,
	    err);
}

enum err
adopting_set_aside(const struct adopting *adopting, struct error *err)
{
	uint8_t sha256[SHA256_SIZE];
	struct number number;
	char path[4096];
	bool found;

	for (;;) {
		TRY(archive_set_aside(adopting->config, adopting->root->name,
		    &adopting->facts.number, &found, &number, path,
		    sizeof(path), sha256, err));
		if (!found)
			return ERR_OK;
		TRY(record_aside(adopting, &number, path, sha256, err));
		notice(adopting->notices, "%s: kept there, and not counted",
		    path);
	}
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
	TRY(adopting_set_aside(adopting, err));
	return adopting_record(adopting, err);
}
