/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char *
cli_value(const struct invocation *invocation, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < invocation->value_count; i++) {
		if (strcmp(invocation->values[i].option->name, name) == 0)
			value = invocation->values[i].value;
	}
	return value;
}

bool
cli_flag(const struct invocation *invocation, const char *name)
{
	return cli_value(invocation, name) != NULL;
}

struct config_words
cli_values(const struct invocation *invocation, const char *name,
    const char **words)
{
	struct config_words result = {words, 0};

	for (size_t i = 0; i < invocation->value_count; i++) {
		if (strcmp(invocation->values[i].option->name, name) == 0)
			words[result.count++] = invocation->values[i].value;
	}
	return result;
}

enum err
cli_time(const struct invocation *invocation, const char *name,
    int64_t otherwise_s, int64_t *out_s, struct error *err)
{
	const char *text = cli_value(invocation, name);

	if (text == NULL)
		*out_s = otherwise_s;
	else if (!utc_parse(text, out_s))
		return err_fail(err, ERR_USAGE, "--%s takes YYYY-MM-DD or "
		    "YYYY-MM-DDTHH:MM:SSZ, not \"%s\"", name, text);
	return ERR_OK;
}

enum err
cli_split(const char *text, char divider, char *name, size_t capacity,
    const char **value, struct error *err)
{
	const char *at = strchr(text, divider);

	if (at == NULL || at == text || at[1] == '\0' ||
	    (size_t)(at - text) >= capacity)
		return err_fail(err, ERR_USAGE, "\"%s\" must be a name, "
		    "'%c' and a value", text, divider);
	memcpy(name, text, (size_t)(at - text));
	name[at - text] = '\0';
	*value = at + 1;
	return ERR_OK;
}

enum err
cli_root(const struct invocation *invocation, const char *name,
    const struct config_root **out, struct error *err)
{
	const struct config *config = invocation->config;
	const struct config_root *root = config_find_root(config, name);
	char names[256] = "";

	for (size_t i = 0; root == NULL && i < config->root_count; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
		    "%s%s", i == 0 ? "" : ", ", config->roots[i].name);
	if (root == NULL)
		return err_remedy(err, err_fail(err, ERR_MISSING, "no root "
		    "\"%s\" in %s; configured: %s", name, config->path,
		    names), "name one of these");
	*out = root;
	return ERR_OK;
}

enum err
cli_roots(const struct invocation *invocation, size_t first,
    const struct config_root ***out, struct error *err)
{
	const struct config *config = invocation->config;
	const struct config_words *names = &invocation->arguments;
	const struct config_root **roots = calloc(config->root_count + 1,
	    sizeof(*roots));
	const struct config_root *root;
	size_t count = 0;

	*out = roots;
	if (roots == NULL)
		return err_no_memory(err);
	for (size_t i = first; i < names->count; i++)
		TRY(cli_root(invocation, names->words[i], &root, err));
	/* In configured order, whatever the order of the arguments. */
	for (size_t i = 0; i < config->root_count; i++) {
		bool is_named = names->count <= first;

		for (size_t k = first; k < names->count; k++)
			is_named = is_named || strcmp(names->words[k],
			    config->roots[i].name) == 0;
		if (is_named)
			roots[count++] = &config->roots[i];
	}
	return ERR_OK;
}

void
cli_roots_free(const struct config_root ***roots)
{
	free(*roots);
}

enum err
cli_serials(const struct invocation *invocation, const char **words,
    struct config_words *out, struct error *err)
{
	struct config_words list = cli_values(invocation,
	    "acknowledge-removed", words);

	for (size_t i = 0; i < list.count; i++) {
		const char *digits = list.words[i] +
		    (list.words[i][0] == '-');
		size_t size = strlen(digits);

		if (size == 0 || strspn(digits,
		    "0123456789abcdefABCDEF") != size)
			return err_fail(err, ERR_USAGE,
			    "--acknowledge-removed takes a serial in hex, "
			    "not \"%s\"", list.words[i]);
	}
	*out = list;
	return ERR_OK;
}
