/* SPDX-License-Identifier: ISC */
/* Loading as a whole: defaults, schedules, and what keys must agree on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "site/config_keys.h"

/*
 * Where schedules are kept, seen from the program's own folder, so that an
 * unpacked tree works wherever it is: installed, and in the build folder.
 */
static const char *const schedule_folders[] = {
    "../share/crlferry/schedules", "../schedules"};

/* folder/[sub/]name.cfg, if it is there. */
static enum err
try_schedule(const char *folder, const char *sub, const char *name,
    char *out, size_t capacity, bool *found, struct error *err)
{
	int size = snprintf(out, capacity, "%s/%s/%s.cfg", folder, sub, name);

	*found = false;
	return size > 0 && (size_t)size < capacity ?
	    file_find(out, found, err) : ERR_OK;
}

enum err
config_find_schedule(const struct config *config,
    const struct config_root *root, char *out, size_t capacity,
    struct error *err)
{
	char program[2048];
	char folder[2048];
	ssize_t size;
	bool found;
	size_t i;

	TRY(try_schedule(config->folder, "schedules", root->schedule_name,
	    out, capacity, &found, err));
	if (found)
		return ERR_OK;
	size = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (size <= 0)
		return file_fail(err, "/proc/self/exe", "read");
	program[size] = '\0';
	TRY(file_folder(folder, sizeof(folder), program, err));
	for (i = 0; i < COUNT_OF(schedule_folders); i++) {
		TRY(try_schedule(folder, schedule_folders[i],
		    root->schedule_name, out, capacity, &found, err));
		if (found)
			return ERR_OK;
	}
	return err_fail(err, ERR_CONFIG, "%s:%u: schedule: want %s/schedules/"
	    "%s.cfg or an installed one, have neither", config->path,
	    root->line, config->folder, root->schedule_name);
}

static enum err
load_schedule(struct config *config, struct config_root *root,
    struct error *err)
{
	struct schedule_words words = {0};
	char path[4096];
	size_t i;

	TRY(config_find_schedule(config, root, path, sizeof(path), err));
	TRY(config_own_text(config, path, &root->schedule_path, err));
	TRY(config_fill_file(config, path, &schedule_keys, &words, err));
	if (words.avoid.count > SCHEDULE_AVOID_MAX)
		return err_fail(err, ERR_CONFIG, "%s:1: avoid: want at most "
		    "%d, have %zu", path, SCHEDULE_AVOID_MAX,
		    words.avoid.count);
	for (i = 0; i < words.avoid.count; i++)
		words.text.avoid[i] = words.avoid.words[i];
	words.text.avoid_count = words.avoid.count;
	return err_about(err, schedule_parse(root->schedule_name, &words.text,
	    &root->schedule, err), path);
}

/* A file name for the web: one component that hides nothing. */
static bool
is_file_name(const char *name)
{
	size_t size = strlen(name);

	return size < 128 && name[0] != '.' && strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "._-+()% ") == size;
}

/* What stands in the state folder beside the roots' own folders. */
static bool
is_state_file(const char *name)
{
	static const char *const files[] = {"lock", "verdicts", "version"};
	size_t i;

	for (i = 0; i < COUNT_OF(files); i++) {
		if (strcmp(files[i], name) == 0)
			return true;
	}
	return false;
}

static enum err
check_names(const struct config *config, const struct config_root *root,
    struct error *err)
{
	size_t i, k;

	if (is_state_file(root->name))
		return err_fail(err, ERR_CONFIG, "%s:%u: roots: want a name "
		    "that is no file of the state folder, have %s",
		    config->path, root->line, root->name);
	if (config_find_root(config, root->name) != root)
		return err_fail(err, ERR_CONFIG, "%s:%u: roots: want each "
		    "name once, have %s twice", config->path, root->line,
		    root->name);
	for (i = 0; i < root->subordinate_count; i++) {
		for (k = 0; k < i; k++) {
			if (strcmp(root->subordinates[i].name,
			    root->subordinates[k].name) == 0)
				return err_fail(err, ERR_CONFIG,
				    "%s:%u: %s: want each subordinate "
				    "once, have %s twice", config->path,
				    root->line, root->name,
				    root->subordinates[i].name);
		}
	}
	if (!is_file_name(root->published_as))
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: published_as: "
		    "want a file name, have \"%s\"", config->path,
		    root->line, root->name, root->published_as);
	return ERR_OK;
}

/* The defaults that depend on other keys, and the schedule. */
static enum err
complete_root(struct config *config, struct config_root *root,
    struct error *err)
{
	char published_as[64];

	if (root->schedule_name == NULL)
		root->schedule_name = "semiannual";
	if (root->profile == NULL)
		root->profile = "rfc5280";
	if (root->published_as == NULL) {
		snprintf(published_as, sizeof(published_as), "%s.crl",
		    root->name);
		TRY(config_own_text(config, published_as, &root->published_as,
		    err));
	}
	TRY(check_names(config, root, err));
	return load_schedule(config, root, err);
}

static enum err
set_option(struct config *config, const char *path, struct error *err)
{
	RELEASE_BUFFER struct buffer option = {0};

	if (strcmp(path, CONFIG_DEFAULT_PATH) == 0)
		return ERR_OK;
	TRY(buffer_append_text(&option, " --config ", err));
	TRY(shell_word_append(&option, path, err));
	TRY(buffer_append(&option, "", 1, err));
	return config_own_text(config, (const char *)option.data,
	    &config->option, err);
}

const char *
config_option(const struct config *config)
{
	return config->option == NULL ? "" : config->option;
}

static enum err
fill_config(struct config *config, const char *path, struct error *err)
{
	char folder[4096];
	size_t i;

	TRY(file_folder(folder, sizeof(folder), path, err));
	TRY(config_own_text(config, path, &config->path, err));
	TRY(config_own_text(config, folder, &config->folder, err));
	TRY(set_option(config, path, err));
	config->max_crl_bytes = 64 * 1024 * 1024;
	config->seal.required = 1;
	config->seal.line = 1;
	TRY(config_fill_file(config, path, &config_keys, config, err));
	for (i = 0; i < config->root_count; i++)
		TRY(complete_root(config, &config->roots[i], err));
	return ERR_OK;
}

enum err
config_load(const char *path, struct config **out, struct error *err)
{
	FREE_CONFIG struct config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		return err_no_memory(err);
	TRY(fill_config(config, path, err));
	*out = config;
	config = NULL;
	return ERR_OK;
}
