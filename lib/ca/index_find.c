/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "ca/index_line.h"

/* The list in serial order: each points into it. */
struct asked {
	struct index_expiry **entries;
	size_t count;
	size_t missing_count;	/* not found yet */
};

static void
asked_release(struct asked *asked)
{
	free(asked->entries);
}

static int
compare_asked(const void *a, const void *b)
{
	const struct index_expiry *const *one = a;
	const struct index_expiry *const *two = b;

	return span_compare((*one)->serial, (*two)->serial);
}

static void
answer(struct asked *asked, const struct index_line *line)
{
	const struct index_expiry sought = {
	    .serial = {line->serial, line->serial_size}};
	const struct index_expiry *key = &sought;
	struct index_expiry **at = asked->count == 0 ? NULL :
	    bsearch(&key, asked->entries, asked->count,
		sizeof(*asked->entries), compare_asked);

	if (at == NULL || (*at)->is_found)
		return;
	/* It may be asked for more than once. */
	while (at > asked->entries && compare_asked(at - 1, &key) == 0)
		at--;
	for (; at < asked->entries + asked->count &&
	    compare_asked(at, &key) == 0; at++) {
		(*at)->is_found = true;
		(*at)->not_after_s = line->not_after_s;
		(*at)->offset = line->offset;
		asked->missing_count--;
	}
}

enum err
index_expiries(const char *path, struct index_expiry *list, size_t count,
    struct error *err)
{
	RELEASE_INDEX_LINES struct index_lines lines = INDEX_LINES_NONE;
	__attribute__((cleanup(asked_release))) struct asked asked = {
	    calloc(count + 1, sizeof(*asked.entries)), count, count};
	struct index_line line;
	bool has_line = true;

	if (asked.entries == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < count; i++)
		asked.entries[i] = &list[i];
	qsort(asked.entries, count, sizeof(*asked.entries), compare_asked);
	TRY(index_lines_open(path, &lines, err));
	while (has_line && asked.missing_count > 0) {
		TRY(index_lines_next(&lines, &line, &has_line, err));
		if (has_line)
			answer(&asked, &line);
	}
	return ERR_OK;
}

static enum err
take_line(const struct index_line *line, unsigned long number,
    struct index_entry *out, struct error *err)
{
	*out = (struct index_entry){
	    .line = number,
	    .status = line->status,
	    .not_after_s = line->not_after_s,
	    .revocation = line->revocation};
	memcpy(out->hold, line->hold, sizeof(out->hold));
	if (out->revocation.hold.size > 0)
		out->revocation.hold.data = out->hold;
	return buffer_append(&out->subject, line->subject.data,
	    line->subject.size, err);
}

void
index_entry_release(struct index_entry *entry)
{
	buffer_release(&entry->subject);
}

enum err
index_entry_find(const char *path, struct span serial, bool *found,
    struct index_entry *out, struct error *err)
{
	RELEASE_INDEX_LINES struct index_lines lines = INDEX_LINES_NONE;
	struct index_line line = {0};
	bool has_line = true;

	*found = false;
	TRY(index_lines_open(path, &lines, err));
	while (has_line) {
		TRY(index_lines_next(&lines, &line, &has_line, err));
		if (!has_line || !span_equals(serial,
		    (struct span){line.serial, line.serial_size}))
			continue;
		if (*found)
			return index_lines_fail_double(&lines, out->line, err);
		*found = true;
		TRY(take_line(&line, lines.number, out, err));
	}
	return ERR_OK;
}
