/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "site/state.h"
#include "sub/import/import_mark.h"

#define NAME "importing"
#define FIRST "first "
#define MAX_BYTES 128

static enum err
find_path(const struct mark *mark, char *out, struct error *err)
{
	return state_path(mark->config, mark->root, NAME, out, err);
}

enum err
mark_stands(const struct mark *mark, bool *out, struct error *err)
{
	char path[STATE_PATH_SIZE];

	TRY(find_path(mark, path, err));
	return file_find(path, out, err);
}

enum err
mark_is_first(const struct mark *mark, bool *out, struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};
	const size_t size = strlen(FIRST);
	char path[STATE_PATH_SIZE];
	struct error why;
	enum err code;

	TRY(find_path(mark, path, err));
	code = file_read(path, FILE_OURS, MAX_BYTES, &line, &why);
	if (code != ERR_OK && code != ERR_MISSING && code != ERR_FORMAT)
		return err_copy(err, &why);
	*out = code == ERR_OK && line.size > size &&
	    memcmp(line.data, FIRST, size) == 0;
	return ERR_OK;
}

/* The folder under another name, the mark in it, and then its own name. */
static enum err
write_in_new_folder(const struct mark *mark, struct span line,
    const char *folder, struct error *err)
{
	char name[64];
	char apart[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	enum err code;

	snprintf(name, sizeof(name), ".%.40s.crlferry-new", mark->root);
	TRY(state_path(mark->config, NULL, name, apart, err));
	TRY(state_path(mark->config, name, NAME, path, err));
	code = file_make_folder(apart, 0755, err);
	if (code == ERR_OK)
		code = file_replace(path, line, 0644, err);
	if (code == ERR_OK && rename(apart, folder) != 0)
		code = file_fail(err, folder, "make");
	if (code != ERR_OK) {
		unlink(path);
		rmdir(apart);
		return code;
	}
	return file_sync_folder(mark->config->state, err);
}

enum err
mark_begin(const struct mark *mark, bool is_first, struct error *err)
{
	char digest[SHA256_HEX_SIZE];
	char line[MAX_BYTES];
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	bool found;

	sha256_hex(mark->sha256, digest);
	snprintf(line, sizeof(line), "%s%s\n", is_first ? FIRST : "", digest);
	TRY(state_path(mark->config, NULL, mark->root, folder, err));
	TRY(find_path(mark, path, err));
	TRY(file_find(folder, &found, err));
	if (!found)
		return write_in_new_folder(mark, span_of_text(line), folder,
		    err);
	return file_replace(path, span_of_text(line), 0644, err);
}

enum err
mark_end(const struct mark *mark, struct error *err)
{
	char path[STATE_PATH_SIZE];

	TRY(find_path(mark, path, err));
	return file_remove(path, err);
}
