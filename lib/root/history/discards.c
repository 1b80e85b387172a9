/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/history/discards.h"
#include "root/history/ledger.h"

#define LEDGER_PREFIX "ledger-"

struct reading {
	const char *root;
	struct discards *discards;
};

static enum err
take_line(void *context, const struct ledger_line *line, struct error *err)
{
	const struct reading *reading = context;
	const char *id = ledger_line_detail(line, "id");

	if (strcmp(line->event, DISCARD_EVENT) != 0 || id == NULL)
		return ERR_OK;
	if (strcmp(line->root, reading->root) != 0 &&
	    strncmp(id, LEDGER_PREFIX, strlen(LEDGER_PREFIX)) != 0)
		return ERR_OK;
	return buffer_append(&reading->discards->ids, id, strlen(id) + 1,
	    err);
}

enum err
discards_read(const struct config *config, const struct config_root *root,
    struct discards *out, struct error *err)
{
	RELEASE_DISCARDS struct discards discards = {0};
	struct reading reading = {root->name, &discards};
	struct ledger_summary summary;

	TRY(ledger_read(config, take_line, &reading, &summary, err));
	*out = discards;
	discards = (struct discards){0};
	return ERR_OK;
}

bool
discards_has(const struct discards *discards, const char *id)
{
	const char *at = (const char *)discards->ids.data;
	size_t left = discards->ids.size;

	while (left > 0) {
		size_t size = strlen(at) + 1;

		if (strcmp(at, id) == 0)
			return true;
		at += size;
		left -= size;
	}
	return false;
}

void
discards_release(struct discards *discards)
{
	buffer_release(&discards->ids);
}
