/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/array.h"
#include "pki/algorithm_pss.h"
#include "pki/der.h"

#define SALT_DEFAULT 20
#define WHAT "RSASSA-PSS parameters"

static const uint8_t pss_oid[] = {
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
static const uint8_t mgf1_oid[] = {
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08};

struct hash {
	const char *name;
	const char *algorithm_name;
	int size_bytes;
	bool is_weak;
	size_t oid_size;
	uint8_t oid[9];
};

/* The first is what absent fields mean. */
static const struct hash hashes[] = {
	{"SHA1", "RSASSA-PSS with SHA1", 20, true, 5,
	    {0x2b, 0x0e, 0x03, 0x02, 0x1a}},
	{"SHA256", "RSASSA-PSS with SHA256", 32, false, 9,
	    {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}},
	{"SHA384", "RSASSA-PSS with SHA384", 48, false, 9,
	    {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}},
	{"SHA512", "RSASSA-PSS with SHA512", 64, false, 9,
	    {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}},
};

static const struct hash *
hash_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(hashes); i++)
		if (strcmp(hashes[i].name, name) == 0)
			return &hashes[i];
	return NULL;
}

bool
pss_is_oid(struct span oid)
{
	return span_equals(oid, (struct span){pss_oid, sizeof(pss_oid)});
}

/* Take an AlgorithmIdentifier; what follows its OID goes to *rest. */
static enum err
take_identifier(struct span *in, const char *what, struct span *oid,
    struct span *rest, struct error *err)
{
	struct der_value identifier, value;

	TRY(der_expect(in, DER_SEQUENCE, what, &identifier, err));
	TRY(der_expect(&identifier.content, DER_OID, what, &value, err));
	*oid = value.content;
	*rest = identifier.content;
	return ERR_OK;
}

/* A hash's identifier that fills in, with parameters absent or NULL. */
static enum err
parse_hash(struct span in, const char *what, const struct hash **out,
    struct error *err)
{
	struct span oid, rest;
	struct der_value null;
	char text[DER_OID_TEXT_SIZE];

	TRY(take_identifier(&in, what, &oid, &rest, err));
	if (rest.size > 0) {
		TRY(der_expect(&rest, DER_NULL, what, &null, err));
		TRY(der_end(null.content, what, err));
	}
	TRY(der_end(rest, what, err));
	TRY(der_end(in, what, err));
	for (size_t i = 0; i < COUNT_OF(hashes); i++) {
		if (!span_equals(oid, (struct span){
		    hashes[i].oid, hashes[i].oid_size}))
			continue;
		*out = &hashes[i];
		return ERR_OK;
	}
	der_oid_text(oid, text);
	return err_fail(err, ERR_ALGORITHM, "%s: want SHA-256, SHA-384 or "
	    "SHA-512, have %s", what, text);
}

static enum err
parse_mask(struct span in, const struct hash **out, struct error *err)
{
	struct span oid, rest;
	char text[DER_OID_TEXT_SIZE];

	TRY(take_identifier(&in, WHAT ": mask", &oid, &rest, err));
	TRY(der_end(in, WHAT ": mask", err));
	if (!span_equals(oid, (struct span){mgf1_oid, sizeof(mgf1_oid)})) {
		der_oid_text(oid, text);
		return err_fail(err, ERR_ALGORITHM,
		    WHAT ": mask: want MGF1, have %s", text);
	}
	return parse_hash(rest, WHAT ": mask hash", out, err);
}

static enum err
parse_integer(struct span in, const char *what, int32_t *out,
    struct error *err)
{
	struct der_value value;

	TRY(der_expect(&in, DER_INTEGER, what, &value, err));
	TRY(der_end(in, what, err));
	return der_small_integer(value.content, what, out, err);
}

struct parameters {
	const struct hash *hash;
	const struct hash *mask_hash;
	bool has_mask;
	int32_t salt_size;
	int32_t trailer;
};

static enum err
parse_field(unsigned int number, struct span in, struct parameters *out,
    struct error *err)
{
	switch (number) {
	case 0:
		return parse_hash(in, WHAT ": hash", &out->hash, err);
	case 1:
		out->has_mask = true;
		return parse_mask(in, &out->mask_hash, err);
	case 2:
		return parse_integer(in, WHAT ": salt", &out->salt_size, err);
	default:
		return parse_integer(in, WHAT ": trailer", &out->trailer, err);
	}
}

