/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "ferry/kind.h"
#include "ferry/minisign_text.h"

/* "Ed", key id, key: what a public key's base64 holds. */
#define PUBLIC_SIZE (2 + MINISIGN_KEY_ID_SIZE + 32)

/* scrypt limits of minisign, and the most that is accepted (libsodium's
 * SENSITIVE): 1 GiB of memory and a few seconds. */
#define MEMLIMIT_MAX (UINT64_C(1) << 30)
#define OPSLIMIT_MAX (UINT64_C(1) << 25)

/*
 * The line of base64 in a key file of two lines, or, with allow_bare, alone.
 */
static enum err
key_line(struct span file, bool allow_bare, const char *what,
    struct span *line, struct error *err)
{
	struct span rest = file, first;

	if (file.size > MINISIGN_FILE_MAX)
		return err_fail(err, ERR_KEY, "%s: want at most %d octets, "
		    "have %zu", what, MINISIGN_FILE_MAX, file.size);
	/* minisign does not look at the comment that a byte order mark is in */
	(void)text_skip_mark(&rest);
	if (text_is_utf16(rest))
		return err_fail(err, ERR_KEY, "%s: UTF-16 text", what);
	if (!minisign_next_line(&rest, &first))
		return err_fail(err, ERR_KEY, "%s: empty", what);
	if (span_starts_with(first, MINISIGN_UNTRUSTED)) {
		if (!minisign_next_line(&rest, line))
			return err_fail(err, ERR_KEY,
			    "%s: want 2 lines, have 1", what);
	} else if (allow_bare) {
		*line = first;
	} else {
		return err_fail(err, ERR_KEY, "%s: line 1 does not begin with "
		    "\"%s\"", what, MINISIGN_UNTRUSTED);
	}
	if (rest.size != 0)
		return err_fail(err, ERR_KEY, "%s: %zu octet%s the key", what,
		    rest.size, rest.size == 1 ? " follows" : "s follow");
	return ERR_OK;
}

static enum err
parse_public(struct span text, struct minisign_public *out,
    struct error *err)
{
	uint8_t record[PUBLIC_SIZE];
	struct span line;

	TRY(key_line(text, true, "public key", &line, err));
	TRY(minisign_decode(line, record, sizeof(record), ERR_KEY, "public key",
	    err));
	if (memcmp(record, "Ed", 2) != 0)
		return err_fail(err, ERR_KEY, "public key: the algorithm is "
		    "not Ed, but octets %02x %02x", record[0], record[1]);
	if (crypto_core_ed25519_is_valid_point(record + 2 +
	    MINISIGN_KEY_ID_SIZE) != 1)
		return err_fail(err, ERR_KEY, "public key: not a point of "
		    "Ed25519 (RFC 8032 5.1)");
	memcpy(out->key_id, record + 2, sizeof(out->key_id));
	memcpy(out->key, record + 2 + sizeof(out->key_id), sizeof(out->key));
	return ERR_OK;
}

/* The wrong file, by its name; NULL if nobody knows. */
static const char *
name_other(struct span file)
{
	struct span rest = file, line;

	(void)text_skip_mark(&rest);
	if (!span_starts_with(rest, MINISIGN_UNTRUSTED))
		return kind_name(file);
	if (!minisign_next_line(&rest, &line) ||
	    !minisign_next_line(&rest, &line))
		return NULL;
	return line.size == (RECORD_SIZE + 2) / 3 * 4 ? "a secret key" :
	    span_starts_with(rest, MINISIGN_TRUSTED) ? "a seal" : NULL;
}

enum err
minisign_public_parse(struct span text, struct minisign_public *out,
    struct error *err)
{
	enum err code = parse_public(text, out, err);
	const char *noun = code == ERR_KEY ? name_other(text) : NULL;

	if (noun != NULL)
		code = err_fail(err, code, "it is %s, not a public key of "
		    "minisign", noun);
	return err_remedy(err, code,
	    "name the .pub file that keygen or minisign wrote, or its line "
	    "that begins with RW");
}

static enum err
append_public(const struct minisign_public *key, struct buffer *out,
    struct error *err)
{
	uint8_t record[PUBLIC_SIZE] = "Ed";

	memcpy(record + 2, key->key_id, sizeof(key->key_id));
	memcpy(record + 2 + sizeof(key->key_id), key->key, sizeof(key->key));
	return base64_encode((struct span){record, sizeof(record)}, out,
	    err);
}

