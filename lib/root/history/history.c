/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "root/history/history.h"
#include "site/state.h"

#define HEAD_CHAINS 16384	/* of lines by the first octets of their head */

/* The keys that rules ask for; the rest stays in the file. */
static const char *const kept_keys[] = {"accepted_number", "accepted_sha256",
    "emergency", "id", "ledger_lost", "manifest", "minutes_sha256", "nonce",
    "not_after", "order_sha256", "recorded", "replaces", "sealed_by",
    "serial", "sha256", "this_update", "why"};

struct history_root {
	char *name;
	struct history_line *first;
	struct history_line *last;
};

static struct history_line **
lines_of(const struct buffer *lines, size_t *count)
{
	*count = lines->size / sizeof(struct history_line *);
	return (void *)lines->data;
}

/* Forget all lines, but not where the ledger ends. */
static void
forget(struct history *history)
{
	struct history_root *roots = (void *)history->roots.data;
	size_t count;
	struct history_line **lines = lines_of(&history->lines, &count);

	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	for (size_t i = 0; i < history->roots.size / sizeof(*roots); i++)
		free(roots[i].name);
	buffer_release(&history->lines);
	buffer_release(&history->roots);
	free(history->heads);
	history->heads = NULL;
	history->waivers = NULL;
	history->exports = NULL;
}

void
history_release(struct history *history)
{
	forget(history);
	*history = (struct history){0};
}

