/* SPDX-License-Identifier: ISC */
/* Parts of the journal's JSON.  Inside root/ceremony_journal only. */
#pragma once

#include <jansson.h>

#include "root/ceremony/journal.h"

/* The value of a key; false where it is of another type, or does not fit. */
bool journal_text(const json_t *json, const char *key, char *out,
    size_t capacity);
/* Of at most the size of an instant, so that one can be reckoned with. */
bool journal_integer(const json_t *json, const char *key,
    int64_t *out);

/* One root with what was shown of it.  NULL without memory, or false. */
json_t *journal_encode_root(const struct journal_root *root);
bool journal_parse_root(const json_t *json, struct journal_root *out);
