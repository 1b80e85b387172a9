/* SPDX-License-Identifier: ISC */
/*
 * Public keys, secret keys without a passphrase, and seals, all from the same
 * octets.  Every refusal must say why; nobody has sealed this message.
 */
#include <stdlib.h>
#include <string.h>

#include "ferry/minisign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(enum err result, const struct error *err)
{
	if (result != ERR_OK && (err->code != result || err->what[0] == '\0'))
		abort();
}

/* Any key will do: it stands for one that is trusted. */
static const char trusted[] =
    "RWQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavewjlgtgE1HgkhFvUR";

static void
try_public(struct span in)
{
	char line[MINISIGN_PUBLIC_LINE_SIZE];
	struct minisign_public key, again;
	struct error err = {0};
	enum err result;

	result = minisign_public_parse(in, &key, &err);
	check(result, &err);
	if (result != ERR_OK)
		return;
	minisign_public_line(&key, line);
	if (minisign_public_parse(span_of_text(line), &again, &err) !=
	    ERR_OK || memcmp(&key, &again, sizeof(key)) != 0)
		abort();
}

static void
try_secret(struct span in)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	struct error err = {0};
	bool locked = true;
	enum err result;

	result = minisign_secret_is_locked(in, &locked, &err);
	check(result, &err);
	if (result == ERR_OK && !locked)
		check(minisign_secret_open(in, NULL, &secret, &err), &err);
}

static void
try_seal(struct span in)
{
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public key;
	struct error err = {0};
	enum err result;

	if (minisign_public_parse(span_of_text(trusted), &key, &err) !=
	    ERR_OK)
		abort();
	result = minisign_verify(&key, span_of_text("message"), in, comment,
	    &err);
	check(result, &err);
	if (result == ERR_OK)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { data, size };

	if (secret_start(NULL) != ERR_OK)
		abort();
	try_public(in);
	try_secret(in);
	try_seal(in);
	return 0;
}
