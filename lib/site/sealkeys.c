/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "site/sealkeys.h"

static enum err
open_read(const char *path, struct span file,
    const struct secret_source *passphrases, struct minisign_secret *out,
    struct error *err)
{
	RELEASE_SECRET struct secret passphrase = {0};
	char prompt[512];
	bool is_locked;
	enum err code;

	code = minisign_secret_is_locked(file, &is_locked, err);
	if (code == ERR_OK && is_locked && passphrases == NULL)
		return err_fail(err, ERR_KEY, "%s: want its passphrase, have "
		    "no --passphrase-fd", path);
	if (code == ERR_OK && is_locked) {
		snprintf(prompt, sizeof(prompt), "passphrase of %s", path);
		/* Its messages begin with the prompt, which names path. */
		TRY(secret_obtain(passphrases, prompt, &passphrase, err));
	}
	if (code == ERR_OK)
		code = minisign_secret_open(file,
		    is_locked ? &passphrase : NULL, out, err);
	return err_about(err, code, path);
}

enum err
sealkeys_open_file(const char *path, const struct secret_source *passphrases,
    struct minisign_secret *out, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	code = file_read(path, FILE_SECRET, MINISIGN_FILE_MAX, &file, err);
	if (code == ERR_OK)
		code = open_read(path, span_of_buffer(&file), passphrases,
		    out, err);
	if (file.data != NULL)
		secret_wipe(file.data, file.capacity);
	return code;
}

/* Two seals of one id would be one file, and one key is no two officers. */
static enum err
check_ids(const struct config *config, const struct sealkeys_secret *secrets,
    struct error *err)
{
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];
	size_t i, k;

	for (i = 0; i < secrets->count; i++) {
		for (k = 0; k < i; k++) {
			if (memcmp(secrets->keys[i].public.key_id,
			    secrets->keys[k].public.key_id,
			    MINISIGN_KEY_ID_SIZE) != 0)
				continue;
			minisign_key_id_text(secrets->keys[i].public.key_id,
			    key_id);
			return err_fail(err, ERR_CONFIG, "%s:%u: seal: want "
			    "each key id once in \"secret\", have %s twice",
			    config->path, config->seal.line, key_id);
		}
	}
	return ERR_OK;
}

enum err
sealkeys_open(const struct config *config,
    const struct secret_source *passphrases, struct sealkeys_secret *out,
    struct error *err)
{
	const struct config_words *paths = &config->seal.secret;
	enum err code = ERR_OK;
	size_t i;

	if (paths->count == 0 || paths->count > SEALKEYS_MAX)
		return err_fail(err, ERR_CONFIG, "%s:%u: seal: want 1 to %d "
		    "keys in \"secret\" (crlferry-root keygen makes one), "
		    "have %zu", config->path, config->seal.line,
		    SEALKEYS_MAX, paths->count);
	for (i = 0; code == ERR_OK && i < paths->count; i++) {
		code = sealkeys_open_file(paths->words[i], passphrases,
		    &out->keys[out->count], err);
		out->count += code == ERR_OK;
	}
	if (code == ERR_OK)
		code = check_ids(config, out, err);
	if (code != ERR_OK)
		sealkeys_release(out);
	return code;
}

void
sealkeys_release(struct sealkeys_secret *secrets)
{
	size_t i;

	for (i = 0; i < secrets->count; i++)
		minisign_secret_release(&secrets->keys[i]);
	secrets->count = 0;
}

enum err
sealkeys_read_public(const char *word, struct minisign_public *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	if (strncmp(word, "RW", 2) == 0) {
		code = minisign_public_parse(span_of_text(word), out, err);
	} else {
		TRY(file_read(word, FILE_OURS, MINISIGN_FILE_MAX, &file, err));
		code = minisign_public_parse(span_of_buffer(&file), out, err);
	}
	return err_about(err, code, word);
}

/* Different public keys count, not key ids. */
static bool
has_key(const struct sealkeys_trusted *trusted,
    const struct minisign_public *key)
{
	size_t i;

	for (i = 0; i < trusted->count; i++) {
		if (memcmp(trusted->keys[i].key, key->key,
		    sizeof(key->key)) == 0)
			return true;
	}
	return false;
}

enum err
sealkeys_trust(const struct config *config, struct sealkeys_trusted *out,
    struct error *err)
{
	const struct config_words *words = &config->seal.trusted;
	struct sealkeys_trusted trusted = {.count = 0};
	size_t i;

	for (i = 0; i < words->count; i++) {
		struct minisign_public key;

		TRY(sealkeys_read_public(words->words[i], &key, err));
		if (has_key(&trusted, &key))
			continue;
		if (trusted.count == SEALKEYS_MAX)
			return err_fail(err, ERR_CONFIG, "%s:%u: seal: want at "
			    "most %d different keys in \"trusted\", have "
			    "more", config->path, config->seal.line,
			    SEALKEYS_MAX);
		trusted.keys[trusted.count++] = key;
	}
	if (trusted.count < config->seal.required)
		return err_fail(err, ERR_CONFIG, "%s:%u: seal: want at least "
		    "%u different keys in \"trusted\", have %zu",
		    config->path, config->seal.line, config->seal.required,
		    trusted.count);
	*out = trusted;
	return ERR_OK;
}

bool
sealkeys_have_ids(const struct sealkeys_trusted *trusted,
    const char ids[][MINISIGN_KEY_ID_HEX_SIZE], size_t count)
{
	bool used[SEALKEYS_MAX] = {false};
	char want[MINISIGN_KEY_ID_HEX_SIZE];
	size_t i, k;

	for (i = 0; i < count; i++) {
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
		return err_fail(err, ERR_CONFIG, "%s:%u: %s: want \"note_key\""
		    ", which verifies its notes, have none", config->path,
		    subordinate->line, subordinate->name);
	return sealkeys_read_public(subordinate->note_key, out, err);
}
