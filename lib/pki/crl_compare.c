/* SPDX-License-Identifier: ISC */
#include "pki/crl_parts.h"

/* A walk in serial order, over an index if the list has another. */
struct cursor {
	struct crl *crl;
	struct crl_entries entries;
	struct crl_entry entry;
	struct buffer keys;	/* empty for a list in order */
	size_t next_key;
	bool is_indexed;
	bool has_serial;
	struct span serial;	/* where the walk stands */
};

#define RELEASE_CURSOR __attribute__((cleanup(cursor_release)))

static void
cursor_release(struct cursor *cursor)
{
	buffer_release(&cursor->keys);
}

static enum err
cursor_start(struct cursor *cursor, struct crl *crl, struct error *err)
{
	struct crl_survey survey;

	cursor->crl = crl;
	TRY(crl_survey_walk(crl, NULL, &survey, err));
	cursor->is_indexed = !survey.is_sorted;
	crl_entries_start(&cursor->entries, crl);
	if (!cursor->is_indexed)
		return ERR_OK;
	return serial_keys_collect(crl, survey.count, &cursor->keys, err);
}

static enum err
cursor_next(struct cursor *cursor, struct error *err)
{
	const struct serial_key *keys = (const void *)cursor->keys.data;

	if (cursor->is_indexed) {
		size_t count = cursor->keys.size / sizeof(*keys);

		cursor->has_serial = cursor->next_key < count;
		if (cursor->has_serial)
			cursor->serial =
			    serial_key_content(&keys[cursor->next_key++]);
		return ERR_OK;
	}
	TRY(crl_entries_next(&cursor->entries, &cursor->entry,
	    &cursor->has_serial, err));
	if (cursor->has_serial)
		cursor->serial = cursor->entry.serial;
	return ERR_OK;
}

/* Read the entry that the walk stands at. */
static enum err
cursor_entry(struct cursor *cursor, struct error *err)
{
	const struct serial_key *keys = (const void *)cursor->keys.data;
	bool has_entry;

	if (!cursor->is_indexed)
		return ERR_OK;
	crl_entries_start(&cursor->entries, cursor->crl);
	cursor->entries.offset = keys[cursor->next_key - 1].offset;
	return crl_entries_next(&cursor->entries, &cursor->entry, &has_entry,
	    err);
}

/* Move on until serial is reached or passed. */
static enum err
cursor_seek(struct cursor *cursor, struct span serial, bool *is_there,
    struct error *err)
{
	*is_there = false;
	while (cursor->has_serial) {
		int order = serial_order(cursor->serial, serial);

		*is_there = order == 0;
		if (order >= 0)
			return ERR_OK;
		TRY(cursor_next(cursor, err));
	}
	return ERR_OK;
}

enum err
crl_compare(struct crl *before, struct crl *after,
    enum err (*lost)(void *context, const struct crl_entry *entry,
    struct error *err), void *context, struct error *err)
{
	RELEASE_CURSOR struct cursor old = {0};
	RELEASE_CURSOR struct cursor new = {0};
	bool is_kept;

	TRY(cursor_start(&old, before, err));
	TRY(cursor_start(&new, after, err));
	TRY(cursor_next(&new, err));
	while (true) {
		TRY(cursor_next(&old, err));
		if (!old.has_serial)
			break;
		TRY(cursor_seek(&new, old.serial, &is_kept, err));
		if (is_kept)
			continue;
		TRY(cursor_entry(&old, err));
		TRY(lost(context, &old.entry, err));
	}
	return ERR_OK;
}
