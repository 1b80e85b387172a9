/* SPDX-License-Identifier: ISC */
/*
 * The subjects of an index, each read from its line when it is shown: those of
 * a million revocations would take more memory than all the rest.
 */
#pragma once

#include "ca/index_line.h"
#include "ca/index_subject.h"

#define INDEX_NO_LINE UINT64_MAX	/* the offset of none */

/* INDEX_NAMES_NONE / release. */
struct index_names {
	struct index_lines lines;
	uint64_t *offsets;	/* of the revocations' lines, in serial order */
	size_t count;
};

#define INDEX_NAMES_NONE {.lines = INDEX_LINES_NONE}
#define RELEASE_INDEX_NAMES __attribute__((cleanup(index_names_release)))

/*
 * Open the index.  Errors are those of index_load.
 *
 * index  as loaded from it: one pass more finds where its lines stand; NULL:
 *        offsets come from elsewhere (index_expiries)
 */
MUST_CHECK enum err index_names_open(const char *path,
    const struct index *index, struct index_names *out, struct error *err);
void index_names_release(struct index_names *names);

/* Where the line of a revocation stands, by its place in serial order. */
uint64_t index_names_offset(const struct index_names *names, size_t ordinal);

/*
 * The subject of the line at an offset, for people: as index_subject_show has
 * it, without the "/" in front, and cut to what fits.  Empty if the line is of
 * another serial by now, or says "/CN=unknown", as index_revoke writes it.
 */
struct index_subject_words index_names_at(const struct index_names *names,
    uint64_t offset, struct span serial);
