/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "base/array.h"
#include "pki/algorithm.h"
#include "pki/algorithm_pq.h"
#include "pki/algorithm_pss.h"
#include "pki/der.h"

#define CURVE_NAME_SIZE 64

/* SEQUENCE { OID 1.2.840.113549.1.1.n, NULL } */
#define RSA_IDENTIFIER(n) 15, {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, \
	0x86, 0xf7, 0x0d, 0x01, 0x01, (n), 0x05, 0x00}
/* SEQUENCE { OID 1.2.840.10045.4.3.n } */
#define ECDSA_IDENTIFIER(n) 12, {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, \
	0xce, 0x3d, 0x04, 0x03, (n)}

struct known {
	struct algorithm algorithm;
	uint8_t size;
	uint8_t identifier[15];
};

/* Those whose identifier never varies: octets of header, length, OID. */
static const struct known table[] = {
	{{ALGORITHM_RSA, "sha256WithRSAEncryption", "SHA256", NULL, 0,
	    false}, RSA_IDENTIFIER(11)},
	{{ALGORITHM_RSA, "sha384WithRSAEncryption", "SHA384", NULL, 0,
	    false}, RSA_IDENTIFIER(12)},
	{{ALGORITHM_RSA, "sha512WithRSAEncryption", "SHA512", NULL, 0,
	    false}, RSA_IDENTIFIER(13)},
	{{ALGORITHM_ECDSA, "ecdsa-with-SHA256", "SHA256", NULL, 0,
	    false}, ECDSA_IDENTIFIER(2)},
	{{ALGORITHM_ECDSA, "ecdsa-with-SHA384", "SHA384", NULL, 0,
	    false}, ECDSA_IDENTIFIER(3)},
	{{ALGORITHM_ECDSA, "ecdsa-with-SHA512", "SHA512", NULL, 0,
	    false}, ECDSA_IDENTIFIER(4)},
	{{ALGORITHM_ED25519, "Ed25519", NULL, NULL, 0, false},
	    7, {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70}},
	{{ALGORITHM_RSA, "md5WithRSAEncryption", "MD5", NULL, 0,
	    true}, RSA_IDENTIFIER(4)},
	{{ALGORITHM_RSA, "sha1WithRSAEncryption", "SHA1", NULL, 0,
	    true}, RSA_IDENTIFIER(5)},
	{{ALGORITHM_ECDSA, "ecdsa-with-SHA1", "SHA1", NULL, 0, true},
	    11, {0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	    0x04, 0x01}},
};

/* Their names in the configuration. */
static const struct {
	const char *name;
	const char *digest;
	bool is_weak;
} digests[] = {
	{"sha256", "SHA256", false},
	{"sha384", "SHA384", false},
	{"sha512", "SHA512", false},
	{"md5", "MD5", true},
	{"sha1", "SHA1", true},
};

static const struct {
	const char *name;	/* as EVP_PKEY_get_group_name has it */
	const char *digest;
} curves[] = {
	{"prime256v1", "SHA256"},
	{"secp384r1", "SHA384"},
	{"secp521r1", "SHA512"},
};

/* The row whose OID, tag and length included, is this one. */
static const struct known *
find_by_oid(struct span oid)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct span own = {table[i].identifier + 2, oid.size};

		if (2 + oid.size <= table[i].size &&
		    own.data[1] + 2U == oid.size && span_equals(oid, own))
			return &table[i];
	}
	return NULL;
}

static enum err
fail_unknown(struct span oid, struct error *err)
{
	char text[DER_OID_TEXT_SIZE];
	int nid;

	der_oid_text(oid, text);
	ERR_set_mark();
	nid = OBJ_txt2nid(text);
	ERR_pop_to_mark();
	return err_fail(err, ERR_ALGORITHM,
	    "signature algorithm: %s (%s) is none of RSA, RSA-PSS and ECDSA "
	    "with SHA-256, SHA-384 or SHA-512, nor Ed25519, ML-DSA or SLH-DSA",
	    text, nid != NID_undef ? OBJ_nid2ln(nid) : "unknown");
}

/* One that is not in the table octet for octet. */
static enum err
parse_other(struct span in, struct algorithm *out, struct error *err)
{
	struct der_value sequence, oid;
	const struct known *known;

	TRY(der_expect(&in, DER_SEQUENCE, "signature algorithm", &sequence,
	    err));
	TRY(der_end(in, "signature algorithm", err));
	TRY(der_expect(&sequence.content, DER_OID, "signature algorithm", &oid,
	    err));
	if (pss_is_oid(oid.content))
		return pss_parse(sequence.content, out, err);
	if (pq_is_oid(oid.content))
		return pq_parse(oid.content, sequence.content, out, err);
	known = find_by_oid(oid.whole);
	if (known == NULL)
		return fail_unknown(oid.content, err);
	return err_remedy(err, err_fail(err, ERR_ALGORITHM, "%s: its "
	    "parameters must be %s, not %zu octets (RFC 4055, RFC 5758)",
	    known->algorithm.name, known->algorithm.family ==
	    ALGORITHM_RSA ? "NULL" : "absent", sequence.content.size),
	    ALGORITHM_MEND);
}

