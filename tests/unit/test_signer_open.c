/* SPDX-License-Identifier: ISC */
/* Which files and URIs are keys, and which are refused. */
#include "signer_fixture.h"
#include "test.h"

/* Also the CAs' names. */
static const char *const types[] = {
	"rsa", "rsa-pss", "rsa-pss-sha384", "p256", "p384", "ed25519",
};

/* PKCS#12 of P-256's key, and how each differs from the usual. */
static const struct {
	const char *name;
	const char *options;
} pkcs12[] = {
	{ "modern.p12", "-inkey p256.key -in p256.pem -passout pass:abc" },
	{ "legacy.p12", "-inkey p256.key -in p256.pem -passout pass:abc "
	    "-legacy" },
	{ "old-mac.p12", "-inkey p256.key -in p256.pem -passout pass:abc "
	    "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1" },
	{ "rc2-key.p12", "-inkey p256.key -in p256.pem -passout pass:abc "
	    "-legacy -keypbe PBE-SHA1-RC2-40 -certpbe NONE" },
	{ "chain.p12", "-inkey p256.key -in p256.pem -certfile chain.pem "
	    "-passout pass:abc" },
	{ "lone.p12", "-inkey p256.key -nocerts -passout pass:abc" },
	{ "empty.p12", "-inkey p256.key -in p256.pem -passout pass:" },
	{ "plain.p12", "-inkey p256.key -in p256.pem -passout pass: "
	    "-keypbe NONE -certpbe NONE -nomac" },
	{ "no-mac.p12", "-inkey p256.key -in p256.pem -passout pass:abc "
	    "-nomac" },
	{ "no-key.p12", "-nokeys -in p256.pem -passout pass:abc" },
	{ "another.p12", "-inkey another.key -nocerts -passout pass:abc" },
	{ "rsa.p12", "-inkey rsa.key -in rsa.pem -passout pass:abc" },
	{ "rsa-pss.p12", "-inkey rsa-pss.key -in rsa-pss.pem "
	    "-passout pass:abc" },
	{ "ed25519.p12", "-inkey ed25519.key -in ed25519.pem "
	    "-passout pass:abc" },
};

static void
make_pkcs12(void)
{
	RELEASE_BUFFER struct buffer chain = {0};
	RELEASE_BUFFER struct buffer whole = {0};

	fixture_read(folder, "p384.pem", &chain);
	fixture_read(folder, "rsa.pem", &chain);
	fixture_write(folder, "chain.pem", span_of_buffer(&chain));
	for (size_t i = 0; i < COUNT_OF(pkcs12); i++) {
		fixture_openssl(folder, "pkcs12 -export -out %s %s",
		    pkcs12[i].name, pkcs12[i].options);
		make_private(pkcs12[i].name);
	}
	fixture_read(folder, "modern.p12", &whole);
	whole.data[whole.size / 2] ^= 1;
	fixture_write(folder, "damaged.p12", span_of_buffer(&whole));
	fixture_write(folder, "cut.p12", (struct span){ whole.data,
	    whole.size / 2 });
	make_private("damaged.p12");
	make_private("cut.p12");
}

static int
set_up(void **state)
{
	fixture_make_folder(folder);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		char name[64];

		fixture_make_ca(folder, types[i], types[i]);
		snprintf(name, sizeof(name), "%s.key", types[i]);
		make_private(name);
	}
	fixture_openssl(folder, "pkcs8 -topk8 -in p256.key -passout pass:abc "
	    "-out pkcs8.key");
	fixture_openssl(folder, "ec -in p256.key -aes256 -passout pass:abc "
	    "-out traditional.key");
	fixture_openssl(folder, "pkcs8 -topk8 -nocrypt -in p256.key -outform "
	    "DER -out der.key");
	fixture_openssl(folder, "pkey -in p256.key -pubout -out public.key");
	fixture_write_text(folder, "empty.key", "");
	fixture_write_text(folder, "garbage.key", "hello\n");
	fixture_make_key(folder, "another", "p256");
	make_pkcs12();
	for (size_t i = 0; i < 6; i++)
		make_private((const char *const[]){ "pkcs8.key", "der.key",
		    "traditional.key", "public.key", "another.key",
		    "empty.key" }[i]);
	make_private("garbage.key");
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(set_up, NULL)

