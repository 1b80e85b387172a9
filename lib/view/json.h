/* SPDX-License-Identifier: ISC */
/*
 * JSON views.  Each is one object with "type" and "version", two spaces of
 * indent, sorted keys, a final LF.
 */
#pragma once

#include "base/bytes.h"
#include "pki/lint/lint.h"
#include "plan/standing.h"

/* type "crlferry-status": now, worst severity, an array of pairs. */
MUST_CHECK enum err json_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);

/*
 * type "crlferry-lint": file, kind ("crl" or "certificate"), findings, and how
 * many more of the same were left out.
 */
MUST_CHECK enum err json_findings(const char *file, const char *kind,
    const struct lint_finding *findings, size_t count, uint64_t left_out,
    struct buffer *out, struct error *err);

/* type "crlferry-error": program, token, status, message, remedy. */
MUST_CHECK enum err json_error(const char *program, const struct error *error,
    struct buffer *out, struct error *err);

/*
 * A flat object for results of verbs: strings, integers, booleans.  (The
 * kinds are not called JSON_, which is jansson's.)
 */
struct json_field {
	const char *key;
	enum { FIELD_TEXT, FIELD_INTEGER, FIELD_BOOLEAN } kind;
	const char *text;	/* FIELD_TEXT; NULL gives null */
	int64_t integer;	/* FIELD_INTEGER, FIELD_BOOLEAN */
};

/* Rows under one key. */
struct json_list {
	const char *key;
	const struct json_field *fields;	/* of row 0, of row 1, ... */
	size_t field_count;			/* of a row */
	size_t row_count;
};

/* {"type": type, "version": 1, key: [ {fields of row 0}, ... ], ...} */
MUST_CHECK enum err json_lists(const char *type,
    const struct json_list *lists, size_t count, struct buffer *out,
    struct error *err);

/*
 * {"type": type, "version": 1, list: [ {fields of row 0}, ... ]}; every row
 * has field_count fields.
 */
MUST_CHECK enum err json_rows(const char *type, const char *list,
    const struct json_field *fields, size_t field_count, size_t row_count,
    struct buffer *out, struct error *err);
