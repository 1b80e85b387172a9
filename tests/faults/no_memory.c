/* SPDX-License-Identifier: ISC */
/*
 * To be preloaded: the NO_MEMORY_AT-th allocation since the program has been
 * loaded fails; with NO_MEMORY_EVER all after it as well.  At the end the
 * number of allocations goes to descriptor NO_MEMORY_REPORT.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* glibc's own, under the names that it exports for such as us. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool is_counting, is_lasting;
static unsigned long fails_at, count;
static pid_t owner;

__attribute__((constructor)) static void
start(void)
{
	const char *at = getenv("NO_MEMORY_AT");

	fails_at = at == NULL ? 0 : strtoul(at, NULL, 10);
	is_lasting = getenv("NO_MEMORY_EVER") != NULL;
	owner = getpid();
	is_counting = true;
}

__attribute__((destructor)) static void
report(void)
{
	const char *to = getenv("NO_MEMORY_REPORT");
	char line[32];
	int size;

	is_counting = false;
	if (to == NULL || getpid() != owner)
		return;
	size = snprintf(line, sizeof(line), "%lu\n", count);
	if (write(atoi(to), line, (size_t)size) != size)
		abort();
}

static bool
fails(void)
{
	if (!is_counting)
		return false;
	count++;
	if (count != fails_at &&
	    (!is_lasting || fails_at == 0 || count < fails_at))
		return false;
	errno = ENOMEM;
	return true;
}

PUBLIC void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

PUBLIC void *
calloc(size_t number, size_t size)
{
	return fails() ? NULL : __libc_calloc(number, size);
}

PUBLIC void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

PUBLIC void *
aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

PUBLIC int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *memory = fails() ? NULL : __libc_memalign(alignment, size);

	if (memory == NULL)
		return ENOMEM;
	*out = memory;
	return 0;
}
