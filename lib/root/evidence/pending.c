/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "ca/index_serial.h"
#include "root/evidence/pending.h"
#include "root/evidence/shrunk.h"

struct pending_serial {
	uint8_t octets[INDEX_SERIAL_MAX];
	size_t size;
};

enum err
pending_see(struct pending *pending, const struct ledger_line *line,
    struct error *err)
{
	const char *serial = ledger_line_detail(line, "serial");
	struct pending_serial next = {.size = 0};

	if (strcmp(line->root, pending->root) != 0)
		return ERR_OK;
	if (strcmp(line->event, "issue") == 0)
		pending->list.size = 0;
	/* What no index can hold was not written by revoke. */
	if (strcmp(line->event, "revoke") != 0 || serial == NULL ||
	    !index_serial_parse(span_of_text(serial), next.octets,
	    &next.size))
		return ERR_OK;
	return buffer_append(&pending->list, &next, sizeof(next), err);
}

static struct span
serial_of(const struct pending_serial *serial)
{
	return (struct span){serial->octets, serial->size};
}

static int
compare(const void *a, const void *b)
{
	return span_compare(serial_of(a), serial_of(b));
}

enum err
pending_check(struct pending *pending, const char *path,
    const struct index *index, const struct config_words *acknowledged,
    struct error *err)
{
	const struct pending_serial *list = (const void *)pending->list.data;
	const size_t count = pending->list.size / sizeof(*list);
	struct index_search search = {0};
	char hex[INDEX_SERIAL_TEXT_SIZE];
	size_t i, at;

	/* In serial order they cost one walk over the index. */
	if (count > 1)
		qsort(pending->list.data, count, sizeof(*list), compare);
	for (i = 0; i < count; i++) {
		const struct span serial = serial_of(&list[i]);

		if (i > 0 && compare(&list[i - 1], &list[i]) == 0)
			continue;
		index_serial_format(serial, hex);
		if (index_find(index, &search, serial, &at) ||
		    lost_is_acknowledged(acknowledged, hex))
			continue;
		return err_fail(err, ERR_SHRUNK, "%s has lost %s, which the "
		    "ledger has revoked since the last CRL: was the index "
		    "restored?  crlferry-root revoke %s %s --reason REASON "
		    "(--unknown if it has no line); if it is not to be "
		    "revoked: crlferry-root issue %s --acknowledge-removed "
		    "%s", path, hex, pending->root, hex, pending->root, hex);
	}
	return ERR_OK;
}

void
pending_release(struct pending *pending)
{
	buffer_release(&pending->list);
}
