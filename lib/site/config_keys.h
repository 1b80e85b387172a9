/* SPDX-License-Identifier: ISC */
/* The schema: each group is one table of keys.  Inside site/config only. */
#pragma once

#include <stddef.h>

#include "site/config.h"

enum key_kind {
	KEY_TEXT,	/* const char * */
	KEY_NAME,	/* const char *, [a-z0-9-]{1,32} */
	KEY_PATH,	/* const char *, resolved */
	KEY_PLACE,	/* the same; "sql:" may stand before it */
	KEY_KEY,	/* as KEY_PATH; what begins with "RW" is kept as is */
	KEY_CHOICE,	/* enum (int), index into choices */
	KEY_ONE_OF,	/* const char *, one of choices */
	KEY_FLAG,	/* bool */
	KEY_COUNT,	/* unsigned int, 1..16 */
	KEY_VERSION,	/* checked, not kept */
	KEY_DURATION,	/* struct duration */
	KEY_NUMBER,	/* struct number, from a decimal string */
	KEY_SIZE,	/* uint64_t octets, from "64 MiB" */
	KEY_ARGV,	/* struct config_words, a list: program and its words */
	KEY_WORDS,	/* the same; one string is a list of one */
	KEY_PATHS,	/* the same, resolved */
	KEY_KEYS,	/* the same, each as KEY_KEY */
	KEY_GROUP,	/* a struct in place */
	KEY_OPTIONAL,	/* a pointer to a struct */
	KEY_LIST,	/* a pointer to an array of structs, and its count */
};

struct key_table;

struct key {
	const char *name;
	enum key_kind kind;
	size_t offset;			/* in the group's struct */
	bool is_required;
	const char *const *choices;	/* NULL-terminated */
	const struct key_table *table;	/* of groups and lists */
	size_t count_offset;		/* KEY_LIST: of its size_t */
	size_t line_offset;	/* of an unsigned int for its line; 0: none */
};

struct key_table {
	const char *what;		/* "root", for messages */
	const struct key *keys;
	size_t key_count;
	size_t struct_size;
	const void *defaults;	/* what a KEY_OPTIONAL starts from, or NULL */
	bool has_line;		/* the group keeps its line */
	size_t line_offset;	/* of an unsigned int */
	size_t given_offset;	/* of a uint32_t, a bit for each of its keys
				 * that stands there; 0: none */
};

extern const struct key_table config_keys;
extern const struct key_table store_table;
extern const struct key_table schedule_keys;

/* The words of a schedule file, before plan/schedule judges them. */
struct schedule_words {
	struct schedule_text text;
	struct config_words avoid;
};

/* Keep an allocation until the config is freed.  ERR_IO without memory. */
MUST_CHECK enum err config_own(struct config *config, size_t size, void **out,
    struct error *err);
MUST_CHECK enum err config_own_text(struct config *config, const char *text,
    const char **out, struct error *err);

/* "64 MiB" in octets: B, KiB, MiB, GiB; at least 1.  False otherwise. */
bool config_parse_size(const char *text, uint64_t *out);

/*
 * Refuse what libconfig would misread without a word: @include, and integers
 * that wrap.  ERR_CONFIG names path:line.
 */
MUST_CHECK enum err config_scan(const char *path, const char *text,
    struct error *err);

/*
 * Has a store the keys that its type needs, and no others?  Its place, and one
 * more store for each server of read_back, are made up.  ERR_CONFIG names
 * file:line.
 */
MUST_CHECK enum err config_complete_stores(struct config *config,
    struct config_subordinate *subordinate, struct error *err);

/*
 * Read a libconfig file into the struct of a table; what is absent stays as it
 * was.  Paths resolve against config->folder.
 */
MUST_CHECK enum err config_fill_file(struct config *config, const char *path,
    const struct key_table *table, void *out, struct error *err);
