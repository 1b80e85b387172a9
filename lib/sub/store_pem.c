/* SPDX-License-Identifier: ISC */
/*
 * A PEM file, as nginx, Apache and PostgreSQL read it: CRLs of several CAs one
 * after the other, and whatever else stands there.
 */
#include <string.h>

#include "pki/pem.h"
#include "sub/store_consumer.h"
#include "sub/store_file.h"
#include "sub/store_judge.h"

/* Whose CRL is in a block?  What is no CRL counts as garbage. */
static enum err
judge_block(const struct store *store, const struct pem_block *block,
    struct store_reading *reading, enum store_owner *owner,
    struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};

	*owner = STORE_GARBAGE;
	if (strcmp(block->label, PEM_CRL) != 0 ||
	    pem_decode(block, &der, NULL) != ERR_OK)
		return ERR_OK;
	return store_judge(store, span_of_buffer(&der), reading, owner, err);
}

static enum err
pem_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct consumer_view view;
	bool found;

	store_reading_start(store, out);
	TRY(store_read_file(store, store->config->path, &file, &found, err));
	if (!found)
		return ERR_OK;
	TRY(consumer_read(store, span_of_buffer(&file), CONSUMER_FILE, out,
	    &view, err));
	if (!view.is_damaged && !view.is_hidden)
		return consumer_choose(store, out, err);
	store_reading_spoil(out, view.what);
	if (view.is_foreign)
		out->place.remedy = "mend or remove that block";
	return ERR_OK;
}

static enum err
copy_range(struct span file, size_t begin, size_t end, struct buffer *out,
    struct error *err)
{
	return begin == end ? ERR_OK :
	    buffer_append(out, file.data + begin, end - begin, err);
}

/*
 * The file with the CRL in place of the root's first one, its further ones
 * left out, and every other octet as it was.
 */
static enum err
replace_blocks(const struct store *store, struct span file, struct span pem,
    struct buffer *out, struct error *err)
{
	RELEASE_READING struct store_reading reading;
	struct pem_block block;
	bool is_placed = false;
	size_t copied = 0;
	size_t at = 0;
	enum err code = ERR_OK;

	store_reading_start(store, &reading);
	while (code == ERR_OK && pem_next(file, &at, &block)) {
		enum store_owner owner;

		code = judge_block(store, &block, &reading, &owner, err);
		if (code != ERR_OK || owner == STORE_GARBAGE ||
		    owner == STORE_OTHER)
			continue;
		code = copy_range(file, copied, block.begin, out, err);
		copied = block.end;
		if (code == ERR_OK && !is_placed)
			code = buffer_append(out, pem.data, pem.size, err);
		is_placed = true;
	}
	if (code == ERR_OK)
		code = copy_range(file, copied, file.size, out, err);
	if (code != ERR_OK || is_placed)
		return code;
	if (out->size > 0 && out->data[out->size - 1] != '\n')
		code = buffer_append_text(out, "\n", err);
	return code == ERR_OK ?
	    buffer_append(out, pem.data, pem.size, err) : code;
}

static enum err
pem_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer before = {0};
	RELEASE_BUFFER struct buffer after = {0};
	const char *path = store->config->path;
	bool found;
	enum err code;

	code = store_read_file(store, path, &before, &found, err);
	if (code == ERR_OK)
		code = replace_blocks(store, span_of_buffer(&before),
		    crl->pem, &after, err);
	if (code == ERR_OK)
		code = store_put(store, path, span_of_buffer(&after), change,
		    err);
	return code;
}

static enum err
pem_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};

	TRY(pem_read(store, &reading, err));
	return consumer_confirm(store, &reading, crl, err);
}

const struct store_type store_pem = {
    .name = "pem", .read = pem_read, .install = pem_install,
    .confirm = pem_confirm, .describe = store_describe,
};
