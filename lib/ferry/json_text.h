/* SPDX-License-Identifier: ISC */
/* JSON as every file of ours has it. */
#pragma once

#include <jansson.h>

#include "base/bytes.h"

/*
 * Append its text: sorted keys, two spaces of indent, a final LF.  ERR_IO
 * where memory ran out.
 *
 * json  borrowed; NULL, as jansson's constructors give it, is ERR_IO too
 */
MUST_CHECK enum err json_text(const json_t *json, struct buffer *out,
    struct error *err);

/*
 * A string that is kept to be shown and compared: what is not UTF-8, as in a
 * path or where a text was cut, becomes '?'.  NULL without memory.
 */
json_t *json_printable(const char *text);
