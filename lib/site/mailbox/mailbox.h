/* SPDX-License-Identifier: ISC */
/*
 * Notes to and fro on the medium: MEDIUM/crlferry/<root>/<stem>.json and its
 * seal <stem>.json.minisig, which is written last and removed first.
 */
#pragma once

#include "base/bytes.h"

/*
 * Write a note, durably; an earlier one of this name is replaced, its seal
 * removed first.  path receives the JSON's place.
 */
MUST_CHECK enum err mailbox_write(const char *medium, const char *root,
    const char *stem, struct span json, struct span seal, char *path,
    size_t capacity, struct error *err);

/*
 * Read one, as bundle_load reads: beneath the medium, no links, regular files
 * with one link only, sizes checked before a byte is read, each file once.
 *
 * found  false, with ERR_OK, if there is no such note, or none with a seal
 */
MUST_CHECK enum err mailbox_read(const char *medium, const char *root,
    const char *stem, uint64_t max_bytes, struct buffer *json,
    struct buffer *seal, bool *found, struct error *err);
