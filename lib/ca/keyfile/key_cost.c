/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include <openssl/asn1t.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "ca/keyfile/key_cost.h"

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
key_cost(const X509_ALGOR *algorithm)
{
	const int nid = OBJ_obj2nid(algorithm->algorithm);

	return nid == NID_pbes2 || nid == NID_pbmac1 ?
	    cost_of_scheme(algorithm) : cost_of_old(algorithm);
}

uint64_t
key_cost_mac(const PKCS12 *file)
{
	const ASN1_INTEGER *iterations = NULL;
	const X509_ALGOR *algorithm = NULL;

	PKCS12_get0_mac(NULL, &algorithm, NULL, &iterations, file);
	if (algorithm == NULL)
		return 0;
	if (OBJ_obj2nid(algorithm->algorithm) == NID_pbmac1)
		return key_cost(algorithm);
	/* Absent, it is 1 (RFC 7292 4). */
	return iterations == NULL ? 1 : count_of(iterations);
}

enum err
key_cost_check(const char *path, uint64_t cost, struct error *err)
{
	char have[24] = "more";

	if (cost <= KEY_COST_MAX)
		return ERR_OK;
	if (cost < UINT64_MAX)
		snprintf(have, sizeof(have), "%llu",
		    (unsigned long long)cost);
	return err_remedy(err, err_fail(err, ERR_KEY, "%s: want at most %d "
	    "iterations to try a passphrase, have %s, which could take hours",
	    path, KEY_COST_MAX, have), "write the file anew with fewer "
	    "iterations");
}
