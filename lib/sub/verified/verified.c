/* SPDX-License-Identifier: ISC */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "sub/verified/verified.h"

#define HEADER "crlferry-verdicts 1\n"
#define LINE_SIZE SHA256_HEX_SIZE	/* LF for NUL */
#define COUNT_MAX 250000

static const char *const facts[] = {
    [VERIFIED_ISSUED] = "issued",
    [VERIFIED_CRL] = "crl",
    [VERIFIED_OPENSSL] = "openssl",
    [VERIFIED_SERIALS] = "serials",
};

struct record {
	uint8_t key[SHA256_SIZE];
	bool is_loaded;
	bool is_used;
};

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_SIZE);
}

/*
 * Another release of either program may judge otherwise, so that their versions
 * belong to what the verdict rests on.
 */
static bool
make_key(enum verified_fact fact, const uint8_t sha256_of_file[SHA256_SIZE],
    const struct cert *root, uint8_t out[SHA256_SIZE])
{
	RELEASE_BUFFER struct buffer text = {0};
	char file[SHA256_HEX_SIZE], signer[SHA256_HEX_SIZE];
	uint8_t digest[SHA256_SIZE];

	if (sha256(span_of_buffer(&root->der), digest, NULL) != ERR_OK)
		return false;
	sha256_hex(sha256_of_file, file);
	sha256_hex(digest, signer);
	return buffer_appendf(&text, NULL, HEADER "%s\n%s\n%s\n%s\n%s\n",
	    CRLFERRY_VERSION, OpenSSL_version(OPENSSL_VERSION), facts[fact],
	    file, signer) == ERR_OK &&
	    sha256(span_of_buffer(&text), out, NULL) == ERR_OK;
}

/* The record with this key, made if there is room; or NULL. */
static struct record *
insert(struct verified *verified, const uint8_t key[SHA256_SIZE],
    bool is_loaded)
{
	struct record *record = verified->count < COUNT_MAX ?
	    malloc(sizeof(*record)) : NULL;
	struct record **found;

	if (record == NULL)
		return NULL;
	*record = (struct record){.is_loaded = is_loaded};
	memcpy(record->key, key, SHA256_SIZE);
	found = tsearch(record, &verified->tree, compare);
	if (found == NULL || *found != record)
		free(record);
	else
		verified->count++;
	return found == NULL ? NULL : *found;
}

bool
verified_has(struct verified *verified, enum verified_fact fact,
    const uint8_t sha256_of_file[SHA256_SIZE], const struct cert *root)
{
	uint8_t key[SHA256_SIZE];
	struct record **found;

	if (verified == NULL || !make_key(fact, sha256_of_file, root, key))
		return false;
	found = tfind(key, &verified->tree, compare);
	if (found == NULL)
		return false;
	if ((*found)->is_loaded && !(*found)->is_used)
		verified->used_count++;
	(*found)->is_used = true;
	return true;
}

void
verified_add(struct verified *verified, enum verified_fact fact,
    const uint8_t sha256_of_file[SHA256_SIZE], const struct cert *root)
{
	uint8_t key[SHA256_SIZE];
	struct record *record;

	if (verified == NULL || !make_key(fact, sha256_of_file, root, key))
		return;
	record = insert(verified, key, false);
	if (record != NULL)
		record->is_used = true;
}

void
verified_tell(struct verified *verified, struct crl *crl,
    const uint8_t sha256_of_file[SHA256_SIZE], const struct cert *root)
{
	crl->is_unrepeated = verified_has(verified, VERIFIED_SERIALS,
	    sha256_of_file, root);
	if (!verified_has(verified, VERIFIED_CRL, sha256_of_file, root))
		return;
	crl->is_verified = true;
	memcpy(crl->verified_spki_sha256, root->spki_sha256, SHA256_SIZE);
}

void
verified_learn(struct verified *verified, const struct crl *crl,
    const uint8_t sha256_of_file[SHA256_SIZE], const struct cert *root)
{
	if (crl->is_unrepeated)
		verified_add(verified, VERIFIED_SERIALS, sha256_of_file, root);
	if (crl->is_verified && memcmp(crl->verified_spki_sha256,
	    root->spki_sha256, SHA256_SIZE) == 0)
		verified_add(verified, VERIFIED_CRL, sha256_of_file, root);
}

enum err
verified_check_issued(struct verified *verified, const struct cert *subject,
    const struct cert *root, struct error *err)
{
	uint8_t digest[SHA256_SIZE];

	if (verified == NULL)
		return cert_check_issued_by(subject, root, err);
	TRY(sha256(span_of_buffer(&subject->der), digest, err));
	if (verified_has(verified, VERIFIED_ISSUED, digest, root))
		return ERR_OK;
	TRY(cert_check_issued_by(subject, root, err));
	verified_add(verified, VERIFIED_ISSUED, digest, root);
	return ERR_OK;
}

/* The text, and whether all of it is there. */
struct encoding {
	struct buffer *out;
	struct error *err;
	enum err code;
};

static void
encode_record(const void *node, VISIT visit, void *context)
{
	const struct record *record = *(struct record *const *)node;
	struct encoding *encoding = context;
	char hex[SHA256_HEX_SIZE];

	if (encoding->code != ERR_OK || !record->is_used ||
	    (visit != postorder && visit != leaf))
		return;
	sha256_hex(record->key, hex);
	encoding->code = buffer_appendf(encoding->out, encoding->err, "%s\n",
	    hex);
}

enum err
verified_encode(const struct verified *verified, struct buffer *out,
    struct error *err)
{
	struct encoding encoding = {.out = out, .err = err};

	TRY(buffer_append_text(out, HEADER, err));
	twalk_r(verified->tree, encode_record, &encoding);
	return encoding.code;
}

bool
verified_decode(struct span text, struct verified *out)
{
	uint8_t key[SHA256_SIZE];
	struct span line;
	size_t size;

	if (!span_starts_with(text, HEADER))
		return false;
	for (size_t at = sizeof(HEADER) - 1; at < text.size;
	    at += LINE_SIZE) {
		line = (struct span){text.data + at, LINE_SIZE - 1};
		if (text.size - at < LINE_SIZE ||
		    text.data[at + LINE_SIZE - 1] != '\n' ||
		    !hex_decode(line, key, sizeof(key), &size) ||
		    insert(out, key, true) == NULL) {
			verified_release(out);
			return false;
		}
	}
	out->loaded_count = out->count;
	return true;
}

void
verified_release(struct verified *verified)
{
	tdestroy(verified->tree, free);
	*verified = (struct verified){0};
}
