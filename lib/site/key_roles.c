/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "site/key_roles.h"

/* A key, and whose it is: NULL for those that seal. */
struct role {
	struct minisign_public key;
	const struct config_subordinate *subordinate;
};

static enum err
add_role(struct buffer *roles, const struct minisign_public *key,
    const struct config_subordinate *subordinate, struct error *err)
{
	const struct role role = {*key, subordinate};

	return buffer_append(roles, &role, sizeof(role), err);
}

/* The public half of a key that lies there without a passphrase. */
static enum err
read_unlocked(const char *path, struct minisign_public *out,
    struct error *err)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	code = file_read(path, FILE_SECRET, MINISIGN_FILE_MAX, &file, err);
	if (code == ERR_OK)
		code = minisign_secret_open(span_of_buffer(&file), NULL,
		    &secret, err);
	if (file.data != NULL)
		secret_wipe(file.data, file.capacity);
	*out = secret.public;
	return code;
}

/* Add what could be read; a key that nobody could use has no role. */
static enum err
add_readable(struct buffer *roles, enum err code, const struct error *why,
    const struct minisign_public *key, struct error *err)
{
	if (code == ERR_IO)
		return err_fail(err, code, "%s", why->what);
	return code == ERR_OK ? add_role(roles, key, NULL, err) : ERR_OK;
}

static enum err
add_seals(const struct config *config, struct buffer *roles,
    struct error *err)
{
	const struct config_words *trusted = &config->seal.trusted;
	const struct config_words *secrets = &config->seal.secret;
	struct minisign_public key;
	struct error why = {0};
	enum err code;
	size_t i;

	for (i = 0; i < trusted->count; i++) {
		code = sealkeys_read_public(trusted->words[i], &key, &why);
		TRY(add_readable(roles, code, &why, &key, err));
	}
	for (i = 0; i < secrets->count; i++) {
		code = read_unlocked(secrets->words[i], &key, &why);
		TRY(add_readable(roles, code, &why, &key, err));
	}
	return ERR_OK;
}

static bool
is_other_role(const struct role *before,
    const struct config_subordinate *subordinate)
{
	return before->subordinate == NULL ||
	    strcmp(before->subordinate->name, subordinate->name) != 0;
}

static enum err
check_key(const struct config *config, const struct buffer *roles,
    const struct minisign_public *key,
    const struct config_subordinate *subordinate, struct error *err)
{
	const struct role *list = (const void *)roles->data;
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	size_t i;

	minisign_key_id_text(key->key_id, key_id);
	for (i = 0; i < roles->size / sizeof(*list); i++) {
		if (memcmp(list[i].key.key, key->key, sizeof(key->key)) !=
		    0 || !is_other_role(&list[i], subordinate))
			continue;
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: note_key: want a "
		    "key of its own, have %s, which %s%s", config->path,
		    subordinate->line, subordinate->name, key_id,
		    list[i].subordinate == NULL ? "seals bundles" :
		    "is that of ", list[i].subordinate == NULL ? "" :
		    list[i].subordinate->name);
	}
	return ERR_OK;
}

/* Every note key against all roles before it. */
static enum err
check_roles(const struct config *config, struct buffer *roles,
    struct error *err)
{
	struct minisign_public key;
	struct error why;
	enum err code;
	size_t i, k;

	for (i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		for (k = 0; k < root->subordinate_count; k++) {
			code = notes_key(config, &root->subordinates[k],
			    &key, &why);
			if (code == ERR_IO)
				return err_fail(err, code, "%s", why.what);
			if (code != ERR_OK)
				continue;
			TRY(check_key(config, roles, &key,
			    &root->subordinates[k], err));
			TRY(add_role(roles, &key, &root->subordinates[k], err));
		}
	}
	return ERR_OK;
}

enum err
note_roles_check(const struct config *config, struct error *err)
{
	RELEASE_BUFFER struct buffer roles = {0};

	TRY(add_seals(config, &roles, err));
	return check_roles(config, &roles, err);
}

enum err
note_roles_check_seals(const struct config *config,
    const struct sealkeys_secret *seals, struct error *err)
{
	RELEASE_BUFFER struct buffer roles = {0};
	size_t i;

	for (i = 0; i < seals->count; i++)
		TRY(add_role(&roles, &seals->keys[i].public, NULL, err));
	return check_roles(config, &roles, err);
}
