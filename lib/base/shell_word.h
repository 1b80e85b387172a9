/* SPDX-License-Identifier: ISC */
/* Words of a command that is shown, to be copied into a shell. */
#pragma once

#include "base/bytes.h"

/* Append a word as the shell reads it back: it's becomes 'it'\''s'. */
MUST_CHECK enum err shell_word_append(struct buffer *out, const char *word,
    struct error *err);
