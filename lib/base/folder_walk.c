/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder_parts.h"

#define LINKS_MAX 40

/* A walk: where it stands, and what is still before it. */
struct walk {
	struct folder *at;
	char rest[PATH_MAX];
	bool wants_file;	/* the last name is a file's */
	bool is_crowded;	/* the folder is sticky, and all may write it */
	unsigned int links;
};

/* Take the next name off the rest; an empty one at the end. */
static enum err
next_name(struct walk *walk, char out[NAME_MAX + 1], bool *is_last,
    struct error *err)
{
	const char *begin = walk->rest + strspn(walk->rest, "/");
	const size_t size = strcspn(begin, "/");
	const char *rest = begin + size + strspn(begin + size, "/");

	if (size > NAME_MAX)
		return err_fail(err, ERR_FORMAT, "%.*s: longer than a name "
		    "may be", NAME_MAX, begin);
	memcpy(out, begin, size);
	out[size] = '\0';
	*is_last = *rest == '\0';
	memmove(walk->rest, rest, strlen(rest) + 1);
	return ERR_OK;
}

/* The text of the way, for messages and records. */
static enum err
extend_path(struct folder *at, const char *name, struct error *err)
{
	const size_t size = strlen(at->path);
	char *slash = strrchr(at->path, '/');
	const char *last = slash == NULL ? at->path : slash + 1;
	int more;

	if (strcmp(name, "..") == 0 && size > 0 && strcmp(last, "..") != 0) {
		if (slash == at->path)
			slash++;
		*(slash == NULL ? at->path : slash) = '\0';
		return ERR_OK;
	}
	more = snprintf(at->path + size, sizeof(at->path) - size, "%s%s",
	    size == 0 || at->path[size - 1] == '/' ? "" : "/", name);
	return more >= 0 && (size_t)more < sizeof(at->path) - size ? ERR_OK :
	    err_fail(err, ERR_FORMAT, "%s: too long a path", at->path);
}

static const char *
path_of(const struct folder *at)
{
	return at->path[0] == '\0' ? "." : at->path;
}

/*
 * Looking, with no more than his own rights, the caller may follow any link
 * through any folder.
 */
static bool
is_careless(const struct folder *at)
{
	return at->use == FOLDER_LOOK && !at->is_privileged;
}

/* Stand at the beginning: in / or where the process stands. */
static enum err
start(struct folder *at, const char *path, struct error *err)
{
	const char *from = path[0] == '/' ? "/" : ".";

	file_close(&at->fd);
	at->fd = open(from, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at->fd < 0)
		return file_fail(err, from, "open");
	snprintf(at->path, sizeof(at->path), "%s", path[0] == '/' ? "/" : "");
	return ERR_OK;
}

static enum err
refuse_to_run(const struct folder *at, const struct stat *st,
    struct error *err)
{
	const struct shell_word word = shell_word(path_of(at),
	    strlen(path_of(at)));
	char name[IDENTITY_NAME_SIZE];

	identity_name(st->st_uid, name);
	if (!identity_is_trusted(st->st_uid))
		return err_fail(err, ERR_PERMISSIONS, "%s is the folder of "
		    "%s, who could put something else there: chown root %s",
		    path_of(at), name, word.text);
	return err_fail(err, ERR_PERMISSIONS, "others can write the folder "
	    "%s (mode %04o) and put something else there: chmod go-w %s",
	    path_of(at), st->st_mode & 07777, word.text);
}