/* Where the root is, or would be, among those that are sorted by name. */
static size_t
find_root(const struct history *history, const char *name, bool *found)
{
	const struct history_root *roots = (const void *)history->roots.data;
	size_t from = 0, to = history->roots.size / sizeof(*roots);

	*found = false;
	while (from < to && !*found) {
		const size_t middle = from + (to - from) / 2;
		const int order = strcmp(roots[middle].name, name);

		*found = order == 0;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return to;
}

static enum err
add_root(struct history *history, const char *name, struct history_root **out,
    struct error *err)
{
	struct history_root root = {.name = NULL};
	struct history_root *roots;
	bool found;
	size_t at = find_root(history, name, &found);

	if (!found) {
		TRY(buffer_append(&history->roots, &root, sizeof(root), err));
		roots = (void *)history->roots.data;
		memmove(&roots[at + 1], &roots[at], history->roots.size -
		    (at + 1) * sizeof(root));
		roots[at] = (struct history_root){.name = strdup(name)};
	}
	*out = (struct history_root *)(void *)history->roots.data + at;
	return (*out)->name == NULL ? err_no_memory(err) : ERR_OK;
}

static size_t
head_chain(const uint8_t head[BLAKE2B_256_SIZE])
{
	return ((size_t)head[0] << 8 | head[1]) % HEAD_CHAINS;
}

/* "event", "key=text" for each that is kept, "", and "serial" "why" each. */
static enum err
put_texts(const struct ledger_line *line, struct buffer *out,
    size_t *details_at, size_t *drops_at, size_t *drop_count,
    struct error *err)
{
	struct ledger_drop drop;
	size_t i;

	TRY(buffer_append(out, line->event, strlen(line->event) + 1, err));
	*details_at = out->size;
	for (i = 0; i < COUNT_OF(kept_keys); i++) {
		const char *text = ledger_line_detail(line, kept_keys[i]);

		if (text == NULL)
			continue;
		TRY(buffer_appendf(out, err, "%s=%s", kept_keys[i], text));
		TRY(buffer_append(out, "", 1, err));
	}
	TRY(buffer_append(out, "", 1, err));
	*drops_at = out->size;
	for (i = 0; ledger_line_drop(line, i, &drop); i++) {
		TRY(buffer_append(out, drop.serial, strlen(drop.serial) + 1,
		    err));
		TRY(buffer_append(out, drop.why, strlen(drop.why) + 1, err));
	}
	*drop_count = i;
	return ERR_OK;
}

static enum err
make_line(const struct ledger_line *line, struct history_line **out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer texts = {0};
	struct history_line *made;
	size_t details_at, drops_at, drop_count, size;
	char *text;

	TRY(put_texts(line, &texts, &details_at, &drops_at, &drop_count,
	    err));
	made = calloc(1, sizeof(*made) + texts.size);
	if (made == NULL)
		return err_no_memory(err);
	text = (char *)(made + 1);
	memcpy(text, texts.data, texts.size);
	made->sequence = line->sequence;
	made->at_s = line->at_s;
	made->event = text;
	made->has_number = line->has_number;
	made->number = line->number;
	made->drop_count = drop_count;
	made->details = text + details_at;
	made->drops = text + drops_at;
	(void)hex_decode(span_of_text(line->head), made->head,
	    sizeof(made->head), &size);
	*out = made;
	return ERR_OK;
}

/* Lists of what is asked for by what it is. */
static void
list(struct history *history, struct history_line *line)
{
	const char *sealed_by = history_line_detail(line, "sealed_by");
	const struct history_line *known = history->exports;

	if (history_line_is(line, DISCARD_EVENT) ||
	    history_line_is(line, "reset-order")) {
		line->alike = history->waivers;
		history->waivers = line;
	}
	if (sealed_by == NULL || !history_line_is(line, "export"))
		return;
	while (known != NULL &&
	    !history_line_says(known, "sealed_by", sealed_by))
		known = known->alike;
	if (known == NULL) {
		line->alike = history->exports;
		history->exports = line;
	}
}

static void
chain(struct history *history, struct history_root *root,
    struct history_line *line)
{
	const size_t at = head_chain(line->head);
	size_t count;
	struct history_line **lines = lines_of(&history->lines, &count);

	line->root = root->name;
	line->latest_s = count > 1 && lines[count - 2]->latest_s >
	    line->at_s ? lines[count - 2]->latest_s : line->at_s;
	line->same_head = history->heads[at];
	history->heads[at] = line;
	if (root->last == NULL)
		root->first = line;
	else
		root->last->next = line;
	root->last = line;
}

/* Line 1 again: another ledger lies there, or more of it. */
static enum err
take(void *context, const struct ledger_line *line, struct error *err)
{
	struct history *history = context;
	struct history_root *root;
	struct history_line *made;
	enum err code;

	if (line->sequence == 1)
		forget(history);
	if (history->heads == NULL)
		history->heads = calloc(HEAD_CHAINS, sizeof(*history->heads));
	if (history->heads == NULL)
		return err_no_memory(err);
	TRY(add_root(history, line->root, &root, err));
	TRY(make_line(line, &made, err));
	code = buffer_append(&history->lines, &made, sizeof(made), err);
	if (code != ERR_OK) {
		free(made);
		return code;
	}
	chain(history, root, made);
	list(history, made);
	return ERR_OK;
}

enum err
history_read(const struct config *config, struct history *out,
    struct error *err)
{
	out->config = config;
	out->end.visit = take;
	out->end.context = out;
	TRY(ledger_read(config, take, out, &out->end.summary, err));
	out->end.is_known = true;
	return ERR_OK;
}

enum err
history_append(struct history *history, const struct ledger_event *event,
    struct notices *notices, struct error *err)
{
	return ledger_append(history->config, event, &history->end, notices,
	    err);
}

const struct history_line *
history_lines(const struct history *history, const char *root)
{
	const struct history_root *roots = (const void *)history->roots.data;
	bool found;
	size_t at = find_root(history, root, &found);

	return found ? roots[at].first : NULL;
}

const struct history_line *
history_line_at(const struct history *history, uint64_t sequence)
{
	size_t count;

	return lines_of(&history->lines, &count)[sequence - 1];
}

bool
history_has_head(const struct history *history, const char *head)
{
	const struct history_line *line;
	uint8_t octets[BLAKE2B_256_SIZE];
	size_t size;

	if (history->heads == NULL || !hex_decode(span_of_text(head), octets,
	    sizeof(octets), &size) || size != sizeof(octets))
		return false;
	line = history->heads[head_chain(octets)];
	while (line != NULL && memcmp(line->head, octets, size) != 0)
		line = line->same_head;
	return line != NULL;
}

bool
history_line_is(const struct history_line *line, const char *event)
{
	return strcmp(line->event, event) == 0;
}

const char *
history_line_detail(const struct history_line *line, const char *key)
{
	const size_t size = strlen(key);
	const char *at;

	for (at = line->details; *at != '\0'; at += strlen(at) + 1) {
		if (strncmp(at, key, size) == 0 && at[size] == '=')
			return at + size + 1;
	}
	return NULL;
}

bool
history_line_says(const struct history_line *line, const char *key,
    const char *text)
{
	const char *have = history_line_detail(line, key);

	return have != NULL && strcmp(have, text) == 0;
}

bool
history_line_is_emergency(const struct history_line *line)
{
	return history_line_says(line, "emergency", "yes");
}

void
history_line_drop(const struct history_line *line, const char **at,
    struct ledger_drop *out)
{
	const char *serial = *at == NULL ? line->drops : *at;
	const char *why = serial + strlen(serial) + 1;

	snprintf(out->serial, sizeof(out->serial), "%s", serial);
	snprintf(out->why, sizeof(out->why), "%s", why);
	*at = why + strlen(why) + 1;
}

enum err
history_line_time(const struct history *history,
    const struct history_line *line, int64_t otherwise_s, int64_t *out_s,
    struct error *err)
{
	const char *time = history_line_detail(line, "this_update");

	*out_s = otherwise_s;
	return time == NULL || utc_parse(time, out_s) ? ERR_OK :
	    history_about(history, line, err_fail(err, ERR_FORMAT,
	    "this_update is not a time: \"%.40s\"", time), err);
}

enum err
history_about(const struct history *history, const struct history_line *line,
    enum err code, struct error *err)
{
	char subject[STATE_PATH_SIZE + 32];

	snprintf(subject, sizeof(subject), "%s/ledger.jsonl:%llu",
	    history->config->state, (unsigned long long)line->sequence);
	return err_about(err, code, subject);
}
