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

/* Judge one line, show it, and move the summary behind it and its LF. */
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
		    "the line is no JSON object");
	ledger_line_digest(text, head);
	TRY(ledger_line_parse(json, text, summary, &line, err));
	if (visit != NULL)
		TRY(visit(context, &line, err));
	summary->count++;
	summary->version = line.version;
	summary->line_size = text.size + 1;
	summary->size_bytes += summary->line_size;
	if (summary->count == 1 || line.at_s > summary->latest_s)
		summary->latest_s = line.at_s;
	memcpy(summary->head, head, sizeof(head));
	return ERR_OK;
}

/* The octets behind the last LF. */
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
	after.size_bytes--;
	after.line_size--;
	after.lacks_end = true;
	*summary = after;
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
	summary.file_bytes = text.size;
	if (code != ERR_OK)
		return err_remedy(err, err_fail(err, code, "%s:%llu: %s", path,
		    (unsigned long long)summary.count + 1, inner.what),
		    "put the ledger back from a backup, and compare it with "
		    "the minutes: see RECOVERING in crlferry-root(1)");
	*out = summary;
	return ERR_OK;
}

/* The beginning of a line, as a power cut leaves it. */
static enum err
cut_torn_line(int fd, const char *path, uint64_t size_bytes,
    struct notices *notices, struct error *err)
{
	if (ftruncate(fd, (off_t)size_bytes) != 0)
		return file_fail(err, path, "cut");
	notice(notices, "%s: the last line was cut short, as by a power cut; "
	    "removed", path);
	return ERR_OK;
}

/* With the next line, and in the same write. */
static enum err
give_end(const char *path, struct buffer *out, struct notices *notices,
    struct error *err)
{
	notice(notices, "%s: the last line lacked its newline, as after a "
	    "power cut; added", path);
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
is_there(int fd, const struct ledger_summary *end)
{
	RELEASE_BUFFER struct buffer line = {0};
	struct span text = {NULL, end->line_size};
	char head[LEDGER_DIGEST_SIZE];
	struct stat st;

	if (file_check_privacy(fd, "", FILE_OURS, NULL) != ERR_OK ||
	    fstat(fd, &st) != 0 || st.st_size != (off_t)end->file_bytes)
		return false;
	if (end->count == 0)
		return true;
	if (buffer_reserve(&line, end->line_size, NULL) != ERR_OK ||
	    pread(fd, line.data, end->line_size, (off_t)(end->size_bytes -
	    end->line_size)) != (ssize_t)end->line_size)
		return false;
	text.data = line.data;
	if (!end->lacks_end && text.data[--text.size] != '\n')
		return false;
	ledger_line_digest(text, head);
	return strcmp(head, end->head) == 0;
}

static enum err
read_again(const struct config *config, struct ledger_end *end,
    struct error *err)
{
	end->is_known = false;
	TRY(ledger_read(config, end->visit, end->context, &end->summary, err));
	end->is_known = true;
	return ERR_OK;
}

/* Make what the last line lacks good, and write the next one behind it. */
static enum err
write_line(int fd, const char *path, const struct ledger_event *event,
    struct ledger_end *end, struct notices *notices, struct error *err)
{
	struct ledger_summary *summary = &end->summary;
	RELEASE_BUFFER struct buffer text = {0};
	struct span line;

	if (summary->is_torn)
		TRY(cut_torn_line(fd, path, summary->size_bytes, notices,
		    err));
	if (summary->lacks_end)
		TRY(give_end(path, &text, notices, err));
	line.size = text.size;
	TRY(ledger_line_encode(event, summary, &text, err));
	TRY(file_append(fd, path, span_of_buffer(&text), err));
	/* From here on it is as one that was read. */
	summary->size_bytes += line.size;
	summary->is_torn = false;
	summary->lacks_end = false;
	line = (struct span){text.data + line.size, text.size - line.size - 1};
	TRY(read_line(line, end->visit, end->context, summary, err));
	summary->file_bytes = summary->size_bytes;
	return ERR_OK;
}

enum err
ledger_append(const struct config *config, const struct ledger_event *event,
    struct ledger_end *end, struct notices *notices, struct error *err)
{
	struct ledger_end unknown = {.is_known = false};
	char path[STATE_PATH_SIZE];
	CLOSE_FD int fd = -1;

	if (end == NULL)
		end = &unknown;
	TRY(state_path(config, NULL, "ledger.jsonl", path, err));
	if (!end->is_known)
		TRY(read_again(config, end, err));
	TRY(file_open_to_append(path, 0644, &fd, err));
	if (!is_there(fd, &end->summary))
		TRY(read_again(config, end, err));
	/* If anything fails from here on, the file is to be read again. */
	end->is_known = false;
	TRY(write_line(fd, path, event, end, notices, err));
	end->is_known = true;
	return ERR_OK;
}
