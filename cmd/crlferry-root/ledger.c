/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "../rows.h"
#include "base/array.h"
#include "root/evidence/regressed.h"
#include "root/evidence/shrunk.h"
#include "root/history/ledger.h"
#include "root_verbs.h"
#include "site/certfile.h"
#include "view/table.h"

#define DROPS_SHOWN 5
#define NAMES_MAX 100	/* looked up in the index, by a pass each */

/* Where the lines go: a table, or rows of JSON. */
struct showing {
	const struct config *config;
	struct table *table;
	struct rows *rows;
	struct subjects subjects;	/* of the root asked for last */
	size_t names;			/* looked up so far */
};

static void
showing_release(struct showing *showing)
{
	subjects_release(&showing->subjects);
}

#define RELEASE_SHOWING __attribute__((cleanup(showing_release)))

/* The configured subordinates of a root, read once for all its lines. */
static struct subjects *
subjects_for(struct showing *showing, const struct config_root *root)
{
	if (showing->subjects.root != root) {
		subjects_release(&showing->subjects);
		showing->subjects = (struct subjects){.root = root,
		    SUBJECTS_NONE};
	}
	return &showing->subjects;
}

/* The line of a revocation from before it told the subject. */
static enum err
append_subject(struct showing *showing, const struct config_root *root,
    const char *serial, struct buffer *out, struct error *err)
{
	uint8_t octets[SERIAL_OCTETS_MAX];
	struct span span = {octets, 0};
	char subject[SUBJECT_SIZE] = "";

	if (serial_parse(span_of_text(serial), octets, &span.size))
		subjects_of_subordinate(subjects_for(showing, root), span,
		    subject);
	return subject[0] == '\0' ? ERR_OK : buffer_appendf(out, err,
	    " subject=%s", subject);
}

/* The first serials that a CRL lists no more, which the line has as hex. */
static enum err
append_drops(struct showing *showing, const struct config_root *root,
    const struct ledger_line *line, struct buffer *out, struct error *err)
{
	char serial[LEDGER_SERIAL_SIZE], subject[SUBJECT_SIZE];
	struct ledger_drop drop;

	for (size_t i = 0; ledger_line_drop(line, i, &drop); i++) {
		if (i == DROPS_SHOWN)
			return buffer_append_text(out, ", ...", err);
		lost_spell(drop.serial, serial);
		subject[0] = '\0';
		if (showing->names++ < NAMES_MAX)
			lost_name(root, drop.serial, subject);
		TRY(buffer_appendf(out, err, "%s%s%s", i == 0 ? " serials=" :
		    ", ", serial, subject));
	}
	return ERR_OK;
}

/* What the line says, and whose the serials are; with NUL. */
static enum err
tell(struct showing *showing, const struct ledger_line *line,
    struct buffer *out, struct error *err)
{
	const struct config_root *root = config_find_root(showing->config,
	    line->root);
	const char *serial = ledger_line_detail(line, "serial");

	TRY(ledger_line_details(line, out, err));
	if (root != NULL && serial != NULL &&
	    strcmp(line->event, "revoke") == 0 &&
	    ledger_line_detail(line, "subject") == NULL)
		TRY(append_subject(showing, root, serial, out, err));
	if (root != NULL)
		TRY(append_drops(showing, root, line, out, err));
	return buffer_append(out, "", 1, err);
}

static enum err
add_line(void *context, const struct ledger_line *line, struct error *err)
{
	struct showing *showing = context;
	RELEASE_BUFFER struct buffer details = {0};
	char sequence[24], time[UTC_TEXT_SIZE], number[NUMBER_TEXT_SIZE] = "";
	const char *cells[7] = {sequence, time, line->event, line->root,
	    number, line->who};

	snprintf(sequence, sizeof(sequence), "%llu",
	    (unsigned long long)line->sequence);
	utc_format(line->at_s, time);
	if (line->has_number)
		number_format(&line->number, 0, number);
	TRY(tell(showing, line, &details, err));
	cells[6] = (const char *)details.data;
	return table_add(showing->table, cells, err);
}

static enum err
add_row(void *context, const struct ledger_line *line, struct error *err)
{
	RELEASE_BUFFER struct buffer details = {0};
	char time[UTC_TEXT_SIZE], number[NUMBER_TEXT_SIZE];
	struct showing *showing = context;
	struct rows *rows = showing->rows;

	utc_format(line->at_s, time);
	number_format(&line->number, 0, number);
	TRY(tell(showing, line, &details, err));
	rows_begin(rows);
	rows_integer(rows, "sequence", (int64_t)line->sequence);
	rows_text(rows, "time", time);
	rows_text(rows, "event", line->event);
	rows_text(rows, "root", line->root);
	rows_text(rows, "number", line->has_number ? number : NULL);
	rows_text(rows, "who", line->who);
	rows_text(rows, "details", (const char *)details.data);
	return ERR_OK;
}

