/* SPDX-License-Identifier: ISC */
/* Keys that openssl(1) made, and what is signed with them. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "rooms_fixture.h"
#include "root/signer.h"

static char folder[FIXTURE_PATH_SIZE];

/* Also the CAs' names. */
static const struct {
	const char *type;
	const char *digest;
	const char *algorithm;
} keys[] = {
	{ "rsa", NULL, "sha256WithRSAEncryption" },
	{ "rsa", "sha512", "sha512WithRSAEncryption" },
	{ "rsa-pss", NULL, NULL },
	{ "rsa-pss", "sha384", NULL },
	{ "rsa-pss-sha384", NULL, NULL },
	{ "p256", NULL, "ecdsa-with-SHA256" },
	{ "p256", "sha384", "ecdsa-with-SHA384" },
	{ "p384", NULL, "ecdsa-with-SHA384" },
	{ "p521", NULL, "ecdsa-with-SHA512" },
	{ "ed25519", NULL, "Ed25519" },
};

static void
make_private(const char *name)
{
	char path[PATH_SIZE];

	path_in(path, folder, name);
	assert_int_equal(chmod(path, 0600), 0);
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char name[64];

		if (i > 0 && strcmp(keys[i].type, keys[i - 1].type) == 0)
			continue;
		fixture_make_ca(folder, keys[i].type, keys[i].type);
		snprintf(name, sizeof(name), "%s.key", keys[i].type);
		make_private(name);
	}
	fixture_openssl(folder, "pkcs8 -topk8 -in p256.key -passout pass:abc "
	    "-out pkcs8.key");
	fixture_openssl(folder, "ec -in p256.key -aes256 -passout pass:abc "
	    "-out traditional.key");
	fixture_openssl(folder, "pkcs8 -topk8 -nocrypt -in p256.key -outform "
	    "DER -out der.key");
	fixture_openssl(folder, "pkey -in p256.key -pubout -out public.key");
	fixture_write_text(folder, "empty.key", "");
	fixture_write_text(folder, "garbage.key", "hello\n");
	fixture_make_key(folder, "another", "p256");
	for (size_t i = 0; i < 6; i++)
		make_private((const char *const[]){ "pkcs8.key", "der.key",
		    "traditional.key", "public.key", "another.key",
		    "empty.key" }[i]);
	make_private("garbage.key");
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	fixture_remove_folder(folder);
	return 0;
}

static enum err
open_key(const char *name, const struct cert *cert, const char *digest,
    const char *passphrases, struct signer **out, struct error *err)
{
	struct secret_source source;
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

static enum err
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
static bool
is_signed(const struct signer *signer, const struct cert *cert,
    struct span message, struct span signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct error err = {0};
	bool is_good;

	assert_non_null(context);
	assert_fine("verify", algorithm_start(signer_algorithm(signer),
	    context, cert->key, false, &err), &err);
	is_good = EVP_DigestVerify(context, signature.data, signature.size,
	    message.data, message.size) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return is_good;
}

static void
every_key_signs(void **state)
{
	uint8_t octets[5000];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, keys[i].type);
		RELEASE_BUFFER struct buffer signature = {0};
		FREE_SIGNER struct signer *signer = NULL;
		struct message message = { .octets = { octets,
			sizeof(octets) } };
		const struct octet_source source = { emit_message, &message };
		struct algorithm parsed;
		struct error err = {0};
		char name[64];

		snprintf(name, sizeof(name), "%s.key", keys[i].type);
		assert_fine(name, open_key(name, cert, keys[i].digest, "",
		    &signer, &err), &err);
		if (keys[i].algorithm != NULL)
			assert_string_equal(signer_algorithm(signer)->name,
			    keys[i].algorithm);
		/* The identifier says the same. */
		assert_fine(name, algorithm_parse(signer_identifier(signer),
		    &parsed, &err), &err);
		assert_int_equal(parsed.family,
		    signer_algorithm(signer)->family);
		assert_int_equal(parsed.salt_size,
		    signer_algorithm(signer)->salt_size);
		assert_int_equal(buffer_append_text(&signature, "before",
		    &err), ERR_OK);
		assert_fine(name, signer_sign(signer, &source, &signature,
		    &err), &err);
		assert_int_equal(message.times, 1);
		assert_memory_equal(signature.data, "before", 6);
		if (!is_signed(signer, cert, message.octets, (struct span){
		    signature.data + 6, signature.size - 6 }))
			fail_msg("%s: want a good signature", name);
		octets[4999] ^= 1;
		if (is_signed(signer, cert, message.octets, (struct span){
		    signature.data + 6, signature.size - 6 }))
			fail_msg("%s: want no good signature", name);
		octets[4999] ^= 1;
	}
}

