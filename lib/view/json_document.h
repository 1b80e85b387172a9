/* SPDX-License-Identifier: ISC */
/*
 * Building one JSON document with jansson; not for other rooms.  NULL stands
 * for a failure wherever a value is made, set or added: it goes up to
 * json_document, so that only that needs to be checked.
 */
#pragma once

#include <jansson.h>

#include "base/bytes.h"
#include "base/number.h"

/* Text that is not UTF-8 is made so with '?'; NULL gives null. */
json_t *json_shown(const char *text);

/* RFC 3339, a date, a decimal string; null if is_known is false. */
json_t *json_instant(bool is_known, int64_t at_s);
json_t *json_date(bool is_known, int64_t at_s);
json_t *json_decimal(bool is_known, const struct number *number);

/* Put one value into an object, or at the end of an array; it is taken over. */
void json_set(json_t **object, const char *key, json_t *value);
void json_add(json_t **array, json_t *value);

/* Any value with two spaces of indent, sorted keys, ASCII; appended. */
MUST_CHECK enum err json_append(const json_t *value, struct buffer *out,
    struct error *err);

/*
 * The whole document and a final LF; appended.
 *
 * body  its members but for "type" and "version"; taken over
 */
MUST_CHECK enum err json_document(const char *type, json_t *body,
    struct buffer *out, struct error *err);
