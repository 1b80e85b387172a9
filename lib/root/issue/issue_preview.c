/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ca/index_crl.h"
#include "ca/index_words.h"
#include "root/issue/issue_preview.h"
#include "root/issue/issue_rules.h"

/* Where the entries go. */
struct showing {
	struct issuing *issuing;
	enum err (*visit)(void *context, const struct preview_entry *entry,
	    struct error *err);
	void *context;
	struct preview *preview;
};

static enum err
show(const struct showing *showing, const struct preview_entry *entry,
    struct error *err)
{
	return showing->visit == NULL ? ERR_OK :
	    showing->visit(showing->context, entry, err);
}

void
preview_put_serial(struct span serial, struct preview_entry *entry)
{
	_Static_assert(sizeof(entry->serial) >= INDEX_SERIAL_TEXT_SIZE,
	    "every serial of the index fits");

	index_serial_format(serial, entry->serial);
}

static const char *
name_reason(int32_t reason)
{
	return reason < 0 ? NULL : crl_reason_name(reason);
}

static void
free_flags(bool **flags)
{
	free(*flags);
}

/* The new list in serial order, and which of it the last CRL lacks. */
static enum err
show_new(struct showing *showing, struct error *err)
{
	struct issuing *issuing = showing->issuing;
	const struct index *index = &issuing->index;
	__attribute__((cleanup(free_flags))) bool *is_listed =
	    calloc(index->count + 1, sizeof(bool));
	struct revocation revocation;
	size_t offset = 0;
	size_t i;

	if (is_listed == NULL)
		return err_no_memory(err);
	if (issuing->has_last)
		TRY(index_crl_mark(index, &issuing->last.crl, is_listed, err));
	for (i = 0; index_next(index, &offset, &revocation); i++) {
		struct preview_entry entry = {
		    .change = is_listed[i] ? PREVIEW_KEPT : PREVIEW_ADDED,
		    .revoked_at_s = revocation.revoked_at_s,
		    .reason = revocation.reason,
		    .reason_name = name_reason(revocation.reason),
		    .has_invalidity = revocation.has_invalidity,
		    .invalidity_s = revocation.invalidity_s};

		preview_put_serial(revocation.serial, &entry);
		showing->preview->added_count += !is_listed[i];
		TRY(show(showing, &entry, err));
	}
	return ERR_OK;
}

/* Each that goes was judged before, in the same order. */
static enum err
show_removed(void *context, const struct crl_entry *lost, struct error *err)
{
	struct showing *showing = context;
	const struct ledger_drop *drops =
	    (const void *)showing->issuing->lost.drops.data;
	const struct ledger_drop *drop =
	    &drops[showing->preview->removed_count++];
	struct preview_entry entry = {
	    .change = PREVIEW_REMOVED,
	    .revoked_at_s = lost->revoked_at.at_s,
	    .reason = lost->reason,
	    .reason_name = name_reason(lost->reason),
	    .has_invalidity = lost->has_invalidity,
	    .invalidity_s = lost->invalidity_s};

	preview_put_serial(lost->serial, &entry);
	memcpy(entry.why, drop->why, sizeof(entry.why));
	return show(showing, &entry, err);
}

/* The list passes its profile; what it is signed with follows from the key. */
static enum err
judge_list(const struct issuing *issuing, struct algorithm *algorithm,
    struct error *err)
{
	RELEASE_CRLWRITE struct crlwrite crl = issuing_list(issuing);
	RELEASE_BUFFER struct buffer identifier = {0};

	TRY(algorithm_for_key(issuing->cert->key,
	    issuing->root->signing->digest, algorithm, &identifier, err));
	crl.algorithm = span_of_buffer(&identifier);
	return issuing_lint_unsigned(issuing, &crl, err);
}

static void
describe_last(const struct archived *last, struct preview *out)
{
	out->has_last = true;
	out->last_has_number = last->crl.has_number;
	out->last_number = last->number;
	out->last_this_update_s = last->crl.this_update.at_s;
	out->last_next_update_s = last->crl.next_update.at_s;
}

static enum err
describe(const struct issuing *issuing, struct preview *out,
    struct error *err)
{
	struct algorithm algorithm;
	struct issued issued;

	TRY(judge_list(issuing, &algorithm, err));
	TRY(issuing_describe(issuing, &issued, err));
	*out = (struct preview){
	    .number = issued.number,
	    .this_update_s = issued.this_update_s,
	    .next_update_s = issued.next_update_s,
	    .next_ceremony_s = issued.next_ceremony_s,
	    .is_emergency = issued.is_emergency,
	    .revoked_count = issued.revoked_count};
	snprintf(out->root, sizeof(out->root), "%s", issuing->root->name);
	snprintf(out->issuer, sizeof(out->issuer), "%s",
	    issuing->cert->subject_text);
	snprintf(out->algorithm, sizeof(out->algorithm), "%s",
	    algorithm.name);
	memcpy(out->why, issued.why, sizeof(out->why));
	if (issuing->has_last)
		describe_last(&issuing->last, out);
	return ERR_OK;
}

enum err
issue_preview(const struct config *config, const struct config_root *root,
    const struct issue_options *options,
    enum err (*visit)(void *context, const struct preview_entry *entry,
    struct error *err), void *context, struct preview *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ISSUING struct issuing issuing = {
	    .config = config, .root = root, .options = options,
	    .notices = notices, .is_emergency = options->is_emergency,
	    .why = options->why, .last = ARCHIVED_NONE};
	struct preview preview;
	struct showing showing = {&issuing, visit, context, &preview};

	TRY(issuing_load(&issuing, err));
	TRY(issuing_judge(&issuing, err));
	TRY(describe(&issuing, &preview, err));
	TRY(show_new(&showing, err));
	if (issuing.has_last)
		TRY(index_crl_lost(&issuing.index, &issuing.last.crl,
		    show_removed, &showing, err));
	*out = preview;
	return ERR_OK;
}
