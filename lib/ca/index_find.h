/* SPDX-License-Identifier: ISC */
/* What the index says of certificates, revoked or not. */
#pragma once

#include "ca/index_words.h"

#define INDEX_SUBJECT_SIZE 512

struct index_entry {
	unsigned long line;		/* from 1 */
	char status;			/* 'V' 'R' 'E' */
	int64_t not_after_s;
	char subject[INDEX_SUBJECT_SIZE];	/* what fits of it */
	struct revocation revocation;	/* of an R line; without serial */
	uint8_t hold[INDEX_HOLD_MAX];	/* where revocation.hold points */
};

/*
 * Look for a serial among all lines.  *found is false, with ERR_OK, if the
 * index does not know it.  out must stay where it is.
 *
 * ERR_FORMAT as index_load, and if two lines have this serial.
 */
MUST_CHECK enum err index_entry_find(const char *path, struct span serial,
    bool *found, struct index_entry *out, struct error *err);

/* A certificate whose end is asked for. */
struct index_expiry {
	struct span serial;	/* content octets, borrowed */
	bool is_found;		/* the index knows it; set by index_expiries */
	int64_t not_after_s;	/* if it does */
};

/*
 * When certificates end, each by the first line of its serial, revoked or not:
 * one pass over the file, whatever their number and order.
 *
 * list  is_found false in each
 *
 * Errors as those of index_load; what was found before is in the list then.
 */
MUST_CHECK enum err index_expiries(const char *path,
    struct index_expiry *list, size_t count, struct error *err);
