/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "ca/signer.h"
#include "ca/keyfile/key_load.h"
#include "ca/signer_token.h"

struct signer {
	EVP_PKEY *key;		/* borrowed from pkcs11, if that is set */
	struct pkcs11_key *pkcs11;
	struct algorithm algorithm;
	struct buffer identifier;
};

static void
free_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static void
free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static bool
is_uri(const char *name)
{
	return strncmp(name, "pkcs11:", 7) == 0;
}

static enum err
check_match(const char *name, EVP_PKEY *key, const struct cert *cert,
    struct error *err)
{
	if (EVP_PKEY_eq(key, cert->key) == 1)
		return ERR_OK;
	ERR_clear_error();
	return err_remedy(err, err_fail(err, ERR_KEY, "%s is not the key of "
	    "%s", name, cert->subject_text),
	    "name the key that belongs to this certificate");
}

enum err
signer_open(const char *name, const struct cert *cert, const char *digest,
    const struct passphrase_source *passphrases, struct signer **out,
    struct error *err)
{
	FREE_SIGNER struct signer *signer = calloc(1, sizeof(*signer));

	if (signer == NULL)
		return err_no_memory(err);
	if (is_uri(name)) {
		TRY(pkcs11_key_open(name, passphrases, &signer->pkcs11,
		    &signer->key, err));
	} else {
		TRY(key_load(name, cert->key, passphrases,
		    &signer->key, err));
	}
	TRY(check_match(name, signer->key, cert, err));
	TRY(algorithm_for_key(signer->key, digest, &signer->algorithm,
	    &signer->identifier, err));
	*out = signer;
	signer = NULL;
	return ERR_OK;
}

enum err
signer_check(const char *name, const struct cert *cert, const char *digest,
    struct error *err)
{
	__attribute__((cleanup(free_key))) EVP_PKEY *key = NULL;
	RELEASE_BUFFER struct buffer identifier = {0};
	struct algorithm algorithm;

	if (is_uri(name))
		TRY(token_check_module(name, err));
	else
		TRY(key_load(name, cert->key, NULL, &key, err));
	if (key != NULL)
		TRY(check_match(name, key, cert, err));
	return algorithm_for_key(cert->key, digest, &algorithm, &identifier,
	    err);
}

void
signer_free(struct signer *signer)
{
	if (signer == NULL)
		return;
	if (signer->pkcs11 == NULL)
		EVP_PKEY_free(signer->key);
	pkcs11_key_free(&signer->pkcs11);
	buffer_release(&signer->identifier);
	free(signer);
}

void
signer_free_at(struct signer **signer)
{
	signer_free(*signer);
	*signer = NULL;
}

const struct algorithm *
signer_algorithm(const struct signer *signer)
{
	return &signer->algorithm;
}

struct span
signer_identifier(const struct signer *signer)
{
	return span_of_buffer(&signer->identifier);
}

static enum err
put_digest(void *target, struct span piece, struct error *err)
{
	if (EVP_DigestSignUpdate(target, piece.data, piece.size) != 1)
		return err_fail(err, ERR_KEY,
		    "signature: libcrypto failed to take a digest");
	return ERR_OK;
}

static enum err
put_buffer(void *target, struct span piece, struct error *err)
{
	return buffer_append(target, piece.data, piece.size, err);
}

static enum err
sign_failed(struct error *err)
{
	ERR_clear_error();
	return err_fail(err, ERR_KEY,
	    "signature: the root's key failed to make one");
}

enum err
signer_sign(struct signer *signer, const struct octet_source *source,
    struct buffer *signature, struct error *err)
{
	__attribute__((cleanup(free_context))) EVP_MD_CTX *context =
	    EVP_MD_CTX_new();
	size_t size = (size_t)EVP_PKEY_get_size(signer->key);
	RELEASE_BUFFER struct buffer message = {0};
	uint8_t *at;
	int result;

	if (context == NULL)
		return sign_failed(err);
	TRY(algorithm_start(&signer->algorithm, context, signer->key, true,
	    err));
	TRY(buffer_reserve(signature, size, err));
	at = signature->data + signature->size;
	/* Ed25519 and its like sign a message, not a digest (RFC 8032). */
	if (algorithm_is_whole(&signer->algorithm)) {
		TRY(source->emit(source->context, put_buffer, &message, err));
		result = EVP_DigestSign(context, at, &size, message.data,
		    message.size);
	} else {
		TRY(source->emit(source->context, put_digest, context, err));
		result = EVP_DigestSignFinal(context, at, &size);
	}
	if (result != 1)
		return sign_failed(err);
	signature->size += size;
	return ERR_OK;
}
