/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "root/crlnumber.h"

enum err
crlnumber_load(const char *path, bool *found, struct number *next,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct span hex;
	enum err code;

	*found = false;
	if (!file_exists(path))
		return ERR_OK;
	code = file_read(path, FILE_OURS, 4096, &text, err);
	if (code != ERR_OK)
		return code;
	hex = span_of_buffer(&text);
	while (hex.size > 0 && (hex.data[hex.size - 1] == '\n' ||
	    hex.data[hex.size - 1] == '\r' || hex.data[hex.size - 1] == ' '))
		hex.size--;
	if (!number_from_hex(hex, next))
		return ERR_OK;
	if (!number_fits(next))
		return err_fail(err, ERR_FORMAT, "%s: want a number of at "
		    "most 2^159-1, have a larger one", path);
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

	/* A link in its place stays one, as with the index. */
	if (file_exists(path)) {
		if (realpath(path, target) == NULL)
			return file_fail(err, path, "find");
		path = target;
	}
	number_format_hex(next, hex);
	snprintf(line, sizeof(line), "%s\n", hex);
	return file_replace(path, span_of_text(line), 0644, err);
}
