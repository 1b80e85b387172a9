/* SPDX-License-Identifier: ISC */
/* Keys in a folder, and what is signed with them. */
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "rooms_fixture.h"
#include "ca/signer.h"
#include "test.h"

static char folder[FIXTURE_PATH_SIZE];

static inline void
make_private(const char *name)
{
	char path[PATH_SIZE];

	path_in(path, folder, name);
	assert_int_equal(chmod(path, 0600), 0);
}

static inline enum err
open_key(const char *name, const struct cert *cert, const char *digest,
    const char *passphrases, struct signer **out, struct error *err)
{
	struct passphrase_source source = {.fd = -1};
	char path[PATH_SIZE];
	enum err code;

	fixture_write_text(folder, "passphrases", passphrases);
	path_in(path, folder, "passphrases");
	source.fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(source.fd >= 0);
	path_in(path, folder, name);
	code = signer_open(path, cert, digest, &source, out, err);
	close(source.fd);
	return code;
}

/* A message in pieces of growing size. */
struct message {
	struct span octets;
	size_t times;		/* it was asked for */
	enum err fails;		/* after half of it */
};

static inline enum err
emit_message(void *context, enum err (*put)(void *target, struct span piece,
    struct error *err), void *target, struct error *err)
{
	struct message *message = context;
	size_t at = 0, size = 1;
	enum err code = ERR_OK;

	message->times++;
	while (code == ERR_OK && at < message->octets.size) {
		if (size > message->octets.size - at)
			size = message->octets.size - at;
		code = put(target, (struct span){
		    message->octets.data + at, size }, err);
		at += size++;
		if (message->fails != ERR_OK &&
		    at > message->octets.size / 2)
			return err_fail(err, message->fails,
			    "message: want it whole, have half");
	}
	return code;
}

/* By libcrypto, with the parameters of the algorithm that was chosen. */
static inline bool
is_signed(const struct signer *signer, const struct cert *cert,
    struct span message, struct span signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct error err = {0};
	bool is_good;

	assert_non_null(context);
	FINE(algorithm_start(signer_algorithm(signer), context, cert->key,
	    false, &err));
	is_good = EVP_DigestVerify(context, signature.data, signature.size,
	    message.data, message.size) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return is_good;
}
