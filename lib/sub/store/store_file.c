/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/fs.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "sub/store/store_file.h"

#define COPIES_MAX 1000		/* of one name, each with what is lost */

void
store_describe(const struct store *store, char *out, size_t capacity)
{
	snprintf(out, capacity, "%s %s", store->type->name,
	    store->config->path);
}

enum err
store_trouble(struct error *err, enum err code, const char *path)
{
	if (code == ERR_OK)
		return code;
	if (code != ERR_NO_SPACE && code != ERR_PERMISSIONS)
		code = ERR_STORE;
	if (err != NULL)
		err->code = code;
	return err == NULL || strstr(err->what, path) != NULL ? code :
	    err_about(err, code, path);
}

/* A PEM file may hold many CRLs; a few times the cap is plenty. */
static uint64_t
max_bytes(const struct store *store)
{
	return 8 * store->max_crl_bytes;
}

enum err
store_target_look(const struct store *store, struct store_target *out,
    bool *found, struct error *err)
{
	const char *path = store->config->path;
	struct error why = {0};
	enum err code;

	code = folder_open(path, FOLDER_LOOK, &out->folder, &why);
	if (code == ERR_OK)
		code = folder_read(&out->folder, max_bytes(store), &out->file,
		    &why);
	*found = code == ERR_OK && out->file.fd >= 0;
	return code == ERR_OK || code == ERR_MISSING ? ERR_OK :
	    store_trouble(err, err_copy(err, &why), path);
}

void
store_target_release(struct store_target *target)
{
	folder_release(&target->folder);
	folder_file_release(&target->file);
}

struct span
store_target_content(const struct store_target *target)
{
	return span_of_buffer(&target->file.content);
}

enum err
store_target_open(const struct store *store, const char *path,
    struct store_target *out, struct error *err)
{
	TRY(store_trouble(err, folder_open(path, FOLDER_CHANGE, &out->folder,
	    err), path));
	return store_trouble(err, folder_read(&out->folder, max_bytes(store),
	    &out->file, err), path);
}

enum err
store_target_open_in(const struct store *store, const struct folder *folder,
    const char *name, struct store_target *out, struct error *err)
{
	char path[PATH_MAX];

	TRY(folder_join(folder, name, path, err));
	TRY(store_trouble(err, folder_open_in(folder, name, &out->folder, err),
	    path));
	return store_trouble(err, folder_read(&out->folder, max_bytes(store),
	    &out->file, err), path);
}

/* The folder for copies, closed to all others, whoever made it. */
static enum err
open_previous(const char *path, struct folder *out, struct error *err)
{
	CLOSE_FD int fd = -1;
	struct stat st;

	TRY(file_make_folder(path, 0700, err));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return file_fail(err, path, "open");
	if ((st.st_mode & 077) != 0 && fchmod(fd, 0700) != 0 &&
	    errno != EPERM)
		return file_fail(err, path, "chmod");
	TRY(file_join(out->path, sizeof(out->path), "", path, err));
	out->fd = fd;
	fd = -1;
	return ERR_OK;
}

/*
 * The name for a copy of what the store has no more: one of its own, so that no
 * later copy takes its place.  *is_there: an equal one is there.
 */
static enum err
name_lost(const struct store *store, struct folder *previous,
    const struct store_target *target, bool *is_there, struct error *err)
{
	bool is_taken = true;

	*is_there = false;
	for (unsigned int i = 1; is_taken && !*is_there; i++) {
		RELEASE_FOLDER_FILE struct folder_file old = FOLDER_FILE_NONE;

		if (i > COPIES_MAX)
			return err_remedy(err, err_fail(err, ERR_STORE, "%s "
			    "holds %d copies of %s", store->previous,
			    COPIES_MAX, target->folder.name),
			    "remove those that nobody needs");
		snprintf(previous->name, sizeof(previous->name), "%.230s.lost-"
		    "%u", target->folder.name, i);
		TRY(folder_find(previous, previous->name, &is_taken, err));
		if (!is_taken)
			return ERR_OK;
		*is_there = folder_read(previous, max_bytes(store), &old,
		    NULL) == ERR_OK && old.fd >= 0 && span_equals(
		    span_of_buffer(&old.content),
		    store_target_content(target));
	}
	return ERR_OK;
}

