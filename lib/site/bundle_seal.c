/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/file.h"
#include "site/bundle_folder.h"
#include "site/bundle_output.h"

void
bundle_seal_name(const struct minisign_public *key,
    char out[MANIFEST_NAME_SIZE])
{
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	char *c;

	minisign_key_id_text(key->key_id, key_id);
	for (c = key_id; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	snprintf(out, MANIFEST_NAME_SIZE, "bundle.json.%s.minisig", key_id);
}

enum err
bundle_output_seal(const struct medium_folder *folder,
    const struct manifest *manifest, struct span json,
    const struct minisign_secret *secret, struct manifest_file *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer seal = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	char name[MANIFEST_NAME_SIZE];
	enum err code;

	bundle_seal_name(&secret->public, name);
	manifest_comment(manifest, comment, sizeof(comment));
	code = minisign_sign(secret, json, comment, &seal, err);
	return code == ERR_OK ? medium_file_put(folder, name,
	    span_of_buffer(&seal), out, err) : code;
}

enum err
bundle_seal_write(const char *folder, const struct manifest *manifest,
    struct span json, const struct minisign_secret *secret,
    struct error *err)
{
	RELEASE_MEDIUM_FOLDER struct medium_folder medium =
	    MEDIUM_FOLDER_NONE;
	struct manifest_file meant;
	enum err code;

	code = medium_folder_open(folder, &medium, err);
	if (code == ERR_OK)
		code = bundle_output_seal(&medium, manifest, json, secret,
		    &meant, err);
	if (code == ERR_OK)
		code = medium_folder_sync(&medium, err);
	if (code == ERR_OK)
		code = medium_sync(&medium, err);
	return code == ERR_OK ? medium_file_read_back(&medium, &meant, NULL,
	    err) : code;
}

static bool
is_to_go(int folder, const char *root, const char *name)
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
