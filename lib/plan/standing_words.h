/* SPDX-License-Identifier: ISC */
/* The nouns of the sentences about a standing; inside lib/plan. */
#pragma once

#include "plan/standing.h"

#define WHO_SIZE 64
#define PLACE_TEXT_SIZE 128
#define CRL_TEXT_SIZE 96

/* Whom it concerns: "issuing-1", or all that this root has. */
void who_text(const struct standing_facts *facts, char out[WHO_SIZE]);

/* Whom a place concerns: the same, or "whoever fetches it there". */
void reader_text(const struct standing_facts *facts,
    const struct standing_place *place, char out[WHO_SIZE]);

/* "hashdir /etc/ssl/crls", "the archive" while there is no path */
void place_text(const struct standing_place *place,
    char out[PLACE_TEXT_SIZE]);

/* "CRL #12"; without a number "the CRL of 2026-11-22T10:00:00Z" */
void crl_text(bool has_number, const struct number *number,
    int64_t this_update_s, char out[CRL_TEXT_SIZE]);
void place_crl_text(const struct standing_place *place,
    char out[CRL_TEXT_SIZE]);
