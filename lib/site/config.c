/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <libconfig.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "site/config_keys.h"

/* One file while it is read. */
struct filling {
	struct config *config;
	const char *path;
};

static enum err
fill_group(const struct filling *filling, config_setting_t *group,
    const struct key_table *table, void *out, struct error *err);

static enum err
value_fail(const struct filling *filling, const config_setting_t *setting,
    const char *must, struct error *err)
{
	const char *name = config_setting_name(setting);
	const char *text = config_setting_get_string(setting);
	const bool is_text = text != NULL;

	return err_fail(err, ERR_CONFIG, "%s:%u: %s must be %s%s%s%s",
	    filling->path, config_setting_source_line(setting),
	    name == NULL ? "an element" : name, must,
	    is_text ? ", not \"" : "", is_text ? text : "",
	    is_text ? "\"" : "");
}

static enum err
fill_text(const struct filling *filling, const config_setting_t *setting,
    enum key_kind kind, const char **out, struct error *err)
{
	const char *text;
	char path[4096];
	size_t size;	/* of what stands before the path */
	bool is_path;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING)
		return value_fail(filling, setting, "a string", err);
	text = config_setting_get_string(setting);
	if (text[0] == '\0')
		return value_fail(filling, setting, "some text", err);
	if (kind == KEY_NAME && !config_is_name(text))
		return value_fail(filling, setting, "1 to 32 of a-z, "
		    "0-9 and -", err);
	is_path = kind == KEY_PATH || kind == KEY_PATHS || kind == KEY_PLACE ||
	    ((kind == KEY_KEY || kind == KEY_KEYS) &&
	    strncmp(text, "RW", 2) != 0);
	if (is_path && strncmp(text, "pkcs11:", 7) != 0) {
		size = kind == KEY_PLACE && strncmp(text, "sql:", 4) == 0 ?
		    4 : 0;
		memcpy(path, text, size);
		TRY(file_join(path + size, sizeof(path) - size,
		    filling->config->folder, text + size, err));
		text = path;
	}
	return config_own_text(filling->config, text, out, err);
}

static enum err
fill_words(const struct filling *filling, config_setting_t *setting,
    enum key_kind kind, struct config_words *out, struct error *err)
{
	bool is_single = config_setting_type(setting) == CONFIG_TYPE_STRING;
	size_t count = is_single ? 1 : (size_t)config_setting_length(setting);
	void *words;

	if (is_single && kind == KEY_ARGV)
		return value_fail(filling, setting,
		    "a list like [ \"nginx\", \"-s\", \"reload\" ]", err);
	if (!is_single && config_setting_type(setting) != CONFIG_TYPE_LIST &&
	    config_setting_type(setting) != CONFIG_TYPE_ARRAY)
		return value_fail(filling, setting, "a list of strings", err);
	/* One more for the NULL that ends an argv. */
	TRY(config_own(filling->config, (count + 1) * sizeof(char *), &words,
	    err));
	for (size_t i = 0; i < count; i++) {
		const config_setting_t *word = is_single ? setting :
		    config_setting_get_elem(setting, (unsigned int)i);
		const char *text = config_setting_get_string(word);
		/* A program without a slash is looked for in PATH. */
		const bool is_path = kind == KEY_ARGV && i == 0 &&
		    text != NULL && strchr(text, '/') != NULL;

		TRY(fill_text(filling, word, is_path ? KEY_PATH : kind,
		    (const char **)words + i, err));
	}
	*out = (struct config_words){words, count};
	return ERR_OK;
}

static enum err
fill_choice(const struct filling *filling, const config_setting_t *setting,
    const struct key *key, void *out, struct error *err)
{
	const char *text = config_setting_get_string(setting);
	const char *const *choices = key->choices;
	char must[128] = "";
	size_t size = 0;
	int i;

	for (i = 0; choices[i] != NULL; i++) {
		if (text != NULL && strcmp(text, choices[i]) == 0)
			break;
		size += (size_t)snprintf(must + size, sizeof(must) - size,
		    "%s%s", i == 0 ? "" : choices[i + 1] == NULL ? " or " :
		    ", ", choices[i]);
	}
	if (choices[i] == NULL)
		return value_fail(filling, setting, must, err);
	if (key->kind == KEY_CHOICE)
		*(int *)out = i;
	else
		*(const char **)out = choices[i];
	return ERR_OK;
}