static const struct {
	const char *name;
	const char *key;
	const char *cert;
	const char *digest;
	const char *passphrases;
	enum err want;		/* ERR_OK: it opens */
	const char *says;
} opened[] = {
	{ "encrypted", "pkcs8.key", "p256", NULL, "abc\n", ERR_OK, NULL },
	{ "encrypted as of old", "traditional.key", "p256", NULL, "abc\n",
	    ERR_OK, NULL },
	{ "a wrong passphrase", "pkcs8.key", "p256", NULL, "abd\n", ERR_KEY,
	    "wrong passphrase for " },
	{ "a wrong passphrase as of old", "traditional.key", "p256", NULL,
	    "abd\n", ERR_KEY, "wrong passphrase for " },
	{ "an empty passphrase", "pkcs8.key", "p256", NULL, "\n", ERR_KEY,
	    "pkcs8.key" },
	{ "no passphrase", "pkcs8.key", "p256", NULL, "", ERR_KEY,
	    "passphrase of" },
	{ "missing", "none.key", "p256", NULL, "", ERR_MISSING,
	    "none.key" },
	{ "empty", "empty.key", "p256", NULL, "", ERR_KEY,
	    "empty.key: it is empty" },
	{ "no key", "garbage.key", "p256", NULL, "", ERR_KEY, "garbage.key: "
	    "no private key in PEM, DER or PKCS#12 is in it" },
	{ "DER", "der.key", "p256", NULL, "", ERR_OK, NULL },
	{ "public", "public.key", "p256", NULL, "", ERR_KEY,
	    "public.key is a public key, not a CA's private key" },
	{ "PKCS#12", "modern.p12", "p256", NULL, "abc\n", ERR_OK, NULL },
	{ "PKCS#12 as of old", "legacy.p12", "p256", NULL, "abc\n", ERR_OK,
	    NULL },
	{ "3DES and SHA-1", "old-mac.p12", "p256", NULL, "abc\n", ERR_OK,
	    NULL },
	{ "RC2 on the key", "rc2-key.p12", "p256", NULL, "abc\n", ERR_OK,
	    NULL },
	{ "a chain in it", "chain.p12", "p256", NULL, "abc\n", ERR_OK,
	    NULL },
	{ "no certificate in it", "lone.p12", "p256", NULL, "abc\n", ERR_OK,
	    NULL },
	{ "an empty passphrase asks nobody", "empty.p12", "p256", NULL, "",
	    ERR_OK, NULL },
	{ "no encryption asks nobody", "plain.p12", "p256", NULL, "", ERR_OK,
	    NULL },
	{ "no MAC", "no-mac.p12", "p256", NULL, "abc\n", ERR_OK, NULL },
	{ "no MAC, a wrong passphrase", "no-mac.p12", "p256", NULL, "abd\n",
	    ERR_KEY, "wrong passphrase, or this PKCS#12 file is damaged" },
	{ "PKCS#12, a wrong passphrase", "modern.p12", "p256", NULL, "abd\n",
	    ERR_KEY, "wrong passphrase for " },
	{ "old PKCS#12, a wrong passphrase", "legacy.p12", "p256", NULL,
	    "abd\n", ERR_KEY, "wrong passphrase for " },
	{ "PKCS#12, an empty passphrase", "modern.p12", "p256", NULL, "\n",
	    ERR_KEY, "wrong passphrase for " },
	{ "PKCS#12, no passphrase", "modern.p12", "p256", NULL, "", ERR_KEY,
	    "passphrase of" },
	{ "PKCS#12 of certificates", "no-key.p12", "p256", NULL, "abc\n",
	    ERR_KEY, "there is no key in this PKCS#12 file" },
	{ "PKCS#12 of another key", "another.p12", "p256", NULL, "abc\n",
	    ERR_KEY, "is not the key of" },
	{ "damaged PKCS#12", "damaged.p12", "p256", NULL, "abc\n", ERR_KEY,
	    "damaged.p12" },
	{ "half of PKCS#12", "cut.p12", "p256", NULL, "abc\n", ERR_KEY,
	    "no private key in PEM, DER or PKCS#12 is in it" },
	{ "RSA in PKCS#12", "rsa.p12", "rsa", NULL, "abc\n", ERR_OK, NULL },
	{ "RSA-PSS in PKCS#12", "rsa-pss.p12", "rsa-pss", NULL, "abc\n",
	    ERR_OK, NULL },
	{ "Ed25519 in PKCS#12", "ed25519.p12", "ed25519", NULL, "abc\n",
	    ERR_OK, NULL },
	{ "a key of the same kind", "another.key", "p256", NULL, "",
	    ERR_KEY, "is not the key of" },
	{ "a key of another kind", "rsa.key", "p256", NULL, "", ERR_KEY,
	    "is not the key of" },
	{ "the key of a longer curve", "p384.key", "p256", NULL, "",
	    ERR_KEY, "is not the key of" },
	{ "a weak digest", "rsa.key", "rsa", "sha1", "", ERR_WEAK, "sha1" },
	{ "MD5", "rsa.key", "rsa", "md5", "", ERR_WEAK, "md5" },
	{ "an unknown digest", "rsa.key", "rsa", "sha3-256", "",
	    ERR_ALGORITHM, "sha3-256" },
	{ "a digest for Ed25519", "ed25519.key", "ed25519", "sha256", "",
	    ERR_ALGORITHM, "" },
	{ "a digest that the key forbids", "rsa-pss-sha384.key",
	    "rsa-pss-sha384", "sha256", "", ERR_ALGORITHM, "" },
};

