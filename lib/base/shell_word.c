/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/shell_word.h"

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
    "0123456789/._+:,@%-"

enum err
shell_word_append(struct buffer *out, const char *word, struct error *err)
{
	if (word[0] != '\0' && word[strspn(word, PLAIN)] == '\0')
		return buffer_append_text(out, word, err);
	TRY(buffer_append_text(out, "'", err));
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			TRY(buffer_append_text(out, "'\\''", err));
		else
			TRY(buffer_append(out, word, 1, err));
	}
	return buffer_append_text(out, "'", err);
}
