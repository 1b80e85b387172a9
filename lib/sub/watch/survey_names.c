/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/manifest.h"
#include "sub/watch/survey_names.h"

#define NAMES_SHOWN 5	/* in a message, which has an end */

bool
names_have_pair(const struct config_words *names, const char *root,
    const char *subordinate)
{
	char pair[2 * SITE_NAME_SIZE];

	snprintf(pair, sizeof(pair), "%s/%s", root,
	    subordinate == NULL ? "" : subordinate);
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->words[i], root) == 0 || (subordinate !=
		    NULL && strcmp(names->words[i], pair) == 0))
			return true;
	}
	return names->count == 0;
}

bool
names_have_root(const struct config_words *names,
    const struct config_root *root)
{
	if (names_have_pair(names, root->name, NULL))
		return true;
	for (size_t i = 0; i < root->subordinate_count; i++) {
		if (names_have_pair(names, root->name,
		    root->subordinates[i].name))
			return true;
	}
	return false;
}

static bool
is_known(const struct config *config, const char *name)
{
	const struct config_words one = {&name, 1};

	for (size_t i = 0; i < config->root_count; i++) {
		if (names_have_root(&one, &config->roots[i]))
			return true;
	}
	return false;
}

static enum err
refuse_name(const struct config *config, const char *name, struct error *err)
{
	RELEASE_BUFFER struct buffer known = {0};
	size_t count = 0;

	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		for (size_t k = 0; k < root->subordinate_count; k++) {
			if (++count <= NAMES_SHOWN)
				TRY(buffer_appendf(&known, err, "%s%s/%s",
				    known.size > 0 ? ", " : "", root->name,
				    root->subordinates[k].name));
		}
	}
	if (count > NAMES_SHOWN)
		TRY(buffer_appendf(&known, err, " and %zu more",
		    count - NAMES_SHOWN));
	return err_remedy(err, err_fail(err, ERR_MISSING,
	    "no root or pair \"%s\" in %s; configured: %.*s", name,
	    config->path, (int)known.size, known.size > 0 ?
	    (const char *)known.data : ""), "name one of these");
}

enum err
names_check(const struct config_words *names, const struct config *config,
    struct error *err)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!is_known(config, names->words[i]))
			return refuse_name(config, names->words[i], err);
	}
	return ERR_OK;
}
