/* SPDX-License-Identifier: ISC */
/* For the parts of folder, inside of folder*.c only. */
#pragma once

#include "base/folder.h"
#include "base/shell_word.h"

/*
 * Open a name of the folder without following a link, with the master's
 * rights if it has one, and then not on another filesystem that is mounted
 * there.  *out is the descriptor, or -errno.
 *
 * ERR_PERMISSIONS if the master's rights are not to be had.
 */
MUST_CHECK enum err folder_open_name(const struct folder *folder,
    const char *name, int flags, int *out, struct error *err);

/* May the master write into the folder?  ERR_PERMISSIONS if not. */
MUST_CHECK enum err folder_check_master(const struct folder *folder,
    struct error *err);

/* "www-data", "the group staff" or "everybody": who can change it. */
void folder_who(const struct identity *master, char out[IDENTITY_NAME_SIZE]);

/* Who else can change what names in this folder mean. */
void folder_find_master(int fd, const struct stat *st, struct identity *out);

#define FOLDER_REMEDY_SIZE (6 * sizeof(struct shell_word))

/*
 * The commands that give a file or folder to the master, or take the folder
 * that he can change away from him; rights as chmod has them.
 */
void folder_remedy(const struct folder *folder, const char *path,
    const char *rights, char out[FOLDER_REMEDY_SIZE]);

/* Say what an errno means at a name of this folder. */
enum err folder_fail(const struct folder *folder, const char *name,
    const char *doing, int number, struct error *err);
