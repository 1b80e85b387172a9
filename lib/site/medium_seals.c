/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "site/medium_seals.h"

void
medium_seal_name(const char *file, const struct minisign_public *key,
    char out[MANIFEST_NAME_SIZE])
{
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	char *c;

	if (key == NULL) {
		snprintf(out, MANIFEST_NAME_SIZE, "%s" MEDIUM_SEAL_SUFFIX,
		    file);
		return;
	}
	minisign_key_id_text(key->key_id, key_id);
	for (c = key_id; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	snprintf(out, MANIFEST_NAME_SIZE, "%s.%s" MEDIUM_SEAL_SUFFIX, file,
	    key_id);
}

enum err
medium_seals_make(const struct medium_sealed *sealed,
    const struct minisign_secret *secrets, size_t count,
    struct medium_seals *out, struct medium_content *files,
    struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		const bool is_plain = i == 0 && sealed->has_plain_name;

		medium_seal_name(sealed->name,
		    is_plain ? NULL : &secrets[i].public, out->names[i]);
		out->count++;
		TRY(minisign_sign(&secrets[i], sealed->content,
		    sealed->comment, &out->files[i], err));
		files[i] = (struct medium_content){out->names[i],
		    span_of_buffer(&out->files[i])};
	}
	return ERR_OK;
}

void
medium_seals_release(struct medium_seals *seals)
{
	for (size_t i = 0; i < seals->count; i++)
		buffer_release(&seals->files[i]);
	seals->count = 0;
}

enum err
medium_seals_put(const struct medium_folder *folder,
    const struct medium_sealed *sealed, const struct minisign_secret *secrets,
    size_t count, struct error *err)
{
	RELEASE_MEDIUM_SEALS struct medium_seals seals = {.count = 0};
	struct medium_content files[MEDIUM_SEALS_MAX];

	TRY(medium_seals_make(sealed, secrets, count, &seals, files, err));
	return medium_put_all(folder, files, seals.count, err);
}
