/* SPDX-License-Identifier: ISC */
/*
 * The ledger, as it is and with its chain mended, for hardly a change is left
 * of a chain of digests.  Every refusal must say why; of what is taken each
 * line can be used, and a line that is added with any text is taken as well.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "folder.h"
#include "must.h"
#include "root/evidence/shrunk.h"
#include "root/evidence/vanished.h"
#include "root/history/calendar.h"
#include "root/history/ledger_line.h"
#include "root/history/recorded.h"
#include "root/history/waived.h"

#define LEDGER "ledger.jsonl"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct config_root root = {.name = "corp"};
static const struct config config = {.path = "x.cfg", .state = folder,
    .roots = &root, .root_count = 1};

/* What a walk over the lines is with. */
struct seen {
	uint64_t count;
	char head[LEDGER_DIGEST_SIZE];
};

static enum err
see(void *context, const struct ledger_line *line, struct error *err)
{
	RELEASE_BUFFER struct buffer details = {0};
	struct seen *seen = context;
	struct ledger_drop drop;
	size_t i;

	must(line->event != NULL && line->root != NULL && line->who != NULL);
	must(line->sequence == ++seen->count);
	must(line->at_s >= UTC_MIN_S && line->at_s <= UTC_MAX_S);
	must(strlen(line->head) == LEDGER_DIGEST_SIZE - 1);
	memcpy(seen->head, line->head, LEDGER_DIGEST_SIZE);
	for (i = 0; ledger_line_drop(line, i, &drop); i++)
		must(memchr(drop.why, '\0', sizeof(drop.why)) != NULL);
	return ledger_line_details(line, &details, err);
}

/* All that rules ask of it; each line is that of its root. */
static void
try_rules(void)
{
	RELEASE_HISTORY struct history history = {0};
	const struct archived last = {.number = number_from_u64(7)};
	const struct history_line *line;
	const struct index index = {0};
	struct recorded recorded;
	struct vanished vanished;
	struct calendar calendar;
	struct error err = {0};
	uint64_t i;

	if (is_refused(history_read(&config, &history, &err), &err))
		return;
	for (i = 1; i <= history.end.summary.count; i++) {
		const char *at = NULL;
		struct ledger_drop drop;
		size_t k;

		line = history_line_at(&history, i);
		must(line->sequence == i && line->latest_s >= line->at_s);
		history_line_is_emergency(line);
		for (k = 0; k < line->drop_count; k++)
			history_line_drop(line, &at, &drop);
	}
	for (line = history_lines(&history, root.name); line != NULL;
	    line = line->next)
		must(strcmp(line->root, root.name) == 0);
	must(history.end.summary.count == 0 ||
	    history_has_head(&history, history.end.summary.head));
	waived_has_evidence(&history, root.name, NULL, "crl-7");
	waived_has_number(&history, root.name, &last.number);
	is_refused(waived_check(&history, root.name, &err), &err);
	recorded_find(&history, root.name, &last, &recorded);
	calendar_read(&history, &root, &last.number, 0, &calendar);
	calendar_foresee(&history, &root, 0, true);
	is_refused(pending_check(&history, &root, "index", &index, NULL,
	    &err), &err);
	is_refused(vanished_find(&history, root.name, &last, &vanished, &err),
	    &err);
}

/* The text for whatever an operator gives. */
static void
encode_next(const struct ledger_summary *before, const char *text,
    struct buffer *out)
{
	const struct number number = number_from_u64(before->count);
	const struct ledger_drop drop = {.serial = "01", .why = "x"};
	const struct ledger_event event = {.event = "issue",
	    .root = root.name, .number = &number, .at_s = before->latest_s,
	    .who = text, .details = {{"why", text}, {"place", text}},
	    .dropped = &drop, .dropped_count = 1};
	struct error err = {0};

	must(ledger_line_encode(&event, before, out, &err) == ERR_OK);
}

