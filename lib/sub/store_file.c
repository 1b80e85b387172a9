/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "sub/store_file.h"

void
store_describe(const struct store *store, char *out, size_t capacity)
{
	snprintf(out, capacity, "%s %s", store->type->name,
	    store->config->path);
}

/* A link at the end of the path resolved. */
static enum err
resolve(const char *path, char *out, size_t capacity, struct error *err)
{
	struct stat st;
	char *target;
	enum err code;

	if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
		return file_join(out, capacity, "", path, err);
	target = realpath(path, NULL);
	if (target == NULL)
		return err_fail(err, ERR_STORE,
		    "%s: want a link that leads somewhere, have: %s", path,
		    strerror(errno));
	code = file_join(out, capacity, "", target, err);
	free(target);
	return code;
}

enum err
store_read_file(const struct store *store, const char *path,
    struct buffer *out, bool *found, struct error *err)
{
	struct error why;
	bool is_there = true;
	enum err code;

	/* A PEM file may hold many CRLs; a few times the cap is plenty. */
	code = file_read(path, FILE_PUBLIC, 8 * store->max_crl_bytes, out,
	    &why);
	*found = code == ERR_OK;
	/* A link to nothing is missing for whoever opens it. */
	if (code == ERR_MISSING)
		code = file_find(path, &is_there, &why);
	if (code == ERR_OK && (*found || !is_there))
		return ERR_OK;
	return err_fail(err, code == ERR_PERMISSIONS ? code : ERR_STORE,
	    "%s", why.what);
}

/* A copy that outlives this run, for people. */
static enum err
save_in_state(const struct store *store, const char *path,
    struct span content, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char copy[4096];
	enum err code;

	if (store->previous == NULL)
		return ERR_OK;
	code = file_make_folder(store->previous, 0755, err);
	if (code == ERR_OK)
		code = file_join(copy, sizeof(copy), store->previous,
		    slash == NULL ? path : slash + 1, err);
	return code == ERR_OK ? file_replace(copy, content, 0644, err) : code;
}

/* Save the present content, before it is touched. */
static enum err
save(const struct store *store, const char *path,
    struct store_change *change, struct buffer *content, bool existed,
    struct error *err)
{
	struct store_saved *saved;
	struct stat st;
	enum err code;

	if (existed) {
		code = save_in_state(store, path, span_of_buffer(content),
		    err);
		if (code != ERR_OK)
			return code;
	}
	if (change->count == STORE_SAVED_MAX)
		return err_fail(err, ERR_STORE, "%s: want at most %d files to "
		    "change, have more", path, STORE_SAVED_MAX);
	saved = &change->saved[change->count++];
	snprintf(saved->path, sizeof(saved->path), "%s", path);
	saved->existed = existed;
	saved->mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0644;
	saved->content = *content;
	*content = (struct buffer){0};
	return ERR_OK;
}

/* What hinders a file store is the store's trouble, a full disk is not. */
static enum err
as_store(enum err code, struct error *err)
{
	if (code == ERR_OK || code == ERR_NO_SPACE)
		return code;
	err->code = ERR_STORE;
	return ERR_STORE;
}

enum err
store_put(const struct store *store, const char *path, struct span content,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer before = {0};
	struct error why = {0};
	char target[4096];
	bool existed;
	enum err code;

	code = resolve(path, target, sizeof(target), err);
	if (code == ERR_OK)
		code = store_read_file(store, target, &before, &existed, err);
	if (code != ERR_OK)
		return code;
	if (existed && span_equals(span_of_buffer(&before), content))
		return ERR_OK;
	code = save(store, target, change, &before, existed, err);
	if (code != ERR_OK)
		return code;
	code = as_store(file_replace(target, content, 0644, &why), &why);
	if (code != ERR_OK)
		return err_fail(err, code, "%s", why.what);
	return ERR_OK;
}

enum err
store_drop(const struct store *store, const char *path,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer before = {0};
	struct error why = {0};
	bool existed;
	enum err code;

	code = store_read_file(store, path, &before, &existed, err);
	if (code != ERR_OK || !existed)
		return code;
	code = save(store, path, change, &before, existed, err);
	if (code != ERR_OK)
		return code;
	code = as_store(file_remove(path, &why), &why);
	if (code != ERR_OK)
		return err_fail(err, code, "%s", why.what);
	return ERR_OK;
}
