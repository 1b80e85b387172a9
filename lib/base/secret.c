/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <sodium.h>

#include "base/file.h"
#include "base/secret.h"

enum err
secret_start(struct error *err)
{
	if (sodium_init() < 0)
		return err_fail(err, ERR_IO, "libsodium does not start");
	return ERR_OK;
}

enum err
secret_harden_process(struct error *err)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return file_fail(err, "process", "forbid core dumps");
	return ERR_OK;
}

static void *
allocate(size_t size, const char *file, int line)
{
	return size == 0 ? NULL : malloc(size);
}

static void
wipe_and_free(void *data, const char *file, int line)
{
	if (data != NULL)
		sodium_memzero(data, malloc_usable_size(data));
	free(data);
}

/* Never in place, since realloc(3) wipes nothing that it leaves behind. */
static void *
reallocate(void *data, size_t size, const char *file, int line)
{
	size_t kept = data == NULL ? 0 : malloc_usable_size(data);
	void *grown = allocate(size, file, line);

	if (grown == NULL && size > 0)
		return NULL;
	if (grown != NULL && kept > 0)
		memcpy(grown, data, kept < size ? kept : size);
	wipe_and_free(data, file, line);
	return grown;
}

enum err
secret_wipe_freed(struct error *err)
{
	if (CRYPTO_set_mem_functions(allocate, reallocate,
	    wipe_and_free) != 1)
		return err_fail(err, ERR_IO,
		    "libcrypto was started before this program could configure "
		    "it");
	return ERR_OK;
}

enum err
secret_new(size_t size, struct secret *out, struct error *err)
{
	uint8_t *data = sodium_malloc(size + 1);

	/* libsodium goes on if its lock is refused; sanitizers make
	 * nothing of mlock(2). */
	if (data != NULL && mlock2(data, size + 1, 0) != 0) {
		sodium_free(data);
		data = NULL;
	}
	if (data == NULL)
		return err_fail(err, ERR_IO,
		    "out of memory that can be locked: %zu octets are needed "
		    "(see ulimit -l)",
		    size);
	memset(data, 0, size + 1);
	*out = (struct secret){data, size};
	return ERR_OK;
}

void
secret_release(struct secret *secret)
{
	sodium_free(secret->data);
	*secret = (struct secret){0};
}

void
secret_wipe(void *data, size_t size)
{
	sodium_memzero(data, size);
}

void
secret_wipe_buffer(struct buffer *buffer)
{
	if (buffer->data != NULL)
		secret_wipe(buffer->data, buffer->capacity);
	buffer_release(buffer);
}

enum err
secret_read_line(int fd, const char *what, struct secret *out,
    struct error *err)
{
	struct secret line;
	size_t used = 0;

	TRY(secret_new(SECRET_LINE_MAX, &line, err));
	for (;;) {
		uint8_t *next = line.data + used;
		ssize_t got = read(fd, next, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 1 && *next != '\n' && used < SECRET_LINE_MAX) {
			used++;
			continue;
		}
		if ((got == 1 && *next == '\n') || (got == 0 && used > 0))
			break;
		secret_release(&line);
		return err_fail(err, ERR_KEY,
		    "%s: one line of at most %d octets is expected, and there "
		    "is %s",
		    what, SECRET_LINE_MAX, got == 1 ? "a longer one" : "none");
	}
	line.data[used] = '\0';
	line.size = used;
	*out = line;
	return ERR_OK;
}

void
secret_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}
