/* SPDX-License-Identifier: ISC */
#include "key_ids.h"

static void
add_key_id(const struct minisign_public *key, char out[KEY_IDS_SIZE],
    size_t *used)
{
	if (*used > 0)
		out[*used - 1] = ' ';
	minisign_key_id_text(key->key_id, out + *used);
	*used += MINISIGN_KEY_ID_HEX_SIZE;
}

void
key_ids_trusted(const struct sealkeys_trusted *trusted,
    const bool has_sealed[SEALKEYS_MAX], char out[KEY_IDS_SIZE])
{
	size_t used = 0;
	size_t k;

	out[0] = '\0';
	for (k = 0; k < trusted->count; k++) {
		if (has_sealed[k])
			add_key_id(&trusted->keys[k], out, &used);
	}
}

void
key_ids_secret(const struct sealkeys_secret *secrets, char out[KEY_IDS_SIZE])
{
	size_t used = 0;
	size_t k;

	out[0] = '\0';
	for (k = 0; k < secrets->count; k++)
		add_key_id(&secrets->keys[k].public, out, &used);
}
