/* SPDX-License-Identifier: ISC */
/*
 * A PEM file, as nginx, Apache and PostgreSQL read it: CRLs of several CAs one
 * after the other, and whatever else stands there.
 */
#include <string.h>

#include "base/array.h"
#include "pki/pem.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"

static enum err
pem_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_TARGET struct store_target target = STORE_TARGET_NONE;
	RELEASE_LOOKUP struct lookup lookup = LOOKUP_OF(store);
	struct consumer_view view;
	bool found, keeps;
	struct span file;

	store_reading_start(store, out);
	TRY(store_target_look(store, &target, &found, err));
	file = store_target_content(&target);
	/* Nothing is there, which is `missing`. */
	if (!found || store_is_blank(file))
		return ERR_OK;
	TRY(consumer_read(store, file, CONSUMER_FILE, out, &view, err));
	TRY(lookup_keep(&lookup, file, view.is_plain, err));
	TRY(consumer_choose(store, &lookup, &view, out, err));
	if (!store_has_list(file))
		store_advise_garbage(store, &target, &keeps, out);
	return ERR_OK;
}

enum err
store_replace_blocks(const struct store *store, struct span file,
    struct span pem, struct buffer *out, char lost[STORE_LOST_SIZE],
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	struct pem_block block;
	enum store_owner owner;
	bool is_placed = pem.size == 0;
	size_t copied = 0;
	size_t at = 0;

	store_reading_start(store, &reading);
	while (pem_next(file, &at, &block)) {
		TRY(store_judge_block(store, &block, &reading, &owner, err));
		if (!store_is_ours(owner))
			continue;
		if (owner == STORE_INVALID && lost[0] == '\0')
			store_note_invalid(&reading, lost);
		TRY(buffer_append(out, file.data + copied,
		    block.begin - copied, err));
		copied = block.end;
		if (!is_placed)
			TRY(buffer_append(out, pem.data, pem.size, err));
		is_placed = true;
	}
	if (copied < file.size)
		TRY(buffer_append(out, file.data + copied,
		    file.size - copied, err));
	if (is_placed)
		return ERR_OK;
	if (out->size > 0 && out->data[out->size - 1] != '\n')
		TRY(buffer_append_text(out, "\n", err));
	return buffer_append(out, pem.data, pem.size, err);
}

bool
store_has_list(struct span file)
{
	static const char *const labels[] = {PEM_CRL, PEM_CERTIFICATE,
	    "TRUSTED CERTIFICATE", "X509 CERTIFICATE"};
	struct pem_block block;
	size_t at = 0;

	while (pem_next(file, &at, &block)) {
		for (size_t i = 0; i < COUNT_OF(labels); i++) {
			if (strcmp(block.label, labels[i]) == 0)
				return true;
		}
	}
	return false;
}

static enum err
pem_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_TARGET struct store_target target = STORE_TARGET_NONE;
	RELEASE_BUFFER struct buffer after = {0};
	struct span before;
	bool keeps = true;

	TRY(store_target_open(store, store->config->path, &target, err));
	before = store_target_content(&target);
	if (!store_has_list(before))
		TRY(store_check_garbage(store, &target, &keeps, err));
	if (!keeps)
		before.size = 0;
	TRY(store_check_key(store, &target, err));
	TRY(store_replace_blocks(store, before, crl->pem, &after, target.lost,
	    err));
	TRY(store_place(&target, change, err));
	return store_put(store, &target, span_of_buffer(&after), change, err);
}

const struct store_type store_pem = {
    .name = "pem", .read = pem_read,
    .install = pem_install, .confirm = consumer_confirm,
    .describe = store_describe,
};
