/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/note.h"
#include "root/history/entered.h"
#include "root/history/ledger.h"

struct reading {
	const char *root;
	struct buffer *list;
};

static enum err
take_line(void *context, const struct ledger_line *line, struct error *err)
{
	const struct reading *reading = context;
	const char *id = ledger_line_detail(line, "id");
	const char *sha256 = ledger_line_detail(line, "sha256");

	if (strcmp(line->event, "collect") != 0 || id == NULL ||
	    sha256 == NULL || strcmp(line->root, reading->root) != 0)
		return ERR_OK;
	return buffer_appendf(reading->list, err, "%s %s\n", id, sha256);
}

enum err
entered_read(const struct config *config, const char *root,
    struct entered *out, struct error *err)
{
	RELEASE_ENTERED struct entered entered = {0};
	struct reading reading = {root, &entered.list};
	struct ledger_summary summary;

	TRY(buffer_append_text(&entered.list, "\n", err));
	TRY(ledger_read(config, take_line, &reading, &summary, err));
	*out = entered;
	entered = (struct entered){0};
	return ERR_OK;
}

bool
entered_has(const struct entered *entered, const char *id,
    const char *sha256)
{
	char line[NOTE_ID_SIZE + SHA256_HEX_SIZE + 4];

	snprintf(line, sizeof(line), "\n%s %s\n", id, sha256);
	return span_contains(span_of_buffer(&entered->list), line);
}

void
entered_release(struct entered *entered)
{
	buffer_release(&entered->list);
}
