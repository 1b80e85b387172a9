/* SPDX-License-Identifier: ISC */
/*
 * The keys of a JSON object as a table: what each value must be, and where it
 * goes in the struct.  Strict: every key there, none twice, none unknown.
 * Inside of the parsers of ferry only.
 */
#pragma once

#include <stddef.h>

#include <jansson.h>

#include "base/bytes.h"

/* How a value is read, where it goes, and the octets that are there. */
struct field {
	const char *document;	/* "manifest", for messages */
	const char *key;
	enum err (*parse)(const struct field *field, const json_t *value,
	    void *to, struct error *err);
	size_t offset;
	size_t size;
	bool is_optional;
};

/* A member of a struct; FIELD_DOCUMENT is the parser's own. */
#define FIELD(type, member, key, parse) \
	{FIELD_DOCUMENT, key, parse, offsetof(struct type, member), \
	    sizeof(((struct type *)NULL)->member), false}

/* A value that its parser puts into the whole struct. */
#define FIELD_WHOLE(key, parse, is_optional) \
	{FIELD_DOCUMENT, key, parse, 0, 0, is_optional}

/*
 * One JSON text, without duplicate keys; the caller lets go of *out.
 *
 * values_max  how many values it may have, names counted with theirs: what it
 *             takes in memory follows from that and its size
 */
MUST_CHECK enum err field_load(const char *document, struct span text,
    size_t values_max, json_t **out, struct error *err);

/*
 * Every mandatory key there, every value as it should be, in the order of the
 * table; then, so that another type or version is refused as such, no others.
 *
 * what  which object, for messages
 */
MUST_CHECK enum err field_object(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err);

/* ERR_FORMAT: the key, what it wants, and what it has. */
enum err field_want(const struct field *field, const char *what,
    const json_t *value, struct error *err);

/* What a field may be.  Each is ERR_FORMAT for anything else. */
enum err field_text(const struct field *field, const json_t *value, void *to,
    struct error *err);
enum err field_digest(const struct field *field, const json_t *value,
    void *to, struct error *err);
enum err field_number(const struct field *field, const json_t *value,
    void *to, struct error *err);
enum err field_time(const struct field *field, const json_t *value, void *to,
    struct error *err);
enum err field_count(const struct field *field, const json_t *value, void *to,
    struct error *err);
enum err field_boolean(const struct field *field, const json_t *value,
    void *to, struct error *err);

/* Is it an array of at most max? */
MUST_CHECK enum err field_want_array(const struct field *field,
    const json_t *value, size_t max, struct error *err);

/* Is it the string `type`? */
MUST_CHECK enum err field_want_type(const struct field *field,
    const json_t *value, const char *type, struct error *err);

/* Is it the integer `version`? */
MUST_CHECK enum err field_want_version(const struct field *field,
    const json_t *value, int version, struct error *err);
