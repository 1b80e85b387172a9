/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "site/state.h"

enum err
state_path(const struct config *config, const char *root, const char *name,
    char out[STATE_PATH_SIZE], struct error *err)
{
	int size = snprintf(out, STATE_PATH_SIZE, "%s/%s%s%s", config->state,
	    root == NULL ? "" : root, root == NULL ? "" : "/", name);

	if (size < 0 || size >= STATE_PATH_SIZE)
		return err_fail(err, ERR_FORMAT,
		    "%s: a path in it is longer than %d octets",
		    config->state, STATE_PATH_SIZE - 1);
	return ERR_OK;
}

enum err
state_folder(const struct config *config, const char *root, const char *name,
    char out[STATE_PATH_SIZE], struct error *err)
{
	TRY(state_path(config, root, name, out, err));
	return file_make_folder(out, 0755, err);
}

static enum err
check_version(const struct config *config, struct error *err)
{
	RELEASE_BUFFER struct buffer version = {0};
	char path[STATE_PATH_SIZE];

	TRY(state_path(config, NULL, "version", path, err));
	TRY(file_read(path, FILE_OURS, 64, &version, err));
	if (!span_equals(span_of_buffer(&version),
	    span_of_text(STATE_VERSION_TEXT)))
		return err_fail(err, ERR_FORMAT,
		    "%s: is of another version than \"crlferry-state 1\"",
		    path);
	return ERR_OK;
}

/*
 * A folder that is missing holds nothing; one that is there must be ours, and
 * only a user who may pass through it sees what lies in it.
 */
static enum err
check_reachable(const char *path, enum file_privacy privacy,
    struct error *err)
{
	CLOSE_FD int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct error why;
	bool found;
	enum err code;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_OK :
		    file_fail(err, path, "open");
	code = file_find_at(fd, ".", &found, &why);
	if (code == ERR_PERMISSIONS)
		return err_fail(err, code, "%s: user %u may not read this "
		    "folder, so what it remembers is unknown: chmod go+rx "
		    "%s, or for a group: chgrp GROUP %s && chmod g+rx %s",
		    path, geteuid(), path, path, path);
	if (code != ERR_OK)
		return err_about(err, err_copy(err, &why), path);
	return file_check_privacy(fd, path, privacy, err);
}

enum err
state_check_root(const struct config *config, const char *root,
    struct error *err)
{
	/* Numbers and revocations rest on these. */
	static const char *const folders[] = {"archive", "notes"};
	char path[STATE_PATH_SIZE];

	TRY(state_path(config, NULL, root, path, err));
	TRY(check_reachable(path, FILE_OURS, err));
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		TRY(state_path(config, root, folders[i], path, err));
		TRY(check_reachable(path, FILE_OURS, err));
	}
	return ERR_OK;
}

enum err
state_check(const struct config *config, bool *exists, struct error *err)
{
	char path[STATE_PATH_SIZE];
	bool found;

	TRY(check_reachable(config->state, FILE_PUBLIC, err));
	TRY(state_path(config, NULL, "version", path, err));
	TRY(file_find(path, &found, err));
	if (found) {
		TRY(check_reachable(config->state, FILE_OURS, err));
		TRY(check_version(config, err));
	}
	*exists = found;
	return ERR_OK;
}

enum err
state_prepare(const struct config *config, struct error *err)
{
	char path[STATE_PATH_SIZE];
	bool found;

	TRY(file_make_folder(config->state, 0755, err));
	TRY(check_reachable(config->state, FILE_OURS, err));
	TRY(state_path(config, NULL, "version", path, err));
	TRY(file_find(path, &found, err));
	if (!found)
		return file_replace(path, span_of_text(STATE_VERSION_TEXT),
		    0644, err);
	return check_version(config, err);
}

enum err
lock_state(const struct config *config, int *out_fd, struct error *err)
{
	char path[STATE_PATH_SIZE];

	TRY(state_path(config, NULL, "lock", path, err));
	return file_lock(path, LOCK_WAIT_S, out_fd, err);
}