/* Add a line to what is whole of the file, and read all of it. */
static void
try_next(const struct ledger_summary *before, struct span file,
    const char *text)
{
	RELEASE_BUFFER struct buffer longer = {0};
	struct seen seen = {0};
	struct ledger_summary after;
	struct error err = {0};

	must(before->size_bytes <= file.size);
	must(buffer_append(&longer, file.data, before->size_bytes, NULL) ==
	    ERR_OK);
	if (before->lacks_end)
		must(buffer_append(&longer, "\n", 1, NULL) == ERR_OK);
	encode_next(before, text, &longer);
	folder_put(LEDGER, span_of_buffer(&longer));
	must(ledger_read(&config, see, &seen, &after, &err) == ERR_OK);
	must(after.count == before->count + 1 && !after.is_torn &&
	    !after.lacks_end && after.version == LEDGER_VERSION &&
	    after.size_bytes == longer.size);
}

static void
try_file(struct span file, const char *text)
{
	struct seen seen = {0};
	struct ledger_summary summary;
	struct error err = {0};
	bool is_good;

	folder_put(LEDGER, file);
	is_good = !is_refused(ledger_read(&config, see, &seen, &summary,
	    &err), &err);
	if (!is_good)
		return;
	must(summary.count == seen.count);
	must(summary.count == 0 || strcmp(summary.head, seen.head) == 0);
	must(!summary.is_torn || !summary.lacks_end);
	try_next(&summary, file, text);
}

/* A line with what its place in the chain asks for. */
static void
mend_line(struct span text, struct ledger_summary *before,
    struct buffer *out)
{
	json_auto_t *json = json_loadb((const char *)text.data, text.size,
	    JSON_REJECT_DUPLICATES, NULL);
	const size_t begin = out->size;
	char digest[LEDGER_DIGEST_SIZE];
	char *front;

	if (!json_is_object(json))
		return;
	before->count++;
	json_object_set_new(json, "version", json_integer(LEDGER_VERSION));
	json_object_set_new(json, "sequence",
	    json_integer((json_int_t)before->count));
	json_object_set_new(json, "previous", json_string(before->head));
	json_object_del(json, "digest");
	front = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	must(front != NULL);
	front[strlen(front) - 1] = '\0';
	ledger_line_digest(span_of_text(front), digest);
	must(buffer_appendf(out, NULL, "%s,\"digest\":\"%s\"}", front,
	    digest) == ERR_OK);
	free(front);
	ledger_line_digest((struct span){out->data + begin,
	    out->size - begin}, before->head);
	must(buffer_append(out, "\n", 1, NULL) == ERR_OK);
}

static void
mend(struct span rest, struct buffer *out)
{
	struct ledger_summary before = {0};

	memset(before.head, '0', sizeof(before.head) - 1);
	while (rest.size > 0) {
		const uint8_t *end = memchr(rest.data, '\n', rest.size);
		struct span line = rest;

		if (end != NULL)
			line.size = (size_t)(end - line.data);
		mend_line(line, &before, out);
		rest.data += line.size + (end != NULL);
		rest.size -= line.size + (end != NULL);
	}
}

static void
enter(void)
{
	static const struct schedule_text text = {.every = "6 months",
	    .from = "2026-01", .validity = "7 months", .cushion = "3 weeks"};

	must(schedule_parse("semiannual", &text, &root.schedule, NULL) ==
	    ERR_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RELEASE_BUFFER struct buffer mended = {0}, text = {0};
	const struct span file = { data, size };

	if (folder_enter())
		enter();
	must(buffer_append(&text, data, size, NULL) == ERR_OK);
	must(buffer_append(&text, "", 1, NULL) == ERR_OK);
	try_file(file, (const char *)text.data);
	mend(file, &mended);
	try_file(span_of_buffer(&mended), (const char *)text.data);
	folder_put(LEDGER, span_of_buffer(&mended));
	try_rules();
	return 0;
}
