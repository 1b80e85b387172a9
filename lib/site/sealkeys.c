/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/prompt/busy.h"
#include "site/sealkeys.h"

/* A wrong passphrase is asked for again, if there is a terminal. */
static enum err
open_locked(struct span file, const char *path,
    const struct passphrase_source *passphrases, struct minisign_secret *out,
    struct error *err)
{
	char what[PASSPHRASE_WHAT_SIZE];

	passphrase_of(path, what);
	for (unsigned int tried = 1;; tried++) {
		RELEASE_SECRET struct secret passphrase = {0};
		struct busy busy;
		enum err code;

		/* Its messages begin with what is asked for: with path. */
		TRY(passphrase_obtain(passphrases, what, &passphrase, err));
		busy_start(&busy, passphrases->fd < 0 ?
		    "checking the passphrase" : NULL);
		code = minisign_secret_open(file, &passphrase, out, err);
		if (busy_end(&busy, err) != ERR_OK) {
			if (code == ERR_OK)
				minisign_secret_release(out);
			return err_about(err, ERR_DECLINED, path);
		}
		if (code == ERR_OK)
			passphrase_keep(passphrases, what, &passphrase);
		if (code != ERR_KEY || !passphrase_has_another_try(passphrases,
		    what, tried))
			return err_about(err, code, path);
	}
}

enum err
sealkeys_open_file(const char *path,
    const struct passphrase_source *passphrases, struct minisign_secret *out,
    struct error *err)
{
	/* It says as much as the key: it goes from memory, too. */
	WIPE_BUFFER struct buffer file = {0};
	bool is_locked;

	TRY(file_read(path, FILE_SECRET, MINISIGN_FILE_MAX, &file, err));
	TRY(err_about(err, minisign_secret_is_locked(span_of_buffer(&file),
	    &is_locked, err), path));
	if (is_locked && passphrases == NULL)
		return err_fail(err, ERR_KEY, "%s: needs its passphrase, and "
		    "there is no --passphrase-fd", path);
	if (is_locked)
		return open_locked(span_of_buffer(&file), path, passphrases,
		    out, err);
	return err_about(err, minisign_secret_open(span_of_buffer(&file), NULL,
	    out, err), path);
}

/*
 * Has the last key an id of its own?  Two seals of one id would be one file,
 * and one key is no two officers.
 */
static enum err
check_last(const struct config *config, const struct sealkeys_secret *secrets,
    struct error *err)
{
	const size_t last = secrets->count - 1;
	const uint8_t *id = secrets->keys[last].public.key_id;
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];

	minisign_key_id_text(id, key_id);
	for (size_t i = 0; i < last; i++) {
		if (memcmp(secrets->keys[i].public.key_id, id,
		    MINISIGN_KEY_ID_SIZE) == 0)
			return err_fail(err, ERR_CONFIG, "%s:%u: seal: two "
			    "keys in \"secret\" have the key id %s",
			    config->path, config->seal.line, key_id);
	}
	return ERR_OK;
}

enum err
sealkeys_open(const struct config *config,
    const struct passphrase_source *passphrases, struct sealkeys_secret *out,
    struct error *err)
{
	RELEASE_SEALKEYS struct sealkeys_secret opened = {.count = 0};
	const struct config_words *paths = &config->seal.secret;

	if (paths->count == 0 || paths->count > SEALKEYS_MAX)
		return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: seal: "
		    "want 1 to %d keys in \"secret\", have %zu", config->path,
		    config->seal.line, SEALKEYS_MAX, paths->count),
		    "make one with crlferry-root keygen SECRET PUBLIC, and "
		    "name it there");
	for (size_t i = 0; i < paths->count; i++) {
		TRY(sealkeys_open_file(paths->words[i], passphrases,
		    &opened.keys[i], err));
		opened.count++;
		TRY(check_last(config, &opened, err));
	}
	*out = opened;
	opened.count = 0;
	return ERR_OK;
}

void
sealkeys_release(struct sealkeys_secret *secrets)
{
	for (size_t i = 0; i < secrets->count; i++)
		minisign_secret_release(&secrets->keys[i]);
	secrets->count = 0;
}

