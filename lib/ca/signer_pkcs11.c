/* SPDX-License-Identifier: ISC */
/* ENGINE is deprecated, and what tokens are reached through in OpenSSL 3.0. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>

#include "base/file.h"
#include "ca/signer_token.h"

struct pkcs11_key {
	struct token *token;
	ENGINE *engine;
	UI_METHOD *questions;
	EVP_PKEY *key;
	struct provider_key *provider;	/* instead of engine and key */
	bool is_started;	/* the engine was, and must be ended */
};

#define FREE_KEY __attribute__((cleanup(pkcs11_key_free)))

/*
 * The engine's questions are answered here, never by a human: the token's PIN
 * again, if the key wants it before every signature, or nothing.
 */
static int
answer(UI *ui, UI_STRING *question)
{
	const struct secret *pin = UI_get0_user_data(ui);

	if (UI_get_string_type(question) != UIT_PROMPT)
		return 1;
	if (pin == NULL || pin->size == 0)
		return 0;
	return UI_set_result_ex(ui, question, (const char *)pin->data,
	    (int)pin->size) == 0;
}

/* Where the engine stands that this libcrypto would load; "" if nowhere. */
static enum err
find_engine(char *out, size_t capacity, struct error *err)
{
	static const char *const names[] = {"pkcs11.so", "libpkcs11.so"};
	const char *folder = OPENSSL_info(OPENSSL_INFO_ENGINES_DIR);

	for (size_t i = 0; folder != NULL && i < 2; i++) {
		bool found;

		TRY(file_join(out, capacity, folder, names[i], err));
		TRY(file_find(out, &found, err));
		if (found)
			return ERR_OK;
	}
	out[0] = '\0';
	return ERR_OK;
}

static enum err
fail_neither(struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_MISSING,
	    "neither libp11's engine (%s/pkcs11.so) nor pkcs11-provider "
	    "(%s/pkcs11.so) is there for a key in a token",
	    OPENSSL_info(OPENSSL_INFO_ENGINES_DIR),
	    OPENSSL_info(OPENSSL_INFO_MODULES_DIR)),
	    "install one: libengine-pkcs11-openssl on Debian 12 and 13, or "
	    "pkcs11-provider from Debian 13 on");
}

/* By hand: there is no openssl.cnf that would name it. */
static enum err
load_engine(struct pkcs11_key *key, const char *path, struct error *err)
{
	ENGINE_load_dynamic();
	key->engine = ENGINE_by_id("dynamic");
	if (key->engine != NULL &&
	    ENGINE_ctrl_cmd_string(key->engine, "SO_PATH", path, 0) == 1 &&
	    ENGINE_ctrl_cmd_string(key->engine, "LOAD", NULL, 0) == 1)
		return ERR_OK;
	ERR_clear_error();
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "%s is not libp11's engine for this OpenSSL", path),
	    "install the one of this system (Debian's "
	    "libengine-pkcs11-openssl)");
}

static enum err
start_engine(struct pkcs11_key *key, struct error *err)
{
	ENGINE *engine = key->engine;

	key->questions = UI_create_method("crlferry");
	key->is_started = key->questions != NULL &&
	    UI_method_set_reader(key->questions, answer) == 0 &&
	    ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0) == 1 &&
	    ENGINE_ctrl_cmd_string(engine, "MODULE_PATH",
	    key->token->module, 0) == 1 &&
	    ENGINE_init(engine) == 1;
	/* Those asked while signing; loading is given its own. */
	if (key->is_started &&
	    ENGINE_ctrl_cmd(engine, "SET_USER_INTERFACE", 0, key->questions,
	    NULL, 0) == 1 &&
	    ENGINE_ctrl_cmd(engine, "SET_CALLBACK_DATA", 0, &key->token->pin,
	    NULL, 0) == 1)
		return ERR_OK;
	ERR_clear_error();
	return err_fail(err, ERR_KEY, "token \"%s\": libp11's engine does not "
	    "start", key->token->label);
}

/* An RSA key brings its modulus; an EC key's point is in another object. */
static bool
has_public_half(EVP_PKEY *key)
{
	const EC_KEY *ec;

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC)
		return true;
	ec = EVP_PKEY_get0_EC_KEY(key);
	return ec != NULL && EC_KEY_get0_public_key(ec) != NULL;
}

static enum err
load_key(struct pkcs11_key *key, struct error *err)
{
	char *uri = NULL;

	TRY(token_uri(key->token, &uri, err));
	/* The token is open, so that the engine finds it without login. */
	key->key = ENGINE_load_private_key(key->engine, uri, key->questions,
	    NULL);
	free(uri);
	ERR_clear_error();
	if (key->key == NULL)
		return token_fail_kind(key->token, err);
	if (!has_public_half(key->key))
		return token_fail_half(key->token, err);
	return ERR_OK;
}

/* Through the engine where it is there, else through the provider. */
static enum err
log_in_and_load(struct pkcs11_key *key,
    const struct passphrase_source *passphrases, EVP_PKEY **private,
    struct error *err)
{
	char engine[4096];
	bool has_provider;

	TRY(find_engine(engine, sizeof(engine), err));
	TRY(provider_find(&has_provider, err));
	if (engine[0] == '\0' && !has_provider)
		return fail_neither(err);
	if (engine[0] != '\0')
		TRY(load_engine(key, engine, err));
	TRY(token_log_in(key->token, passphrases, err));
	if (engine[0] == '\0')
		return provider_key_open(key->token, &key->provider, private,
		    err);
	TRY(start_engine(key, err));
	TRY(load_key(key, err));
	*private = key->key;
	return ERR_OK;
}

enum err
pkcs11_key_open(const char *uri, const struct passphrase_source *passphrases,
    struct pkcs11_key **out, EVP_PKEY **private, struct error *err)
{
	FREE_KEY struct pkcs11_key *key = calloc(1, sizeof(*key));

	if (key == NULL)
		return err_no_memory(err);
	/* All that may fail without a PIN comes before it. */
	TRY(token_open(uri, &key->token, err));
	TRY(log_in_and_load(key, passphrases, private, err));
	*out = key;
	key = NULL;
	return ERR_OK;
}

/*
 * Engine and provider end the module, so the session goes first.  The
 * engine's keys hold it, and it holds its keys: neither would ever go.
 */
void
pkcs11_key_free(struct pkcs11_key **at)
{
	struct pkcs11_key *key = *at;

	if (key == NULL)
		return;
	if (key->key != NULL)
		EVP_PKEY_set1_engine(key->key, NULL);
	EVP_PKEY_free(key->key);
	if (key->token != NULL)
		token_log_out(key->token);
	provider_key_free(&key->provider);
	if (key->is_started)
		ENGINE_finish(key->engine);
	ENGINE_free(key->engine);
	token_free(&key->token);
	UI_destroy_method(key->questions);
	ERR_clear_error();
	free(key);
}
