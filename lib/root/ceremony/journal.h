/* SPDX-License-Identifier: ISC */
/*
 * Where a ceremony stands: STATE/ceremony.json, written durably after each
 * step.  Inside root/ceremony only.
 */
#pragma once

#include "ferry/manifest.h"
#include "root/history/reissued.h"
#include "root/issue/issue.h"
#include "site/config.h"
#include "site/state.h"
#include "view/minutes/minutes.h"

#define JOURNAL_VERSION 1
#define JOURNAL_MAX_BYTES (16 * 1024 * 1024)
#define JOURNAL_NAME_SIZE 16
#define JOURNAL_LINE_SIZE 512

struct json_t;

/* The consent for one root, and how far it came. */
struct journal_root {
	char name[SITE_NAME_SIZE];
	bool is_agreed;			/* consent was given */
	bool has_before;
	struct number before;		/* the last CRL at the consent */
	bool has_preview;
	struct preview preview;
	struct preview_entry entries[MINUTES_LISTED_MAX];
	size_t entry_count;
	uint64_t left_out;		/* more of them than are kept */
	char agreed[SHA256_HEX_SIZE];	/* over every entry it lists */
	int64_t reissue_until_s;	/* notAfter of a new certificate that
					 * is agreed to; 0: none */
	char reissued[REISSUED_SERIAL_SIZE];	/* its serial, once made */
	char bundle[4096];		/* once it is exported */
	char ledger_head[2 * BLAKE2B_256_SIZE + 1];
	char key_ids[256];
};

struct journal_step {
	char name[JOURNAL_NAME_SIZE];
	bool is_void;		/* it is to be done again, or was */
	struct minutes_step step;
};

/* What is said in the minutes beside the steps. */
enum journal_kind {
	JOURNAL_DEVIATION,	/* it did not go as planned */
	JOURNAL_CHANGE,		/* agreed to outside the plan */
	JOURNAL_NOTICE,		/* what the program had to say */
	JOURNAL_REMARK,		/* what people said for the record */
	JOURNAL_KINDS,
};

struct journal_text {
	char text[JOURNAL_LINE_SIZE];
};

/* init / release */
struct journal {
	char path[STATE_PATH_SIZE];	/* empty: nothing is written */
	int64_t started_s;
	int64_t saved_s;
	char medium[4096];
	struct json_t *options;	/* of the command line, what is consented to */
	char operator_name[128];
	char witnesses[MINUTES_WITNESSES_MAX][128];
	size_t witness_count;
	int64_t confirmed_s;		/* the date that was typed, or -1 */
	struct buffer steps;		/* struct journal_step each */
	struct buffer records[JOURNAL_KINDS]; /* struct journal_text each */
	struct journal_root *roots;	/* those with a `signing` group */
	size_t root_count;
};

#define RELEASE_JOURNAL __attribute__((cleanup(journal_release)))

/* A new one; path "" for one that is never written. */
MUST_CHECK enum err journal_init(struct journal *journal,
    const struct config *config, const char *medium,
    const struct issue_options *options, int64_t now_s, const char *path,
    struct error *err);
void journal_release(struct journal *journal);

/*
 * Read the journal at path.  *found is false, with ERR_OK, if there is none;
 * ERR_FORMAT if it is no journal of this version.
 */
MUST_CHECK enum err journal_load(const char *path, struct journal *out,
    bool *found, struct error *err);

/* Write it durably, and remove it. */
MUST_CHECK enum err journal_save(struct journal *journal, int64_t now_s,
    struct error *err);
MUST_CHECK enum err journal_remove(const struct journal *journal,
    struct error *err);

/* Do both describe the same roots, medium and options? */
bool journal_is_alike(const struct journal *a, const struct journal *b);

/* Was the step of this name carried out, and does that still count? */
bool journal_has_step(const struct journal *journal, const char *name);

/* Was it ever, whether that still counts or not? */
bool journal_had_step(const struct journal *journal, const char *name);

/* Its steps and repetitions, in the order of time. */
const struct journal_step *journal_steps(const struct journal *journal,
    size_t *count);
MUST_CHECK enum err journal_add_step(struct journal *journal,
    const struct journal_step *step, struct error *err);

/*
 * The step of this name and all that came after it count no more.  They stay
 * for the minutes.
 */
void journal_forget_step(struct journal *journal, const char *name);

/* One that is there already is not added again. */
MUST_CHECK enum err journal_add_text(struct buffer *texts, const char *text,
    struct error *err);

/* NULL if it has no such root. */
struct journal_root *journal_find_root(struct journal *journal,
    const char *name);

/*
 * The options that were consented to, texts borrowed from the journal.
 *
 * discarded, acknowledged  receive words, to be freed by the caller
 */
MUST_CHECK enum err journal_options(const struct journal *journal,
    struct issue_options *options, struct config_words *discarded,
    struct config_words *acknowledged, struct error *err);

/*
 * The JSON of the file.  ERR_FORMAT says what is wrong, without the path.
 */
MUST_CHECK enum err journal_encode(const struct journal *journal,
    struct buffer *out, struct error *err);
MUST_CHECK enum err journal_parse(struct span text, struct journal *out,
    struct error *err);