static enum err
fill_integer(const struct filling *filling, const config_setting_t *setting,
    const struct key *key, void *out, struct error *err)
{
	const unsigned int line = config_setting_source_line(setting);
	int value = config_setting_get_int(setting);

	if (config_setting_type(setting) != CONFIG_TYPE_INT)
		return value_fail(filling, setting, "an integer", err);
	if (key->kind == KEY_VERSION)
		return value == CONFIG_VERSION ? ERR_OK :
		    err_fail(err, ERR_CONFIG, "%s:%u: version: want %d, have "
		    "%d", filling->path, line, CONFIG_VERSION, value);
	if (value < 1 || value > 16)
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: want 1 to 16, "
		    "have %d", filling->path, line, key->name, value);
	*(unsigned int *)out = (unsigned int)value;
	return ERR_OK;
}

/* The kinds that are strings with a grammar of their own. */
static enum err
fill_parsed(const struct filling *filling, const config_setting_t *setting,
    enum key_kind kind, void *out, struct error *err)
{
	const char *text;

	TRY(fill_text(filling, setting, KEY_TEXT, &text, err));
	/* A duration does not lead back, as "1 day - 2 days" would. */
	if (kind == KEY_DURATION)
		return duration_parse(text, out, NULL) == ERR_OK &&
		    utc_add(0, out) >= 0 ? ERR_OK : value_fail(filling,
		    setting, "a duration like \"10 min\"", err);
	if (kind == KEY_NUMBER)
		return number_from_decimal(text, out) ? ERR_OK :
		    value_fail(filling, setting, "a decimal number", err);
	return config_parse_size(text, out) ? ERR_OK :
	    value_fail(filling, setting, "a size like \"64 MiB\"", err);
}

static enum err
fill_list(const struct filling *filling, config_setting_t *setting,
    const struct key *key, void *group, struct error *err)
{
	size_t count = (size_t)config_setting_length(setting);
	void *array;

	if (config_setting_type(setting) != CONFIG_TYPE_LIST)
		return value_fail(filling, setting,
		    "a list of groups, ( { ... } )", err);
	TRY(config_own(filling->config, (count + 1) * key->table->struct_size,
	    &array, err));
	for (size_t i = 0; i < count; i++)
		TRY(fill_group(filling, config_setting_get_elem(setting,
		    (unsigned int)i), key->table,
		    (char *)array + i * key->table->struct_size, err));
	*(void **)((char *)group + key->offset) = array;
	*(size_t *)((char *)group + key->count_offset) = count;
	return ERR_OK;
}

static enum err
fill_key(const struct filling *filling, config_setting_t *setting,
    const struct key *key, void *group, struct error *err)
{
	void *out = (char *)group + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
	case KEY_NAME:
	case KEY_PATH:
	case KEY_PLACE:
	case KEY_KEY:
		return fill_text(filling, setting, key->kind, out, err);
	case KEY_CHOICE:
	case KEY_ONE_OF:
		return fill_choice(filling, setting, key, out, err);
	case KEY_FLAG:
		if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
			return value_fail(filling, setting, "true or false",
			    err);
		*(bool *)out = config_setting_get_bool(setting) != 0;
		return ERR_OK;
	case KEY_COUNT:
	case KEY_VERSION:
		return fill_integer(filling, setting, key, out, err);
	case KEY_DURATION:
	case KEY_NUMBER:
	case KEY_SIZE:
		return fill_parsed(filling, setting, key->kind, out, err);
	case KEY_ARGV:
	case KEY_WORDS:
	case KEY_PATHS:
	case KEY_KEYS:
		return fill_words(filling, setting, key->kind, out, err);
	case KEY_GROUP:
		return fill_group(filling, setting, key->table, out, err);
	case KEY_OPTIONAL:
		TRY(config_own(filling->config, key->table->struct_size, out,
		    err));
		if (key->table->defaults != NULL)
			memcpy(*(void **)out, key->table->defaults,
			    key->table->struct_size);
		return fill_group(filling, setting, key->table, *(void **)out,
		    err);
	case KEY_LIST:
		return fill_list(filling, setting, key, group, err);
	}
	return ERR_OK;
}

/* The key of this name; a refusal names those that there are. */
static const struct key *
find_key(const struct key_table *table, const char *name)
{
	for (size_t i = 0; i < table->key_count; i++) {
		if (strcmp(table->keys[i].name, name) == 0)
			return &table->keys[i];
	}
	return NULL;
}

static enum err
refuse_key(const struct filling *filling, const config_setting_t *setting,
    const struct key_table *table, struct error *err)
{
	RELEASE_BUFFER struct buffer names = {0};

	for (size_t i = 0; i < table->key_count; i++)
		TRY(buffer_appendf(&names, err, "%s%s", i == 0 ? "" : ", ",
		    table->keys[i].name));
	return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: %s: unknown "
	    "key \"%s\"", filling->path, config_setting_source_line(setting),
	    table->what, config_setting_name(setting)), "its keys are: %.*s",
	    (int)names.size, (const char *)names.data);
}

