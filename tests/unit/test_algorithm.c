/* SPDX-License-Identifier: ISC */
#include "pki/algorithm.h"
#include "pki/der.h"
#include "test.h"

#define OCTETS_MAX 256

static struct span
from_hex(const char *hex, uint8_t out[OCTETS_MAX])
{
	size_t size = 0;

	assert_true(hex_decode(span_of_text(hex), out, OCTETS_MAX, &size));
	return (struct span){ out, size };
}

#define RSA_OID "06092a864886f70d0101"
#define ECDSA_OID "06082a8648ce3d0403"

static const struct {
	const char *hex;
	enum err want;
	const char *name;	/* of a refusal: in its text */
	enum algorithm_family family;
	const char *digest;
	bool is_weak;
} parse_rows[] = {
	{ "300d" RSA_OID "0b0500", ERR_OK, "sha256WithRSAEncryption",
	    ALGORITHM_RSA, "SHA256", false },
	{ "300d" RSA_OID "0c0500", ERR_OK, "sha384WithRSAEncryption",
	    ALGORITHM_RSA, "SHA384", false },
	{ "300d" RSA_OID "0d0500", ERR_OK, "sha512WithRSAEncryption",
	    ALGORITHM_RSA, "SHA512", false },
	{ "300d" RSA_OID "040500", ERR_OK, "md5WithRSAEncryption",
	    ALGORITHM_RSA, "MD5", true },
	{ "300d" RSA_OID "050500", ERR_OK, "sha1WithRSAEncryption",
	    ALGORITHM_RSA, "SHA1", true },
	{ "300a" ECDSA_OID "02", ERR_OK, "ecdsa-with-SHA256",
	    ALGORITHM_ECDSA, "SHA256", false },
	{ "300a" ECDSA_OID "03", ERR_OK, "ecdsa-with-SHA384",
	    ALGORITHM_ECDSA, "SHA384", false },
	{ "300a" ECDSA_OID "04", ERR_OK, "ecdsa-with-SHA512",
	    ALGORITHM_ECDSA, "SHA512", false },
	{ "300906072a8648ce3d0401", ERR_OK, "ecdsa-with-SHA1",
	    ALGORITHM_ECDSA, "SHA1", true },
	{ "300506032b6570", ERR_OK, "Ed25519", ALGORITHM_ED25519, NULL,
	    false },

	/* Parameters absent, present, of another type, or not empty. */
	{ "300b" RSA_OID "0b", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300d" RSA_OID "0b3000", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300e" RSA_OID "0b050100", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300f" RSA_OID "0b05000500", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300c" ECDSA_OID "020500", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300706032b65700500", ERR_ALGORITHM, "parameters must be", 0,
	    NULL, false },
	{ "300b" RSA_OID "0a", ERR_ALGORITHM, "RSASSA-PSS parameters: ", 0,
	    NULL, false },
	{ "300d" RSA_OID "0a0500", ERR_ALGORITHM, "RSASSA-PSS parameters: ", 0,
	    NULL, false },
	/* SHA-224, MD2, plain RSA, DSA, Ed448, SHA3-256 with ECDSA. */
	{ "300d" RSA_OID "0e0500", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	{ "300d" RSA_OID "020500", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	{ "300d" RSA_OID "010500", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	{ "300a" ECDSA_OID "01", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	{ "300b0609608648016503040302", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	{ "300506032b6571", ERR_ALGORITHM, "is none of RSA", 0, NULL, false },
	{ "300b060960864801650304030a", ERR_ALGORITHM, "is none of RSA", 0,
	    NULL, false },
	/* Not DER, or not all of it. */
	{ "", ERR_ALGORITHM, "signature algorithm: ", 0, NULL, false },
	{ "3000", ERR_ALGORITHM, "signature algorithm: ", 0, NULL, false },
	{ "30020600", ERR_ALGORITHM, "signature algorithm: ", 0, NULL, false },
	{ "30030601", ERR_ALGORITHM, "signature algorithm: ", 0, NULL, false },
	{ "30810506032b6570", ERR_ALGORITHM, "signature algorithm: ", 0,
	    NULL, false },
	{ "300506032b657000", ERR_ALGORITHM, "signature algorithm: ", 0,
	    NULL, false },
	{ "310506032b6570", ERR_ALGORITHM, "signature algorithm: ", 0,
	    NULL, false },
	{ "300506032b65", ERR_ALGORITHM, "signature algorithm: ", 0,
	    NULL, false },
};

TEST(only_listed_identifiers_are_parsed)
{
	for (size_t i = 0; i < COUNT_OF(parse_rows); i++) {
		struct algorithm have = { .name = "untouched" };
		uint8_t octets[OCTETS_MAX];
		struct error err = {0};
		enum err code;

		code = algorithm_parse(from_hex(parse_rows[i].hex, octets),
		    &have, &err);
		if (code != parse_rows[i].want)
			fail_msg("%s: %s", parse_rows[i].hex, err.what);
		if (code != ERR_OK) {
			assert_int_equal(err.code, code);
			assert_non_null(strstr(err.what, parse_rows[i].name));
			assert_string_equal(have.name, "untouched");
			continue;
		}
		assert_string_equal(have.name, parse_rows[i].name);
		assert_int_equal(have.family, parse_rows[i].family);
		assert_int_equal(have.is_weak, parse_rows[i].is_weak);
		assert_int_equal(algorithm_check(&have, &err),
		    have.is_weak ? ERR_WEAK : ERR_OK);
		assert_int_equal(err.what[0] != '\0', have.is_weak);
		if (parse_rows[i].digest == NULL)
			assert_null(have.digest);
		else
			assert_string_equal(have.digest, parse_rows[i].digest);
	}
}

TEST(a_refusal_names_what_it_refuses)
{
	struct algorithm have;
	uint8_t octets[OCTETS_MAX];
	struct error err = {0};

	REFUSED(algorithm_parse(from_hex("300506032b6571", octets), &have,
	    &err), ERR_ALGORITHM);
	assert_non_null(strstr(err.what, "1.3.101.113 (ED448) is none"));
	REFUSED(algorithm_parse(from_hex("3006060488378f00", octets), &have,
	    &err), ERR_ALGORITHM);
	assert_non_null(strstr(err.what, "2.999.1920 (unknown) is none"));
	REFUSED(algorithm_parse(from_hex("300b" RSA_OID "0b", octets), &have,
	    &err), ERR_ALGORITHM);
	assert_string_equal(err.what, "sha256WithRSAEncryption: its "
	    "parameters must be NULL, not 0 octets (RFC 4055, RFC 5758)");
}

#define SHA2(n) "06096086480165030402" n
#define SHA256_NULL "300d" SHA2("01") "0500"
#define SHA256_NONE "300b" SHA2("01")
#define SHA512_NULL "300d" SHA2("03") "0500"
#define SHA1_NULL "300906052b0e03021a0500"
#define MGF1 "06092a864886f70d010108"
#define H256 "a00f" SHA256_NULL
#define M256 "a11c301a" MGF1 SHA256_NULL
#define S32 "a203020120"

static const struct {
	const char *name;
	const char *fields;	/* content of RSASSA-PSS-params */
	enum err want;
	const char *digest;
	const char *mgf_digest;
	int salt_size;
	bool is_weak;
} pss_rows[] = {
	{ "usual", H256 M256 S32, ERR_OK, "SHA256", "SHA256", 32, false },
	{ "hashes without NULL", "a00d" SHA256_NONE "a11a3018" MGF1
	    SHA256_NONE S32, ERR_OK, "SHA256", "SHA256", 32, false },
	{ "SHA-384", "a00f300d" SHA2("02") "0500" M256 S32, ERR_OK, "SHA384",
	    "SHA256", 32, false },
	{ "mask with SHA-512", H256 "a11c301a" MGF1 SHA512_NULL S32, ERR_OK,
	    "SHA256", "SHA512", 32, false },
	{ "salt absent", H256 M256, ERR_OK, "SHA256", "SHA256", 20, false },
	{ "salt 0", H256 M256 "a203020100", ERR_OK, "SHA256", "SHA256", 0,
	    false },
	{ "salt 512", H256 M256 "a20402020200", ERR_OK, "SHA256", "SHA256",
	    512, false },
	{ "trailer 1", H256 M256 S32 "a303020101", ERR_OK, "SHA256",
	    "SHA256", 32, false },
	{ "all absent", "", ERR_OK, "SHA1", "SHA1", 20, true },
	{ "hash absent", M256 S32, ERR_OK, "SHA1", "SHA256", 32, true },
	{ "mask absent", H256 S32, ERR_OK, "SHA256", "SHA1", 32, true },
	{ "SHA-1 spelled out", "a00b" SHA1_NULL M256 S32, ERR_OK, "SHA1",
	    "SHA256", 32, true },

	{ "salt 513", H256 M256 "a20402020201", ERR_ALGORITHM, NULL, NULL, 0,
	    false },
	{ "salt -1", H256 M256 "a2030201ff", ERR_ALGORITHM, NULL, NULL, 0,
	    false },
	{ "salt not minimal", H256 M256 "a20402020020", ERR_ALGORITHM, NULL,
	    NULL, 0, false },
	{ "salt twice", H256 M256 S32 S32, ERR_ALGORITHM, NULL, NULL, 0,
	    false },
	{ "salt with more", H256 M256 "a2060201200500", ERR_ALGORITHM, NULL,
	    NULL, 0, false },
	{ "trailer 2", H256 M256 S32 "a303020102", ERR_ALGORITHM, NULL, NULL,
	    0, false },
	{ "order", M256 H256 S32, ERR_ALGORITHM, NULL, NULL, 0, false },
	{ "field 4", H256 M256 S32 "a403020101", ERR_ALGORITHM, NULL, NULL,
	    0, false },
	{ "primitive field", H256 M256 "820120", ERR_ALGORITHM, NULL, NULL,
	    0, false },
	{ "SHA-224", "a00f300d" SHA2("04") "0500" M256 S32, ERR_ALGORITHM,
	    NULL, NULL, 0, false },
	{ "MD5", "a00e300c06082a864886f70d02050500" M256 S32, ERR_ALGORITHM,
	    NULL, NULL, 0, false },
	{ "hash with other parameters", "a00f300d" SHA2("01") "3000" M256
	    S32, ERR_ALGORITHM, NULL, NULL, 0, false },
	{ "hash NULL with content", "a010300e" SHA2("01") "050100" M256 S32,
	    ERR_ALGORITHM, NULL, NULL, 0, false },
	{ "two hashes", "a01e" SHA256_NULL SHA256_NULL M256 S32,
	    ERR_ALGORITHM, NULL, NULL, 0, false },
	{ "not MGF1", H256 "a11c301a06092a864886f70d010107" SHA256_NULL S32,
	    ERR_ALGORITHM, NULL, NULL, 0, false },
	{ "mask of SHA-1, spelled out", H256 "a1183016" MGF1 SHA1_NULL S32,
	    ERR_OK, "SHA256", "SHA1", 32, true },
	{ "mask without hash", H256 "a10d300b" MGF1 S32, ERR_ALGORITHM, NULL,
	    NULL, 0, false },
};

TEST(pss_parameters_are_decoded)
{
	static const uint8_t oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
	    0xf7, 0x0d, 0x01, 0x01, 0x0a };

	for (size_t i = 0; i < COUNT_OF(pss_rows); i++) {
		RELEASE_BUFFER struct buffer inner = {0}, whole = {0};
		struct algorithm have = {0};
		uint8_t octets[OCTETS_MAX];
		struct error err = {0};
		enum err code;

		FINE(buffer_append(&inner, oid, sizeof(oid), &err));
		FINE(der_put(&inner, DER_SEQUENCE, from_hex(pss_rows[i].fields,
		    octets), &err));
		FINE(der_put(&whole, DER_SEQUENCE, span_of_buffer(&inner),
		    &err));
		code = algorithm_parse(span_of_buffer(&whole), &have, &err);
		if (code != pss_rows[i].want)
			fail_msg("%s: %s", pss_rows[i].name, err.what);
		if (code != ERR_OK) {
			assert_int_equal(err.code, code);
			assert_non_null(strstr(err.what,
			    "RSASSA-PSS parameters: "));
			assert_null(have.name);
			continue;
		}
		assert_int_equal(have.family, ALGORITHM_RSA_PSS);
		assert_string_equal(have.digest, pss_rows[i].digest);
		assert_string_equal(have.mgf_digest, pss_rows[i].mgf_digest);
		assert_int_equal(have.salt_size, pss_rows[i].salt_size);
		assert_int_equal(have.is_weak, pss_rows[i].is_weak);
		assert_int_equal(algorithm_check(&have, &err),
		    have.is_weak ? ERR_WEAK : ERR_OK);
	}
}

/* It is the mask that is weak, and the words say so. */
TEST(a_weak_mask_is_named)
{
	static const struct {
		const char *hex;	/* RSASSA-PSS-params, whole */
		bool is_mask_weak;
		const char *says;
	} weak[] = {
		{ "3030" H256 "a1183016" MGF1 SHA1_NULL S32, true,
		    "RSASSA-PSS with SHA256, but with MGF1 over SHA1" },
		{ "3016" H256 S32, true, "MGF1 over SHA1, which is meant if "
		    "the parameters name no mask" },
		{ "3000", false, "have RSASSA-PSS with SHA1" },
	};

	for (size_t i = 0; i < COUNT_OF(weak); i++) {
		RELEASE_BUFFER struct buffer whole = {0};
		struct algorithm have = {0};
		uint8_t octets[OCTETS_MAX];
		char hex[2 * OCTETS_MAX];
		struct error err = {0};

		snprintf(hex, sizeof(hex), RSA_OID "0a%s", weak[i].hex);
		FINE(der_put(&whole, DER_SEQUENCE, from_hex(hex, octets),
		    &err));
		FINE(algorithm_parse(span_of_buffer(&whole), &have, &err));
		assert_int_equal(have.is_mask_weak, weak[i].is_mask_weak);
		REFUSED(algorithm_check(&have, &err), ERR_WEAK);
		assert_non_null(strstr(err.what, weak[i].says));
		assert_int_equal(strstr(error_advice(&err), "MGF1") != NULL,
		    weak[i].is_mask_weak);
	}
}