enum err
algorithm_parse(struct span identifier, struct algorithm *out,
    struct error *err)
{
	enum err code;

	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (identifier.size != table[i].size || memcmp(identifier.data,
		    table[i].identifier, identifier.size) != 0)
			continue;
		*out = table[i].algorithm;
		return ERR_OK;
	}
	code = parse_other(identifier, out, err);
	if (code != ERR_FORMAT)
		return code;
	/* One that cannot be read is not on the list either. */
	if (err != NULL)
		err->code = ERR_ALGORITHM;
	return ERR_ALGORITHM;
}

enum err
algorithm_check(const struct algorithm *algorithm, struct error *err)
{
	if (algorithm->family == ALGORITHM_POST_QUANTUM)
		return pq_check(algorithm, "signed with", "verify", err);
	if (!algorithm->is_weak)
		return ERR_OK;
	if (algorithm->is_mask_weak)
		return err_remedy(err, err_fail(err, ERR_WEAK, "signature "
		    "algorithm: %s, but with MGF1 over %s%s", algorithm->name,
		    algorithm->mgf_digest, algorithm->is_mask_default ?
		    ", which is meant if the parameters name no mask" : ""),
		    "have the CA sign with MGF1 over the same digest (openssl: "
		    "-sigopt rsa_mgf1_md:sha256), or without PSS (AD CS: "
		    "certutil -setreg ca\\csp\\AlternateSignatureAlgorithm 0)");
	return err_fail(err, ERR_WEAK, "signature algorithm: want SHA-256, "
	    "SHA-384 or SHA-512, have %s", algorithm->name);
}

static const char *
key_name(EVP_PKEY *key)
{
	const char *name = EVP_PKEY_get0_type_name(key);

	return name != NULL ? name : "a key of unknown type";
}

/* *out stays as it is if no digest is wanted. */
static enum err
choose_digest(const char *name, const char **out, struct error *err)
{
	if (name == NULL)
		return ERR_OK;
	for (size_t i = 0; i < COUNT_OF(digests); i++) {
		if (strcasecmp(name, digests[i].name) != 0)
			continue;
		if (digests[i].is_weak)
			return err_fail(err, ERR_WEAK,
			    "digest: %s is none of sha256, sha384 and sha512",
			    name);
		*out = digests[i].digest;
		return ERR_OK;
	}
	return err_fail(err, ERR_ALGORITHM,
	    "digest: %s is none of sha256, sha384 and sha512", name);
}

static enum err
curve_digest(EVP_PKEY *key, const char **out, struct error *err)
{
	char name[CURVE_NAME_SIZE] = "an unnamed one";
	size_t size;

	ERR_set_mark();
	(void)EVP_PKEY_get_group_name(key, name, sizeof(name), &size);
	ERR_pop_to_mark();
	for (size_t i = 0; i < COUNT_OF(curves); i++) {
		if (strcmp(name, curves[i].name) != 0)
			continue;
		*out = curves[i].digest;
		return ERR_OK;
	}
	return err_remedy(err, err_fail(err, ERR_ALGORITHM,
	    "key: the curve %s is none of P-256, P-384 and P-521", name),
	    "let another program sign, leave the key out here, and take its "
	    "CRLs in with crlferry-root adopt");
}

static bool
is_same_digest(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static enum err
fail_digest(const char *name, const char *digest, struct error *err)
{
	return err_fail(err, ERR_ALGORITHM, "digest %s: %s has its own digest",
	    digest, name);
}

/* The row of this family and digest. */
static enum err
choose(enum algorithm_family family, const char *digest,
    struct algorithm *out, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		const struct algorithm *one = &table[i].algorithm;

		if (one->family != family ||
		    !is_same_digest(one->digest, digest))
			continue;
		*out = *one;
		return ERR_OK;
	}
	if (family == ALGORITHM_ED25519)
		return fail_digest("Ed25519", digest, err);
	return err_fail(err, ERR_ALGORITHM, "digest %s: the key cannot sign "
	    "with it", digest);
}

enum err
algorithm_check_key(EVP_PKEY *key, struct error *err)
{
	struct algorithm own;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
	case EVP_PKEY_EC:
	case EVP_PKEY_ED25519:
		return ERR_OK;
	default:
		if (pq_for_key(key, &own))
			return algorithm_check(&own, err);
		return err_fail(err, ERR_ALGORITHM,
		    "key: %s is none of RSA, RSA-PSS, ECDSA, Ed25519, ML-DSA "
		    "and SLH-DSA",
		    key_name(key));
	}
}

