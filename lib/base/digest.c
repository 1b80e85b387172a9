/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "base/digest.h"

#define GROUP_DIGITS 4
#define LINE_DIGITS 32

struct sha256 {
	EVP_MD_CTX *context;
};

static enum err
digest_fail(struct error *err)
{
	ERR_clear_error();
	return err_fail(err, ERR_IO, "SHA-256: libcrypto failed");
}

enum err
sha256_new(struct sha256 **out, struct error *err)
{
	FREE_SHA256 struct sha256 *hash = calloc(1, sizeof(*hash));

	if (hash == NULL)
		return err_no_memory(err);
	hash->context = EVP_MD_CTX_new();
	if (hash->context == NULL ||
	    EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1)
		return digest_fail(err);
	*out = hash;
	hash = NULL;
	return ERR_OK;
}

enum err
sha256_update(struct sha256 *hash, struct span in, struct error *err)
{
	if (EVP_DigestUpdate(hash->context, in.data, in.size) != 1)
		return digest_fail(err);
	return ERR_OK;
}

enum err
sha256_final(struct sha256 *hash, uint8_t out[SHA256_SIZE],
    struct error *err)
{
	if (EVP_DigestFinal_ex(hash->context, out, NULL) != 1)
		return digest_fail(err);
	return ERR_OK;
}

void
sha256_free(struct sha256 *hash)
{
	if (hash == NULL)
		return;
	EVP_MD_CTX_free(hash->context);
	free(hash);
}

void
sha256_free_at(struct sha256 **hash)
{
	sha256_free(*hash);
}

enum err
sha256(struct span in, uint8_t out[SHA256_SIZE], struct error *err)
{
	if (EVP_Digest(in.data, in.size, out, NULL, EVP_sha256(), NULL) != 1)
		return digest_fail(err);
	return ERR_OK;
}

void
sha256_hex(const uint8_t sha256[SHA256_SIZE], char out[SHA256_HEX_SIZE])
{
	hex_encode((struct span){sha256, SHA256_SIZE}, out, SHA256_HEX_SIZE);
}

enum err
sha256_text(struct span in, char out[SHA256_HEX_SIZE], struct error *err)
{
	uint8_t octets[SHA256_SIZE];

	TRY(sha256(in, octets, err));
	sha256_hex(octets, out);
	return ERR_OK;
}

enum err
digest_groups(const char *hex, const char *divider, struct buffer *out,
    struct error *err)
{
	if (strspn(hex, "0123456789abcdefABCDEF") != strlen(hex))
		return err_fail(err, ERR_FORMAT,
		    "digest \"%s\" is not hex digits", hex);
	for (size_t i = 0; hex[i] != '\0'; i++) {
		if (i > 0 && i % GROUP_DIGITS == 0)
			TRY(buffer_append_text(out, i % LINE_DIGITS == 0 ?
			    divider : " ", err));
		TRY(buffer_append(out, &hex[i], 1, err));
	}
	return ERR_OK;
}

void
blake2b_256(struct span in, uint8_t out[BLAKE2B_256_SIZE])
{
	crypto_generichash(out, BLAKE2B_256_SIZE, in.data, in.size, NULL, 0);
}
