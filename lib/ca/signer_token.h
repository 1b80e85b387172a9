/* SPDX-License-Identifier: ISC */
/*
 * A private key in a PKCS#11 token: its URI, the token, which is logged in to
 * once, and the key itself.  For ca/signer.c.
 */
#pragma once

#include <openssl/evp.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "base/prompt/passphrase.h"

/*
 * Parse a URI of a private key (RFC 7512).  ERR_KEY for anything else, and
 * for one that holds a PIN or says where one is: a configuration is no place
 * for secrets.  *out is freed with p11_kit_uri_free().
 */
MUST_CHECK enum err signer_uri_parse(const char *text, P11KitUri **out,
    struct error *err);

/* new/free; the module, the label and the PIN are for others to read. */
struct token {
	P11KitUri *uri;		/* with the token's own names, once found */
	char *module;		/* what dlopen(3) takes */
	void *library;
	CK_FUNCTION_LIST *functions;	/* initialized, if not NULL */
	CK_TOKEN_INFO info;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	bool has_session;
	bool is_logged_in;
	/*
	 * The PIN again, for a key that wants it before every signature
	 * (CKA_ALWAYS_AUTHENTICATE); empty for all others.
	 */
	struct secret pin;
	char label[sizeof(((CK_TOKEN_INFO *)NULL)->label) + 1];	/* printable */
};

#define FREE_TOKEN __attribute__((cleanup(token_free)))

/*
 * Is it such a URI, and is its module there, as for token_open?  No token is
 * looked for.
 */
MUST_CHECK enum err token_check_module(const char *uri, struct error *err);

/*
 * Load the module of a URI (RFC 7512), p11-kit's proxy if it names none, and
 * find its token.  Of a module's tokens one can be open at a time.
 *
 * ERR_MISSING if there is no such module or token, ERR_KEY if
 * the URI is none, holds or names a PIN, or means several tokens, and if
 * the token's PIN is locked or not set.
 */
MUST_CHECK enum err token_open(const char *uri, struct token **out,
    struct error *err);

/*
 * Log in if the token wants it, and find the key.  A PIN is obtained once,
 * given to the token once, and never again; a token with a pinpad of its own
 * is given none.
 *
 * ERR_KEY if the token does not let us in, or the URI fits several keys;
 * ERR_MISSING if it fits none.
 */
MUST_CHECK enum err token_log_in(struct token *token,
    const struct passphrase_source *passphrases, struct error *err);

/* Log out and end the session; the module stays. */
void token_log_out(struct token *token);
void token_free(struct token **token);

/*
 * The URI of this one key on this one token, without module.  Allocated with
 * malloc(3).
 */
MUST_CHECK enum err token_uri(const struct token *token, char **out,
    struct error *err);

/* Its key is one that we cannot use, or lacks the public half. */
MUST_CHECK enum err token_fail_kind(const struct token *token,
    struct error *err);
MUST_CHECK enum err token_fail_half(const struct token *token,
    struct error *err);

struct provider_key;	/* new/free */

/*
 * Is pkcs11-provider there, and can this libcrypto be told its module without
 * an openssl.cnf?
 */
MUST_CHECK enum err provider_find(bool *found, struct error *err);

/*
 * The key of a token that is logged in to, through pkcs11-provider, in a
 * library context of its own.
 *
 * private  borrowed, and gone with provider_key_free()
 */
MUST_CHECK enum err provider_key_open(struct token *token,
    struct provider_key **out, EVP_PKEY **private, struct error *err);
void provider_key_free(struct provider_key **key);

struct pkcs11_key;	/* new/free */

/*
 * Open the key of a pkcs11: URI (RFC 7512), RSA or EC: through libp11's engine
 * where that is installed, else through pkcs11-provider.  A PIN is taken from
 * passphrases if the token wants one from us, and is tried once, whatever
 * happens.
 *
 * private  borrowed, and gone with pkcs11_key_free()
 *
 * ERR_MISSING if neither engine nor provider is there, or no module, token or
 * key; ERR_KEY if the URI is none or holds a PIN, the PIN is wrong, or the key
 * cannot be used.
 */
MUST_CHECK enum err pkcs11_key_open(const char *uri,
    const struct passphrase_source *passphrases, struct pkcs11_key **out,
    EVP_PKEY **private, struct error *err);

/* Logs out; no session stays. */
void pkcs11_key_free(struct pkcs11_key **key);
