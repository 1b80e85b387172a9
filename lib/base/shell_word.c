/* SPDX-License-Identifier: ISC */
#include <stdio.h>
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

struct shell_word
shell_word(const char *path, size_t size)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct shell_word word = {""};

	snprintf(word.text, sizeof(word.text), "%.*s", (int)size, path);
	if (shell_word_append(&text, word.text, NULL) != ERR_OK)
		text.size = 0;
	snprintf(word.text, sizeof(word.text), "%.*s", (int)text.size,
	    (const char *)text.data);
	return word;
}