/* A copy that outlives this run, for people: no more open than the file. */
static enum err
save_in_state(const struct store *store, const struct store_target *target,
    char copy[NAME_MAX + 1], struct error *err)
{
	RELEASE_FOLDER struct folder previous = FOLDER_NONE;
	bool is_there = false;

	if (store->previous == NULL)
		return ERR_OK;
	TRY(open_previous(store->previous, &previous, err));
	if (target->lost[0] == '\0')
		TRY(file_join(previous.name, sizeof(previous.name), "",
		    target->folder.name, err));
	else
		TRY(name_lost(store, &previous, target, &is_there, err));
	memcpy(copy, previous.name, sizeof(previous.name));
	return is_there ? ERR_OK : folder_put(&previous,
	    store_target_content(target), target->file.st.st_mode & 0777,
	    err);
}

/* Save the present content, before it is touched: the last of *change. */
static enum err
save(const struct store *store, struct store_target *target,
    struct store_change *change, struct error *err)
{
	struct store_saved *saved;
	char copy[NAME_MAX + 1] = "";

	if (change->count == STORE_SAVED_MAX)
		return err_fail(err, ERR_STORE, "%s: more than %d files would "
		    "have to be changed", store->config->path,
		    STORE_SAVED_MAX);
	if (target->file.fd >= 0)
		TRY(save_in_state(store, target, copy, err));
	saved = &change->saved[change->count++];
	*saved = (struct store_saved){.folder = target->folder,
	    .file = target->file};
	memcpy(saved->lost, target->lost, sizeof(saved->lost));
	memcpy(saved->copy, copy, sizeof(saved->copy));
	*target = (struct store_target)STORE_TARGET_NONE;
	return ERR_OK;
}

static bool
is_locked_down(int fd)
{
	int flags = 0;

	return fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
	    (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) != 0;
}

/* Not even root may change what has the attribute i or a. */
static enum err
advise_chattr(struct error *err, enum err code,
    const struct store_saved *saved, const char *path)
{
	CLOSE_FD int fd = -1;

	if (code == ERR_OK || err == NULL || err->number != EPERM)
		return code;
	fd = openat(saved->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (is_locked_down(saved->file.fd))
		return err_remedy(err, code, "chattr -ia %s",
		    shell_word(path, strlen(path)).text);
	return is_locked_down(fd) ? err_remedy(err, code, "chattr -ia %s",
	    shell_word(saved->folder.path, strlen(saved->folder.path)).text) :
	    code;
}

enum err
store_put(const struct store *store, struct store_target *target,
    struct span content, struct store_change *change, struct error *err)
{
	struct store_saved *saved;
	char path[PATH_MAX];
	enum err code;

	TRY(folder_join(&target->folder, target->folder.name, path, err));
	if (target->file.fd >= 0 && span_equals(store_target_content(target),
	    content))
		return ERR_OK;
	TRY(save(store, target, change, err));
	saved = &change->saved[change->count - 1];
	code = folder_replace(&saved->folder, content, &saved->file, 0644,
	    err);
	code = advise_chattr(err, code, saved, path);
	/* Another made that file: it is not ours to take back. */
	if (code == ERR_LOCKED)
		store_forget_last(change);
	return store_trouble(err, code, path);
}

/* A link goes, and what it leads to stays. */
static enum err
keep_link(const struct folder *folder, const char *name, struct buffer *out,
    struct error *err)
{
	char link[PATH_MAX];
	const ssize_t size = readlinkat(folder->fd, name, link, sizeof(link));

	if (size < 0 || (size_t)size >= sizeof(link))
		return file_fail(err, name, "read");
	link[size] = '\0';
	return buffer_append(out, link, (size_t)size + 1, err);
}

enum err
store_drop(const struct store *store, const struct folder *folder,
    const char *name, const char *last, struct store_target *target,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer link = {0};
	struct store_saved *saved;
	char path[PATH_MAX];

	TRY(folder_join(folder, name, path, err));
	if (target->folder.is_linked) {
		TRY(keep_link(folder, name, &link, err));
		store_target_release(target);
		target->lost[0] = '\0';
		TRY(folder_hold(folder, name, &target->folder, err));
	}
	TRY(save(store, target, change, err));
	saved = &change->saved[change->count - 1];
	saved->link = link;
	link = (struct buffer){0};
	if (strcmp(name, last) == 0)
		return store_trouble(err, advise_chattr(err,
		    folder_remove(folder, name, err), saved, path), path);
	snprintf(saved->moved_from, sizeof(saved->moved_from), "%s", last);
	return store_trouble(err, advise_chattr(err, folder_rename(folder,
	    last, name, err), saved, path), path);
}