/* Judge the folder before a name in it is looked up. */
static enum err
judge(struct walk *walk, bool is_last, struct error *err)
{
	struct folder *at = walk->at;
	struct identity master;
	struct stat st;

	if (is_careless(at))
		return ERR_OK;
	if (fstat(at->fd, &st) != 0)
		return file_fail(err, path_of(at), "stat");
	walk->is_crowded = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
	/* In the last folder a name may be new, and anybody's then. */
	if (identity_is_trusted(st.st_uid) &&
	    ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    ((st.st_mode & S_ISVTX) != 0 && !is_last)))
		return ERR_OK;
	if (at->use == FOLDER_RUN)
		return refuse_to_run(at, &st, err);
	folder_find_master(at->fd, &st, &master);
	if (at->has_master && (master.uid != at->master.uid ||
	    (master.uid == IDENTITY_NOBODY &&
	    master.gid != at->master.gid))) {
		const struct shell_word shared = shell_word(path_of(at),
		    at->shared_size);
		char one[IDENTITY_NAME_SIZE], other[IDENTITY_NAME_SIZE];

		folder_who(&at->master, one);
		folder_who(&master, other);
		return err_fail(err, ERR_PERMISSIONS, "%s: %s can change it, "
		    "and %s the way to it; it has to be in one hand: chown "
		    "root %s && chmod go-w %s", path_of(at), other, one,
		    shared.text, shared.text);
	}
	at->is_shared = true;
	at->shared_size = strlen(path_of(at));
	at->has_master = at->is_privileged;
	at->master = master;
	return ERR_OK;
}

static enum err
check_link(const struct walk *walk, const char *name, const struct stat *st,
    struct error *err)
{
	const struct folder *at = walk->at;
	char owner[IDENTITY_NAME_SIZE];
	char path[PATH_MAX];

	if (is_careless(at))
		return ERR_OK;
	if (at->is_shared)
		return folder_fail(at, name, "follow", ELOOP, err);
	/* Among others' names, a second name of root's link may be theirs. */
	if (identity_is_trusted(st->st_uid) &&
	    (!walk->is_crowded || st->st_nlink == 1))
		return ERR_OK;
	TRY(file_join(path, sizeof(path), path_of(at), name, err));
	if (identity_is_trusted(st->st_uid))
		return err_fail(err, ERR_PERMISSIONS, "%s: not followed: it "
		    "is a link with %lu names, in a folder that others can "
		    "write; remove it and make it anew", path,
		    (unsigned long)st->st_nlink);
	identity_name(st->st_uid, owner);
	return err_fail(err, ERR_PERMISSIONS, "%s: not followed: it is a link "
	    "of %s; chown -h root %s, or run this as %s", path, owner,
	    shell_word(path, strlen(path)).text, owner);
}

/* The link's target comes before what else there is to walk. */
static enum err
follow(struct walk *walk, int link, const char *name, const struct stat *st,
    struct error *err)
{
	char target[PATH_MAX];
	char rest[PATH_MAX];
	ssize_t size;
	int wrote;

	TRY(check_link(walk, name, st, err));
	size = readlinkat(link, "", target, sizeof(target) - 1);
	if (size < 0)
		return folder_fail(walk->at, name, "read", errno, err);
	target[size] = '\0';
	if (++walk->links > LINKS_MAX)
		return err_fail(err, ERR_FORMAT, "%s: leads in a circle, or "
		    "over more than %d links", name, LINKS_MAX);
	wrote = snprintf(rest, sizeof(rest), "%s%s%s", target,
	    walk->rest[0] == '\0' ? "" : "/", walk->rest);
	if (size == 0 || wrote < 0 || (size_t)wrote >= sizeof(rest))
		return err_fail(err, ERR_FORMAT, "%s: a link to too long a "
		    "path", name);
	memcpy(walk->rest, rest, (size_t)wrote + 1);
	return target[0] == '/' ? start(walk->at, target, err) : ERR_OK;
}

/* Go on into a folder, or over a link. */
static enum err
enter(struct walk *walk, const char *name, struct error *err)
{
	struct folder *at = walk->at;
	CLOSE_FD int link = -1;
	struct stat st;
	int fd;

	/* O_DIRECTORY is what lets an automount happen. */
	TRY(folder_open_name(at, name, O_PATH | O_DIRECTORY, &fd, err));
	if (fd >= 0) {
		file_close(&at->fd);
		at->fd = fd;
		return extend_path(at, name, err);
	}
	if (fd != -ENOTDIR && fd != -ELOOP)
		return folder_fail(at, name, "open", -fd, err);
	TRY(folder_open_name(at, name, O_PATH, &fd, err));
	if (fd < 0)
		return folder_fail(at, name, "open", -fd, err);
	link = fd;
	if (fstat(link, &st) != 0)
		return folder_fail(at, name, "stat", errno, err);
	if (!S_ISLNK(st.st_mode))
		return folder_fail(at, name, "open", ENOTDIR, err);
	return follow(walk, link, name, &st, err);
}

