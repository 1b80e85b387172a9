/* SPDX-License-Identifier: ISC */
/*
 * Inside of manifest: the rules that what is written and what is read both
 * keep.  Only manifest*.c include this.
 */
#pragma once

#include "ferry/manifest.h"

#define MANIFEST_DROPPED_MAX 1000000
#define MANIFEST_ANSWERS_MAX 1024
#define MANIFEST_NONCE_DIGITS 64

/* ERR_FORMAT, naming the first value that is out of its range. */
MUST_CHECK enum err manifest_check(const struct manifest *manifest,
    struct error *err);

MUST_CHECK enum err manifest_check_file_name(const char *name,
    struct error *err);
MUST_CHECK enum err manifest_check_dropped(
    const struct manifest_dropped *dropped, struct error *err);
MUST_CHECK enum err manifest_check_answer(const char *nonce,
    struct error *err);
