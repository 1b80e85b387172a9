/* SPDX-License-Identifier: ISC */
/* JSON as every file of ours has it. */
#pragma once

#include <jansson.h>

#include "base/bytes.h"

/*
 * Append its text: sorted keys, two spaces of indent, a final LF.  ERR_IO if
 * there is no memory; a failure leaves what was there.
 *
 * json  borrowed; NULL, as jansson's constructors give it, is ERR_IO too
 */
MUST_CHECK enum err json_text(const json_t *json, struct buffer *out,
    struct error *err);

/* The same; ERR_FORMAT, naming the document, for more octets than size_max. */
MUST_CHECK enum err json_text_limited(const json_t *json,
    const char *document, size_t size_max, struct buffer *out,
    struct error *err);

/*
 * A string of one line of text from anywhere, such as a path or a name: '?'
 * for what is not UTF-8 or may not be shown.  NULL without memory.
 */
json_t *json_printable(const char *text);
