/* SPDX-License-Identifier: ISC */
/* Results of a verb as one JSON document, a row for each root. */
#pragma once

#include "cli.h"
#include "view/json.h"

/*
 * Start from {0}; texts are copied.  The first failure sticks, so that only
 * rows_print needs to be checked.
 */
struct rows {
	struct buffer fields;	/* struct json_field each */
	struct buffer texts;	/* char * each, owned */
	size_t row_count;
	bool has_failed;
};

#define RELEASE_ROWS __attribute__((cleanup(rows_release)))

/* Begin a row; every row has the same keys in the same order. */
void rows_begin(struct rows *rows);

/* text NULL gives null. */
void rows_text(struct rows *rows, const char *key, const char *text);
void rows_integer(struct rows *rows, const char *key, int64_t value);
void rows_boolean(struct rows *rows, const char *key, bool value);

/* Of a known number; null otherwise. */
void rows_known(struct rows *rows, const char *key, bool is_known,
    int64_t value);

/* Texts in the order of their table. */
struct rows_fact {
	const char *key;
	const char *text;
};
void rows_facts(struct rows *rows, const struct rows_fact *facts,
    size_t count);

/* "token" and "message" of a failure; null for ERR_OK. */
void rows_failure(struct rows *rows, const struct error *why);

/*
 * Print all rows under the key `list`, if --json was given.  ERR_IO if memory
 * ran out.
 */
MUST_CHECK enum err rows_print(const struct rows *rows,
    struct invocation *invocation, const char *type, const char *list,
    struct error *err);

/* The same with several lists, at most ROWS_LISTS_MAX. */
#define ROWS_LISTS_MAX 2
struct rows_list {
	const char *key;
	const struct rows *rows;
};
MUST_CHECK enum err rows_print_lists(const struct rows_list *lists,
    size_t count, const char *type, struct buffer *out, struct error *err);
void rows_release(struct rows *rows);
