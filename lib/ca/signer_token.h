/* SPDX-License-Identifier: ISC */
/*
 * One token of a PKCS#11 module, logged in to once, for ca/signer_pkcs11.c.
 */
#pragma once

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "base/secret.h"

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
    const struct secret_source *passphrases, struct error *err);

/* Log out and end the session; the module stays. */
void token_log_out(struct token *token);
void token_free(struct token **token);

/*
 * The URI of this one key on this one token, without module.  Allocated with
 * malloc(3).
 */
MUST_CHECK enum err token_uri(const struct token *token, char **out,
    struct error *err);
