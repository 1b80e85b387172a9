/* SPDX-License-Identifier: ISC */
/* Loading as a whole: defaults, schedules, and what keys must agree on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/listing.h"
#include "base/shell_word.h"
#include "site/config_keys.h"
#include "site/sealkeys.h"

#define NAME_SIZE 33	/* [a-z0-9-]{1,32} and NUL */

/*
 * Where schedules are kept, seen from the program's own folder, so that an
 * unpacked tree works wherever it is: installed, and in the build folder.
 */
static const char *const schedule_folders[] = {
    "../share/crlferry/schedules", "../schedules"};

/* The folder that schedules are in: 0 is the configuration's. */
static enum err
schedule_folder(const struct config *config, size_t i, char out[4096],
    struct error *err)
{
	char program[2048];
	char folder[2048];
	ssize_t size;

	if (i == 0)
		return file_join(out, 4096, config->folder, "schedules", err);
	size = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (size <= 0)
		return file_fail(err, "/proc/self/exe", "read");
	program[size] = '\0';
	TRY(file_folder(folder, sizeof(folder), program, err));
	return file_join(out, 4096, folder, schedule_folders[i - 1], err);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The names of the schedules in a folder, appended, each in NAME_SIZE. */
static enum err
list_schedules(const char *folder, struct buffer *out, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	enum err code = ERR_OK;
	const char *file;

	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &file, &code, err)) {
		const size_t size = strcspn(file, ".");
		char name[NAME_SIZE] = "";

		if (strcmp(file + size, ".cfg") != 0 || size >= sizeof(name))
			continue;
		memcpy(name, file, size);
		TRY(buffer_append(out, name, sizeof(name), err));
	}
	return code;
}

/* Refuse a schedule that is not there, and name those that are. */
static enum err
refuse_schedule(const struct config *config, const struct config_root *root,
    struct error *err)
{
	RELEASE_BUFFER struct buffer names = {0}, text = {0};
	char folder[4096];

	for (size_t i = 0; i <= COUNT_OF(schedule_folders); i++) {
		TRY(schedule_folder(config, i, folder, err));
		TRY(list_schedules(folder, &names, err));
	}
	if (names.size > 0)
		qsort(names.data, names.size / NAME_SIZE, NAME_SIZE,
		    compare_names);
	for (size_t i = 0; i < names.size; i += NAME_SIZE)
		TRY(buffer_appendf(&text, err, "%s%s", i == 0 ? "" : ", ",
		    (const char *)names.data + i));
	if (text.size == 0)
		TRY(buffer_append_text(&text, "none", err));
	return err_remedy(err, err_fail(err, ERR_CONFIG, "no schedule \"%s\"; "
	    "installed: %.*s", root->schedule_name, (int)text.size,
	    (const char *)text.data),
	    "name one that is installed, or write %s/schedules/%s.cfg",
	    config->folder, root->schedule_name);
}

enum err
config_find_schedule(const struct config *config,
    const struct config_root *root, char *out, size_t capacity,
    struct error *err)
{
	char folder[4096];
	char file[NAME_SIZE + sizeof(".cfg")];
	bool found = false;

	snprintf(file, sizeof(file), "%s.cfg", root->schedule_name);
	for (size_t i = 0; i <= COUNT_OF(schedule_folders); i++) {
		TRY(schedule_folder(config, i, folder, err));
		TRY(file_join(out, capacity, folder, file, err));
		TRY(file_find(out, &found, err));
		if (found)
			return ERR_OK;
	}
	return refuse_schedule(config, root, err);
}

static enum err
load_schedule(struct config *config, struct config_root *root,
    struct error *err)
{
	struct schedule_words words = {0};
	char path[4096], where[4096 + 16];

	snprintf(where, sizeof(where), "%s:%u", config->path,
	    root->schedule_line > 0 ? root->schedule_line : root->line);
	TRY(err_about(err, config_find_schedule(config, root, path,
	    sizeof(path), err), where));
	TRY(config_own_text(config, path, &root->schedule_path, err));
	TRY(config_fill_file(config, path, &schedule_keys, &words, err));
	if (words.avoid.count > SCHEDULE_AVOID_MAX)
		return err_fail(err, ERR_CONFIG, "%s:1: avoid: want at most "
		    "%d, have %zu", path, SCHEDULE_AVOID_MAX,
		    words.avoid.count);
	for (size_t i = 0; i < words.avoid.count; i++)
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

static enum err
check_names(const struct config *config, const struct config_root *root,
    struct error *err)
{
	if (config_is_reserved(root->name))
		return err_fail(err, ERR_CONFIG, "%s:%u: roots: a root cannot "
		    "be called %s, as a file of the state folder is",
		    config->path, root->line, root->name);
	if (config_find_root(config, root->name) != root)
		return err_fail(err, ERR_CONFIG, "%s:%u: roots: two of them "
		    "are called %s", config->path, root->line, root->name);
	for (size_t i = 0; i < root->subordinate_count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(root->subordinates[i].name,
			    root->subordinates[k].name) == 0)
				return err_fail(err, ERR_CONFIG, "%s:%u: %s: "
				    "two subordinates are called %s",
				    config->path, root->line, root->name,
				    root->subordinates[i].name);
		}
	}
	if (!is_file_name(root->published_as))
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: published_as "
		    "must be a file name, not \"%s\"", config->path,
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
	for (size_t i = 0; i < root->subordinate_count; i++)
		TRY(config_complete_stores(config, &root->subordinates[i],
		    err));
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

enum err
config_load(const char *path, struct config **out, struct error *err)
{
	FREE_CONFIG struct config *config = calloc(1, sizeof(*config));
	char folder[4096];

	if (config == NULL)
		return err_no_memory(err);
	TRY(file_folder(folder, sizeof(folder), path, err));
	TRY(config_own_text(config, path, &config->path, err));
	TRY(config_own_text(config, folder, &config->folder, err));
	TRY(set_option(config, path, err));
	config->max_crl_bytes = 64 * 1024 * 1024;
	config->seal.required = 1;
	config->seal.line = 1;
	TRY(config_fill_file(config, path, &config_keys, config, err));
	TRY(sealkeys_check_trusted(config, err));
	for (size_t i = 0; i < config->root_count; i++)
		TRY(complete_root(config, &config->roots[i], err));
	*out = config;
	config = NULL;
	return ERR_OK;
}
