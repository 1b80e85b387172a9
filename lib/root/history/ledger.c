/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "root/history/ledger_line.h"
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

	if (!json_is_object(json))
		return err_fail(err, ERR_FORMAT,
		    "want a JSON object, have something else");
	ledger_line_digest(text, head);
	TRY(ledger_line_parse(json, text, summary, &line, err));
	if (visit != NULL)
		TRY(visit(context, &line, err));
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
	enum err code = ERR_OK;
	bool found;

	memcpy(summary.head, no_head, sizeof(no_head));
	TRY(state_path(config, NULL, "ledger.jsonl", path, err));
	TRY(file_find(path, &found, err));
	if (found)
		TRY(file_read(path, FILE_OURS, LEDGER_MAX_BYTES, &text, err));
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

/* Does the file still end where this run left it? */
static bool
is_there(const char *path, const struct ledger_end *end)
{
	const off_t size = (off_t)end->summary.size_bytes;
	RELEASE_BUFFER struct buffer line = {0};
	char head[LEDGER_DIGEST_SIZE];
	CLOSE_FD int fd = -1;
	struct stat st;

	if (!end->is_known ||
	    file_open(path, FILE_OURS, &fd, NULL) != ERR_OK ||
	    fstat(fd, &st) != 0 || st.st_size != size ||
	    buffer_reserve(&line, end->line_size, NULL) != ERR_OK ||
	    pread(fd, line.data, end->line_size, size -
	    (off_t)end->line_size) != (ssize_t)end->line_size)
		return false;
	ledger_line_digest((struct span){line.data, end->line_size - 1},
	    head);
	return line.data[end->line_size - 1] == '\n' &&
	    strcmp(head, end->summary.head) == 0;
}

/* Behind a line that was appended, the LF of the one before it apart. */
static void
move_end(struct ledger_end *end, const struct ledger_event *event,
    struct span line)
{
	struct ledger_summary *summary = &end->summary;

	if (summary->lacks_end)
		summary->size_bytes++;
	summary->is_torn = false;
	summary->lacks_end = false;
	if (summary->count == 0 || event->at_s > summary->latest_s)
		summary->latest_s = event->at_s;
	summary->count++;
	summary->version = LEDGER_VERSION;
	summary->size_bytes += line.size;
	ledger_line_digest((struct span){line.data, line.size - 1},
	    summary->head);
	end->line_size = line.size;
	end->is_known = true;
}

enum err
ledger_append_more(const struct config *config,
    const struct ledger_event *event, struct ledger_end *end,
    struct notices *notices, struct error *err)
{
	struct ledger_summary *summary = &end->summary;
	RELEASE_BUFFER struct buffer text = {0};
	char path[STATE_PATH_SIZE];
	size_t begin;
	enum err code;

	code = state_path(config, NULL, "ledger.jsonl", path, err);
	if (code == ERR_OK && !is_there(path, end))
		code = ledger_read(config, NULL, NULL, summary, err);
	/* Whatever fails from here on: the file is to be read again. */
	end->is_known = false;
	TRY(code);
	if (summary->is_torn)
		TRY(cut_torn_line(path, summary->size_bytes, notices, err));
	if (summary->lacks_end)
		TRY(give_end(path, &text, notices, err));
	begin = text.size;
	TRY(ledger_line_encode(event, summary, &text, err));
	TRY(file_append(path, span_of_buffer(&text), 0644, err));
	move_end(end, event, (struct span){text.data + begin,
	    text.size - begin});
	return ERR_OK;
}

enum err
ledger_append(const struct config *config, const struct ledger_event *event,
    struct notices *notices, struct error *err)
{
	struct ledger_end end = {.is_known = false};

	return ledger_append_more(config, event, &end, notices, err);
}
