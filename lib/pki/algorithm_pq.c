/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/array.h"
#include "pki/algorithm_pq.h"
#include "pki/der.h"

/* OIDs 2.16.840.1.101.3.4.3.17 to .46, the last octet of their content. */
#define ARC_ML_DSA 17
#define ARC_HASH_ML_DSA 32
#define ARC_HASH_SLH_DSA 35
#define ARC_LAST 46

static const uint8_t sig_algs[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
    0x03};

#define OID_SIZE (sizeof(sig_algs) + 1)

/* In the order of their OIDs, by the names that libcrypto knows them by. */
static const char *const names[] = {
	"ML-DSA-44", "ML-DSA-65", "ML-DSA-87",
	"SLH-DSA-SHA2-128s", "SLH-DSA-SHA2-128f",
	"SLH-DSA-SHA2-192s", "SLH-DSA-SHA2-192f",
	"SLH-DSA-SHA2-256s", "SLH-DSA-SHA2-256f",
	"SLH-DSA-SHAKE-128s", "SLH-DSA-SHAKE-128f",
	"SLH-DSA-SHAKE-192s", "SLH-DSA-SHAKE-192f",
	"SLH-DSA-SHAKE-256s", "SLH-DSA-SHAKE-256f",
};

_Static_assert(ARC_ML_DSA + COUNT_OF(names) == ARC_HASH_ML_DSA,
    "one name for each");

static struct algorithm
algorithm_at(size_t i)
{
	return (struct algorithm){.family = ALGORITHM_POST_QUANTUM,
	    .name = names[i]};
}

bool
pq_is_oid(struct span oid)
{
	return oid.size == OID_SIZE &&
	    memcmp(oid.data, sig_algs, sizeof(sig_algs)) == 0 &&
	    oid.data[OID_SIZE - 1] >= ARC_ML_DSA &&
	    oid.data[OID_SIZE - 1] <= ARC_LAST;
}

static enum err
fail_hash(struct span oid, struct error *err)
{
	const bool is_ml = oid.data[OID_SIZE - 1] < ARC_HASH_SLH_DSA;
	char text[DER_OID_TEXT_SIZE];

	der_oid_text(oid, text);
	return err_remedy(err, err_fail(err, ERR_ALGORITHM, is_ml ?
	    "signature algorithm: %s is HashML-DSA, which RFC 9881 rules out "
	    "for certificates and CRLs" : "signature algorithm: %s is "
	    "HashSLH-DSA (RFC 9909), which OpenSSL does not have", text),
	    "have the CA sign with %s itself, not with a digest before it",
	    is_ml ? "ML-DSA" : "SLH-DSA");
}

enum err
pq_parse(struct span oid, struct span parameters, struct algorithm *out,
    struct error *err)
{
	const size_t i = oid.data[OID_SIZE - 1] - ARC_ML_DSA;

	if (i >= COUNT_OF(names))
		return fail_hash(oid, err);
	if (parameters.size > 0)
		return err_remedy(err, err_fail(err, ERR_ALGORITHM, "%s: its "
		    "parameters must be absent, not %zu octets (RFC 9881, RFC "
		    "9909)", names[i], parameters.size), ALGORITHM_MEND);
	*out = algorithm_at(i);
	return ERR_OK;
}

bool
pq_for_key(EVP_PKEY *key, struct algorithm *out)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (EVP_PKEY_is_a(key, names[i]) != 1)
			continue;
		*out = algorithm_at(i);
		return true;
	}
	return false;
}

enum err
pq_encode(const struct algorithm *algorithm, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer oid = {0}, inner = {0};
	uint8_t arc = ARC_ML_DSA;

	while (arc < ARC_HASH_ML_DSA - 1 &&
	    strcmp(names[arc - ARC_ML_DSA], algorithm->name) != 0)
		arc++;
	TRY(buffer_append(&oid, sig_algs, sizeof(sig_algs), err));
	TRY(buffer_append(&oid, &arc, 1, err));
	TRY(der_put(&inner, DER_OID, span_of_buffer(&oid), err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&inner), err);
}

bool
pq_is_available(const struct algorithm *algorithm)
{
	EVP_SIGNATURE *found;

	ERR_set_mark();
	found = EVP_SIGNATURE_fetch(NULL, algorithm->name, NULL);
	ERR_pop_to_mark();
	EVP_SIGNATURE_free(found);
	return found != NULL;
}

enum err
pq_check(const struct algorithm *algorithm, const char *what,
    const char *can, struct error *err)
{
	if (pq_is_available(algorithm))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_ALGORITHM, "%s %s, which "
	    "this machine's OpenSSL %s cannot %s", what, algorithm->name,
	    OpenSSL_version(OPENSSL_VERSION_STRING), can),
	    "use OpenSSL 3.5 or later, which Debian 13 has");
}

enum err
algorithm_check_spki(struct span spki, struct error *err)
{
	struct der_value key, identifier, oid;
	struct algorithm algorithm;

	if (der_expect(&spki, DER_SEQUENCE, "", &key, NULL) != ERR_OK ||
	    der_expect(&key.content, DER_SEQUENCE, "", &identifier, NULL) !=
	    ERR_OK || der_expect(&identifier.content, DER_OID, "", &oid,
	    NULL) != ERR_OK || !pq_is_oid(oid.content))
		return ERR_OK;
	TRY(pq_parse(oid.content, identifier.content, &algorithm, err));
	return pq_check(&algorithm, "its key is", "use", err);
}
