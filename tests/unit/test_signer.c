/* SPDX-License-Identifier: ISC */
/* Keys that openssl(1) made, and what is signed with them. */
#include "signer_fixture.h"
#include "test.h"

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
	make_private("pkcs8.key");
	make_private("traditional.key");
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(set_up, NULL)

TEST(every_key_signs)
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
		FINE(buffer_append_text(&signature, "before", &err));
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

/* A passphrase is asked for where there is one, and not before. */
TEST(passphrases_are_taken_one_by_one)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	struct passphrase_source source = {.fd = -1};
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

TEST(loose_modes_are_refused)
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

TEST(a_source_that_fails_gives_no_signature)
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
