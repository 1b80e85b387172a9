/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "base/listing.h"
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

enum err
notes_drop_crls(const struct config *config, const char *root,
    const struct number *last, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	struct number number;
	const char *name;
	enum err code;

	code = state_path(config, root, "notes", folder, err);
	if (code == ERR_OK)
		code = listing_open(folder, &listing, err);
	while (listing_next(&listing, &name, &code, err)) {
		if (!archive_parse_name(name, &number) ||
		    number_compare(&number, last) > 0)
			continue;
		code = file_join(path, sizeof(path), folder, name, err);
		if (code == ERR_OK)
			code = file_remove(path, err);
	}
	return code;
}
