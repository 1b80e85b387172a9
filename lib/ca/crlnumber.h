/* SPDX-License-Identifier: ISC */
/* OpenSSL's crlnumber: a line of hex, the number of the next CRL. */
#pragma once

#include "base/notice.h"
#include "base/number.h"

#define LEAP_MAX UINT64_C(1000000)	/* that some programs may well do */

/*
 * Read it as `openssl ca` does (a2i_ASN1_INTEGER): the first line, up to what
 * is no digit.  *found is false, with ERR_OK, if the file is missing.  Notes
 * what else is in it, for crlnumber_save leaves it out; notices may be NULL.
 *
 * ERR_FORMAT for a file that openssl reads no number from, and for one beyond
 * 2^159-1: it must not be taken for missing, or the numbers begin again.
 */
MUST_CHECK enum err crlnumber_load(const char *path, bool *found,
    struct number *next, struct notices *notices, struct error *err);

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
