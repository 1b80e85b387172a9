/* SPDX-License-Identifier: ISC */
/* Text inside a page of HTML. */
#pragma once

#include "base/bytes.h"

/*
 * Append text that may come from anywhere, so that it is shown as it is,
 * between tags and inside a quoted attribute: < > & " ' are escaped, a LF is a
 * line break, what printable.h does not let through is '?'.
 */
MUST_CHECK enum err html_append(struct buffer *out, const char *text,
    struct error *err);