/* The file's own name: done, unless it is a link. */
static enum err
arrive(struct walk *walk, const char *name, struct error *err)
{
	struct folder *at = walk->at;
	CLOSE_FD int file = -1;
	struct stat st;
	int fd;

	snprintf(at->name, sizeof(at->name), "%s", name);
	if (strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
		return err_fail(err, ERR_FORMAT,
		    "%s/%s is a folder, not a regular file", path_of(at),
		    name);
	/* There it is opened as it is, or not at all. */
	if (at->is_shared)
		return ERR_OK;
	TRY(folder_open_name(at, name, O_PATH, &fd, err));
	if (fd == -ENOENT)
		return ERR_OK;
	if (fd < 0)
		return folder_fail(at, name, "open", -fd, err);
	file = fd;
	if (fstat(file, &st) != 0)
		return folder_fail(at, name, "stat", errno, err);
	if (S_ISREG(st.st_mode))
		return ERR_OK;
	if (!S_ISLNK(st.st_mode))
		return err_fail(err, ERR_FORMAT, "%s/%s is %s, not a regular "
		    "file", path_of(at), name, S_ISDIR(st.st_mode) ?
		    "a folder" : "a device, a FIFO or a socket");
	at->name[0] = '\0';
	at->is_linked = true;
	return follow(walk, file, name, &st, err);
}

static enum err
go(struct walk *walk, struct error *err)
{
	char name[NAME_MAX + 1];
	bool is_last = false;

	for (;;) {
		bool is_file;

		TRY(next_name(walk, name, &is_last, err));
		if (name[0] == '\0')
			break;
		is_file = is_last && walk->wants_file;
		TRY(judge(walk, is_file, err));
		if (is_file)
			TRY(arrive(walk, name, err));
		else if (strcmp(name, ".") != 0)
			TRY(enter(walk, name, err));
	}
	if (!walk->wants_file)
		TRY(judge(walk, true, err));
	else if (walk->at->name[0] == '\0')
		return err_fail(err, ERR_FORMAT,
		    "%s is a folder, not a regular file", path_of(walk->at));
	if (walk->at->path[0] == '\0')
		snprintf(walk->at->path, sizeof(walk->at->path), ".");
	return walk->at->use == FOLDER_CHANGE ?
	    folder_check_master(walk->at, err) : ERR_OK;
}

static enum err
walk_from(struct folder *at, const char *path, bool wants_file,
    struct folder *out, struct error *err)
{
	struct walk walk = {.at = at, .wants_file = wants_file};
	enum err code;

	TRY(file_join(walk.rest, sizeof(walk.rest), "", path, err));
	code = go(&walk, err);
	/* A link that is there, and what it names is not. */
	if (code == ERR_MISSING && at->is_linked)
		return err_fail(err, ERR_FORMAT,
		    "%s: a link that leads nowhere", path);
	if (code != ERR_OK)
		return code;
	*out = *at;
	at->fd = -1;
	return ERR_OK;
}

static enum err
open_way(const char *path, enum folder_use use, bool wants_file,
    struct folder *out, struct error *err)
{
	RELEASE_FOLDER struct folder at = {.fd = -1, .use = use,
	    .is_privileged = identity_is_privileged()};

	TRY(start(&at, path, err));
	return walk_from(&at, path, wants_file, out, err);
}

enum err
folder_open(const char *path, enum folder_use use, struct folder *out,
    struct error *err)
{
	return open_way(path, use, true, out, err);
}

enum err
folder_open_whole(const char *path, enum folder_use use,
    struct folder *out, struct error *err)
{
	return open_way(path, use, false, out, err);
}

enum err
folder_open_in(const struct folder *folder, const char *name,
    struct folder *out, struct error *err)
{
	RELEASE_FOLDER struct folder at = FOLDER_NONE;

	TRY(folder_hold(folder, "", &at, err));
	return walk_from(&at, name, true, out, err);
}
