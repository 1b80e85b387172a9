/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ca/index_crl.h"
#include "root/history/subjects.h"
#include "root/issue/issue_preview.h"
#include "root/issue/issue_rules.h"

#define NAMED_MAX 10000	/* of a longer list those that stay go unnamed */

/* Where the entries go. */
struct showing {
	struct issuing *issuing;
	enum err (*visit)(void *context, const struct preview_entry *entry,
	    struct error *err);
	void *context;
	struct preview *preview;
	struct subjects subjects;
};

static void
showing_release(struct showing *showing)
{
	subjects_release(&showing->subjects);
}

struct preview_entry
preview_entry_of(const struct crl_entry *entry)
{
	struct preview_entry out = {
	    .change = PREVIEW_KEPT,
	    .revoked_at_s = entry->revoked_at.at_s,
	    .reason = entry->reason,
	    .reason_name = entry->reason < 0 ? NULL :
		crl_reason_name(entry->reason),
	    .has_invalidity = entry->has_invalidity,
	    .invalidity_s = entry->invalidity_s};

	_Static_assert(sizeof(out.serial) >= SERIAL_TEXT_SIZE,
	    "every serial of the index fits");
	serial_format(entry->serial, out.serial);
	return out;
}

static enum err
show(struct showing *showing, const struct crl_entry *entry,
    enum preview_change change, const char *why, uint64_t offset,
    struct error *err)
{
	struct preview_entry shown = preview_entry_of(entry);

	_Static_assert(PREVIEW_SUBJECT_SIZE >= SUBJECT_SIZE, "it fits");
	if (showing->visit == NULL)
		return ERR_OK;
	shown.change = change;
	snprintf(shown.why, sizeof(shown.why), "%s", why);
	if (change != PREVIEW_KEPT ||
	    showing->issuing->index.count <= NAMED_MAX)
		subjects_at(&showing->subjects, offset, entry->serial,
		    shown.subject);
	return showing->visit(showing->context, &shown, err);
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

	if (is_listed == NULL)
		return err_no_memory(err);
	if (issuing->has_last)
		TRY(index_crl_compare(index, &issuing->last.crl, is_listed,
		    NULL, NULL, err));
	/* The walk for their names is made only if there are any. */
	if (showing->visit != NULL && (index->count <= NAMED_MAX ||
	    memchr(is_listed, false, index->count)))
		subjects_locate(&showing->subjects, index);
	for (size_t i = 0; index_next(index, &offset, &revocation); i++) {
		const struct crl_entry entry = index_crl_entry(&revocation);

		showing->preview->added_count += !is_listed[i];
		TRY(show(showing, &entry, is_listed[i] ? PREVIEW_KEPT :
		    PREVIEW_ADDED, "", index_names_offset(
		    &showing->subjects.names, i), err));
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
	const struct index_expiry *lines =
	    (const void *)showing->issuing->lost.lacking.data;
	const uint64_t i = showing->preview->removed_count++;

	return show(showing, lost, PREVIEW_REMOVED, drops[i].why,
	    lines[i].is_found ? lines[i].offset : INDEX_NO_LINE, err);
}

/* The list passes its profile; what it is signed with follows from the key. */
static enum err
describe(const struct issuing *issuing, struct preview *out,
    struct error *err)
{
	RELEASE_CRLWRITE struct crlwrite crl = issuing_list(issuing);
	RELEASE_BUFFER struct buffer identifier = {0};
	const struct archived *last = &issuing->last;
	struct algorithm algorithm;
	struct issued issued;

	TRY(issuing_about_digest(issuing, algorithm_for_key(issuing->cert->key,
	    issuing->root->signing->digest, &algorithm, &identifier, err),
	    err));
	crl.algorithm = span_of_buffer(&identifier);
	TRY(issuing_lint_unsigned(issuing, &crl, err));
	issuing_describe(issuing, &issued);
	*out = (struct preview){
	    .number = issued.number,
	    .this_update_s = issued.this_update_s,
	    .next_update_s = issued.next_update_s,
	    .next_ceremony_s = issued.next_ceremony_s,
	    .is_emergency = issued.is_emergency,
	    .revoked_count = issued.revoked_count,
	    .has_last = issuing->has_last};
	snprintf(out->root, sizeof(out->root), "%s", issuing->root->name);
	snprintf(out->issuer, sizeof(out->issuer), "%s",
	    issuing->cert->subject_text);
	snprintf(out->algorithm, sizeof(out->algorithm), "%s",
	    algorithm.name);
	memcpy(out->why, issued.why, sizeof(out->why));
	if (issuing->has_last) {
		out->last_has_number = last->crl.has_number;
		out->last_number = last->number;
		out->last_this_update_s = last->crl.this_update.at_s;
		out->last_next_update_s = last->crl.next_update.at_s;
	}
	return ERR_OK;
}

enum err
issue_preview(struct history *history, const struct config_root *root,
    const struct issue_options *options,
    enum err (*visit)(void *context, const struct preview_entry *entry,
    struct error *err), void *context, struct preview *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ISSUING struct issuing issuing = issuing_of(history, root,
	    options, notices);
	struct preview preview;
	__attribute__((cleanup(showing_release))) struct showing showing = {
	    &issuing, visit, context, &preview,
	    {.root = root, SUBJECTS_NONE}};

	TRY(issuing_load(&issuing, err));
	TRY(issuing_judge(&issuing, err));
	TRY(describe(&issuing, &preview, err));
	TRY(show_new(&showing, err));
	if (issuing.has_last)
		TRY(index_crl_compare(&issuing.index, &issuing.last.crl, NULL,
		    show_removed, &showing, err));
	*out = preview;
	return ERR_OK;
}
