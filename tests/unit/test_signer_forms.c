/* SPDX-License-Identifier: ISC */
/* The forms and the encryptions in which keys stand in files. */
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "signer_fixture.h"
#include "test.h"

#define LEGACY "-provider legacy -provider default "

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	fixture_make_ca(folder, "p256", "p256");
	fixture_make_ca(folder, "rsa", "rsa");
	fixture_make_key(folder, "another", "p256");
	make_private("p256.key");
	make_private("rsa.key");
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(set_up, NULL)

/* As openssl(1) makes them of P-256's key; its options may be the last. */
static const struct {
	const char *name;
	const char *command;
} encryptions[] = {
	{ "PBE-MD5-DES", "pkcs8 -topk8 -v1 PBE-MD5-DES" },
	{ "PBE-MD5-RC2-64", "pkcs8 -topk8 -v1 PBE-MD5-RC2-64" },
	{ "PBE-SHA1-DES", "pkcs8 -topk8 -v1 PBE-SHA1-DES" },
	{ "PBE-SHA1-RC2-64", "pkcs8 -topk8 -v1 PBE-SHA1-RC2-64" },
	{ "PBE-SHA1-RC4-128", "pkcs8 -topk8 -v1 PBE-SHA1-RC4-128" },
	{ "PBE-SHA1-RC4-40", "pkcs8 -topk8 -v1 PBE-SHA1-RC4-40" },
	{ "PBE-SHA1-RC2-128", "pkcs8 -topk8 -v1 PBE-SHA1-RC2-128" },
	{ "PBE-SHA1-RC2-40", "pkcs8 -topk8 -v1 PBE-SHA1-RC2-40" },
	{ "PBE-SHA1-3DES", "pkcs8 -topk8 -v1 PBE-SHA1-3DES" },
	{ "PBE-SHA1-2DES", "pkcs8 -topk8 -v1 PBE-SHA1-2DES" },
	{ "PBES2 DES", "pkcs8 -topk8 -v2 des" },
	{ "PBES2 RC2", "pkcs8 -topk8 -v2 rc2-cbc" },
	{ "PBES2 RC2-40", "pkcs8 -topk8 -v2 rc2-40-cbc" },
	{ "PBES2 Blowfish", "pkcs8 -topk8 -v2 bf" },
	{ "PBES2 CAST5", "pkcs8 -topk8 -v2 cast5-cbc" },
	{ "PBES2 SEED", "pkcs8 -topk8 -v2 seed" },
	{ "PBES2 3DES", "pkcs8 -topk8 -v2 des3" },
	{ "PBES2 ARIA", "pkcs8 -topk8 -v2 aria-256-cbc" },
	{ "PBES2 Camellia", "pkcs8 -topk8 -v2 camellia256" },
	{ "PBES2 AES, SHA-512", "pkcs8 -topk8 -v2 aes256 -v2prf "
	    "hmacWithSHA512" },
	{ "PBES2 DES, MD5", "pkcs8 -topk8 -v2 des -v2prf hmacWithMD5" },
	{ "scrypt", "pkcs8 -topk8 -scrypt" },
	{ "scrypt, DES", "pkcs8 -topk8 -v2 des -scrypt" },
	{ "PKCS#8 in DER", "pkcs8 -topk8 -outform DER" },
	{ "DER, PBE-MD5-DES", "pkcs8 -topk8 -outform DER -v1 PBE-MD5-DES" },
	{ "PEM DES", "ec -des" },
	{ "PEM 3DES", "ec -des3" },
	{ "PEM RC2", "ec -rc2-cbc" },
	{ "PEM RC2-40", "ec -rc2-40-cbc" },
	{ "PEM Blowfish", "ec -bf" },
	{ "PEM CAST5", "ec -cast5-cbc" },
	{ "PEM SEED", "ec -seed" },
	{ "PEM ARIA", "ec -aria-128-cbc" },
	{ "PEM Camellia", "ec -camellia128" },
	{ "PEM AES", "ec -aes128" },
};

