/* SPDX-License-Identifier: ISC */
/*
 * Key files, all from the same octets: of a CA (PEM, PKCS#12), minisign's
 * secret and public ones.  Every refusal must say why, and passphrases are
 * taken once.  That of the corpus is "fuzz".
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "ferry/minisign_text.h"
#include "folder.h"
#include "must.h"
#include "ca/keyfile/key_cost.h"
#include "ca/keyfile/key_load.h"
#include "pki/algorithm.h"
#include "pki/pem.h"
#include "site/sealkeys.h"

/*
 * What would be tried for longer is left out: all that time it would not tell
 * us anything.
 */
#define OPSLIMIT_CHEAP 65536
#define COST_CHEAP 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char passphrases[] = "fuzz\nnobody reads so far\n";
static char path[sizeof(folder) + 16];
static int passphrase_fd = -1;

static const struct passphrase_source *
rewound(void)
{
	static struct passphrase_source source;

	source.fd = passphrase_fd;
	if (lseek(passphrase_fd, 0, SEEK_SET) != 0)
		abort();
	return &source;
}

/* None, or the first. */
static void
check_taken(void)
{
	const off_t at = lseek(passphrase_fd, 0, SEEK_CUR);

	if (at != 0 && at != (off_t)strlen("fuzz\n"))
		abort();
}

static uint64_t
cost_of_der(struct span der)
{
	const unsigned char *at = der.data;
	X509_SIG *sealed = d2i_X509_SIG(NULL, &at, (long)der.size);
	const X509_ALGOR *algorithm;
	uint64_t cost = 0;

	if (sealed != NULL) {
		X509_SIG_get0(sealed, &algorithm, NULL);
		cost = key_cost(algorithm);
	}
	X509_SIG_free(sealed);
	return cost;
}

static uint64_t
cost_of_block(const struct pem_block *block)
{
	RELEASE_BUFFER struct buffer der = {0};

	if (pem_decode(block, &der, NULL) != ERR_OK || der.size == 0)
		return 0;
	return cost_of_der(span_of_buffer(&der));
}

static uint64_t
cost_of_ca_key(struct span file)
{
	const unsigned char *at = file.data;
	PKCS12 *decoded = d2i_PKCS12(NULL, &at, (long)file.size);
	uint64_t cost = decoded == NULL ? cost_of_der(file) :
	    key_cost_mac(decoded);
	struct pem_block block;
	size_t offset = 0;

	PKCS12_free(decoded);
	while (cost <= COST_CHEAP && pem_next(file, &offset, &block))
		cost = cost_of_block(&block);
	ERR_clear_error();
	return cost;
}

static void
try_ca_key(void)
{
	RELEASE_BUFFER struct buffer identifier = {0};
	struct algorithm algorithm;
	struct error err = {0};
	EVP_PKEY *key = NULL;
	enum err code = key_load(path, NULL, rewound(), &key,
	    &err);

	check_taken();
	if (is_refused(code, &err))
		return;
	if (key == NULL)
		abort();
	is_refused(algorithm_for_key(key, NULL, &algorithm, &identifier,
	    &err), &err);
	EVP_PKEY_free(key);
}

static bool
is_cheap(struct span file)
{
	RELEASE_SECRET struct secret record = {0};

	return minisign_record_parse(file, &record, NULL) != ERR_OK ||
	    minisign_record_limit(&record, RECORD_OPSLIMIT) <=
	    OPSLIMIT_CHEAP;
}

/* One that opens can seal, and what it seals is its own. */
static void
check_secret(const struct minisign_secret *secret)
{
	RELEASE_BUFFER struct buffer seal = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	if (minisign_sign(secret, span_of_text("message"), "comment", &seal,
	    &err) != ERR_OK)
		abort();
	if (minisign_verify(&secret->public, span_of_text("message"),
	    span_of_buffer(&seal), comment, &err) != ERR_OK)
		abort();
}

static void
try_seal_key(struct span file)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	struct minisign_public public;
	struct error err = {0};
	enum err code;

	if (is_cheap(file)) {
		code = sealkeys_open_file(path, rewound(), &secret, &err);
		check_taken();
		if (!is_refused(code, &err))
			check_secret(&secret);
	}
	is_refused(sealkeys_read_public(path, &public, &err), &err);
}

static void
enter(void)
{
	if (secret_start(NULL) != ERR_OK)
		abort();
	snprintf(path, sizeof(path), "%s/key", folder);
	passphrase_fd = memfd_create("passphrases", MFD_CLOEXEC);
	if (passphrase_fd < 0 || write(passphrase_fd, passphrases,
	    strlen(passphrases)) != (ssize_t)strlen(passphrases))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span file = { data, size };
	uint64_t cost;

	if (folder_enter())
		enter();
	folder_put("key", file);
	cost = cost_of_ca_key(file);
	/* One beyond the limit is refused before it costs anything. */
	if (cost <= COST_CHEAP || cost > KEY_COST_MAX)
		try_ca_key();
	try_seal_key(file);
	return 0;
}
