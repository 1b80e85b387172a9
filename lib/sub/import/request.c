/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "site/certfile.h"
#include "site/mailbox/mailbox.h"
#include "sub/import/accepted.h"
#include "sub/import/accepted_sealed.h"
#include "sub/import/request.h"

void
requests_release(struct requests *requests)
{
	free(requests->list);
	receipts_sent_release(&requests->receipts);
	*requests = (struct requests){0};
}

/* All keys before anything is written. */
static enum err
open_senders(const struct config *config, struct senders *out,
    const struct passphrase_source *passphrases, struct error *err)
{
	TRY(senders_find(config, out, err));
	if (out->count == 0)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: no "
		    "subordinate has a \"note_secret\", which seals its "
		    "requests", config->path, config->root_count == 0 ? 1 :
		    config->roots[0].line), "crlferry-sub keygen SECRET "
		    "PUBLIC makes one: name it there");
	for (size_t i = 0; i < out->count; i++)
		TRY(senders_open(config, out, i, passphrases, err));
	return ERR_OK;
}

/* With the accepted CRL and what vouched for it, if there is one. */
static enum err
fill_note(const struct config *config, const struct sender *sender,
    int64_t now_s, struct note *note, struct error *err)
{
	const struct config_root *root = sender->root;
	FREE_CERT struct cert *cert = NULL;
	struct crl_facts facts;

	TRY(certfile_load(root->certificate, &cert, err));
	outgoing_begin(NOTE_REQUEST, root, cert, sender->subordinate->name,
	    now_s, note);
	TRY(accepted_load_crl(config, root->name, cert, &note->crl, &facts,
	    err));
	if (note->crl.size == 0)
		return ERR_OK;
	note->has_number = facts.has_number;
	note->number = facts.number;
	return accepted_sealed_load(config, root->name, facts.sha256, note,
	    err);
}

static enum err
write_request(const struct config *config, const struct sender *sender,
    const struct request_options *options, struct requested *out,
    struct error *err)
{
	RELEASE_NOTE struct note note = {.kind = NOTE_REQUEST};
	RELEASE_BUFFER struct buffer json = {0}, seal = {0};
	char stem[NOTE_STEM_SIZE];

	TRY(fill_note(config, sender, options->now_s, &note, err));
	TRY(outgoing_encode(config, &note, &json, err));
	TRY(outgoing_seal(&note, span_of_buffer(&json), sender->secret, &seal,
	    err));
	note_stem(note.kind, note.subordinate, stem);
	*out = (struct requested){.sequence = note.sequence,
	    .has_crl = note.crl.size > 0,
	    .has_number = note.has_number, .number = note.number,
	    .has_manifest = note.manifest.size > 0};
	memcpy(out->root, note.root, sizeof(out->root));
	memcpy(out->subordinate, note.subordinate, sizeof(out->subordinate));
	return mailbox_write(options->medium, note.root, stem,
	    span_of_buffer(&json), span_of_buffer(&seal), out->path,
	    sizeof(out->path), err);
}

enum err
request_all(const struct config *config,
    const struct request_options *options, struct requests *out,
    struct notices *notices, struct error *err)
{
	RELEASE_SENDERS struct senders senders = {0};
	RELEASE_REQUESTS struct requests requests = {0};
	const struct receipts_options receipts = {
	    .medium = options->medium, .passphrases = options->passphrases};

	TRY(open_senders(config, &senders, options->passphrases, err));
	requests.list = calloc(senders.count, sizeof(*requests.list));
	if (requests.list == NULL)
		return err_no_memory(err);
	requests.count = senders.count;
	for (size_t i = 0; i < senders.count; i++)
		TRY(write_request(config, &senders.list[i], options,
		    &requests.list[i], err));
	receipts_send(config, &senders, &receipts, &requests.receipts,
	    notices);
	*out = requests;
	requests = (struct requests){0};
	return ERR_OK;
}
