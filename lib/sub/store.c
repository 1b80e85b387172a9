/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "sub/store.h"

static const struct store_type *const types[] = {
    &store_hashdir, &store_pem, &store_der};

const struct store_type *
store_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	}
	return NULL;
}

void
store_change_release(struct store_change *change)
{
	size_t i;

	for (i = 0; i < change->count; i++)
		buffer_release(&change->saved[i].content);
	change->count = 0;
}

/* Whatever failed may have failed before the file was touched. */
static bool
is_untouched(const struct store_saved *saved)
{
	RELEASE_BUFFER struct buffer now = {0};

	return saved->existed && file_read(saved->path, FILE_PUBLIC,
	    saved->content.size, &now, NULL) == ERR_OK &&
	    span_equals(span_of_buffer(&now),
	    span_of_buffer(&saved->content));
}

enum err
store_undo(const struct store_change *change, struct error *err)
{
	enum err code = ERR_OK;
	size_t i;

	for (i = change->count; i > 0; i--) {
		const struct store_saved *saved = &change->saved[i - 1];
		enum err one;

		if (is_untouched(saved))
			continue;
		if (saved->existed)
			one = file_replace(saved->path,
			    span_of_buffer(&saved->content), saved->mode,
			    err);
		else
			one = file_remove(saved->path, err);
		if (one != ERR_OK)
			code = one;
	}
	return code;
}
