/* SPDX-License-Identifier: ISC */
/* Text in pages. */
#pragma once

#include "view/draft.h"

/*
 * Append text that may come from anywhere, so that it is shown as it is,
 * between tags and inside a quoted attribute: < > & " ' are escaped, a LF is a
 * line break, what printable.h does not let through is '?'.
 */
MUST_CHECK enum err html_append(struct buffer *out, const char *text,
    struct error *err);

/* The same of one line, to a draft. */
void html_put(struct draft *draft, const char *text);