enum err
pss_parse(struct span in, struct algorithm *out, struct error *err)
{
	struct parameters parameters = {
		&hashes[0], &hashes[0], false, SALT_DEFAULT, 1};
	struct der_value sequence, field;

	if (in.size == 0)
		return err_fail(err, ERR_ALGORITHM, WHAT ": there are none");
	TRY(der_expect(&in, DER_SEQUENCE, WHAT, &sequence, err));
	TRY(der_end(in, WHAT, err));
	for (unsigned int i = 0; i < 4; i++) {
		if (!der_is_next(sequence.content,
		    (uint8_t)DER_CONTEXT_CONSTRUCTED(i)))
			continue;
		TRY(der_next(&sequence.content, WHAT, &field, err));
		TRY(parse_field(i, field.content, &parameters, err));
	}
	TRY(der_end(sequence.content, WHAT, err));
	if (parameters.salt_size > PSS_SALT_MAX)
		return err_fail(err, ERR_ALGORITHM, WHAT ": want a salt of up "
		    "to %d octets, have %d", PSS_SALT_MAX,
		    parameters.salt_size);
	if (parameters.trailer != 1)
		return err_fail(err, ERR_ALGORITHM,
		    WHAT ": want trailer 1, have %d", parameters.trailer);
	*out = (struct algorithm){
		.family = ALGORITHM_RSA_PSS,
		.name = parameters.hash->algorithm_name,
		.digest = parameters.hash->name,
		.mgf_digest = parameters.mask_hash->name,
		.salt_size = parameters.salt_size,
		.is_weak = parameters.hash->is_weak ||
		    parameters.mask_hash->is_weak,
		.is_mask_weak = !parameters.hash->is_weak &&
		    parameters.mask_hash->is_weak,
		.is_mask_default = !parameters.has_mask,
	};
	return ERR_OK;
}

/*
 * The parameters that the key's SubjectPublicKeyInfo restricts it to; none
 * if *has_any becomes false.
 */
static enum err
parse_restriction(struct span spki, bool *has_any, struct algorithm *out,
    struct error *err)
{
	struct der_value outer;
	struct span oid, parameters;

	TRY(der_expect(&spki, DER_SEQUENCE, "public key", &outer, err));
	TRY(take_identifier(&outer.content, "public key", &oid, &parameters,
	    err));
	*has_any = parameters.size > 0;
	return *has_any ? pss_parse(parameters, out, err) : ERR_OK;
}

enum err
pss_for_key(EVP_PKEY *key, const char *digest, struct algorithm *out,
    struct error *err)
{
	const struct hash *hash = hash_by_name(
	    digest != NULL ? digest : "SHA256");
	struct algorithm own;
	unsigned char *spki = NULL;
	bool has_own;
	enum err code;
	int size = i2d_PUBKEY(key, &spki);

	if (size <= 0 || hash == NULL)
		return err_fail(err, ERR_ALGORITHM,
		    "key: an RSA-PSS key that cannot be encoded with a digest");
	code = parse_restriction((struct span){spki, (size_t)size}, &has_own,
	    &own, err);
	OPENSSL_free(spki);
	if (code != ERR_OK)
		return code;
	if (has_own && digest != NULL && strcmp(own.digest, digest) != 0)
		return err_fail(err, ERR_ALGORITHM,
		    "key: want digest %s, to which the key is restricted, have "
		    "%s",
		    own.digest, digest);
	if (!has_own)
		own = (struct algorithm){
			.family = ALGORITHM_RSA_PSS,
			.name = hash->algorithm_name,
			.digest = hash->name,
			.mgf_digest = hash->name,
			.salt_size = hash->size_bytes,
		};
	*out = own;
	return ERR_OK;
}

static enum err
put_hash(struct buffer *out, const char *name, struct error *err)
{
	RELEASE_BUFFER struct buffer content = {0};
	const struct hash *hash = hash_by_name(name);

	if (hash == NULL || hash->is_weak)
		return err_fail(err, ERR_WEAK, WHAT ": want SHA-256, SHA-384 "
		    "or SHA-512, have %s", name);
	TRY(der_put(&content, DER_OID, (struct span){hash->oid, hash->oid_size},
	    err));
	TRY(der_put(&content, DER_NULL, (struct span){0}, err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&content), err);
}

static enum err
put_mask(struct buffer *out, const char *name, struct error *err)
{
	RELEASE_BUFFER struct buffer content = {0};

	TRY(der_put(&content, DER_OID,
	    (struct span){mgf1_oid, sizeof(mgf1_oid)}, err));
	TRY(put_hash(&content, name, err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&content), err);
}

static enum err
put_salt(struct buffer *out, int salt_size, struct error *err)
{
	uint8_t octets[2] = {(uint8_t)(salt_size >> 8), (uint8_t)salt_size};
	size_t skip = salt_size < 128 ? 1 : 0;

	return der_put(out, DER_INTEGER,
	    (struct span){octets + skip, sizeof(octets) - skip}, err);
}

/* Append the value that is in field as [number], and empty field. */
static enum err
wrap(struct buffer *out, unsigned int number, struct buffer *field,
    struct error *err)
{
	enum err code = der_put(out, (uint8_t)DER_CONTEXT_CONSTRUCTED(number),
	    span_of_buffer(field), err);

	field->size = 0;
	return code;
}

enum err
pss_encode(const struct algorithm *algorithm, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer field = {0}, fields = {0}, content = {0};

	TRY(put_hash(&field, algorithm->digest, err));
	TRY(wrap(&fields, 0, &field, err));
	TRY(put_mask(&field, algorithm->mgf_digest, err));
	TRY(wrap(&fields, 1, &field, err));
	if (algorithm->salt_size != SALT_DEFAULT) {
		TRY(put_salt(&field, algorithm->salt_size, err));
		TRY(wrap(&fields, 2, &field, err));
	}
	TRY(der_put(&content, DER_OID, (struct span){pss_oid, sizeof(pss_oid)},
	    err));
	TRY(der_put(&content, DER_SEQUENCE, span_of_buffer(&fields), err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&content), err);
}
