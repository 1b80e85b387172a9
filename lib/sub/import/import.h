/* SPDX-License-Identifier: ISC */
/*
 * Import a root's CRL: verify, admit, install in every store, reload, confirm,
 * remember.
 */
#pragma once

#include "ferry/note.h"
#include "site/bundle.h"
#include "site/config.h"
#include "sub/reader/verdict.h"

struct import_options {
	int64_t now_s;
	bool is_dry_run;
	bool is_inspection;		/* info: without regard to history */
	bool is_removal_accepted;	/* --accept-removed */
};

enum import_outcome {
	IMPORT_NOTHING,		/* the source has nothing of this root */
	IMPORT_VERIFIED,	/* info: authentic */
	IMPORT_JUDGED,		/* --dry-run: it would be taken */
	IMPORT_SAME,		/* it was there already, everywhere */
	IMPORT_REPAIRED,	/* accepted before; a store had drifted */
	IMPORT_INSTALLED,
};

/* How a store fared. */
struct imported_store {
	char place[600];		/* "hashdir /etc/ssl/crls" */
	enum note_outcome outcome;
	/* what a store that failed holds now */
	bool is_readable;
	bool has_crl;			/* of this root, that is one */
	bool has_number;
	struct number number;
};

/* Start from {0}, and release. */
struct imported {
	enum import_outcome outcome;
	char source[4096];
	struct verdict verdict;
	/* a store that subordinates share counts once */
	size_t stores;		/* configured */
	size_t stores_changed;
	struct buffer each;	/* struct imported_store, if any failed */
};

#define RELEASE_IMPORTED __attribute__((cleanup(imported_release)))
void imported_release(struct imported *imported);

/*
 * Import from an open source.  The caller holds the state lock, but for a dry
 * run or an inspection, which change nothing.
 *
 * Refusals of the reader leave every store and the accepted CRL as they are.
 * ERR_STORE and ERR_HOOK if some store failed and has its old content back:
 * the others are done, and the notices name each.
 */
MUST_CHECK enum err import_root(const struct config *config,
    const struct config_root *root, const struct source *source,
    const struct import_options *options, struct imported *out,
    struct notices *notices, struct error *err);
