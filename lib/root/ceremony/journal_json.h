/* SPDX-License-Identifier: ISC */
/* Parts of the journal's JSON.  Inside root/ceremony_journal only. */
#pragma once

#include <jansson.h>

#include "root/ceremony/journal.h"

/*
 * A text, NULL without memory.  What is not UTF-8, as in a path or where a
 * text was cut, becomes '?': it is kept to be shown and compared.
 */
json_t *journal_encode_text(const char *text);

/* The value of a key; false where it is of another type, or does not fit. */
bool journal_text(const json_t *json, const char *key, char *out,
    size_t capacity);
/* Of at most the size of an instant, so that one can be reckoned with. */
bool journal_integer(const json_t *json, const char *key,
    int64_t *out);

/* One root with what was shown of it.  NULL, or false, as above. */
json_t *journal_encode_root(const struct journal_root *root);
bool journal_parse_root(const json_t *json, struct journal_root *out);
