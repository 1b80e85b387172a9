/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/shell_word.h"
#include "sub/nss/nss_trust.h"

/* They had the time to name one. */
#define LOOK "see which libraries pkcs11.txt names, then: "

/* Whose is it, and who can write it? */
static enum err
check_hands(int fd, const char *path, bool is_folder, struct error *err)
{
	const struct shell_word word = shell_word(path, strlen(path));
	const char *whole = is_folder ? "-R " : "";
	char owner[IDENTITY_NAME_SIZE];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return file_fail(err, path, "find");
	if (!identity_is_trusted(st.st_uid)) {
		identity_name(st.st_uid, owner);
		return err_remedy(err, err_fail(err, ERR_PERMISSIONS, "%s "
		    "belongs to %s, who could make NSS load any library with "
		    "our rights", path, owner), LOOK "chown %sroot %s, or run "
		    "this as %s", whole, word.text, owner);
	}
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_remedy(err, err_fail(err, ERR_PERMISSIONS, "others "
		    "can write %s (mode %04o), and could make NSS load any "
		    "library with our rights", path, st.st_mode & 07777),
		    LOOK "chmod %sgo-w %s", whole, word.text);
	return ERR_OK;
}

/* A file of the database, or what a link there leads to; it may be missing. */
static enum err
check_file(const struct folder *database, const char *name, struct error *err)
{
	RELEASE_FOLDER struct folder folder = FOLDER_NONE;
	CLOSE_FD int fd = -1;
	char path[PATH_MAX];

	TRY(folder_open_in(database, name, &folder, err));
	TRY(folder_join(&folder, folder.name, path, err));
	fd = openat(folder.fd, folder.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 && errno == ENOENT ? ERR_OK :
	    check_hands(fd, path, false, err);
}

enum err
nss_check_trust(const char *path, struct error *err)
{
	static const char *const names[] = {"key4.db", "key4.db-journal",
	    "key4.db-wal", "key4.db-shm", "cert9.db", "cert9.db-journal",
	    "cert9.db-wal", "cert9.db-shm", "pkcs11.txt"};
	RELEASE_FOLDER struct folder database = FOLDER_NONE;
	CLOSE_FD int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* The walk below would say the same in words that fit programs. */
	TRY(check_hands(fd, path, true, err));
	TRY(folder_open_whole(path, FOLDER_RUN, &database, err));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		TRY(check_file(&database, names[i], err));
	return ERR_OK;
}
