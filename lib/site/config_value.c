/* SPDX-License-Identifier: ISC */
/* Values that libconfig has no type for, and text that it would misread. */
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
config_is_reserved(const char *name)
{
	static const char *const files[] = {"lock", "verdicts", "version"};
	bool is_file = false;

	for (size_t i = 0; i < COUNT_OF(files); i++)
		is_file = is_file || strcmp(files[i], name) == 0;
	return is_file;
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

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		count = count * 10 + (uint64_t)(*text - '0');
		if (count > UINT32_MAX)
			return false;
	}
	text += strspn(text, " ");
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (strcmp(units[i].unit, text) == 0) {
			*out = count * units[i].octets;
			return *out > 0;
		}
	}
	return false;
}

/*
 * Behind the string or comment that begins here; here if none does; NULL if a
 * comment has no end.  libconfig knows strings with backslashes, and the
 * comments of C, C++ and the shell.
 */
static const char *
skip_text(const char *at)
{
	const char *end;

	if (*at == '#' || strncmp(at, "//", 2) == 0)
		return at + strcspn(at, "\n");
	if (strncmp(at, "/*", 2) == 0) {
		end = strstr(at + 2, "*/");
		return end == NULL ? NULL : end + 2;
	}
	if (*at != '"')
		return at;
	for (at++; *at != '\0' && *at != '"'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
	}
	return *at == '"' ? at + 1 : at;
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
	unsigned int line = 1;
	const char *at = text;

	while (*at != '\0') {
		const char *next = skip_text(at);

		/* libconfig passes over the rest of the file. */
		if (next == NULL)
			return err_fail(err, ERR_CONFIG, "%s:%u: the comment "
			    "that begins here has no end", path, line);
		if (next == at && strncmp(at, "@include", 8) == 0)
			return err_fail(err, ERR_CONFIG, "%s:%u: @include is "
			    "not supported: write it all into one file", path,
			    line);
		if (next == at && is_long_integer(text, at))
			return err_fail(err, ERR_CONFIG, "%s:%u: an integer "
			    "may have at most 9 digits", path, line);
		if (next == at)
			next++;
		for (; at < next; at++)
			line += *at == '\n';
	}
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
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->owned_count; i++)
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
	for (size_t i = 0; words != NULL && i < words->count; i++) {
		if (strcmp(words->words[i], word) == 0)
			return true;
	}
	return false;
}

const struct config_root *
config_find_root(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->root_count; i++) {
		if (strcmp(config->roots[i].name, name) == 0)
			return &config->roots[i];
	}
	return NULL;
}
