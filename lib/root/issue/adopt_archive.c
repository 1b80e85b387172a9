/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "root/issue/adopting.h"

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
	return ledger_append(adopting->config, event, adopting->notices, err);
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
	enum err code = ERR_OK;

	format_texts(adopting, &texts);
	if (adopting->ledger_lost.size > 0) {
		code = buffer_append(&adopting->ledger_lost, "", 1, err);
		event.details[6] = (struct ledger_detail){"ledger_lost",
		    (const char *)adopting->ledger_lost.data};
	}
	return code == ERR_OK ? append_event(adopting, &event, err) : code;
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
	if (code == ERR_OK || code == ERR_WEAK)
		code = window_sha256(&waiting.window, digest, err);
	if (code == ERR_OK && memcmp(digest, adopting->facts.sha256,
	    SHA256_SIZE) != 0)
		code = err_fail(err, ERR_IO, "%s: want what was written, have "
		    "something else", path);
	return code;
}

enum err
adopting_archive(struct adopting *adopting, char *path, size_t capacity,
    struct error *err)
{
	const char *root = adopting->root->name;
	char waiting[4096];
	enum err code;

	code = archive_waiting_path(adopting->config, root, waiting,
	    sizeof(waiting), err);
	if (code == ERR_OK)
		code = recorded_make_up(&adopting->recorded,
		    adopting->config, adopting->now_s, adopting->who,
		    adopting->notices, err);
	if (code == ERR_OK)
		code = record_intent(adopting, err);
	if (code != ERR_OK)
		return code;
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
