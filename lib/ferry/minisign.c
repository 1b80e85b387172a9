/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <sodium.h>

#include "base/digest.h"
#include "ferry/minisign.h"
#include "ferry/minisign_text.h"

#define BODY_SIZE (RECORD_SIZE - RECORD_BODY)
#define OPEN_SIZE (MINISIGN_KEY_ID_SIZE + crypto_sign_SECRETKEYBYTES)
#define CHECKSUM_SIZE (RECORD_SIZE - RECORD_CHECKSUM)

_Static_assert(RECORD_OPSLIMIT - RECORD_SALT ==
    crypto_pwhash_scryptsalsa208sha256_SALTBYTES, "salt");
_Static_assert(RECORD_CHECKSUM - RECORD_KEY == crypto_sign_SECRETKEYBYTES,
    "key");
_Static_assert(MINISIGN_SIGNATURE_SIZE == crypto_sign_BYTES, "signature");

/* Lock or unlock the body in place: XOR with what scrypt makes of it all. */
static enum err
toggle_lock(struct secret *record, const struct secret *passphrase,
    struct error *err)
{
	RELEASE_SECRET struct secret stream = {0};
	uint64_t memlimit = minisign_record_limit(record, RECORD_MEMLIMIT);

	TRY(secret_new(BODY_SIZE, &stream, err));
	if (crypto_pwhash_scryptsalsa208sha256(stream.data, BODY_SIZE,
	    (const char *)passphrase->data, passphrase->size,
	    record->data + RECORD_SALT,
	    minisign_record_limit(record, RECORD_OPSLIMIT),
	    (size_t)memlimit) != 0)
		return err_fail(err, ERR_IO, "scrypt needs %llu octets of "
		    "memory, which are not free",
		    (unsigned long long)memlimit);
	for (size_t i = 0; i < BODY_SIZE; i++)
		record->data[RECORD_BODY + i] ^= stream.data[i];
	return ERR_OK;
}

/* BLAKE2b-256 over algorithm, key id and key. */
static void
record_checksum(const struct secret *record, uint8_t out[CHECKSUM_SIZE])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CHECKSUM_SIZE);
	crypto_generichash_update(&state, record->data + RECORD_ALGORITHM, 2);
	crypto_generichash_update(&state, record->data + RECORD_BODY,
	    OPEN_SIZE);
	crypto_generichash_final(&state, out, CHECKSUM_SIZE);
	secret_wipe(&state, sizeof(state));
}

/* minisign -W leaves the checksum of a key without passphrase zero. */
static enum err
check_checksum(const struct secret *record, struct error *err)
{
	bool locked = minisign_record_is_locked(record);
	const uint8_t *have = record->data + RECORD_CHECKSUM;
	uint8_t want[CHECKSUM_SIZE];
	bool same;

	if (!locked && sodium_is_zero(have, CHECKSUM_SIZE) == 1)
		return ERR_OK;
	record_checksum(record, want);
	same = sodium_memcmp(want, have, CHECKSUM_SIZE) == 0;
	secret_wipe(want, sizeof(want));
	if (same)
		return ERR_OK;
	return err_fail(err, ERR_KEY, locked ?
	    "secret key: wrong passphrase, or the file is damaged" :
	    "secret key: the checksum does not fit: the file is damaged");
}

/*
 * The public half must belong to the seed: Ed25519 with a public key that
 * does not gives the secret away.
 */
static enum err
check_pair(const struct secret *record, struct error *err)
{
	RELEASE_SECRET struct secret pair = {0};
	uint8_t public[crypto_sign_PUBLICKEYBYTES];

	TRY(secret_new(crypto_sign_SECRETKEYBYTES, &pair, err));
	crypto_sign_seed_keypair(public, pair.data, record->data + RECORD_KEY);
	if (sodium_memcmp(pair.data, record->data + RECORD_KEY,
	    crypto_sign_SECRETKEYBYTES) != 0)
		return err_fail(err, ERR_KEY, "secret key: its public half "
		    "does not belong to its seed: the file is damaged");
	return ERR_OK;
}

enum err
minisign_secret_is_locked(struct span file, bool *locked, struct error *err)
{
	RELEASE_SECRET struct secret record = {0};

	TRY(minisign_record_parse(file, &record, err));
	*locked = minisign_record_is_locked(&record);
	return ERR_OK;
}

/* Move key id and key into memory of their own. */
static enum err
take_key(const struct secret *record, struct minisign_secret *out,
    struct error *err)
{
	struct minisign_secret secret = {0};

	TRY(secret_new(OPEN_SIZE, &secret.memory, err));
	memcpy(secret.memory.data, record->data + RECORD_BODY, OPEN_SIZE);
	memcpy(secret.public.key_id, record->data + RECORD_KEY_ID,
	    sizeof(secret.public.key_id));
	memcpy(secret.public.key, record->data + RECORD_KEY +
	    crypto_sign_SEEDBYTES, sizeof(secret.public.key));
	*out = secret;
	return ERR_OK;
}

enum err
minisign_secret_open(struct span file, const struct secret *passphrase,
    struct minisign_secret *out, struct error *err)
{
	RELEASE_SECRET struct secret record = {0};
	bool locked;

	TRY(minisign_record_parse(file, &record, err));
	locked = minisign_record_is_locked(&record);
	if (locked && passphrase == NULL)
		return err_fail(err, ERR_KEY,
		    "secret key: it has a passphrase, and none was given");
	if (!locked && passphrase != NULL)
		return err_fail(err, ERR_KEY, "secret key: it has no "
		    "passphrase, and one was given");
	if (locked)
		TRY(toggle_lock(&record, passphrase, err));
	TRY(check_checksum(&record, err));
	TRY(check_pair(&record, err));
	return take_key(&record, out, err);
}

