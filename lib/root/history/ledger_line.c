/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/array.h"
#include "ferry/json_text.h"
#include "root/history/ledger_line.h"

/* The keys of every line; those of an event follow them. */
static const char *const line_keys[] = {
    "digest", "event", "number", "previous", "root", "sequence", "time",
    "version", "who"};

/* The end of a line: the digest of all octets in front of it. */
#define TAIL_KEY ",\"digest\":\""
#define TAIL_KEY_SIZE (sizeof(TAIL_KEY) - 1)
#define TAIL_SIZE (TAIL_KEY_SIZE + 2 * BLAKE2B_256_SIZE + 2)

static bool
is_line_key(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(line_keys); i++) {
		if (strcmp(line_keys[i], key) == 0)
			return true;
	}
	return false;
}

void
ledger_line_digest(struct span text, char out[LEDGER_DIGEST_SIZE])
{
	uint8_t digest[BLAKE2B_256_SIZE];

	blake2b_256(text, digest);
	hex_encode((struct span){digest, sizeof(digest)}, out,
	    LEDGER_DIGEST_SIZE);
}

/* The octets behind text, which close the object. */
static void
format_tail(struct span text, char out[TAIL_SIZE + 1])
{
	char digest[LEDGER_DIGEST_SIZE];

	ledger_line_digest(text, digest);
	snprintf(out, TAIL_SIZE + 1, TAIL_KEY "%s\"}", digest);
}

/*
 * Over the octets as they are, not over what they mean: so any change shows.
 * An escape or a blank that JSON allows is one, too.
 */
static enum err
check_digest(const json_t *json, struct span text, struct error *err)
{
	const json_t *digest = json_object_get(json, "digest");
	struct span front = {text.data, 0};
	char want[TAIL_SIZE + 1] = "";
	const char *have;

	if (text.size > TAIL_SIZE)
		front.size = text.size - TAIL_SIZE;
	have = (const char *)text.data + front.size;
	if (digest == NULL || front.size == 0 ||
	    memcmp(have, TAIL_KEY, TAIL_KEY_SIZE) != 0)
		return err_fail(err, ERR_FORMAT, "the digest of the line "
		    "itself %s its last key",
		    digest == NULL ? "is missing as" : "is not");
	format_tail(front, want);
	if (memcmp(have, want, TAIL_SIZE) == 0)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "want the digest of the line "
	    "itself, %.16s..., have %.16s...", want + TAIL_KEY_SIZE,
	    have + TAIL_KEY_SIZE);
}

/* Lines of version 1 need no digest of themselves. */
static enum err
check_itself(const json_t *json, struct span text,
    const struct ledger_summary *before, struct ledger_line *out,
    struct error *err)
{
	out->version = json_integer_value(json_object_get(json, "version"));
	if (out->version < 1 || out->version > LEDGER_VERSION)
		return err_fail(err, ERR_FORMAT,
		    "its version is neither 1 nor %d", LEDGER_VERSION);
	if (out->version < before->version)
		return err_fail(err, ERR_FORMAT, "want version %lld, as the "
		    "line before has it, have %lld",
		    (long long)before->version, (long long)out->version);
	if (out->version == 1 && json_object_get(json, "digest") == NULL)
		return ERR_OK;
	return check_digest(json, text, err);
}

enum err
ledger_line_parse(const json_t *json, struct span text,
    const struct ledger_summary *before, struct ledger_line *out,
    struct error *err)
{
	const char *time = json_string_value(json_object_get(json, "time"));
	const char *number =
	    json_string_value(json_object_get(json, "number"));
	const char *previous =
	    json_string_value(json_object_get(json, "previous"));

	TRY(check_itself(json, text, before, out, err));
	out->json = json;
	out->sequence = (uint64_t)json_integer_value(
	    json_object_get(json, "sequence"));
	out->event = json_string_value(json_object_get(json, "event"));
	out->root = json_string_value(json_object_get(json, "root"));
	out->who = json_string_value(json_object_get(json, "who"));
	if (out->sequence != before->count + 1)
		return err_fail(err, ERR_FORMAT,
		    "want sequence %llu, have %llu",
		    (unsigned long long)before->count + 1,
		    (unsigned long long)out->sequence);
	if (previous == NULL || strcmp(previous, before->head) != 0)
		return err_fail(err, ERR_FORMAT, "want the digest of the "
		    "line before, %.16s..., have %.16s...", before->head,
		    previous == NULL ? "none" : previous);
	if (time == NULL || !utc_parse(time, &out->at_s) ||
	    out->event == NULL || out->root == NULL || out->who == NULL)
		return err_fail(err, ERR_FORMAT,
		    "time, event, root or who is missing");
	out->has_number = number != NULL;
	if (out->has_number && !number_from_decimal(number, &out->number))
		return err_fail(err, ERR_FORMAT,
		    "its number is not decimal: \"%.40s\"", number);
	return ERR_OK;
}

