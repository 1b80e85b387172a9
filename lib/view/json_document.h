/* SPDX-License-Identifier: ISC */
/* Building one JSON document with jansson; not for other rooms. */
#pragma once

#include <jansson.h>

#include "base/bytes.h"
#include "base/number.h"

/*
 * An object or array in the making.  The first failure sticks, so that only
 * json_print needs to be checked.
 */
struct json_draft {
	json_t *top;
	bool has_failed;
};

#define RELEASE_DRAFT __attribute__((cleanup(json_draft_release)))

/* {"type": type, "version": 1} */
struct json_draft json_draft_begin(const char *type);
void json_draft_release(struct json_draft *draft);

/*
 * Put one member into an object of the draft.  Texts that are not UTF-8 are
 * made so with '?'; NULL gives null.  value is taken over, NULL is a failure.
 */
void json_put(struct json_draft *draft, json_t *object, const char *key,
    json_t *value);
void json_put_text(struct json_draft *draft, json_t *object, const char *key,
    const char *text);
void json_put_integer(struct json_draft *draft, json_t *object,
    const char *key, int64_t value);
void json_put_boolean(struct json_draft *draft, json_t *object,
    const char *key, bool value);

/* RFC 3339, a date, a decimal string; null if is_known is false. */
void json_put_instant(struct json_draft *draft, json_t *object,
    const char *key, bool is_known, int64_t at_s);
void json_put_date(struct json_draft *draft, json_t *object, const char *key,
    bool is_known, int64_t at_s);
void json_put_number(struct json_draft *draft, json_t *object,
    const char *key, bool is_known, const struct number *number);

/* An array of that name in the object; borrowed. */
json_t *json_put_array(struct json_draft *draft, json_t *object,
    const char *key);

/* Another object at the end of an array; borrowed. */
json_t *json_add_object(struct json_draft *draft, json_t *array);

/* Any value with two spaces of indent, sorted keys, ASCII; appended. */
MUST_CHECK enum err json_append(const json_t *value, struct buffer *out,
    struct error *err);

/* The whole document, and a final LF. */
MUST_CHECK enum err json_print(const struct json_draft *draft,
    struct buffer *out, struct error *err);