enum err
sealkeys_read_public(const char *word, struct minisign_public *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct span text = span_of_text(word);

	if (strncmp(word, "RW", 2) != 0) {
		/* Longer, that it can be named if it is another file. */
		TRY(file_read(word, FILE_OURS, 1 << 20, &file, err));
		text = span_of_buffer(&file);
	}
	return err_about(err, minisign_public_parse(text, out, err), word);
}

bool
sealkeys_has(const struct sealkeys_trusted *trusted,
    const struct minisign_public *key)
{
	for (size_t i = 0; i < trusted->count; i++) {
		if (memcmp(trusted->keys[i].key, key->key,
		    sizeof(key->key)) == 0)
			return true;
	}
	return false;
}

static enum err
check_count(const struct config *config, size_t count, struct error *err)
{
	const struct config_seal *seal = &config->seal;

	return count >= seal->required ? ERR_OK : err_remedy(err, err_fail(err,
	    ERR_CONFIG, "%s:%u: seal: want at least %u different keys in "
	    "\"trusted\", have %zu", config->path, seal->required_line > 0 ?
	    seal->required_line : seal->line, seal->required, count),
	    "name the public keys of those who seal in \"trusted\", or lower "
	    "\"required\"");
}

enum err
sealkeys_check_trusted(const struct config *config, struct error *err)
{
	const struct config_seal *seal = &config->seal;
	struct sealkeys_trusted known = {.count = 0};
	char where[4096 + 32];
	size_t unknown = 0;

	snprintf(where, sizeof(where), "%s:%u: seal", config->path,
	    seal->line);
	for (size_t i = 0; i < seal->trusted.count; i++) {
		const struct config_words before = {seal->trusted.words, i};
		const char *word = seal->trusted.words[i];
		const bool is_line = strncmp(word, "RW", 2) == 0;
		struct minisign_public key;

		if (is_line)
			TRY(err_about(err, sealkeys_read_public(word, &key,
			    err), where));
		if (seal->required_line == 0 ||
		    config_words_has(&before, word))
			continue;
		if (!is_line &&
		    sealkeys_read_public(word, &key, NULL) != ERR_OK)
			unknown++;
		else if (!sealkeys_has(&known, &key) &&
		    known.count < SEALKEYS_MAX)
			known.keys[known.count++] = key;
	}
	/* Whoever takes no bundles gives neither. */
	return seal->required_line == 0 ? ERR_OK :
	    check_count(config, known.count + unknown, err);
}

enum err
sealkeys_trust(const struct config *config, struct sealkeys_trusted *out,
    struct error *err)
{
	const struct config_words *words = &config->seal.trusted;
	struct sealkeys_trusted trusted = {.count = 0};

	for (size_t i = 0; i < words->count; i++) {
		struct minisign_public key;

		TRY(sealkeys_read_public(words->words[i], &key, err));
		if (sealkeys_has(&trusted, &key))
			continue;
		if (trusted.count == SEALKEYS_MAX)
			return err_fail(err, ERR_CONFIG, "%s:%u: seal: there "
			    "are more than %d different keys in \"trusted\"",
			    config->path, config->seal.line, SEALKEYS_MAX);
		trusted.keys[trusted.count++] = key;
	}
	TRY(check_count(config, trusted.count, err));
	*out = trusted;
	return ERR_OK;
}

bool
sealkeys_have_ids(const struct sealkeys_trusted *trusted,
    const char ids[][MINISIGN_KEY_ID_HEX_SIZE], size_t count)
{
	bool used[SEALKEYS_MAX] = {false};
	char want[MINISIGN_KEY_ID_HEX_SIZE];
	size_t k;

	for (size_t i = 0; i < count; i++) {
		for (k = 0; k < trusted->count; k++) {
			minisign_key_id_text(trusted->keys[k].key_id, want);
			if (!used[k] && strcmp(want, ids[i]) == 0)
				break;
		}
		if (k == trusted->count)
			return false;
		used[k] = true;
	}
	return true;
}

enum err
notes_key(const struct config *config,
    const struct config_subordinate *subordinate,
    struct minisign_public *out, struct error *err)
{
	if (subordinate->note_key == NULL)
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: the key "
		    "\"note_key\" is missing, so nothing verifies its notes",
		    config->path, subordinate->line, subordinate->name);
	return sealkeys_read_public(subordinate->note_key, out, err);
}

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
