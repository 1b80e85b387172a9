/* SPDX-License-Identifier: ISC */
/* A CRL number that leaps: subordinates take no lower one ever after. */
#pragma once

#include "base/notice.h"
#include "base/number.h"

#define LEAP_MAX UINT64_C(1000000)	/* that some programs may well do */

/*
 * Note where `next` is more than LEAP_MAX above `last`.
 *
 * subject  whose number it is, for the note
 */
void leap_note(const char *subject, const struct number *last,
    const struct number *next, struct notices *notices);