TEST(every_encryption_is_undone_or_the_passphrase_is_wrong)
{
	static const char *const passphrases[] = { "four\n", "five\n" };
	FREE_CERT struct cert *cert = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(encryptions); i++) {
		const char *name = encryptions[i].name;
		struct error err = {0};
		char path[PATH_SIZE];

		fixture_openssl(folder, "%s " LEGACY "-in p256.key -passout "
		    "pass:four -out locked.key", encryptions[i].command);
		make_private("locked.key");
		for (size_t j = 0; j < 2; j++) {
			FREE_SIGNER struct signer *signer = NULL;
			enum err code = open_key("locked.key", cert, NULL,
			    passphrases[j], &signer, &err);

			if (j == 0)
				assert_fine(name, code, &err);
			else
				assert_refusal(name, ERR_KEY,
				    "wrong passphrase for ", code, &err);
			assert_int_equal(ERR_peek_error(), 0);
		}
		/* Nobody is asked. */
		path_in(path, folder, "locked.key");
		assert_fine(name, signer_check(path, cert, NULL, &err), &err);
	}
}

/* What openssl(1) makes of P-256's key, or of another one. */
static const struct {
	const char *name;
	const char *command;
	const char *says;	/* NULL: it is read */
} made[] = {
	{ "PKCS#8 in DER", "pkcs8 -topk8 -nocrypt -in p256.key -outform DER",
	    NULL },
	{ "EC in DER", "ec -in p256.key -outform DER", NULL },
	{ "RSA in DER", "rsa -in rsa.key -traditional -outform DER",
	    "is not the key of" },
	{ "explicit parameters", "ec -in p256.key -param_enc explicit", NULL },
	{ "a certificate", "x509 -in p256.pem",
	    "x.key is a certificate, not a CA's private key" },
	{ "a certificate in DER", "x509 -in p256.pem -outform DER",
	    "is a certificate, not" },
	{ "a trusted certificate", "x509 -in p256.pem -trustout",
	    "is a certificate, not" },
	{ "a request", "req -new -key p256.key -subj /CN=x",
	    "is a certificate request, not" },
	{ "a request in DER", "req -new -key p256.key -subj /CN=x "
	    "-outform DER", "is a certificate request, not" },
	{ "a CRL", "ca -config p256.cnf -gencrl", "is a CRL, not" },
	{ "a public key", "pkey -in p256.key -pubout",
	    "x.key is a public key, not" },
	{ "a public key in DER", "pkey -in p256.key -pubout -outform DER",
	    "is a public key, not" },
	{ "parameters", "ecparam -name prime256v1",
	    "parameters without a key" },
	{ "PKCS#7", "crl2pkcs7 -nocrl -certfile p256.pem",
	    "is PKCS#7, not" },
	{ "PVK", "rsa -in rsa.key -outform PVK -pvk-none",
	    "Microsoft's form PVK" },
	{ "MSBLOB", "rsa -in rsa.key -outform MSBLOB",
	    "Microsoft's form MSBLOB" },
};

static void
check_form(const char *name, const struct cert *cert, const char *says)
{
	FREE_SIGNER struct signer *signer = NULL;
	struct error err = {0}, again = {0};
	enum err code = open_key("x.key", cert, NULL, "", &signer, &err);
	char path[PATH_SIZE];

	path_in(path, folder, "x.key");
	assert_int_equal(signer_check(path, cert, NULL, &again), code);
	if (says == NULL) {
		assert_fine(name, code, &err);
		return;
	}
	assert_refusal(name, ERR_KEY, says, code, &err);
	assert_string_equal(again.what, err.what);
	assert_string_equal(again.remedy, err.remedy);
	assert_int_equal(ERR_peek_error(), 0);
}

TEST(other_forms_are_read_or_called_by_their_names)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(made); i++) {
		fixture_openssl(folder, "%s -out x.key", made[i].command);
		make_private("x.key");
		check_form(made[i].name, cert, made[i].says);
	}
}