static const struct {
	const char *name;
	const char *key;
	const char *cert;
	const char *digest;
	const char *passphrases;
	enum err want;		/* ERR_OK: it opens */
	const char *says;
} opened[] = {
	{ "encrypted", "pkcs8.key", "p256", NULL, "abc\n", ERR_OK, NULL },
	{ "encrypted as of old", "traditional.key", "p256", NULL, "abc\n",
	    ERR_OK, NULL },
	{ "a wrong passphrase", "pkcs8.key", "p256", NULL, "abd\n", ERR_KEY,
	    "a wrong passphrase" },
	{ "a wrong passphrase as of old", "traditional.key", "p256", NULL,
	    "abd\n", ERR_KEY, "a wrong passphrase" },
	{ "an empty passphrase", "pkcs8.key", "p256", NULL, "\n", ERR_KEY,
	    "pkcs8.key" },
	{ "no passphrase", "pkcs8.key", "p256", NULL, "", ERR_KEY,
	    "passphrase of" },
	{ "missing", "none.key", "p256", NULL, "", ERR_MISSING,
	    "none.key" },
	{ "empty", "empty.key", "p256", NULL, "", ERR_KEY, "empty.key" },
	{ "no key", "garbage.key", "p256", NULL, "", ERR_KEY,
	    "garbage.key" },
	{ "DER", "der.key", "p256", NULL, "", ERR_KEY, "der.key" },
	{ "public", "public.key", "p256", NULL, "", ERR_KEY,
	    "public.key" },
	{ "a key of the same kind", "another.key", "p256", NULL, "",
	    ERR_KEY, "another key" },
	{ "a key of another kind", "rsa.key", "p256", NULL, "", ERR_KEY,
	    "another key" },
	{ "the key of a longer curve", "p384.key", "p256", NULL, "",
	    ERR_KEY, "another key" },
	{ "a weak digest", "rsa.key", "rsa", "sha1", "", ERR_WEAK, "sha1" },
	{ "MD5", "rsa.key", "rsa", "md5", "", ERR_WEAK, "md5" },
	{ "an unknown digest", "rsa.key", "rsa", "sha3-256", "",
	    ERR_ALGORITHM, "sha3-256" },
	{ "a digest for Ed25519", "ed25519.key", "ed25519", "sha256", "",
	    ERR_ALGORITHM, "" },
	{ "a digest that the key forbids", "rsa-pss-sha384.key",
	    "rsa-pss-sha384", "sha256", "", ERR_ALGORITHM, "" },
};

static void
only_the_right_key_is_opened(void **state)
{
	for (size_t i = 0; i < COUNT_OF(opened); i++) {
		FREE_CERT struct cert *cert = load_cert(folder,
		    opened[i].cert);
		FREE_SIGNER struct signer *signer = NULL;
		struct error err = {0};
		enum err code = open_key(opened[i].key, cert,
		    opened[i].digest, opened[i].passphrases, &signer, &err);

		if (opened[i].want == ERR_OK) {
			assert_fine(opened[i].name, code, &err);
			assert_non_null(signer);
			continue;
		}
		assert_refusal(opened[i].name, opened[i].want,
		    opened[i].says, code, &err);
		assert_null(signer);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

/* A passphrase is asked for where there is one, and not before. */
static void
passphrases_are_taken_one_by_one(void **state)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	struct secret_source source;
	char path[PATH_SIZE], rest[8] = "";
	struct error err = {0};

	fixture_write_text(folder, "passphrases", "abc\nabc\nrest\n");
	path_in(path, folder, "passphrases");
	source.fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(source.fd >= 0);
	for (size_t i = 0; i < 3; i++) {
		FREE_SIGNER struct signer *signer = NULL;

		path_in(path, folder, (const char *const[]){ "pkcs8.key",
		    "p256.key", "traditional.key" }[i]);
		assert_fine(path, signer_open(path, cert, NULL, &source,
		    &signer, &err), &err);
	}
	assert_int_equal(read(source.fd, rest, sizeof(rest)), 5);
	assert_memory_equal(rest, "rest\n", 5);
	close(source.fd);
}

static void
loose_modes_are_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0620 };
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	char path[PATH_SIZE];

	path_in(path, folder, "p256.key");
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct signer *signer = NULL;
		struct error err = {0};

		assert_int_equal(chmod(path, modes[i]), 0);
		assert_refusal("mode", ERR_PERMISSIONS, "p256.key",
		    open_key("p256.key", cert, NULL, "", &signer, &err),
		    &err);
		assert_null(signer);
	}
	assert_int_equal(chmod(path, 0600), 0);
}

static void
a_token_is_refused_for_now(void **state)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	const struct secret_source none = { .fd = -1 };
	struct signer *signer = NULL;
	struct error err = {0};

	assert_refusal("pkcs11", ERR_KEY, "pkcs11:token=ca",
	    signer_open("pkcs11:token=ca", cert, NULL, &none, &signer, &err),
	    &err);
	assert_null(signer);
}

static void
a_source_that_fails_gives_no_signature(void **state)
{
	static const uint8_t octets[500];
	static const char *const names[] = { "p256", "ed25519" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		FREE_CERT struct cert *cert = load_cert(folder, names[i]);
		RELEASE_BUFFER struct buffer signature = {0};
		FREE_SIGNER struct signer *signer = NULL;
		struct message message = { .octets = { octets,
			sizeof(octets) }, .fails = ERR_IO };
		const struct octet_source source = { emit_message, &message };
		struct error err = {0};
		char name[64];

		snprintf(name, sizeof(name), "%s.key", names[i]);
		assert_fine(name, open_key(name, cert, NULL, "", &signer,
		    &err), &err);
		assert_refusal(name, ERR_IO, "have half",
		    signer_sign(signer, &source, &signature, &err), &err);
		assert_int_equal(signature.size, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_signs),
		cmocka_unit_test(only_the_right_key_is_opened),
		cmocka_unit_test(passphrases_are_taken_one_by_one),
		cmocka_unit_test(loose_modes_are_refused),
		cmocka_unit_test(a_token_is_refused_for_now),
		cmocka_unit_test(a_source_that_fails_gives_no_signature),
	};

	return cmocka_run_group_tests_name("signer", tests, set_up,
	    tear_down);
}
