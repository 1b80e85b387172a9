/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ca/index_names.h"

#define LINE_MAX_BYTES 8192	/* a longer one is shown without its subject */

static void
note_offset(struct index_names *names, const struct index *index,
    const struct index_line *line)
{
	const struct span serial = {line->serial, line->serial_size};
	struct index_search search = {0};
	size_t at;

	if (line->status == 'R' && index_find(index, &search, serial, &at))
		names->offsets[at] = line->offset;
}

static enum err
find_lines(struct index_names *names, const struct index *index,
    struct error *err)
{
	struct index_line line;
	bool has_line = true;

	names->offsets = malloc((index->count + 1) * sizeof(*names->offsets));
	if (names->offsets == NULL)
		return err_no_memory(err);
	names->count = index->count;
	for (size_t i = 0; i < index->count; i++)
		names->offsets[i] = INDEX_NO_LINE;
	while (has_line) {
		TRY(index_lines_next(&names->lines, &line, &has_line, err));
		if (has_line)
			note_offset(names, index, &line);
	}
	return ERR_OK;
}

enum err
index_names_open(const char *path, const struct index *index,
    struct index_names *out, struct error *err)
{
	RELEASE_INDEX_NAMES struct index_names names = INDEX_NAMES_NONE;

	TRY(index_lines_open(path, &names.lines, err));
	if (index != NULL)
		TRY(find_lines(&names, index, err));
	*out = names;
	names = (struct index_names)INDEX_NAMES_NONE;
	return ERR_OK;
}

void
index_names_release(struct index_names *names)
{
	index_lines_release(&names->lines);
	free(names->offsets);
	names->offsets = NULL;
	names->count = 0;
}

uint64_t
index_names_offset(const struct index_names *names, size_t ordinal)
{
	return ordinal < names->count ? names->offsets[ordinal] :
	    INDEX_NO_LINE;
}

/* Only what is wanted is read: a window is much, for a line here and there. */
static bool
read_line(const struct index_names *names, uint64_t offset,
    uint8_t text[LINE_MAX_BYTES], struct index_line *out)
{
	const ssize_t size = offset == INDEX_NO_LINE || names->lines.fd < 0 ?
	    -1 : pread(names->lines.fd, text, LINE_MAX_BYTES, (off_t)offset);
	const uint8_t *end = size <= 0 ? NULL :
	    memchr(text, '\n', (size_t)size);

	return end != NULL && index_line_parse((struct span){text,
	    (size_t)(end - text)}, out, NULL) == ERR_OK;
}

struct index_subject_words
index_names_at(const struct index_names *names, uint64_t offset,
    struct span serial)
{
	const struct index_subject_words none = {.text = ""};
	uint8_t text[LINE_MAX_BYTES];
	struct index_line line;

	if (!read_line(names, offset, text, &line) || !span_equals(serial,
	    (struct span){line.serial, line.serial_size}))
		return none;
	return index_subject_name(line.subject);
}
