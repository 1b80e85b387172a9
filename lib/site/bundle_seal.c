/* SPDX-License-Identifier: ISC */
#include "site/bundle_folder.h"
#include "site/bundle_output.h"
#include "site/medium_seals.h"

#define BUNDLE_JSON "bundle.json"

_Static_assert(BUNDLE_SEALS_MAX <= MEDIUM_SEALS_MAX, "they fit");

enum err
bundle_output_seals(const struct medium_folder *folder,
    const struct manifest *manifest, struct span json,
    const struct minisign_secret *secrets, size_t count, struct error *err)
{
	char comment[MINISIGN_COMMENT_SIZE];
	const struct medium_sealed sealed = {
	    .name = BUNDLE_JSON, .content = json, .comment = comment};

	manifest_comment(manifest, comment, sizeof(comment));
	return medium_seals_put(folder, &sealed, secrets, count, err);
}

enum err
bundle_seal_write(const char *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secret,
    struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder medium =
	    MEDIUM_FOLDER_NONE;
	enum err code;

	code = medium_folder_open(folder, &medium, err);
	return code == ERR_OK ? bundle_output_seals(&medium, manifest, json,
	    secret, 1, err) : code;
}

static bool
is_to_go(int folder, const void *context, const char *name)
{
	return bundle_is_seal_name(name) || bundle_is_temporary_name(name);
}

enum err
bundle_remove_seals(const struct medium_folder *folder, struct error *err)
{
	enum err code;

	code = medium_folder_remove_all(folder, is_to_go, NULL, err);
	return code == ERR_OK ? medium_folder_sync(folder, err) : code;
}