/* 1 is P-256's key in it, 2 its certificate. */
static const struct {
	const char *name;
	const char *text;
	const char *says;	/* NULL: it is read */
} written[] = {
	{ "certificate, key", "\2\1", NULL },
	{ "key, certificate", "\1\2", NULL },
	{ "text in front", "Bag Attributes\n    localKeyID: 01\n\1", NULL },
	{ "a byte order mark", "\xef\xbb\xbf\1", NULL },
	{ "a mark, and text", "\xef\xbb\xbf" "Bag Attributes\n\1", NULL },
	{ "empty lines", "\n\n\n\1\n\n", NULL },
	{ "a damaged block in front", "-----BEGIN CERTIFICATE-----\n!!\n"
	    "-----END CERTIFICATE-----\n\1", NULL },
	{ "half a line in front", "-----BEGIN CERTIFICATE\n\1", NULL },
	{ "half a block in front", "-----BEGIN CERTIFICATE-----\nAAAA\n\1",
	    NULL },
	{ "on a line with text", "key: \1",
	    "something stands in front of its -----BEGIN" },
	{ "damaged", "-----BEGIN PRIVATE KEY-----\n!!\n"
	    "-----END PRIVATE KEY-----\n", "its block \"PRIVATE KEY\" is "
	    "damaged" },
	{ "without an end", "-----BEGIN PRIVATE KEY-----\nAAAA\n",
	    "its block \"PRIVATE KEY\" is damaged" },
	{ "no key within", "-----BEGIN PRIVATE KEY-----\nMAA=\n"
	    "-----END PRIVATE KEY-----\n", "the private key in it is damaged, "
	    "or of a kind that this OpenSSL does not know" },
	{ "no known block", "-----BEGIN TSS2 PRIVATE KEY-----\nMAA=\n"
	    "-----END TSS2 PRIVATE KEY-----\n", "\"TSS2 PRIVATE KEY\"" },
	{ "OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
	    "-----END OPENSSH PRIVATE KEY-----\n", "is a key of OpenSSH" },
	{ "OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n=AAAA\n"
	    "-----END PGP PRIVATE KEY BLOCK-----\n", "is a key of OpenPGP" },
	{ "PuTTY", "PuTTY-User-Key-File-3: ssh-rsa\n", "is a key of PuTTY" },
	{ "OpenSSH, public", "ssh-ed25519 AAAA x\n",
	    "is a public key of SSH" },
	{ "JKS", "\xfe\xed\xfe\xed xxxx", "is a Java key store (JKS)" },
	{ "JCEKS", "\xce\xce\xce\xce xxxx", "is a Java key store (JCEKS)" },
	{ "UTF-16", "\xff\xfe-", "is text in UTF-16" },
	{ "minisign", "untrusted comment: minisign encrypted secret key\n",
	    "is a key of minisign" },
	{ "IDEA", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
	    "DEK-Info: IDEA-CBC,0011223344556677\n\nAAAA\n"
	    "-----END EC PRIVATE KEY-----\n", "it is encrypted with IDEA-CBC "
	    "(PEM), which this OpenSSL cannot decrypt" },
	{ "a bad header", "-----BEGIN EC PRIVATE KEY-----\n"
	    "Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,zz\n\nAAAA\n"
	    "-----END EC PRIVATE KEY-----\n", "the lines Proc-Type and "
	    "DEK-Info of its key are damaged" },
};

static void
write_form(const char *text)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	for (; *text != '\0'; text++)
		if (*text == '\1' || *text == '\2')
			fixture_read(folder, *text == '\1' ? "p256.key" :
			    "p256.pem", &out);
		else
			FINE(buffer_append(&out, text, 1, &err));
	fixture_write(folder, "x.key", span_of_buffer(&out));
	make_private("x.key");
}

TEST(what_stands_around_a_key_or_in_its_place)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(written); i++) {
		write_form(written[i].text);
		check_form(written[i].name, cert, written[i].says);
	}
}

/* As openssl(1) would take the first. */
TEST(of_several_keys_the_certificates_own_is_taken)
{
	static const char *const names[] = { "another.key", "p256.key" };
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	RELEASE_BUFFER struct buffer plain = {0}, locked = {0};
	FREE_SIGNER struct signer *first = NULL, *second = NULL;
	struct error err = {0};

	for (size_t i = 0; i < 2; i++) {
		fixture_read(folder, names[i], &plain);
		fixture_openssl(folder, "pkcs8 -topk8 -in %s -passout pass:abc "
		    "-out locked.key", names[i]);
		fixture_read(folder, "locked.key", &locked);
	}
	fixture_write(folder, "x.key", span_of_buffer(&plain));
	make_private("x.key");
	check_form("both plain", cert, NULL);
	fixture_write(folder, "x.key", span_of_buffer(&locked));
	FINE(open_key("x.key", cert, NULL, "abc\nasked twice\n", &first,
	    &err));
	/* A locked one may be the one. */
	plain.size = 0;
	fixture_read(folder, "another.key", &plain);
	fixture_read(folder, "locked.key", &plain);
	fixture_write(folder, "x.key", span_of_buffer(&plain));
	FINE(open_key("x.key", cert, NULL, "abc\n", &second, &err));
}