enum err
minisign_public_format(const struct minisign_public *key, struct buffer *out,
    struct error *err)
{
	char id[MINISIGN_KEY_ID_HEX_SIZE];

	minisign_key_id_text(key->key_id, id);
	/* At once, so that a failure leaves what was there. */
	TRY(buffer_reserve(out, 512, err));
	TRY(buffer_appendf(out, err,
	    MINISIGN_UNTRUSTED "minisign public key %s\n", id));
	TRY(append_public(key, out, err));
	return buffer_append_text(out, "\n", err);
}

void
minisign_public_line(const struct minisign_public *key,
    char out[MINISIGN_PUBLIC_LINE_SIZE])
{
	RELEASE_BUFFER struct buffer text = {0};

	out[0] = '\0';
	if (append_public(key, &text, NULL) != ERR_OK ||
	    text.size != MINISIGN_PUBLIC_LINE_SIZE - 1)
		return;
	memcpy(out, text.data, text.size);
	out[text.size] = '\0';
}

uint64_t
minisign_record_limit(const struct secret *record, size_t at)
{
	uint64_t value = 0;

	for (size_t i = 8; i > 0; i--)
		value = value << 8 | record->data[at + i - 1];
	return value;
}

bool
minisign_record_is_locked(const struct secret *record)
{
	return memcmp(record->data + RECORD_KDF, "Sc", 2) == 0;
}

static enum err
check_record(const struct secret *record, struct error *err)
{
	const uint8_t *data = record->data;
	uint64_t opslimit = minisign_record_limit(record, RECORD_OPSLIMIT);
	uint64_t memlimit = minisign_record_limit(record, RECORD_MEMLIMIT);

	if (memcmp(data + RECORD_ALGORITHM, "Ed", 2) != 0)
		return err_fail(err, ERR_KEY, "secret key: the algorithm is "
		    "not Ed, but octets %02x %02x", data[0], data[1]);
	if (memcmp(data + RECORD_CHECKSUM_ALGORITHM, "B2", 2) != 0)
		return err_fail(err, ERR_KEY, "secret key: the checksum "
		    "algorithm is not B2, but octets %02x %02x",
		    data[RECORD_CHECKSUM_ALGORITHM],
		    data[RECORD_CHECKSUM_ALGORITHM + 1]);
	if (!minisign_record_is_locked(record) &&
	    memcmp(data + RECORD_KDF, "\0\0", 2) != 0)
		return err_fail(err, ERR_KEY, "secret key: the key derivation "
		    "is not Sc, nor none, but octets %02x %02x",
		    data[RECORD_KDF], data[RECORD_KDF + 1]);
	if (memlimit > MEMLIMIT_MAX || opslimit > OPSLIMIT_MAX)
		return err_fail(err, ERR_KEY, "secret key: want scrypt limits "
		    "of at most %llu octets and %llu operations, have %llu "
		    "and %llu", (unsigned long long)MEMLIMIT_MAX,
		    (unsigned long long)OPSLIMIT_MAX,
		    (unsigned long long)memlimit,
		    (unsigned long long)opslimit);
	return ERR_OK;
}

enum err
minisign_record_parse(struct span file, struct secret *out, struct error *err)
{
	RELEASE_SECRET struct secret record = {0};
	struct span line;

	TRY(key_line(file, false, "secret key", &line, err));
	TRY(secret_new(RECORD_SIZE, &record, err));
	TRY(minisign_decode(line, record.data, RECORD_SIZE, ERR_KEY,
	    "secret key", err));
	TRY(check_record(&record, err));
	*out = record;
	record = (struct secret){0};
	return ERR_OK;
}

enum err
minisign_record_format(const struct secret *record, struct buffer *out,
    struct error *err)
{
	const char *comment = minisign_record_is_locked(record) ?
	    "minisign encrypted secret key" :
	    "minisign secret key without passphrase";

	/* All at once: growing later would leave a copy of the key behind. */
	TRY(buffer_reserve(out, 512, err));
	TRY(buffer_appendf(out, err, MINISIGN_UNTRUSTED "%s\n", comment));
	TRY(base64_encode((struct span){record->data, RECORD_SIZE}, out, err));
	return buffer_append_text(out, "\n", err);
}