TEST(only_the_right_key_is_opened)
{
	for (size_t i = 0; i < COUNT_OF(opened); i++) {
		FREE_CERT struct cert *cert = load_cert(folder,
		    opened[i].cert);
		FREE_SIGNER struct signer *signer = NULL;
		struct error err = {0};
		enum err code = open_key(opened[i].key, cert,
		    opened[i].digest, opened[i].passphrases, &signer, &err);

		if (opened[i].want == ERR_OK) {
			assert_fine(opened[i].name, code, &err);
			assert_non_null(signer);
			continue;
		}
		assert_refusal(opened[i].name, opened[i].want,
		    opened[i].says, code, &err);
		assert_null(signer);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

/* One that was moved out of a context of its own signs as others do. */
TEST(a_key_of_old_pkcs12_signs)
{
	static const uint8_t octets[500];
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	RELEASE_BUFFER struct buffer signature = {0};
	FREE_SIGNER struct signer *signer = NULL;
	struct message message = { .octets = { octets, sizeof(octets) } };
	const struct octet_source source = { emit_message, &message };
	struct error err = {0};

	FINE(open_key("legacy.p12", cert, NULL, "abc\n", &signer, &err));
	FINE(signer_sign(signer, &source, &signature, &err));
	assert_true(is_signed(signer, cert, message.octets,
	    span_of_buffer(&signature)));
}

static const struct {
	const char *uri;
	const char *says;	/* NULL: it is one */
} uris[] = {
	{ "pkcs11:token=ca;object=root", NULL },
	{ "pkcs11:token=ca;id=%01%A0;type=private", NULL },
	{ "pkcs11:token=corp%20root;object=a%2Fb?module-path=/usr/lib/m.so",
	    NULL },
	{ "pkcs11:", NULL },
	{ "pkcs11:token=ca?pin-value=123456", "it holds a PIN (pin-value)" },
	{ "pkcs11:token=ca;pin-value=123456", "it holds a PIN" },
	{ "pkcs11:token=ca?pin-source=/etc/pin", "pin-source" },
	{ "pkcs11:token=ca?pin-source=%7Ccat%20pin", "pin-source" },
	{ "pkcs11:token=ca;type=cert", "its type is not private" },
	{ "pkcs11:token=ca;type=public", "its type is not private" },
	{ "pkcs11:token=ca?module-path=libm.so", "not absolute" },
	{ "pkcs11:token=ca?module-name=softhsm2", "not known here" },
	{ "pkcs11:token=ca;x-what=123456", "it has an attribute" },
	{ "pkcs11:colour=red", "it has an attribute" },
	{ "pkcs11:token=%2", "it cannot be read" },
	{ "pkcs11:token=%zz", "it cannot be read" },
	{ "pkcs11:token", "it cannot be read" },
};

TEST(a_uri_names_a_private_key_and_no_pin)
{
	FREE_CERT struct cert *cert = load_cert(folder, "p256");

	for (size_t i = 0; i < COUNT_OF(uris); i++) {
		struct error err = {0};
		enum err code = signer_check(uris[i].uri, cert, NULL, &err);

		/* Whether its module is there is another matter. */
		if (uris[i].says == NULL) {
			assert_true(code == ERR_OK || code == ERR_MISSING);
			continue;
		}
		assert_refusal(uris[i].uri, ERR_KEY, uris[i].says, code, &err);
		assert_null(strstr(err.what, "123456"));
	}
}

TEST(a_module_that_is_not_there_is_missing)
{
	static const char *const names[] = { "pkcs11:token=ca?module-path="
	    "/nonexistent/module.so", "pkcs11:token=ca?pin-value=123456" };
	FREE_CERT struct cert *cert = load_cert(folder, "p256");
	const struct passphrase_source none = { .fd = -1 };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct signer *signer = NULL;
		struct error err = {0};

		assert_refusal(names[i], i == 0 ? ERR_MISSING : ERR_KEY,
		    i == 0 ? "/nonexistent/module.so" : "pin-value",
		    signer_open(names[i], cert, NULL, &none, &signer, &err),
		    &err);
		assert_null(signer);
		err = (struct error){0};
		assert_refusal(names[i], i == 0 ? ERR_MISSING : ERR_KEY,
		    i == 0 ? "/nonexistent/module.so" : "pin-value",
		    signer_check(names[i], cert, NULL, &err), &err);
	}
}
