/* SPDX-License-Identifier: ISC */
#include <errno.h>

#include "base/file.h"
#include "root/archive.h"
#include "root/notes.h"
#include "site/state.h"

enum err
notes_crl_path(const struct config *config, const char *root,
    const struct number *number, char *out, size_t capacity,
    struct error *err)
{
	return archive_path_in(config, root, "notes", number, out, capacity,
	    err);
}

static enum err
drop_up_to(DIR *dir, const char *folder, const struct number *last,
    struct error *err)
{
	char path[STATE_PATH_SIZE];
	struct number number;
	const char *name;
	enum err code;

	do {
		code = file_next_name(dir, folder, &name, err);
		if (code != ERR_OK || name == NULL)
			break;
		if (!archive_parse_name(name, &number) ||
		    number_compare(&number, last) > 0)
			continue;
		code = file_join(path, sizeof(path), folder, name, err);
		if (code == ERR_OK)
			code = file_remove(path, err);
	} while (code == ERR_OK);
	return code;
}

enum err
notes_drop_crls(const struct config *config, const char *root,
    const struct number *last, struct error *err)
{
	char folder[STATE_PATH_SIZE];
	enum err code;
	DIR *dir;

	code = state_path(config, root, "notes", folder, err);
	if (code != ERR_OK)
		return code;
	dir = opendir(folder);
	if (dir == NULL)
		return errno == ENOENT ? ERR_OK :
		    file_fail(err, folder, "list");
	code = drop_up_to(dir, folder, last, err);
	closedir(dir);
	return code;
}