void
minisign_secret_release(struct minisign_secret *secret)
{
	secret_release(&secret->memory);
	*secret = (struct minisign_secret){0};
}

static void
put_limit(struct secret *record, size_t at, uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		record->data[at + i] = (uint8_t)(value >> (8 * i));
}

/* A new key in the clear, its checksum left zero. */
static void
fill_record(struct secret *record, struct minisign_public *public)
{
	memcpy(record->data + RECORD_ALGORITHM, "Ed", 2);
	memcpy(record->data + RECORD_CHECKSUM_ALGORITHM, "B2", 2);
	secret_random(public->key_id, sizeof(public->key_id));
	memcpy(record->data + RECORD_KEY_ID, public->key_id,
	    sizeof(public->key_id));
	crypto_sign_keypair(public->key, record->data + RECORD_KEY);
}

static enum err
lock_record(struct secret *record, const struct secret *passphrase,
    struct error *err)
{
	memcpy(record->data + RECORD_KDF, "Sc", 2);
	secret_random(record->data + RECORD_SALT,
	    crypto_pwhash_scryptsalsa208sha256_SALTBYTES);
	put_limit(record, RECORD_OPSLIMIT,
	    crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE);
	put_limit(record, RECORD_MEMLIMIT,
	    crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE);
	record_checksum(record, record->data + RECORD_CHECKSUM);
	return toggle_lock(record, passphrase, err);
}

enum err
minisign_generate(const struct secret *passphrase, struct buffer *secret_file,
    struct minisign_public *public, struct error *err)
{
	RELEASE_SECRET struct secret record = {0};
	struct minisign_public made;

	TRY(secret_new(RECORD_SIZE, &record, err));
	fill_record(&record, &made);
	if (passphrase != NULL)
		TRY(lock_record(&record, passphrase, err));
	TRY(minisign_record_format(&record, secret_file, err));
	*public = made;
	return ERR_OK;
}

/* The second signature covers the first, then the comment's text. */
static size_t
global_message(const struct minisign_seal *seal,
    uint8_t out[MINISIGN_SIGNATURE_SIZE + MINISIGN_COMMENT_SIZE])
{
	size_t size = strlen(seal->trusted_comment);

	memcpy(out, seal->signature, sizeof(seal->signature));
	memcpy(out + sizeof(seal->signature), seal->trusted_comment, size);
	return sizeof(seal->signature) + size;
}

static void
prehash(struct span message, uint8_t out[BLAKE2B_512_SIZE])
{
	crypto_generichash(out, BLAKE2B_512_SIZE, message.data, message.size,
	    NULL, 0);
}

enum err
minisign_sign(const struct minisign_secret *secret, struct span message,
    const char *trusted_comment, struct buffer *out, struct error *err)
{
	uint8_t global[MINISIGN_SIGNATURE_SIZE + MINISIGN_COMMENT_SIZE];
	const uint8_t *key = secret->memory.data + MINISIGN_KEY_ID_SIZE;
	uint8_t hash[BLAKE2B_512_SIZE];
	struct minisign_seal seal = {0};
	size_t size;

	if (!minisign_comment_is_fine(span_of_text(trusted_comment)))
		return err_fail(err, ERR_SEAL, "trusted comment: %zu octets "
		    "that are not fewer than %d of printable ASCII",
		    strlen(trusted_comment), MINISIGN_COMMENT_SIZE);
	memcpy(seal.key_id, secret->public.key_id, sizeof(seal.key_id));
	memcpy(seal.trusted_comment, trusted_comment,
	    strlen(trusted_comment) + 1);
	prehash(message, hash);
	crypto_sign_detached(seal.signature, NULL, hash, sizeof(hash), key);
	size = global_message(&seal, global);
	crypto_sign_detached(seal.global, NULL, global, size, key);
	return minisign_seal_format(&seal, out, err);
}

enum err
minisign_verify(const struct minisign_public *key, struct span message,
    struct span signature_file, char trusted_comment[MINISIGN_COMMENT_SIZE],
    struct error *err)
{
	uint8_t global[MINISIGN_SIGNATURE_SIZE + MINISIGN_COMMENT_SIZE];
	char want[MINISIGN_KEY_ID_HEX_SIZE], have[MINISIGN_KEY_ID_HEX_SIZE];
	uint8_t hash[BLAKE2B_512_SIZE];
	struct minisign_seal seal;
	size_t size;

	TRY(minisign_seal_parse(signature_file, &seal, err));
	minisign_key_id_text(key->key_id, want);
	minisign_key_id_text(seal.key_id, have);
	/* Nothing passes here that `minisign -V` would refuse. */
	if (strcmp(want, have) != 0)
		return err_fail(err, ERR_SEAL,
		    "seal: want one by key %s, have one by key %s", want,
		    have);
	prehash(message, hash);
	if (crypto_sign_verify_detached(seal.signature, hash, sizeof(hash),
	    key->key) != 0)
		return err_fail(err, ERR_SEAL, "seal: not a signature of this "
		    "text by key %s", want);
	size = global_message(&seal, global);
	if (crypto_sign_verify_detached(seal.global, global, size,
	    key->key) != 0)
		return err_fail(err, ERR_SEAL, "seal: its trusted comment is "
		    "not signed by key %s", want);
	memcpy(trusted_comment, seal.trusted_comment, MINISIGN_COMMENT_SIZE);
	return ERR_OK;
}
