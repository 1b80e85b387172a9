/* SPDX-License-Identifier: ISC */
/*
 * What a subordinate remembers, read from one and the same octets: the mark,
 * what vouched for it, the orders and the sequence.  Every refusal must say
 * why, and what is taken must be within its range.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "must.h"
#include "sub/import/accepted.h"
#include "sub/import/accepted_sealed.h"
#include "sub/import/orders.h"
#include "sub/import/sequence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All of them are names of one file. */
static const char *const names[] = {"corp/accepted.json",
    "corp/accepted.sealed.json", "corp/orders.json",
    "corp/outbox/sequence-one.json"};

static char state[] = "/tmp/crlferry-fuzz-XXXXXX";
static int folder = -1;
static int file = -1;

static void
leave(void)
{
	size_t i;

	for (i = 0; i < COUNT_OF(names); i++)
		unlinkat(folder, names[i], 0);
	unlinkat(folder, "corp/outbox", AT_REMOVEDIR);
	unlinkat(folder, "corp", AT_REMOVEDIR);
	rmdir(state);
}

static void
enter(void)
{
	size_t i;

	if (mkdtemp(state) == NULL || atexit(leave) != 0)
		abort();
	folder = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(folder, "corp", 0755) != 0 ||
	    mkdirat(folder, "corp/outbox", 0755) != 0)
		abort();
	file = openat(folder, names[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	for (i = 1; i < COUNT_OF(names); i++) {
		if (linkat(folder, names[0], folder, names[i], 0) != 0)
			abort();
	}
}

static void
try_accepted(const struct config *config, const struct cert *cert)
{
	struct accepted accepted = {.accepted_at_s = 0};
	char detail[4096 + 32] = "";
	enum accepted_state known;
	struct error err = {0};

	if (is_refused(accepted_load(config, "corp", cert, &known, &accepted,
	    detail, sizeof(detail), &err), &err))
		return;
	if (known == ACCEPTED_NEVER ||
	    (known == ACCEPTED_LOST && detail[0] == '\0'))
		abort();
}

static void
try_sealed(const struct config *config)
{
	const uint8_t sha256[SHA256_SIZE] = {0};
	RELEASE_NOTE struct note note = {0};
	struct error err = {0};

	if (!is_refused(accepted_sealed_load(config, "corp", sha256, &note,
	    &err), &err) && (note.seal_count > NOTE_SEALS_MAX ||
	    (note.manifest.size == 0 && note.seal_count > 0)))
		abort();
}

static void
try_orders(const struct config *config, const struct cert *cert)
{
	RELEASE_ORDERS struct orders orders = {0};
	struct error err = {0};
	size_t i;

	if (is_refused(orders_load(config, "corp", cert, &orders, &err),
	    &err))
		return;
	for (i = 0; i < orders.count; i++) {
		if (order_check(&orders.list[i], &err) != ERR_OK)
			abort();
	}
}

static void
try_sequence(const struct config *config)
{
	char nonce[2 * NOTE_NONCE_OCTETS + 1] = "";
	struct error err = {0};
	uint64_t last;

	if (!is_refused(sequence_last(config, "corp", "one", &last, nonce,
	    &err), &err) && (last < 1 || last >= INT64_MAX ||
	    memchr(nonce, '\0', sizeof(nonce)) == NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config config = {.path = "x.cfg", .state = state};
	static const struct cert cert;	/* a key whose digest is 0 */

	if (folder < 0)
		enter();
	if (pwrite(file, data, size, 0) != (ssize_t)size ||
	    ftruncate(file, (off_t)size) != 0)
		abort();
	try_accepted(&config, &cert);
	try_sealed(&config);
	try_orders(&config, &cert);
	try_sequence(&config);
	return 0;
}
