/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/file.h"
#include "root/signer.h"

#define KEY_FILE_MAX (64 * 1024)

struct signer {
	EVP_PKEY *key;
	struct algorithm algorithm;
	struct buffer identifier;
};

static void
free_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

/* How OpenSSL asks, and what came of it. */
struct asking {
	const struct secret_source *passphrases;
	const char *path;
	struct error error;
};

static int
answer(char *buffer, int size, int is_writing, void *context)
{
	struct asking *asking = context;
	RELEASE_SECRET struct secret passphrase = {0};
	char prompt[512];

	(void)is_writing;
	snprintf(prompt, sizeof(prompt), "passphrase of %s", asking->path);
	if (secret_obtain(asking->passphrases, prompt, &passphrase,
	    &asking->error) != ERR_OK)
		return -1;
	if (passphrase.size > (size_t)size)
		return -1;
	memcpy(buffer, passphrase.data, passphrase.size);
	return (int)passphrase.size;
}

/* A key file in guarded memory; what it was read through is wiped. */
static enum err
read_secret_file(const char *path, struct secret *out, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	code = file_read(path, FILE_SECRET, KEY_FILE_MAX, &file, err);
	if (code == ERR_OK)
		code = secret_new(file.size, out, err);
	if (code == ERR_OK && file.size > 0)
		memcpy(out->data, file.data, file.size);
	if (file.data != NULL)
		secret_wipe(file.data, file.capacity);
	return code;
}

static enum err
read_key(const char *path, const struct secret_source *passphrases,
    EVP_PKEY **out, struct error *err)
{
	RELEASE_SECRET struct secret file = {0};
	struct asking asking = {passphrases, path, {0}};
	enum err code;
	BIO *bio;

	code = read_secret_file(path, &file, err);
	if (code != ERR_OK)
		return code;
	bio = BIO_new_mem_buf(file.data, (int)file.size);
	*out = bio == NULL ? NULL :
	    PEM_read_bio_PrivateKey(bio, NULL, answer, &asking);
	BIO_free(bio);
	ERR_clear_error();
	if (*out != NULL)
		return ERR_OK;
	if (asking.error.code != ERR_OK)
		return err_fail(err, ERR_KEY, "%s", asking.error.what);
	return err_fail(err, ERR_KEY, "%s: want a private key in PEM and its "
	    "passphrase, have %s", path, span_contains(
	    (struct span){file.data, file.size}, "ENCRYPTED") ?
	    "a wrong passphrase" : "something else");
}

/* Match the key with the certificate, and choose the algorithm. */
static enum err
set_up(struct signer *signer, const char *path, const struct cert *cert,
    const char *digest, struct error *err)
{
	if (EVP_PKEY_eq(signer->key, cert->key) != 1) {
		ERR_clear_error();
		return err_fail(err, ERR_KEY,
		    "%s: want the key of %s, have another key", path,
		    cert->subject_text);
	}
	return algorithm_for_key(signer->key, digest, &signer->algorithm,
	    &signer->identifier, err);
}

enum err
signer_open(const char *path, const struct cert *cert, const char *digest,
    const struct secret_source *passphrases, struct signer **out,
    struct error *err)
{
	FREE_SIGNER struct signer *signer = NULL;
	enum err code;

	if (strncmp(path, "pkcs11:", 7) == 0)
		return err_fail(err, ERR_KEY, "%s: want a PEM file, have a "
		    "PKCS#11 URI, which this version cannot use", path);
	signer = calloc(1, sizeof(*signer));
	if (signer == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	code = read_key(path, passphrases, &signer->key, err);
	if (code == ERR_OK)
		code = set_up(signer, path, cert, digest, err);
	if (code != ERR_OK)
		return code;
	*out = signer;
	signer = NULL;
	return ERR_OK;
}

void
signer_free(struct signer *signer)
{
	if (signer == NULL)
		return;
	EVP_PKEY_free(signer->key);
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
		    "signature: want a digest, have a failing libcrypto");
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
	    "signature: want one by the root's key, have a failure");
}

/* Ed25519 signs a message, not a digest (RFC 8032). */
static enum err
sign_whole(EVP_MD_CTX *context, const struct octet_source *source,
    uint8_t *signature, size_t *size, struct error *err)
{
	RELEASE_BUFFER struct buffer message = {0};
	enum err code;

	code = source->emit(source->context, put_buffer, &message, err);
	if (code != ERR_OK)
		return code;
	if (EVP_DigestSign(context, signature, size, message.data,
	    message.size) != 1)
		return sign_failed(err);
	return ERR_OK;
}

enum err
signer_sign(struct signer *signer, const struct octet_source *source,
    struct buffer *signature, struct error *err)
{
	__attribute__((cleanup(free_context))) EVP_MD_CTX *context =
	    EVP_MD_CTX_new();
	size_t size = (size_t)EVP_PKEY_get_size(signer->key);
	enum err code;

	if (context == NULL)
		return sign_failed(err);
	code = algorithm_start(&signer->algorithm, context, signer->key, true,
	    err);
	if (code == ERR_OK)
		code = buffer_reserve(signature, size, err);
	if (code != ERR_OK)
		return code;
	if (signer->algorithm.family == ALGORITHM_ED25519) {
		code = sign_whole(context, source,
		    signature->data + signature->size, &size, err);
	} else {
		code = source->emit(source->context, put_digest, context,
		    err);
		if (code == ERR_OK && EVP_DigestSignFinal(context,
		    signature->data + signature->size, &size) != 1)
			code = sign_failed(err);
	}
	if (code == ERR_OK)
		signature->size += size;
	return code;
}
