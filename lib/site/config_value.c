/* SPDX-License-Identifier: ISC */
/* What libconfig has no type for, and what it would misread. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "site/config_keys.h"

bool
config_is_name(const char *name)
{
	size_t size = strlen(name);

	return size >= 1 && size <= 32 &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

bool
config_parse_size(const char *text, uint64_t *out)
{
	static const struct {
		const char *unit;
		uint64_t octets;
	} units[] = {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024},
	    {"GiB", 1024 * 1024 * 1024}};
	uint64_t count = 0;
	size_t i;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		count = count * 10 + (uint64_t)(*text - '0');
		if (count > UINT32_MAX)
			return false;
	}
	text += strspn(text, " ");
	for (i = 0; i < COUNT_OF(units); i++) {
		if (strcmp(units[i].unit, text) == 0) {
			*out = count * units[i].octets;
			return *out > 0;
		}
	}
	return false;
}

/*
 * Where the scanner stands: libconfig knows strings with backslashes, and the
 * comments of C, C++ and the shell.
 */
enum place {
	IN_CODE,
	IN_STRING,
	IN_LINE_COMMENT,
	IN_BLOCK_COMMENT,
};

static enum place
next_place(enum place place, const char *at, const char **out)
{
	*out = at + 1;
	switch (place) {
	case IN_CODE:
		if (*at == '"')
			return IN_STRING;
		if (*at == '#' || (at[0] == '/' && at[1] == '/'))
			return IN_LINE_COMMENT;
		if (at[0] == '/' && at[1] == '*') {
			*out = at + 2;
			return IN_BLOCK_COMMENT;
		}
		return place;
	case IN_STRING:
		if (*at == '\\' && at[1] != '\0')
			*out = at + 2;
		return *at == '"' ? IN_CODE : place;
	case IN_LINE_COMMENT:
		return *at == '\n' ? IN_CODE : place;
	case IN_BLOCK_COMMENT:
		if (at[0] != '*' || at[1] != '/')
			return place;
		*out = at + 2;
		return IN_CODE;
	}
	return place;
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_';
}

/*
 * Digits that libconfig would wrap silently: more than nine in a row, or more
 * than seven of hex.
 */
static bool
is_long_integer(const char *text, const char *at)
{
	if (at != text && is_word(at[-1]))
		return false;
	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
		return strspn(at + 2, "0123456789abcdefABCDEF") > 7;
	return strspn(at, "0123456789") > 9;
}

enum err
config_scan(const char *path, const char *text, struct error *err)
{
	enum place place = IN_CODE;
	unsigned int line = 1;
	unsigned int comment = 1;	/* where the last one begins */
	const char *at = text;

	while (*at != '\0') {
		const char *next;

		if (place == IN_CODE && strncmp(at, "@include", 8) == 0)
			return err_fail(err, ERR_CONFIG,
			    "%s:%u: want one file, have @include", path,
			    line);
		if (place == IN_CODE && is_long_integer(text, at))
			return err_fail(err, ERR_CONFIG,
			    "%s:%u: want an integer of at most 9 digits, have "
			    "a longer one", path, line);
		if (place == IN_CODE)
			comment = line;
		place = next_place(place, at, &next);
		for (; at < next; at++)
			line += *at == '\n';
	}
	/* libconfig passes over the rest of the file. */
	if (place == IN_BLOCK_COMMENT)
		return err_fail(err, ERR_CONFIG,
		    "%s:%u: want the end of the comment, have none", path,
		    comment);
	return ERR_OK;
}

enum err
config_own(struct config *config, size_t size, void **out, struct error *err)
{
	void **owned = realloc(config->owned,
	    (config->owned_count + 1) * sizeof(void *));

	if (owned == NULL)
		return err_no_memory(err);
	config->owned = owned;
	*out = calloc(1, size);
	if (*out == NULL)
		return err_no_memory(err);
	owned[config->owned_count++] = *out;
	return ERR_OK;
}

enum err
config_own_text(struct config *config, const char *text, const char **out,
    struct error *err)
{
	size_t size = strlen(text) + 1;
	void *copy;

	TRY(config_own(config, size, &copy, err));
	memcpy(copy, text, size);
	*out = copy;
	return ERR_OK;
}

void
config_free(struct config *config)
{
	size_t i;

	if (config == NULL)
		return;
	for (i = 0; i < config->owned_count; i++)
		free(config->owned[i]);
	free(config->owned);
	free(config);
}

void
config_free_at(struct config **config)
{
	config_free(*config);
	*config = NULL;
}

bool
config_words_has(const struct config_words *words, const char *word)
{
	size_t i;

	for (i = 0; words != NULL && i < words->count; i++) {
		if (strcmp(words->words[i], word) == 0)
			return true;
	}
	return false;
}

const struct config_root *
config_find_root(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->root_count; i++) {
		if (strcmp(config->roots[i].name, name) == 0)
			return &config->roots[i];
	}
	return NULL;
}
