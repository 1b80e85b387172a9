/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/file.h"
#include "base/listing.h"
#include "root/evidence/notes.h"
#include "root/history/archive.h"
#include "site/state.h"

enum err
notes_crl_path(const struct config *config, const char *root,
    const struct number *number, char *out, size_t capacity,
    struct error *err)
{
	return archive_path_in(config, root, "notes", number, out, capacity,
	    err);
}

void
notes_crl_id(const uint8_t sha256[SHA256_SIZE], char out[NOTES_CRL_ID_SIZE])
{
	char hex[SHA256_HEX_SIZE];

	sha256_hex(sha256, hex);
	snprintf(out, NOTES_CRL_ID_SIZE, "note-crl-%.16s", hex);
}

enum err
notes_visit_crls(const struct config *config, const char *root,
    enum err (*visit)(void *context, const char *path,
    const struct number *number, struct error *err), void *context,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	struct number number;
	const char *name;
	enum err code;

	TRY(state_path(config, root, "notes", folder, err));
	code = listing_open(folder, &listing, err);
	while (listing_next(&listing, &name, &code, err)) {
		if (!archive_parse_name(name, &number))
			continue;
		TRY(file_join(path, sizeof(path), folder, name, err));
		TRY(visit(context, path, &number, err));
	}
	return code;
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
