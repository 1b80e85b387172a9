/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/evidence/regressed.h"
#include "root/evidence/returned_heads.h"
#include "root/history/waived.h"

static enum err
fail_head(const struct config *config, const struct config_root *root,
    const struct returned_head *head, const char *id, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_REGRESSED, "ledger.jsonl "
	    "lacks the line of digest %.*s..., which %s brings back: it was "
	    "cut or rewritten", HEAD_SHORT_SIZE - 1, head->head, head->note),
	    "put the right one back; if it is lost: crlferry-root issue%s %s "
	    "--discard-evidence %s --why TEXT", config_option(config),
	    root->name, id);
}

/* Anybody with a seal key can claim that, so it must not stop the root. */
static void
warn_head(const struct config *config, const struct config_root *root,
    const struct returned_head *head, const char *id, struct notices *notices)
{
	char number[NUMBER_TEXT_SIZE];

	number_format(&head->number, 0, number);
	notice_safety(notices, "ATTENTION: %s: %s brings back a bundle #%s "
	    "that one of our keys has sealed and the ledger has not exported, "
	    "and with it a ledger head that the ledger lacks, %.*s...: the "
	    "ledger has lost its end, or somebody else uses the seal key: "
	    "compare the ledger with the last minutes (to hear of it no more: "
	    "crlferry-root issue%s %s --discard-evidence %s --why TEXT)",
	    root->name, head->note, number, HEAD_SHORT_SIZE - 1, head->head,
	    config_option(config), root->name, id);
}

enum err
proofs_check_heads(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    const struct config_words *discarded, size_t *count,
    struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer heads = {0};
	const struct returned_head *list;

	TRY(heads_gather(history, root, cert, &heads, notices, err));
	list = (const void *)heads.data;
	*count = 0;
	for (size_t i = 0; i < heads.size / sizeof(*list); i++) {
		char id[HEAD_ID_SIZE];

		head_id(list[i].head, id);
		if (list[i].is_known || waived_has_evidence(history,
		    root->name, discarded, id))
			(*count)++;
		else if (list[i].is_proof)
			return fail_head(history->config, root, &list[i], id,
			    err);
		else
			warn_head(history->config, root, &list[i], id,
			    notices);
	}
	return ERR_OK;
}

/* Several notes may bring back the same head. */
static bool
is_first(const struct returned_head *list, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (strcmp(list[k].head, list[i].head) == 0)
			return false;
	}
	return true;
}

/* Is it the CRL that a note holds? */
struct match {
	struct span der;
	bool found;
};

static enum err
match_note(void *context, const struct kept_note *kept, struct error *err)
{
	struct match *match = context;

	(void)err;
	if (span_equals(span_of_buffer(&kept->note.crl), match->der))
		match->found = true;
	return ERR_OK;
}

enum err
proofs_lost_heads(const struct history *history,
    const struct config_root *root, const struct cert *cert,
    struct span der, struct buffer *out, struct notices *notices,
    struct error *err)
{
	RELEASE_BUFFER struct buffer heads = {0};
	struct match match = {.der = der};
	const struct returned_head *list;

	TRY(notes_visit(history->config, root, match_note, &match, NULL, err));
	if (!match.found)
		return ERR_OK;
	TRY(heads_gather(history, root, cert, &heads, notices, err));
	list = (const void *)heads.data;
	for (size_t i = 0; i < heads.size / sizeof(*list); i++) {
		if (!list[i].is_known && is_first(list, i))
			TRY(buffer_appendf(out, err, "%s%.*s", out->size == 0 ?
			    "" : " ", HEAD_SHORT_SIZE - 1, list[i].head));
	}
	return ERR_OK;
}
