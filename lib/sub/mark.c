/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "site/state.h"
#include "sub/mark.h"

#define NAME "importing"
#define FIRST "first "
#define MAX_BYTES 128

static enum err
find_path(const struct mark *mark, char *out, struct error *err)
{
	return state_path(mark->config, mark->root, NAME, out, err);
}

bool
mark_stands(const struct mark *mark)
{
	char path[STATE_PATH_SIZE];

	return find_path(mark, path, NULL) == ERR_OK && file_exists(path);
}

bool
mark_is_first(const struct mark *mark)
{
	RELEASE_BUFFER struct buffer line = {0};
	const size_t size = strlen(FIRST);
	char path[STATE_PATH_SIZE];

	return find_path(mark, path, NULL) == ERR_OK && file_read(path,
	    FILE_OURS, MAX_BYTES, &line, NULL) == ERR_OK &&
	    line.size > size && memcmp(line.data, FIRST, size) == 0;
}

/* A folder that was made for a mark, with whatever became of it. */
static void
discard_folder(const char *folder, const char *path)
{
	unlink(path);
	rmdir(folder);
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
	code = state_path(mark->config, NULL, name, apart, err);
	if (code == ERR_OK)
		code = state_path(mark->config, name, NAME, path, err);
	if (code != ERR_OK)
		return code;
	code = file_make_folder(apart, 0755, err);
	if (code == ERR_OK)
		code = file_replace(path, line, 0644, err);
	if (code == ERR_OK && rename(apart, folder) != 0)
		code = file_fail(err, folder, "make");
	if (code != ERR_OK) {
		discard_folder(apart, path);
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
	enum err code;

	sha256_hex(mark->sha256, digest);
	snprintf(line, sizeof(line), "%s%s\n", is_first ? FIRST : "", digest);
	code = state_path(mark->config, NULL, mark->root, folder, err);
	if (code == ERR_OK)
		code = find_path(mark, path, err);
	if (code != ERR_OK)
		return code;
	if (!file_exists(folder))
		return write_in_new_folder(mark, span_of_text(line), folder,
		    err);
	return file_replace(path, span_of_text(line), 0644, err);
}

enum err
mark_end(const struct mark *mark, struct error *err)
{
	char path[STATE_PATH_SIZE];
	enum err code;

	code = find_path(mark, path, err);
	return code == ERR_OK ? file_remove(path, err) : code;
}