static enum err
choose_for_key(EVP_PKEY *key, const char *digest, struct algorithm *out,
    struct error *err)
{
	const char *own = NULL;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return choose(ALGORITHM_RSA, digest != NULL ? digest :
		    "SHA256", out, err);
	case EVP_PKEY_RSA_PSS:
		return pss_for_key(key, digest, out, err);
	case EVP_PKEY_EC:
		TRY(curve_digest(key, &own, err));
		return choose(ALGORITHM_ECDSA, digest != NULL ? digest : own,
		    out, err);
	case EVP_PKEY_ED25519:
		return choose(ALGORITHM_ED25519, digest, out, err);
	default:
		TRY(algorithm_check_key(key, err));
		return pq_for_key(key, out) && digest == NULL ? ERR_OK :
		    fail_digest(out->name, digest, err);
	}
}

static enum err
put_identifier(const struct algorithm *algorithm, struct buffer *out,
    struct error *err)
{
	if (algorithm->family == ALGORITHM_RSA_PSS)
		return pss_encode(algorithm, out, err);
	if (algorithm->family == ALGORITHM_POST_QUANTUM)
		return pq_encode(algorithm, out, err);
	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (strcmp(table[i].algorithm.name, algorithm->name) == 0)
			return buffer_append(out, table[i].identifier,
			    table[i].size, err);
	return err_fail(err, ERR_ALGORITHM,
	    "signature algorithm: %s is not supported", algorithm->name);
}

enum err
algorithm_for_key(EVP_PKEY *key, const char *digest, struct algorithm *out,
    struct buffer *identifier, struct error *err)
{
	struct algorithm chosen;
	const char *wanted = NULL;

	TRY(choose_digest(digest, &wanted, err));
	TRY(choose_for_key(key, wanted, &chosen, err));
	TRY(algorithm_check(&chosen, err));
	TRY(put_identifier(&chosen, identifier, err));
	*out = chosen;
	return ERR_OK;
}

static bool
key_fits(const struct algorithm *algorithm, EVP_PKEY *key)
{
	int type = EVP_PKEY_get_base_id(key);

	switch (algorithm->family) {
	case ALGORITHM_RSA:
		return type == EVP_PKEY_RSA;
	case ALGORITHM_RSA_PSS:
		return type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
	case ALGORITHM_ECDSA:
		return type == EVP_PKEY_EC;
	case ALGORITHM_ED25519:
		return type == EVP_PKEY_ED25519;
	case ALGORITHM_POST_QUANTUM:
		return EVP_PKEY_is_a(key, algorithm->name) == 1;
	}
	return false;
}

static bool
start(const struct algorithm *algorithm, EVP_MD_CTX *context, EVP_PKEY *key,
    bool is_signing)
{
	const EVP_MD *digest = NULL, *mask = NULL;
	EVP_PKEY_CTX *key_context = NULL;
	int started;

	if (algorithm->digest != NULL) {
		digest = EVP_get_digestbyname(algorithm->digest);
		if (digest == NULL)
			return false;
	}
	started = is_signing ?
	    EVP_DigestSignInit(context, &key_context, digest, NULL, key) :
	    EVP_DigestVerifyInit(context, &key_context, digest, NULL, key);
	if (started <= 0 || algorithm->family != ALGORITHM_RSA_PSS)
		return started > 0;
	mask = EVP_get_digestbyname(algorithm->mgf_digest);
	return mask != NULL &&
	    EVP_PKEY_CTX_set_rsa_padding(key_context,
	    RSA_PKCS1_PSS_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(key_context, mask) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context,
	    algorithm->salt_size) > 0;
}

enum err
algorithm_start(const struct algorithm *algorithm, EVP_MD_CTX *context,
    EVP_PKEY *key, bool is_signing, struct error *err)
{
	const enum err code = is_signing ? ERR_KEY : ERR_SIGNATURE;
	bool fits, is_started;

	if (is_signing)
		TRY(algorithm_check(algorithm, err));
	ERR_set_mark();
	fits = key_fits(algorithm, key);
	is_started = fits && start(algorithm, context, key, is_signing);
	ERR_pop_to_mark();
	if (is_started)
		return ERR_OK;
	if (fits && algorithm->family == ALGORITHM_RSA_PSS)
		return err_fail(err, code, "signature algorithm: %s, MGF1 over "
		    "%s and a salt of %d octets is not what the key is "
		    "restricted to", algorithm->name, algorithm->mgf_digest,
		    algorithm->salt_size);
	return err_fail(err, code,
	    "signature algorithm: %s does not fit a key of %s",
	    algorithm->name, key_name(key));
}

bool
algorithm_is_whole(const struct algorithm *algorithm)
{
	return algorithm->digest == NULL;
}
