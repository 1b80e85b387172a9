/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/shell_word.h"
#include "hint.h"

/* The verb at the beginning of text, NULL where none is that takes one. */
static const struct command *
find_verb(const struct program *program, struct span text)
{
	const struct command *command;

	for (command = program->commands; command->name != NULL; command++) {
		const size_t size = strlen(command->name);

		if (size > text.size ||
		    memcmp(text.data, command->name, size) != 0)
			continue;
		if (size == text.size || strchr(" \n,;.:)`'",
		    text.data[size]) != NULL)
			return (command->flags & NEED_CONFIG) != 0 ? command :
			    NULL;
	}
	return NULL;
}

static bool
says_config(struct span text)
{
	const uint8_t *end = memchr(text.data, '\n', text.size);

	if (end != NULL)
		text.size = (size_t)(end - text.data);
	return span_contains(text, "--config ");
}

/* Where the next verb ends in text; text.size where there is none. */
static size_t
next_verb_end(const struct program *program, struct span text, bool *found)
{
	const size_t size = strlen(program->name);
	const uint8_t *at = text.data;
	const uint8_t *end = text.data + text.size;

	*found = false;
	while ((at = memmem(at, (size_t)(end - at), program->name, size)) !=
	    NULL) {
		const struct command *command;

		at += size;
		if (at == end || *at != ' ')
			continue;
		at++;
		command = find_verb(program, (struct span){at,
		    (size_t)(end - at)});
		*found = command != NULL &&
		    !says_config((struct span){at, (size_t)(end - at)});
		if (*found)
			return (size_t)(at - text.data) +
			    strlen(command->name);
	}
	return text.size;
}

enum err
hint_append(const struct invocation *invocation, struct span text,
    struct buffer *out, struct error *err)
{
	const char *path = invocation->config_path;
	bool found;

	if (strcmp(path, CONFIG_DEFAULT_PATH) == 0)
		return buffer_append(out, text.data, text.size, err);
	while (text.size > 0) {
		const size_t size = next_verb_end(invocation->program, text,
		    &found);

		TRY(buffer_append(out, text.data, size, err));
		if (found)
			TRY(buffer_append_text(out, " --config ", err));
		if (found)
			TRY(shell_word_append(out, path, err));
		text.data += size;
		text.size -= size;
	}
	return ERR_OK;
}

enum err
hint_appendf(const struct invocation *invocation, struct buffer *out,
    struct error *err, const char *fmt, ...)
{
	char text[4096];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(text, sizeof(text), fmt, arguments);
	va_end(arguments);
	return hint_append(invocation, span_of_text(text), out, err);
}