static enum err
fill_group(const struct filling *filling, config_setting_t *group,
    const struct key_table *table, void *out, struct error *err)
{
	/* The file as a whole has line 0. */
	const unsigned int line = config_setting_is_root(group) ? 1 :
	    config_setting_source_line(group);
	const struct key *key;
	unsigned int i;

	if (config_setting_type(group) != CONFIG_TYPE_GROUP)
		return value_fail(filling, group, "a group, { ... }", err);
	if (table->has_line)
		*(unsigned int *)(void *)((char *)out + table->line_offset) =
		    config_setting_source_line(group);
	for (i = 0; i < (unsigned int)config_setting_length(group); i++) {
		config_setting_t *setting = config_setting_get_elem(group, i);

		key = find_key(table, config_setting_name(setting));
		if (key == NULL)
			return refuse_key(filling, setting, table, err);
		if (key->line_offset > 0)
			*(unsigned int *)(void *)((char *)out +
			    key->line_offset) =
			    config_setting_source_line(setting);
		if (table->given_offset > 0)
			*(uint32_t *)(void *)((char *)out +
			    table->given_offset) |= UINT32_C(1) <<
			    (key - table->keys);
		TRY(fill_key(filling, setting, key, out, err));
	}
	for (key = table->keys; key < table->keys + table->key_count; key++) {
		if (key->is_required &&
		    config_setting_get_member(group, key->name) == NULL)
			return err_fail(err, ERR_CONFIG,
			    "%s:%u: %s: the key \"%s\" is missing",
			    filling->path, line, table->what, key->name);
	}
	return ERR_OK;
}

/*
 * libconfig does not say when it had no memory: names and texts are missing
 * then.
 */
static bool
is_whole(config_setting_t *setting)
{
	const bool is_group = config_setting_type(setting) ==
	    CONFIG_TYPE_GROUP;
	unsigned int i;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		return config_setting_get_string(setting) != NULL;
	if (!config_setting_is_aggregate(setting))
		return true;
	for (i = 0; i < (unsigned int)config_setting_length(setting); i++) {
		config_setting_t *element =
		    config_setting_get_elem(setting, i);

		if ((is_group && config_setting_name(element) == NULL) ||
		    !is_whole(element))
			return false;
	}
	return true;
}

/* As an editor on Windows may write it, of which libconfig cannot speak. */
static enum err
check_text(const char *path, struct span file, struct error *err)
{
	const uint8_t *data = file.data;
	const struct shell_word word = shell_word(path, strlen(path));
	const char *from = file.size < 2 ? NULL :
	    text_is_utf16(file) ? "UTF-16" :
	    data[0] == 0 && data[1] != 0 ? "UTF-16BE" :
	    data[0] != 0 && data[1] == 0 ? "UTF-16LE" : NULL;

	if (text_skip_mark(&file))
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:1: begins "
		    "with a byte order mark", path), "take it off: sed -i "
		    "'1s/^\\xEF\\xBB\\xBF//' %s", word.text);
	if (from != NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:1: is "
		    "UTF-16 text", path), "make UTF-8 of it, and copy that "
		    "over it: iconv -f %s -t UTF-8 %s >new.cfg", from,
		    word.text);
	if (file.size > 0 && memchr(data, '\r', file.size) != NULL &&
	    memchr(data, '\n', file.size) == NULL)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:1: its "
		    "lines end with CR alone", path), "make line feeds of "
		    "them: sed -i 's/\\r/\\n/g' %s", word.text);
	if (file.size > 0 && memchr(data, 0, file.size) != NULL)
		return err_fail(err, ERR_CONFIG, "%s:1: is not text: it holds "
		    "a NUL octet", path);
	return ERR_OK;
}

enum err
config_fill_file(struct config *config, const char *path,
    const struct key_table *table, void *out, struct error *err)
{
	const struct filling filling = {config, path};
	__attribute__((cleanup(config_destroy))) config_t parser;
	RELEASE_BUFFER struct buffer file = {0};
	const char *text;

	config_init(&parser);
	TRY(file_read(path, FILE_OURS, CONFIG_MAX_BYTES, &file, err));
	TRY(check_text(path, span_of_buffer(&file), err));
	TRY(buffer_append(&file, "", 1, err));
	text = (const char *)file.data;
	TRY(config_scan(path, text, err));
	if (config_read_string(&parser, text) != CONFIG_TRUE)
		return err_fail(err, ERR_CONFIG, "%s:%d: is not in libconfig "
		    "syntax: %s", path, config_error_line(&parser),
		    config_error_text(&parser));
	if (!is_whole(config_root_setting(&parser)))
		return err_about(err, err_no_memory(err), path);
	return fill_group(&filling, config_root_setting(&parser), table, out,
	    err);
}
