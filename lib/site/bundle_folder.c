/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/bundle_folder.h"

#define CANDIDATES_MAX 4096	/* bundles of one root on a stick */

/* A canonical number, "000012": nothing else is a bundle's folder. */
static bool
is_number_name(const char *name, struct number *out)
{
	char canonical[NUMBER_TEXT_SIZE];

	if (!number_from_decimal(name, out))
		return false;
	number_format(out, NUMBER_NAME_DIGITS, canonical);
	return strcmp(canonical, name) == 0;
}

static int
highest_first(const void *a, const void *b)
{
	return number_compare(b, a);
}

enum err
bundle_list_numbers(const struct medium_folder *folder, struct buffer *out,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	struct number number;
	size_t count = 0;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (!is_number_name(name, &number))
			continue;
		if (++count > CANDIDATES_MAX)
			return err_fail(err, ERR_FORMAT, "%s: holds more than "
			    "%d bundles", folder->path, CANDIDATES_MAX);
		TRY(buffer_append(out, &number, sizeof(number), err));
	}
	if (code == ERR_OK && count > 0)
		qsort(out->data, count, sizeof(struct number), highest_first);
	return code;
}

enum err
bundle_has_seal(const struct medium_folder *folder, bool *found,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	*found = false;
	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (!*found && listing_next(&listing, &name, &code, err))
		*found = bundle_is_seal_name(name);
	return code;
}

enum err
bundle_is_complete(const struct medium_folder *folder, bool *found,
    struct error *err)
{
	TRY(bundle_has_seal(folder, found, err));
	return *found ? err_about(err, file_find_at(folder->fd, "bundle.json",
	    found, err), folder->path) : ERR_OK;
}

/* Did a writer that was killed leave it?  It is never opened. */
static bool
is_temporary(const char *root, const char *name)
{
	char inner[MANIFEST_NAME_SIZE];

	if (!bundle_is_temporary_name(name))
		return false;
	snprintf(inner, sizeof(inner), "%.*s",
	    (int)(strlen(name) - strlen(".") - strlen(".crlferry-new")),
	    name + 1);
	return bundle_is_part_name(root, inner) || bundle_is_seal_name(inner);
}

/* Load the seals that a folder holds; a stranger's file is refused. */
static enum err
load_seals(const struct medium_folder *folder, const char *root,
    struct bundle *bundle, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (bundle_is_part_name(root, name) ||
		    is_temporary(root, name))
			continue;
		if (!bundle_is_seal_name(name))
			return err_fail(err, ERR_FORMAT, "%s/%s: is not a "
			    "file of a bundle: remove it", folder->path, name);
		if (bundle->seal_count == BUNDLE_SEALS_MAX)
			return err_fail(err, ERR_FORMAT, "%s/%s: is one seal "
			    "more than the %d that a bundle may have: remove "
			    "it", folder->path, name, BUNDLE_SEALS_MAX);
		TRY(bundle_member_load_named(folder, name, MINISIGN_FILE_MAX,
		    &bundle->seals[bundle->seal_count], err));
		bundle->seal_count++;
	}
	return code;
}

enum err
bundle_load_folder(const struct medium_folder *folder, const char *root,
    uint64_t max_crl_bytes, struct bundle *bundle, struct error *err)
{
	const uint64_t caps[BUNDLE_PART_COUNT] = {
	    [BUNDLE_CRL] = max_crl_bytes,
	    [BUNDLE_CRL_PEM] = max_crl_bytes + max_crl_bytes / 2,
	    [BUNDLE_CERT] = BUNDLE_SMALL_MAX,
	    [BUNDLE_README] = BUNDLE_SMALL_MAX,
	    [BUNDLE_MANIFEST] = MANIFEST_MAX_BYTES,
	    [BUNDLE_SUMS] = BUNDLE_SMALL_MAX,
	};
	char name[MANIFEST_NAME_SIZE];

	TRY(load_seals(folder, root, bundle, err));
	for (int part = 0; part < BUNDLE_PART_COUNT; part++) {
		bundle_part_name((enum bundle_part)part, root, name);
		TRY(bundle_member_load_named(folder, name, caps[part],
		    &bundle->parts[part], err));
	}
	return ERR_OK;
}
