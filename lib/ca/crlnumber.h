/* SPDX-License-Identifier: ISC */
/* OpenSSL's crlnumber: one line of hex, the number of the next CRL. */
#pragma once

#include "base/notice.h"
#include "base/number.h"

#define LEAP_MAX UINT64_C(1000000)	/* that some programs may well do */

/*
 * Read it.  *found is false, with ERR_OK, if the file is missing or says
 * nothing that is a number: it can be made again from other sources, and the
 * caller says so.  ERR_FORMAT for a number beyond 2^159-1.
 */
MUST_CHECK enum err crlnumber_load(const char *path, bool *found,
    struct number *next, struct error *err);

/* Write the number that the next CRL will have, atomically and durably. */
MUST_CHECK enum err crlnumber_save(const char *path,
    const struct number *next, struct error *err);

/*
 * Note a number that leaps, which is more than LEAP_MAX above `last`:
 * subordinates take no lower one ever after.
 *
 * subject  whose number it is, for the note
 */
void crlnumber_note_leap(const char *subject, const struct number *last,
    const struct number *next, struct notices *notices);
