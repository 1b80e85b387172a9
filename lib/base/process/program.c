/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/process/program.h"
#include "base/shell_word.h"

#define PATH_DEFAULT "/bin:/usr/bin"

static enum err
refuse(const char *path, const struct stat *st, struct error *err)
{
	const struct shell_word word = shell_word(path, strlen(path));
	char owner[IDENTITY_NAME_SIZE];

	identity_name(st->st_uid, owner);
	if (!identity_is_trusted(st->st_uid))
		return err_fail(err, ERR_PERMISSIONS, "%s belongs to %s, who "
		    "can change it at will: chown root %s", path, owner,
		    word.text);
	return err_fail(err, ERR_PERMISSIONS, "others can write %s (mode "
	    "%04o): chmod go-w %s", path, st->st_mode & 07777, word.text);
}

static enum err
check(const char *name, struct error *err)
{
	RELEASE_FOLDER struct folder folder = FOLDER_NONE;
	CLOSE_FD int fd = -1;
	char path[PATH_MAX];
	struct stat st;

	TRY(folder_open(name, FOLDER_RUN, &folder, err));
	TRY(folder_join(&folder, folder.name, path, err));
	fd = openat(folder.fd, folder.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return file_fail(err, path, "find");
	if (!identity_is_trusted(st.st_uid) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return refuse(path, &st, err);
	return ERR_OK;
}

/* 0 if execvp would stop its search here, or why it would not. */
static int
judge(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno;
	return S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0 ? 0 : EACCES;
}

/*
 * The first in PATH; an empty word there is the folder we stand in.  0, or
 * the errno of execvp.
 */
static int
search(const char *name, char out[PATH_MAX])
{
	const char *path = getenv("PATH");
	int result = ENOENT;
	size_t size;

	for (path = path == NULL ? PATH_DEFAULT : path;; path += size + 1) {
		int wrote, why;

		size = strcspn(path, ":");
		wrote = snprintf(out, PATH_MAX, "%.*s%s/%s", (int)size, path,
		    size == 0 ? "." : "", name);
		why = wrote > 0 && wrote < PATH_MAX ? judge(out) : ENOENT;
		if (why == 0)
			return 0;
		if (why == EACCES)
			result = why;
		if (path[size] == '\0')
			return result;
	}
}

enum err
program_find(const char *name, char out[PATH_MAX], struct error *err)
{
	struct error why = {0};
	enum err code;
	int number = 0;

	if (strchr(name, '/') != NULL)
		TRY(file_join(out, PATH_MAX, "", name, err));
	else
		number = search(name, out);
	if (number != 0)
		return err_fail(err, ERR_HOOK, "%s: not run: not found in "
		    "PATH: %s", name, strerror(number));
	code = check(out, &why);
	if (code == ERR_OK)
		return code;
	/* So execve calls a folder, or a device. */
	return err_fail(err, code == ERR_PERMISSIONS ? code : ERR_HOOK,
	    "%s: not run: %s%s", name, why.what, code == ERR_FORMAT ?
	    ": Permission denied" : "");
}

static bool
is_interpreter(const char *name)
{
	static const char *const names[] = {"sh", "bash", "dash", "ksh",
	    "zsh", "perl", "python", "python3"};
	const char *slash = strrchr(name, '/');

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(slash == NULL ? name : slash + 1, names[i]) == 0)
			return true;
	}
	return false;
}

static const char *
find_script(const char *const argv[])
{
	if (!is_interpreter(argv[0]))
		return NULL;
	for (size_t i = 1; argv[i] != NULL; i++) {
		const char *word = argv[i];

		if (word[0] != '-')
			return strchr(word, '/') == NULL ? NULL : word;
		/* That is the program itself. */
		if (word[1] != '-' && strchr(word, 'c') != NULL)
			return NULL;
	}
	return NULL;
}

enum err
program_check_script(const char *const argv[], struct error *err)
{
	const char *script = find_script(argv);
	char path[PATH_MAX];
	struct error why = {0};

	return script == NULL || program_find(script, path, &why) !=
	    ERR_PERMISSIONS ? ERR_OK : err_copy(err, &why);
}
