/* SPDX-License-Identifier: ISC */
/*
 * The CRL that is about to be signed, and how it differs from the last one:
 * for a dry run, for a ceremony, for the minutes.
 */
#pragma once

#include "base/number.h"
#include "base/utc.h"

enum preview_change {
	PREVIEW_KEPT,
	PREVIEW_ADDED,
	PREVIEW_REMOVED,
};

#define PREVIEW_SUBJECT_SIZE 176

struct preview_entry {
	enum preview_change change;
	char serial[132];		/* hex, as the index has it */
	int64_t revoked_at_s;
	int32_t reason;			/* CRLReason, -1: none */
	const char *reason_name;	/* "keyCompromise"; NULL: none */
	bool has_invalidity;
	int64_t invalidity_s;
	char why[64];			/* PREVIEW_REMOVED: why it may go */
	char subject[PREVIEW_SUBJECT_SIZE];	/* printable; "": not known,
						 * or kept */
};

struct preview {
	char root[33];
	char issuer[256];
	char algorithm[64];		/* "ecdsa-with-SHA384" */
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
	int64_t next_ceremony_s;	/* 0: the root ends before */
	bool is_emergency;
	char why[256];
	bool has_last;
	bool last_has_number;
	struct number last_number;
	int64_t last_this_update_s;
	int64_t last_next_update_s;	/* 0: it has none */
	uint64_t revoked_count;
	uint64_t added_count;
	uint64_t removed_count;
};

/*
 * The head: number, issuer, algorithm, dates, the last CRL's number and dates,
 * and how many entries come and go; appended.
 */
MUST_CHECK enum err preview_text(const struct preview *preview,
    struct buffer *out, struct error *err);

/*
 * One line for an entry, "+ 1005  2026-11-22T10:00:00Z  keyCompromise  CN=Mail
 * Gateway".
 */
MUST_CHECK enum err preview_entry_text(const struct preview_entry *entry,
    struct buffer *out, struct error *err);

/*
 * As JSON, put together from the inside out: an entry is appended to the list
 * of those that come or of those that go, a preview with both to the list of
 * roots, and that becomes the document "crlferry-preview".
 */
MUST_CHECK enum err preview_entry_json(const struct preview_entry *entry,
    struct buffer *list, struct error *err);
MUST_CHECK enum err preview_json(const struct preview *preview,
    struct span added, struct span removed, struct buffer *list,
    struct error *err);
MUST_CHECK enum err preview_document(struct span list, struct buffer *out,
    struct error *err);
