/* SPDX-License-Identifier: ISC */
/* What the index says of one serial. */
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
 * Look for a serial among all lines.  *found is false, with ERR_OK, where the
 * index does not know it.  out must stay where it is.
 *
 * ERR_FORMAT as index_load, and where two lines have this serial.
 */
MUST_CHECK enum err index_entry_find(const char *path, struct span serial,
    bool *found, struct index_entry *out, struct error *err);
