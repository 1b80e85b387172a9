/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/crlnumber.h"

enum err
crlnumber_load(const char *path, bool *found, struct number *next,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	bool is_there;
	struct span hex;

	TRY(file_find(path, &is_there, err));
	*found = false;
	if (!is_there)
		return ERR_OK;
	TRY(file_read(path, FILE_TRUSTED, 4096, &text, err));
	hex = span_of_buffer(&text);
	while (hex.size > 0 && (hex.data[hex.size - 1] == '\n' ||
	    hex.data[hex.size - 1] == '\r' || hex.data[hex.size - 1] == ' '))
		hex.size--;
	if (!number_from_hex(hex, next))
		return ERR_OK;
	if (!number_fits(next))
		return err_remedy(err, err_fail(err, ERR_FORMAT,
		    "%s: the number is larger than 2^159-1", path),
		    "remove %s: it will be made again from the archive and the "
		    "ledger", path);
	*found = true;
	return ERR_OK;
}

enum err
crlnumber_save(const char *path, const struct number *next,
    struct error *err)
{
	char line[NUMBER_TEXT_SIZE + 1];
	char hex[NUMBER_TEXT_SIZE];
	char target[PATH_MAX];
	bool is_there;

	/* A link in its place stays one, as with the index. */
	TRY(file_find(path, &is_there, err));
	if (is_there) {
		if (realpath(path, target) == NULL)
			return file_fail(err, path, "find");
		path = target;
	}
	number_format_hex(next, hex);
	snprintf(line, sizeof(line), "%s\n", hex);
	return file_replace(path, span_of_text(line), 0644, err);
}

void
crlnumber_note_leap(const char *subject, const struct number *last,
    const struct number *next, struct notices *notices)
{
	const struct number most = number_from_u64(LEAP_MAX);
	char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
	struct number leap;

	if (number_compare(next, last) <= 0)
		return;
	leap = number_difference(next, last);
	if (number_compare(&leap, &most) <= 0)
		return;
	number_format(last, 0, from);
	number_format(next, 0, to);
	notice_safety(notices, "ATTENTION: %s: the number leaps from #%s to "
	    "#%s, and a subordinate that has it never takes a lower one again: "
	    "if that is a mistake, export nothing and see RECOVERING in "
	    "crlferry-root(1)", subject, from, to);
}