static const struct {
	const char *name;
	const char *options;
	const char *octets;	/* whose first one is changed */
	const char *or;		/* if these come first: OpenSSL 3.5's salts */
	const char *says;
	size_t skip;		/* those before it are not */
} damaged[] = {
	{ "no salt", "-v1 PBE-SHA1-3DES", "\x04\x08", "\x04\x10",
	    "the parameters of its key's encryption are damaged", 0 },
	{ "no salt (PBES2)", "-v2 aes256", "\x04\x08", "\x04\x10",
	    "the private key in it is damaged, or", 0 },
	{ "no key derivation", "-v2 aes256", "\x30\x29", "\x30\x31",
	    "the parameters of its key's encryption are damaged", 0 },
	{ "no initial vector", "-v2 aes256", "\x01\x2a\x04\x10", NULL,
	    "the private key in it is damaged, or", 2 },
	{ "no count", "-v2 aes256 -iter 1000", "\x02\x02\x03\xe8", NULL,
	    "the parameters of its key's encryption are damaged", 0 },
};

/* Where these octets are, or the others if they are before them. */
static uint8_t *
find_octets(const struct buffer *der, const char *octets, const char *or)
{
	uint8_t *at = memmem(der->data, der->size, octets, strlen(octets));
	uint8_t *other = or == NULL ? NULL :
	    memmem(der->data, der->size, or, strlen(or));

	return at == NULL || (other != NULL && other < at) ? other : at;
}

/* No passphrase is the right one. */
TEST(damaged_parameters_are_no_wrong_passphrase)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(damaged); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		FREE_SIGNER struct signer *signer = NULL;
		struct error err = {0};
		uint8_t *at;

		fixture_openssl(folder, "pkcs8 -topk8 -in p256.key -passout "
		    "pass:abc -outform DER -out x.key %s", damaged[i].options);
		fixture_read(folder, "x.key", &der);
		at = find_octets(&der, damaged[i].octets, damaged[i].or);
		assert_non_null(at);
		at[damaged[i].skip] = 0x0c;
		fixture_write(folder, "x.key", span_of_buffer(&der));
		make_private("x.key");
		assert_refusal(damaged[i].name, ERR_KEY, damaged[i].says,
		    open_key("x.key", cert, NULL, "abc\n", &signer, &err),
		    &err);
	}
}

static void
add_key(STACK_OF(PKCS7) **safes, const char *name)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	char path[PATH_SIZE];
	EVP_PKEY *key;
	BIO *file;

	path_in(path, folder, name);
	file = BIO_new_file(path, "r");
	key = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
	assert_non_null(key);
	assert_non_null(PKCS12_add_key(&bags, key, 0, 2048,
	    NID_aes_256_cbc, "abc"));
	assert_int_equal(PKCS12_add_safe(safes, bags, -1, 0, NULL), 1);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	EVP_PKEY_free(key);
	BIO_free(file);
}

TEST(of_several_keys_in_pkcs12_too)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	FREE_SIGNER struct signer *signer = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	struct error err = {0};
	char path[PATH_SIZE];
	PKCS12 *whole;
	BIO *file;

	add_key(&safes, "another.key");
	add_key(&safes, "p256.key");
	whole = PKCS12_add_safes(safes, 0);
	assert_non_null(whole);
	assert_int_equal(PKCS12_set_mac(whole, "abc", -1, NULL, 0, 2048, NULL),
	    1);
	path_in(path, folder, "x.key");
	file = BIO_new_file(path, "w");
	assert_int_equal(i2d_PKCS12_bio(file, whole), 1);
	BIO_free(file);
	PKCS12_free(whole);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	make_private("x.key");
	FINE(open_key("x.key", cert, NULL, "abc\n", &signer, &err));
}

static const char *const unfit[] = { "k1", "ed448" };

/* Whether it can be opened or not. */
TEST(a_key_that_cannot_sign_is_known_by_its_certificate)
{
	for (size_t i = 0; i < COUNT_OF(unfit); i++) {
		FREE_CERT struct cert *cert = NULL;
		struct error err = {0};
		char path[PATH_SIZE];

		fixture_make_ca(folder, unfit[i], unfit[i]);
		cert = load_cert(folder, unfit[i]);
		fixture_openssl(folder, "pkcs8 -topk8 -in %s.key -passout "
		    "pass:abc -out x.key", unfit[i]);
		make_private("x.key");
		path_in(path, folder, "x.key");
		assert_refusal(unfit[i], ERR_ALGORITHM, "key: ",
		    signer_check(path, cert, NULL, &err), &err);
	}
}