/* Does the brace that text begins with close in it? */
static bool
is_closed(struct span text)
{
	bool is_in_text = false;
	size_t depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		const uint8_t c = text.data[i];

		if (is_in_text && c == '\\')
			i++;
		else if (c == '"')
			is_in_text = !is_in_text;
		else if (!is_in_text && (c == '{' || c == '['))
			depth++;
		else if (!is_in_text && (c == '}' || c == ']') && --depth == 0)
			return true;
	}
	return false;
}

bool
ledger_line_is_torn(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		/* JSON escapes these: no line holds one. */
		if (text.data[i] < ' ')
			return false;
	}
	return text.data[0] == '{' &&
	    (text.size == 1 || text.data[1] == '"') && !is_closed(text);
}

static json_t *
encode_dropped(const struct ledger_event *event)
{
	json_t *list = json_array();
	int failures = 0;

	for (size_t i = 0; i < event->dropped_count; i++)
		failures += json_array_append_new(list, json_pack(
		    "{s:s, s:s}", "serial", event->dropped[i].serial, "why",
		    event->dropped[i].why)) != 0;
	if (failures == 0)
		return list;
	json_decref(list);
	return NULL;
}

/* NULL without memory: nothing is left out of the history. */
static json_t *
encode_event(const struct ledger_event *event,
    const struct ledger_summary *before)
{
	char time[UTC_TEXT_SIZE];
	char number[NUMBER_TEXT_SIZE];
	int failures = 0;
	json_t *json;
	size_t i;

	utc_format(event->at_s, time);
	json = json_pack("{s:i, s:I, s:s, s:s, s:s, s:s, s:o}", "version",
	    LEDGER_VERSION, "sequence", (json_int_t)(before->count + 1),
	    "previous", before->head, "time", time, "event", event->event,
	    "root", event->root, "who", json_printable(event->who));
	if (event->number != NULL) {
		number_format(event->number, 0, number);
		failures += json_object_set_new(json, "number",
		    json_string(number)) != 0;
	}
	for (i = 0; i < sizeof(event->details) / sizeof(event->details[0]) &&
	    event->details[i].key != NULL; i++)
		failures += json_object_set_new(json, event->details[i].key,
		    json_printable(event->details[i].value)) != 0;
	if (event->dropped_count > 0)
		failures += json_object_set_new(json, "dropped",
		    encode_dropped(event)) != 0;
	if (failures == 0)
		return json;
	json_decref(json);
	return NULL;
}

enum err
ledger_line_encode(const struct ledger_event *event,
    const struct ledger_summary *before, struct buffer *out,
    struct error *err)
{
	json_auto_t *json = encode_event(event, before);
	char *text = json == NULL ? NULL :
	    json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	char tail[TAIL_SIZE + 1];
	struct span front;
	enum err code;

	if (text == NULL)
		return err_no_memory(err);
	/* Without its last brace, which the tail brings. */
	front = (struct span){(const uint8_t *)text, strlen(text) - 1};
	format_tail(front, tail);
	code = buffer_append(out, front.data, front.size, err);
	if (code == ERR_OK)
		code = buffer_appendf(out, err, "%s\n", tail);
	free(text);
	return code;
}

bool
ledger_line_drop(const struct ledger_line *line, size_t i,
    struct ledger_drop *out)
{
	const json_t *drop = json_array_get(
	    json_object_get(line->json, "dropped"), i);
	const char *serial = json_string_value(
	    json_object_get(drop, "serial"));
	const char *why = json_string_value(json_object_get(drop, "why"));

	if (serial == NULL || why == NULL)
		return false;
	snprintf(out->serial, sizeof(out->serial), "%s", serial);
	snprintf(out->why, sizeof(out->why), "%s", why);
	return true;
}

bool
ledger_drops_have(const struct buffer *drops, const char *serial)
{
	const struct ledger_drop *list = (const void *)drops->data;

	for (size_t i = 0; i < drops->size / sizeof(*list); i++) {
		if (strcmp(list[i].serial, serial) == 0)
			return true;
	}
	return false;
}

const char *
ledger_line_detail(const struct ledger_line *line, const char *key)
{
	return json_string_value(json_object_get(line->json, key));
}

enum err
ledger_line_details(const struct ledger_line *line, struct buffer *out,
    struct error *err)
{
	const char *divider = "";
	enum err code = ERR_OK;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)line->json, key, value) {
		if (is_line_key(key) || code != ERR_OK)
			continue;
		if (json_is_string(value))
			code = buffer_appendf(out, err, "%s%s=%s", divider,
			    key, json_string_value(value));
		else
			code = buffer_appendf(out, err, "%s%zu %s", divider,
			    json_array_size(value), key);
		divider = " ";
	}
	return code;
}