static enum err
show_json(struct invocation *invocation, struct error *err)
{
	RELEASE_ROWS struct rows rows = {0};
	RELEASE_SHOWING struct showing showing = {
	    .config = invocation->config, .rows = &rows,
	    .subjects = {SUBJECTS_NONE}};
	struct ledger_summary summary;

	TRY(ledger_read(invocation->config, add_row, &showing, &summary,
	    err));
	return rows_print(&rows, invocation, "crlferry-ledger", "lines", err);
}

static enum err
show(struct invocation *invocation, struct error *err)
{
	static const char *const headings[] = {">SEQUENCE", "TIME", "EVENT",
	    "ROOT", ">NUMBER", "WHO", "~DETAILS", NULL};
	FREE_TABLE struct table *table = NULL;
	RELEASE_SHOWING struct showing showing = {
	    .config = invocation->config, .subjects = {SUBJECTS_NONE}};
	struct ledger_summary summary;

	TRY(table_new(headings, cli_terminal_width(), &table, err));
	showing.table = table;
	TRY(ledger_read(invocation->config, add_line, &showing, &summary,
	    err));
	return table_print(table, &invocation->output, err);
}

/* The heads of earlier ledgers that notes bring back must be in this one. */
static enum err
check_heads(struct invocation *invocation, const struct history *history,
    size_t *count, struct error *err)
{
	const struct config *config = history->config;
	enum err code = ERR_OK;

	*count = 0;
	for (size_t i = 0; code == ERR_OK && i < config->root_count; i++) {
		FREE_CERT struct cert *cert = NULL;
		size_t returned = 0;

		code = certfile_load(config->roots[i].certificate, &cert,
		    err);
		if (code == ERR_OK)
			code = proofs_check_heads(history, &config->roots[i],
			    cert, NULL, &returned, &invocation->notices, err);
		*count += returned;
	}
	return code;
}

/* The next line that is entered mends both. */
static enum err
check_end(const struct ledger_summary *summary, struct error *err)
{
	if (summary->is_torn)
		return err_remedy(err, err_fail(err, ERR_FORMAT,
		    "ledger.jsonl:%llu: the line was cut off",
		    (unsigned long long)summary->count + 1), "after a power "
		    "cut that is no harm: the next entry replaces it");
	if (summary->lacks_end)
		return err_remedy(err, err_fail(err, ERR_FORMAT,
		    "ledger.jsonl:%llu: the line is whole, but lacks its "
		    "newline", (unsigned long long)summary->count), "after a "
		    "power cut that is no harm: the next entry adds it");
	return ERR_OK;
}

static enum err
verify(struct invocation *invocation, struct error *err)
{
	RELEASE_HISTORY struct history history = {0};
	const struct ledger_summary *summary = &history.end.summary;
	size_t returned;

	TRY(history_read(invocation->config, &history, err));
	TRY(check_end(summary, err));
	TRY(check_heads(invocation, &history, &returned, err));
	if (invocation->is_json) {
		const struct json_field fields[] = {
		    {"lines", FIELD_INTEGER, NULL, (int64_t)summary->count},
		    {"head", FIELD_TEXT, summary->head, 0},
		    {"returned", FIELD_INTEGER, NULL, (int64_t)returned}};

		return json_rows("crlferry-ledger", "ledger", fields,
		    COUNT_OF(fields), 1,
		    &invocation->output, err);
	}
	TRY(cli_say(invocation, err,
	    "%llu lines, each fits the one before\nhead %s\n",
	    (unsigned long long)summary->count, summary->head));
	return returned > 0 ? cli_say(invocation, err, "heads that notes bring "
	    "back: %zu, all accounted for\n", returned) : ERR_OK;
}

enum err
cmd_ledger(struct invocation *invocation, struct error *err)
{
	const char *what = invocation->arguments.words[0];

	if (strcmp(what, "verify") == 0)
		return verify(invocation, err);
	if (strcmp(what, "show") == 0)
		return invocation->is_json ? show_json(invocation, err) :
		    show(invocation, err);
	return err_fail(err, ERR_USAGE,
	    "ledger takes verify or show, not \"%s\"", what);
}
