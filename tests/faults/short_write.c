/* SPDX-License-Identifier: ISC */
/*
 * To be preloaded: read, write, pread and pwrite move fewer octets than they
 * are asked to, and now and then none, with EINTR.  SHORT_SEED makes it
 * different; at the end, descriptor SHORT_REPORT gets a line saying how often
 * either was done.  No system calls but those that it stands for, since it runs
 * in the confined reader as well.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

static uint64_t state = 88172645463325252U;
static unsigned long shortened, interrupted;
static pid_t owner;

static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void
start(void)
{
	const char *seed = getenv("SHORT_SEED");

	*(void **)&real_read = dlsym(RTLD_NEXT, "read");
	*(void **)&real_write = dlsym(RTLD_NEXT, "write");
	*(void **)&real_pread = dlsym(RTLD_NEXT, "pread64");
	*(void **)&real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
	state += seed == NULL ? 0 : strtoul(seed, NULL, 10) * 2654435761U;
	owner = getpid();
}

__attribute__((destructor)) static void
report(void)
{
	const char *to = getenv("SHORT_REPORT");
	char line[64];
	int size;

	if (to == NULL || getpid() != owner)
		return;
	size = snprintf(line, sizeof(line), "%lu %lu\n", shortened,
	    interrupted);
	if (real_write(atoi(to), line, (size_t)size) != size)
		abort();
}

/* xorshift64 */
static uint64_t
next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* How many of so many octets; 0 for an interruption. */
static size_t
fewer(size_t count)
{
	if (next() % 4 == 0) {
		interrupted++;
		errno = EINTR;
		return 0;
	}
	if (count < 2)
		return count;
	shortened++;
	return 1 + (size_t)(next() % (count - 1));
}

PUBLIC ssize_t
read(int fd, void *to, size_t count)
{
	const size_t some = fewer(count);

	return some == 0 && count > 0 ? -1 : real_read(fd, to, some);
}

PUBLIC ssize_t
write(int fd, const void *from, size_t count)
{
	const size_t some = fewer(count);

	return some == 0 && count > 0 ? -1 : real_write(fd, from, some);
}

/* With offsets of 64 bits these are pread64 and pwrite64. */
PUBLIC ssize_t
pread(int fd, void *to, size_t count, off_t at)
{
	const size_t some = fewer(count);

	return some == 0 && count > 0 ? -1 : real_pread(fd, to, some, at);
}

PUBLIC ssize_t
pwrite(int fd, const void *from, size_t count, off_t at)
{
	const size_t some = fewer(count);

	return some == 0 && count > 0 ? -1 : real_pwrite(fd, from, some, at);
}
