/* SPDX-License-Identifier: ISC */
/*
 * The keys of a JSON object as a table: what each value must be, and where it
 * goes in the struct, or comes from if the object is written.  For what travels
 * and for what is kept in files of ours:
 *
 *	#define FIELD_DOCUMENT "sequence"
 *	static const struct field fields[] = {
 *		FIELD_TYPE("crlferry-sequence"),
 *		FIELD_VERSION(1),
 *		FIELD(used, sequence, "sequence", field_count),
 *		FIELD_IF(used, number, has_number, "number", field_number),
 *	};
 *
 *	TRY(field_load(FIELD_DOCUMENT, text, 16, &json, err));
 *	TRY(field_object(json, path, FIELD_TABLE(fields), &used, err));
 *	json = field_encode(FIELD_TABLE(fields), &used);
 *
 * Type and version stand first, so that another document is refused as such.
 * A range that a kind does not know is checked afterwards, or by a parser of
 * the table's own.  A place that says better than a key what is wrong with a
 * whole file gives no err.
 */
#pragma once

#include <stddef.h>

#include <jansson.h>

#include "base/array.h"
#include "base/bytes.h"

struct field;

/* Puts a value where it goes; ERR_FORMAT if it is not what it must be. */
typedef enum err field_parse(const struct field *field, const json_t *value,
    void *to, struct error *err);

/* The value of what lies there; NULL without memory. */
typedef json_t *field_write(const void *from);

/* How a value is read, where it goes, and the octets that are there. */
struct field {
	const char *document;	/* "manifest", for messages */
	const char *key;
	field_parse *parse;
	field_write *write;	/* NULL: parse is one of those below */
	size_t offset;
	size_t size;
	enum {
		FIELD_WANTED,
		FIELD_OPTIONAL,	/* left out if it is written as null */
		FIELD_FLAGGED,	/* optional: a bool tells whether it is there */
		FIELD_NULLABLE,	/* the same, but null stands for none */
	} presence;
	size_t flag_offset;	/* of that bool */
	const char *type;	/* field_type: the very text */
	int version;		/* field_version: the very number */
	size_t max;		/* field_list: how many there may be ... */
	field_parse *take;	/* ... and what to do with each */
};

#define FIELD_AT(struct_name, member, name, how) \
	.document = FIELD_DOCUMENT, .key = (name), .parse = (how), \
	.offset = offsetof(struct struct_name, member), \
	.size = sizeof(((struct struct_name *)NULL)->member)

/* A member of a struct; FIELD_DOCUMENT is the parser's own. */
#define FIELD(struct_name, member, name, how) \
	{FIELD_AT(struct_name, member, name, how)}

/* One that need not be there: the member is left as it is. */
#define FIELD_MAYBE(struct_name, member, name, how) \
	{FIELD_AT(struct_name, member, name, how), \
	    .presence = FIELD_OPTIONAL}

/* The same; if it is there, the bool `has` of the struct becomes true. */
#define FIELD_IF(struct_name, member, has, name, how) \
	{FIELD_AT(struct_name, member, name, how), \
	    .presence = FIELD_FLAGGED, \
	    .flag_offset = offsetof(struct struct_name, has)}

/* The same, but the key is always there, with null for none. */
#define FIELD_OR_NULL(struct_name, member, has, name, how) \
	{FIELD_AT(struct_name, member, name, how), \
	    .presence = FIELD_NULLABLE, \
	    .flag_offset = offsetof(struct struct_name, has)}

/* A value that its parser puts into the whole struct, and back. */
#define FIELD_WHOLE(name, how, back) \
	{.document = FIELD_DOCUMENT, .key = (name), .parse = (how), \
	    .write = (back)}

/*
 * An array of at most `most`; `each` puts one element into the whole struct,
 * and `back` makes the array of it.
 */
#define FIELD_LIST(name, most, each, back) \
	{.document = FIELD_DOCUMENT, .key = (name), .parse = field_list, \
	    .max = (most), .take = (each), .write = (back)}

/* "type" and "version", which must be these. */
#define FIELD_TYPE(text) \
	{.document = FIELD_DOCUMENT, .key = "type", .parse = field_type, \
	    .type = (text)}
#define FIELD_VERSION(number) \
	{.document = FIELD_DOCUMENT, .key = "version", \
	    .parse = field_version, .version = (number)}

/* A table and its size, for the functions below. */
#define FIELD_TABLE(fields) (fields), COUNT_OF(fields)

/*
 * One JSON text, without duplicate keys; the caller lets go of *out.
 *
 * values_max  how many values it may have, names counted with theirs: what it
 *             takes in memory follows from that and its size
 */
MUST_CHECK enum err field_load(const char *document, struct span text,
    size_t values_max, json_t **out, struct error *err);

/*
 * Every value as it should be, in the order of the table, and every key there
 * that must be.  Keys that the table does not have are let be.
 *
 * what  which object, for messages
 * to    the struct of the table; what is not there is left as it is
 */
MUST_CHECK enum err field_members(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err);

/* The same, and then no other keys: so must be what comes from elsewhere. */
MUST_CHECK enum err field_object(const json_t *json, const char *what,
    const struct field *fields, size_t count, void *to, struct error *err);

/* The object of what is in the struct, checked by the caller; NULL: failed. */
json_t *field_encode(const struct field *fields, size_t count,
    const void *from);

/*
 * An array with such an object for each of `length` structs of `size` octets.
 *
 * fields  NULL: they are texts, not structs
 */
json_t *field_encode_list(const struct field *fields, size_t count,
    const void *first, size_t length, size_t size);

/* ERR_FORMAT: the key, its value, and `what` it is not: "a string". */
enum err field_want(const struct field *field, const char *what,
    const json_t *value, struct error *err);

/*
 * What a field may be; each is ERR_FORMAT for anything else.
 *
 * field_text     char[]: a string that fits; written as one printable line
 * field_buffer   struct buffer: a string that is not empty, appended
 * field_digest   uint8_t[SHA256_SIZE]: lower-case hex
 * field_number   struct number: a decimal string without leading zeros
 * field_time     int64_t: "2026-11-22T10:00:00Z"
 * field_date     int64_t: "2026-11-22"
 * field_seconds  int64_t: an integer, Unix seconds of the years 0 to 9999
 * field_count    uint64_t: an integer of 0 or more
 * field_boolean  bool
 */
field_parse field_text, field_buffer, field_digest, field_number, field_time,
    field_date, field_seconds, field_count, field_boolean;

/* Those of FIELD_TYPE, FIELD_VERSION and FIELD_LIST. */
field_parse field_type, field_version, field_list;
