/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "ca/signer_cost.h"

/* No number, or one that does not fit, is more than any cap. */
static uint64_t
count_of(const ASN1_INTEGER *integer)
{
	uint64_t count;

	if (integer == NULL || ASN1_INTEGER_get_uint64(&count, integer) != 1)
		return UINT64_MAX;
	return count;
}

static uint64_t
multiply(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static void *
unpack(const X509_ALGOR *algorithm, const ASN1_ITEM *item)
{
	return ASN1_TYPE_unpack_sequence(item, algorithm->parameter);
}

static uint64_t
cost_of_pbkdf2(const X509_ALGOR *algorithm)
{
	PBKDF2PARAM *parameters = unpack(algorithm,
	    ASN1_ITEM_rptr(PBKDF2PARAM));
	uint64_t cost = parameters == NULL ? 0 : count_of(parameters->iter);

	PBKDF2PARAM_free(parameters);
	return cost;
}

static uint64_t
cost_of_scrypt(const X509_ALGOR *algorithm)
{
	SCRYPT_PARAMS *parameters = unpack(algorithm,
	    ASN1_ITEM_rptr(SCRYPT_PARAMS));
	uint64_t cost = parameters == NULL ? 0 :
	    multiply(count_of(parameters->costParameter),
	    multiply(count_of(parameters->blockSize),
	    count_of(parameters->parallelizationParameter)));

	SCRYPT_PARAMS_free(parameters);
	return cost;
}

/* PBES2, and PBMAC1, whose parameters have the same shape. */
static uint64_t
cost_of_scheme(const X509_ALGOR *algorithm)
{
	PBE2PARAM *parameters = unpack(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
	uint64_t cost = 0;
	int nid;

	if (parameters == NULL)
		return 0;
	nid = OBJ_obj2nid(parameters->keyfunc->algorithm);
	if (nid == NID_id_pbkdf2)
		cost = cost_of_pbkdf2(parameters->keyfunc);
	else if (nid == NID_id_scrypt)
		cost = cost_of_scrypt(parameters->keyfunc);
	PBE2PARAM_free(parameters);
	return cost;
}

/* PKCS#5 1.5 and PKCS#12: salt and iterations. */
static uint64_t
cost_of_old(const X509_ALGOR *algorithm)
{
	PBEPARAM *parameters = unpack(algorithm, ASN1_ITEM_rptr(PBEPARAM));
	uint64_t cost = parameters == NULL ? 0 : count_of(parameters->iter);

	PBEPARAM_free(parameters);
	return cost;
}

uint64_t
signer_cost(const X509_ALGOR *algorithm)
{
	const int nid = OBJ_obj2nid(algorithm->algorithm);

	return nid == NID_pbes2 || nid == NID_pbmac1 ?
	    cost_of_scheme(algorithm) : cost_of_old(algorithm);
}

uint64_t
signer_cost_mac(const PKCS12 *file)
{
	const ASN1_INTEGER *iterations = NULL;
	const X509_ALGOR *algorithm = NULL;

	PKCS12_get0_mac(NULL, &algorithm, NULL, &iterations, file);
	if (algorithm == NULL)
		return 0;
	if (OBJ_obj2nid(algorithm->algorithm) == NID_pbmac1)
		return signer_cost(algorithm);
	/* Absent, it is 1 (RFC 7292 4). */
	return iterations == NULL ? 1 : count_of(iterations);
}

enum err
signer_cost_check(const char *path, uint64_t cost, struct error *err)
{
	char have[24] = "more";

	if (cost <= SIGNER_COST_MAX)
		return ERR_OK;
	if (cost < UINT64_MAX)
		snprintf(have, sizeof(have), "%llu",
		    (unsigned long long)cost);
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: want at most %d "
	    "iterations to try a passphrase, have %s, which could take hours",
	    path, SIGNER_COST_MAX, have), "write the file anew with fewer "
	    "iterations");
}

static enum err
check_block(const char *path, const char *name, const uint8_t *data,
    long size, struct error *err)
{
	const X509_ALGOR *algorithm;
	enum err code;
	X509_SIG *sealed;

	if (strcmp(name, PEM_STRING_PKCS8) != 0)
		return ERR_OK;
	sealed = d2i_X509_SIG(NULL, &data, size);
	if (sealed == NULL)
		return ERR_OK;
	X509_SIG_get0(sealed, &algorithm, NULL);
	code = signer_cost_check(path, signer_cost(algorithm), err);
	X509_SIG_free(sealed);
	return code;
}

enum err
signer_cost_check_pem(const char *path, struct span content,
    struct error *err)
{
	BIO *bio = BIO_new_mem_buf(content.data, (int)content.size);
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	enum err code = ERR_OK;
	long size = 0;

	/* A plain key stands in the locked heap, and is wiped. */
	while (code == ERR_OK && bio != NULL && PEM_read_bio_ex(bio, &name,
	    &header, &data, &size, PEM_FLAG_SECURE) == 1) {
		code = check_block(path, name, data, size, err);
		OPENSSL_secure_clear_free(name, strlen(name));
		OPENSSL_secure_clear_free(header, strlen(header));
		OPENSSL_secure_clear_free(data, (size_t)size);
	}
	BIO_free(bio);
	/* Damage is for whoever reads the key to judge. */
	ERR_clear_error();
	return code;
}
