/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/file.h"
#include "ca/index_entry.h"
#include "ca/index_line.h"

static void
take_line(const struct index_line *line, unsigned long number,
    struct index_entry *out)
{
	size_t size = line->subject.size < INDEX_SUBJECT_SIZE - 1 ?
	    line->subject.size : INDEX_SUBJECT_SIZE - 1;

	*out = (struct index_entry){
	    .line = number,
	    .status = line->status,
	    .not_after_s = line->not_after_s,
	    .revocation = line->revocation};
	memcpy(out->hold, line->hold, sizeof(out->hold));
	if (out->revocation.hold.size > 0)
		out->revocation.hold.data = out->hold;
	if (size > 0)
		memcpy(out->subject, line->subject.data, size);
}

enum err
index_entry_find(const char *path, struct span serial, bool *found,
    struct index_entry *out, struct error *err)
{
	RELEASE_WINDOW struct window window = WINDOW_NONE;
	struct index_lines lines = {0};
	struct index_line line = {0};
	CLOSE_FD int fd = -1;
	bool has_line = true;
	enum err code;

	*found = false;
	code = index_lines_open(path, &window, &fd, &lines, err);
	while (code == ERR_OK && has_line) {
		code = index_lines_next(&lines, &line, &has_line, err);
		if (code != ERR_OK || !has_line || !span_equals(serial,
		    (struct span){line.serial, line.serial_size}))
			continue;
		if (*found)
			return err_fail(err, ERR_FORMAT, "%s:%lu: want each "
			    "serial once, have that of line %lu again", path,
			    lines.number, out->line);
		*found = true;
		take_line(&line, lines.number, out);
	}
	return code;
}
