/* SPDX-License-Identifier: ISC */
/* Words of a command that is shown, to be copied into a shell. */
#pragma once

#include "base/bytes.h"

/* Append a word as the shell reads it back: it's becomes 'it'\''s'. */
MUST_CHECK enum err shell_word_append(struct buffer *out, const char *word,
    struct error *err);

/* A word for a message, which is no longer than this. */
struct shell_word {
	char text[512];
};

/* The same of the first octets of a path; empty without memory. */
struct shell_word shell_word(const char *path, size_t size);
