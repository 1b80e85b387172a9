/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/printable.h"
#include "site/mailbox/mailbox.h"
#include "site/state.h"
#include "sub/import/receipt.h"

/* Far more than NOTE_STORES_MAX stores take. */
#define RECEIPT_MAX_BYTES (1024 * 1024)

/* Where a receipt waits.  JSON without its seal is a receipt all the same. */
struct slot {
	char stem[NOTE_STEM_SIZE];
	char json[STATE_PATH_SIZE];
	char seal[STATE_PATH_SIZE];
};

static enum err
slot_find(const struct config *config, const char *root,
    const char *subordinate, struct slot *out, struct error *err)
{
	char name[NOTE_STEM_SIZE + 32];

	note_stem(NOTE_RECEIPT, subordinate, out->stem);
	snprintf(name, sizeof(name), "outbox/%s.json", out->stem);
	TRY(state_path(config, root, name, out->json, err));
	snprintf(name, sizeof(name), "outbox/%s.json.minisig", out->stem);
	return state_path(config, root, name, out->seal, err);
}

/* A path may have any octets; a note has text. */
static enum err
fill_store(const struct pair_store *pair, struct note *note,
    struct error *err)
{
	struct note_store store = {.outcome = pair->outcome};
	RELEASE_BUFFER struct buffer shown = {0};

	snprintf(store.type, sizeof(store.type), "%s",
	    pair->store.type->name);
	/* Cut first: '?' takes no more room than what it stands for. */
	snprintf(store.path, sizeof(store.path), "%s",
	    pair->store.config->path);
	TRY(printable_append(&shown, store.path, PRINTABLE_LINE, "", err));
	memset(store.path, 0, sizeof(store.path));
	memcpy(store.path, shown.data, shown.size);
	return buffer_append(&note->stores, &store, sizeof(store), err);
}

static enum err
make_one(const struct config *config, const struct pair_stores *stores,
    const struct config_subordinate *subordinate, struct note *note,
    struct error *err)
{
	RELEASE_BUFFER struct buffer json = {0};
	struct slot slot;

	TRY(slot_find(config, note->root, note->subordinate, &slot, err));
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];

		if (pair->subordinate == subordinate &&
		    !store_is_read_only(&pair->store))
			TRY(fill_store(pair, note, err));
	}
	TRY(outgoing_encode(config, note, &json, err));
	/* The seal of one that waits here belongs to another text. */
	TRY(file_remove(slot.seal, err));
	return file_replace(slot.json, span_of_buffer(&json), 0644, err);
}

bool
receipts_make(const struct config *config, const struct pair_stores *stores,
    const struct crl_facts *crl, int64_t now_s, struct notices *notices)
{
	const struct config_root *root = stores->root;
	bool are_made = true;
	char line[ERROR_LINE_SIZE];
	struct error why;

	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];
		RELEASE_NOTE struct note note = {
		    .has_number = crl->has_number, .number = crl->number,
		    .this_update_s = crl->this_update_s,
		    .next_update_s = crl->next_update_s};

		if (subordinate->note_secret == NULL)
			continue;
		memcpy(note.sha256, crl->sha256, SHA256_SIZE);
		outgoing_begin(NOTE_RECEIPT, root, stores->cert,
		    subordinate->name, now_s, &note);
		if (make_one(config, stores, subordinate, &note, &why) ==
		    ERR_OK)
			continue;
		are_made = false;
		notice(notices, "%s: no receipt of %s: %s", root->name,
		    subordinate->name, error_line(&why, line));
	}
	return are_made;
}

/* A waiting receipt, on its way. */
struct sending {
	const struct config *config;
	struct senders *senders;
	const struct receipts_options *options;
	struct slot slot;
	struct buffer json;
	struct buffer seal;
};

static void
sending_release(struct sending *sending)
{
	buffer_release(&sending->json);
	buffer_release(&sending->seal);
}

