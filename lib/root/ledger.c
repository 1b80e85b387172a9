/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "root/ledger_line.h"
#include "site/state.h"

static const char no_head[] = "00000000000000000000000000000000"
			      "00000000000000000000000000000000";

/* Judge one line, show it, and move the summary behind it. */
static enum err
read_line(struct span text, enum err (*visit)(void *context,
    const struct ledger_line *line, struct error *err), void *context,
    struct ledger_summary *summary, struct error *err)
{
	json_auto_t *json = json_loadb((const char *)text.data,
	    text.size, JSON_REJECT_DUPLICATES, NULL);
	char head[sizeof(summary->head)];
	struct ledger_line line = {.head = head};
	enum err code;

	if (!json_is_object(json))
		return err_fail(err, ERR_FORMAT,
		    "want a JSON object, have something else");
	ledger_line_digest(text, head);
	code = ledger_line_parse(json, text, summary, &line, err);
	if (code == ERR_OK && visit != NULL)
		code = visit(context, &line, err);
	if (code != ERR_OK)
		return code;
	summary->count++;
	summary->version = line.version;
	summary->size_bytes += text.size + 1;
	if (summary->count == 1 || line.at_s > summary->latest_s)
		summary->latest_s = line.at_s;
	memcpy(summary->head, head, sizeof(head));
	return ERR_OK;
}

/* What stands behind the last LF. */
static enum err
read_rest(struct span text, enum err (*visit)(void *context,
    const struct ledger_line *line, struct error *err), void *context,
    struct ledger_summary *summary, struct error *err)
{
	struct ledger_summary after = *summary;
	enum err code;

	if (ledger_line_is_torn(text)) {
		summary->is_torn = true;
		return ERR_OK;
	}
	code = read_line(text, visit, context, &after, err);
	if (code != ERR_OK)
		return err_about(err, code, "a line without its end");
	*summary = after;
	summary->size_bytes--;
	summary->lacks_end = true;
	return ERR_OK;
}

enum err
ledger_read(const struct config *config, enum err (*visit)(void *context,
    const struct ledger_line *line, struct error *err), void *context,
    struct ledger_summary *out, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct ledger_summary summary = {0};
	char path[STATE_PATH_SIZE];
	struct error inner = {0};
	size_t at = 0;
	enum err code;

	memcpy(summary.head, no_head, sizeof(no_head));
	code = state_path(config, NULL, "ledger.jsonl", path, err);
	if (code == ERR_OK && file_exists(path))
		code = file_read(path, FILE_OURS, LEDGER_MAX_BYTES, &text,
		    err);
	if (code != ERR_OK)
		return code;
	while (code == ERR_OK && at < text.size) {
		struct span line = {text.data + at, text.size - at};
		const uint8_t *end = memchr(line.data, '\n', line.size);

		if (end != NULL)
			line.size = (size_t)(end - line.data);
		code = (end == NULL ? read_rest : read_line)(line, visit,
		    context, &summary, &inner);
		at += line.size + 1;
	}
	if (code != ERR_OK)
		return err_fail(err, code, "%s:%llu: %s", path,
		    (unsigned long long)summary.count + 1, inner.what);
	*out = summary;
	return ERR_OK;
}

/* What a power cut left of an append that never ended. */
static enum err
cut_torn_line(const char *path, uint64_t size_bytes,
    struct notices *notices, struct error *err)
{
	if (truncate(path, (off_t)size_bytes) != 0)
		return file_fail(err, path, "cut");
	notice(notices, "%s: its last line had no end, as after a power cut: "
	    "cut off", path);
	return ERR_OK;
}

/* With the next line, and in the same write. */
static enum err
give_end(const char *path, struct buffer *out, struct notices *notices,
    struct error *err)
{
	notice(notices, "%s: its last line is whole and lacked only its end, "
	    "as after a power cut: ended now", path);
	return buffer_append(out, "\n", 1, err);
}

void
ledger_mark_emergency(struct ledger_event *event, bool is_emergency,
    const char *why)
{
	struct ledger_detail *detail = event->details;

	if (!is_emergency)
		return;
	while (detail->key != NULL)
		detail++;
	detail[0] = (struct ledger_detail){"emergency", "yes"};
	detail[1] = (struct ledger_detail){"why", why};
}

enum err
ledger_append(const struct config *config, const struct ledger_event *event,
    struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};
	struct ledger_summary summary;
	char path[STATE_PATH_SIZE];
	enum err code;

	code = ledger_read(config, NULL, NULL, &summary, err);
	if (code == ERR_OK)
		code = state_path(config, NULL, "ledger.jsonl", path, err);
	if (code == ERR_OK && summary.is_torn)
		code = cut_torn_line(path, summary.size_bytes, notices, err);
	if (code == ERR_OK && summary.lacks_end)
		code = give_end(path, &line, notices, err);
	if (code == ERR_OK)
		code = ledger_line_encode(event, &summary, &line, err);
	if (code == ERR_OK)
		code = file_append(path, span_of_buffer(&line), 0644, err);
	return code;
}
