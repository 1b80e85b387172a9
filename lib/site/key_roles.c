/* SPDX-License-Identifier: ISC */
#include <string.h>

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

/* Add what could be read; a key that nobody could use has no role. */
static enum err
add_readable(struct buffer *roles, enum err code, const struct error *why,
    const struct minisign_public *key, struct error *err)
{
	if (code == ERR_IO)
		return err_copy(err, why);
	return code == ERR_OK ? add_role(roles, key, NULL, err) : ERR_OK;
}

static enum err
add_seals(const struct config *config, struct buffer *roles,
    struct error *err)
{
	const struct config_words *trusted = &config->seal.trusted;
	const struct config_words *secrets = &config->seal.secret;
	struct minisign_public key;
	struct error why;
	enum err code;

	for (size_t i = 0; i < trusted->count; i++) {
		code = sealkeys_read_public(trusted->words[i], &key, &why);
		TRY(add_readable(roles, code, &why, &key, err));
	}
	for (size_t i = 0; i < secrets->count; i++) {
		RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};

		code = sealkeys_open_file(secrets->words[i], NULL, &secret,
		    &why);
		TRY(add_readable(roles, code, &why, &secret.public, err));
	}
	return ERR_OK;
}

/* Check a subordinate's note key against all roles before it, and add it. */
static enum err
check_note_key(const struct config *config, struct buffer *roles,
    const struct config_subordinate *subordinate, struct error *err)
{
	const struct role *role = (const void *)roles->data;
	const struct role *end = role + roles->size / sizeof(*role);
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	struct minisign_public key;
	struct error why;
	const enum err code = notes_key(config, subordinate, &key, &why);

	if (code != ERR_OK)
		return code == ERR_IO ? err_copy(err, &why) : ERR_OK;
	minisign_key_id_text(key.key_id, key_id);
	for (; role < end; role++) {
		const struct config_subordinate *other = role->subordinate;

		if (memcmp(role->key.key, key.key, sizeof(key.key)) != 0 ||
		    (other != NULL &&
		    strcmp(other->name, subordinate->name) == 0))
			continue;
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: note_key is not "
		    "a key of its own: %s %s%s", config->path,
		    subordinate->line, subordinate->name, key_id,
		    other == NULL ? "seals bundles" : "is that of ",
		    other == NULL ? "" : other->name);
	}
	return add_role(roles, &key, subordinate, err);
}

/* Every note key against all roles before it. */
static enum err
check_roles(const struct config *config, struct buffer *roles,
    struct error *err)
{
	for (size_t i = 0; i < config->root_count; i++) {
		const struct config_root *root = &config->roots[i];

		for (size_t k = 0; k < root->subordinate_count; k++)
			TRY(check_note_key(config, roles,
			    &root->subordinates[k], err));
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

	for (size_t i = 0; i < seals->count; i++)
		TRY(add_role(&roles, &seals->keys[i].public, NULL, err));
	return check_roles(config, &roles, err);
}