/* Seal it anew: the key may have been replaced while it waited. */
static enum err
seal_one(struct sending *sending, size_t i, struct error *err)
{
	RELEASE_NOTE struct note note = {0};
	struct error why = {0};
	bool found;

	if (senders_open(sending->config, sending->senders, i,
	    sending->options->passphrases, &why) != ERR_OK) {
		TRY(file_find(sending->slot.seal, &found, err));
		if (!found)
			return err_copy(err, &why);
		return file_read(sending->slot.seal, FILE_OURS,
		    MINISIGN_FILE_MAX, &sending->seal, err);
	}
	TRY(note_parse(span_of_buffer(&sending->json), &note, err));
	TRY(outgoing_seal(&note, span_of_buffer(&sending->json),
	    sending->senders->list[i].secret, &sending->seal, err));
	return file_replace(sending->slot.seal,
	    span_of_buffer(&sending->seal), 0644, err);
}

static enum err
send_one(struct sending *sending, size_t i, struct receipt_sent *out,
    struct error *err)
{
	char path[sizeof(out->path)];

	TRY(file_read(sending->slot.json, FILE_OURS, RECEIPT_MAX_BYTES,
	    &sending->json, err));
	TRY(seal_one(sending, i, err));
	if (sending->options->medium == NULL)
		return err_fail(err, ERR_MEDIUM,
		    "there is no medium to write it to");
	TRY(mailbox_write(sending->options->medium, out->root,
	    sending->slot.stem, span_of_buffer(&sending->json),
	    span_of_buffer(&sending->seal), path, sizeof(path), err));
	memcpy(out->path, path, sizeof(path));
	/* Its JSON leaves first: a seal alone is no receipt. */
	TRY(file_remove(sending->slot.json, err));
	return file_remove(sending->slot.seal, err);
}

/* Is there one?  If not, the rest of a run that was killed is cleared. */
static enum err
find_waiting(const struct slot *slot, bool *out, struct error *err)
{
	bool is_left;

	TRY(file_find(slot->json, out, err));
	if (*out)
		return ERR_OK;
	TRY(file_find(slot->seal, &is_left, err));
	return is_left ? file_remove(slot->seal, err) : ERR_OK;
}

static void
send_waiting(struct sending *sending, size_t i, struct receipts_sent *out,
    struct notices *notices)
{
	const struct sender *sender = &sending->senders->list[i];
	struct receipt_sent sent = {.path = ""};
	bool is_waiting = true;
	char line[ERROR_LINE_SIZE];
	struct error why;
	enum err code;

	snprintf(sent.root, sizeof(sent.root), "%s", sender->root->name);
	snprintf(sent.subordinate, sizeof(sent.subordinate), "%s",
	    sender->subordinate->name);
	code = slot_find(sending->config, sent.root, sent.subordinate,
	    &sending->slot, &why);
	if (code == ERR_OK)
		code = find_waiting(&sending->slot, &is_waiting, &why);
	if (!is_waiting) {
		if (code != ERR_OK)
			notice(notices, "%s: %s", sent.root,
			    error_line(&why, line));
		return;
	}
	if (code == ERR_OK)
		code = send_one(sending, i, &sent, &why);
	if (code != ERR_OK && sent.path[0] == '\0')
		notice(notices, "%s: the receipt of %s waits for the next "
		    "request or import: %s", sent.root, sent.subordinate,
		    error_line(&why, line));
	else if (code != ERR_OK)
		notice(notices, "%s: the receipt of %s was written and will "
		    "be rewritten next time: %s", sent.root,
		    sent.subordinate, error_line(&why, line));
	if (buffer_append(&out->list, &sent, sizeof(sent), &why) != ERR_OK)
		notice(notices, "%s: %s", sent.root,
		    error_line(&why, line));
}

void
receipts_send(const struct config *config, struct senders *senders,
    const struct receipts_options *options, struct receipts_sent *out,
    struct notices *notices)
{
	for (size_t i = 0; i < senders->count; i++) {
		__attribute__((cleanup(sending_release))) struct sending
		    sending = {.config = config, .senders = senders,
		    .options = options};

		if (options->root == NULL ||
		    options->root == senders->list[i].root)
			send_waiting(&sending, i, out, notices);
	}
}

size_t
receipts_sent_count(const struct receipts_sent *sent)
{
	return sent->list.size / sizeof(struct receipt_sent);
}

const struct receipt_sent *
receipts_sent_at(const struct receipts_sent *sent, size_t i)
{
	return (const struct receipt_sent *)(const void *)sent->list.data +
	    i;
}

void
receipts_sent_release(struct receipts_sent *sent)
{
	buffer_release(&sent->list);
}
