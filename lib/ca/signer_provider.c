/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "base/file.h"
#include "ca/signer_token.h"

/* OpenSSL 3.0 gives a provider no parameters but those of an openssl.cnf. */
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
#define CAN_CONFIGURE 1
#else
#define CAN_CONFIGURE 0
#endif

struct provider_key {
	OSSL_LIB_CTX *library;	/* its own: no other key comes this way */
	OSSL_PROVIDER *usual;
	OSSL_PROVIDER *provider;
	EVP_PKEY *key;
};

#define FREE_KEY __attribute__((cleanup(provider_key_free)))

static void
close_store(OSSL_STORE_CTX **store)
{
	OSSL_STORE_close(*store);
}

enum err
provider_find(bool *found, struct error *err)
{
	const char *folder = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
	char path[4096];

	*found = false;
	if (!CAN_CONFIGURE || folder == NULL)
		return ERR_OK;
	TRY(file_join(path, sizeof(path), folder, "pkcs11.so", err));
	return file_find(path, found, err);
}

#if CAN_CONFIGURE
/*
 * The PIN is among them only for a key that wants it before every signature.
 * For all others the token's login, which is ours, is enough.
 */
static OSSL_PROVIDER *
load_configured(OSSL_LIB_CTX *library, struct token *token)
{
	char never[] = "never";
	char pin[256] = "";
	OSSL_PARAM parameters[4];
	OSSL_PROVIDER *provider;
	size_t count = 0;

	if (token->pin.size >= sizeof(pin))
		return NULL;
	parameters[count++] = OSSL_PARAM_construct_utf8_string(
	    "pkcs11-module-path", token->module, 0);
	/* Else it copies the key, and deletes the copy after our logout. */
	parameters[count++] = OSSL_PARAM_construct_utf8_string(
	    "pkcs11-module-cache-keys", never, 0);
	if (token->pin.size > 0) {
		memcpy(pin, token->pin.data, token->pin.size);
		parameters[count++] = OSSL_PARAM_construct_utf8_string(
		    "pkcs11-module-token-pin", pin, 0);
	}
	parameters[count] = OSSL_PARAM_construct_end();
	provider = OSSL_PROVIDER_load_ex(library, "pkcs11", parameters);
	OPENSSL_cleanse(pin, sizeof(pin));
	return provider;
}
#else
static OSSL_PROVIDER *
load_configured(OSSL_LIB_CTX *library, struct token *token)
{
	(void)library;
	(void)token;
	return NULL;
}
#endif

/* From the folder of this libcrypto alone, whatever OPENSSL_MODULES says. */
static enum err
load_provider(struct provider_key *key, struct token *token, struct error *err)
{
	const char *folder = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);

	/* It would ask for a PIN in its own words, wherever it wants one. */
	UI_set_default_method(UI_null());
	key->library = OSSL_LIB_CTX_new();
	if (key->library != NULL &&
	    OSSL_PROVIDER_set_default_search_path(key->library, folder) == 1) {
		key->usual = OSSL_PROVIDER_load(key->library, "default");
		key->provider = load_configured(key->library, token);
	}
	ERR_clear_error();
	if (key->usual != NULL && key->provider != NULL)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_KEY,
	    "token \"%s\": %s/pkcs11.so, pkcs11-provider, does not start",
	    token->label, folder),
	    "install the one of this system (Debian's pkcs11-provider)");
}

/* The first key, and there is only one: token_log_in() has seen to it. */
static EVP_PKEY *
load_first(struct provider_key *key, const char *uri)
{
	__attribute__((cleanup(close_store))) OSSL_STORE_CTX *store =
	    OSSL_STORE_open_ex(uri, key->library, "provider=pkcs11",
	    UI_null(), NULL, NULL, NULL, NULL);
	EVP_PKEY *found = NULL;

	while (store != NULL && found == NULL && OSSL_STORE_eof(store) == 0) {
		OSSL_STORE_INFO *info = OSSL_STORE_load(store);

		if (info == NULL)
			break;
		found = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	return found;
}

/* An RSA key brings its modulus; an EC key's point is in another object. */
static bool
has_public_half(const EVP_PKEY *key)
{
	OSSL_PARAM *public = NULL;
	bool result;

	if (EVP_PKEY_is_a(key, "EC") != 1)
		return true;
	result = EVP_PKEY_todata(key, EVP_PKEY_PUBLIC_KEY, &public) == 1 &&
	    OSSL_PARAM_locate(public, OSSL_PKEY_PARAM_PUB_KEY) != NULL;
	OSSL_PARAM_free(public);
	return result;
}

static enum err
load_key(struct provider_key *key, const struct token *token,
    struct error *err)
{
	bool is_whole;
	char *uri = NULL;

	TRY(token_uri(token, &uri, err));
	key->key = load_first(key, uri);
	free(uri);
	is_whole = key->key != NULL && has_public_half(key->key);
	ERR_clear_error();
	if (key->key == NULL || (EVP_PKEY_is_a(key->key, "RSA") != 1 &&
	    EVP_PKEY_is_a(key->key, "EC") != 1))
		return token_fail_kind(token, err);
	return is_whole ? ERR_OK : token_fail_half(token, err);
}

enum err
provider_key_open(struct token *token, struct provider_key **out,
    EVP_PKEY **private, struct error *err)
{
	FREE_KEY struct provider_key *key = calloc(1, sizeof(*key));

	if (key == NULL)
		return err_no_memory(err);
	TRY(load_provider(key, token, err));
	TRY(load_key(key, token, err));
	*out = key;
	*private = key->key;
	key = NULL;
	return ERR_OK;
}

void
provider_key_free(struct provider_key **at)
{
	struct provider_key *key = *at;

	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	if (key->provider != NULL)
		OSSL_PROVIDER_unload(key->provider);
	if (key->usual != NULL)
		OSSL_PROVIDER_unload(key->usual);
	OSSL_LIB_CTX_free(key->library);
	ERR_clear_error();
	free(key);
	*at = NULL;
}
