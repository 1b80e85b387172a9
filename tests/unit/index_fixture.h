/* SPDX-License-Identifier: ISC */
/* Indexes for tests, in a folder of their own. */
#pragma once

#include "ca/index.h"
#include "rooms_fixture.h"
#include "test.h"

#define END "361231235959Z"
#define DATE "260102030405Z"
#define REVOKED(serial) "R\t" END "\t" DATE "\t" serial "\tunknown\t/CN=x\n"
#define VALID(serial) "V\t" END "\t\t" serial "\tunknown\t/CN=x\n"

static char folder[FIXTURE_PATH_SIZE];
static char path[PATH_SIZE];

static inline int
enter(void **state)
{
	fixture_make_folder(folder);
	path_in(path, folder, "index.txt");
	return 0;
}

static inline void
load(const char *name, const char *text, struct index *out)
{
	struct error err = {0};

	fixture_write_text(folder, "index.txt", text);
	assert_fine(name, index_load(path, out, &err), &err);
}

/* A number spread over all serials, so that lines come in any order. */
static inline uint64_t
shuffle(uint64_t i, uint64_t count)
{
	return i * UINT64_C(7919) % count;
}

/* Serials 2, 4, 6 ...: between any two there is one that is not listed. */
static inline void
write_many(uint64_t count, bool is_shuffled)
{
	RELEASE_BUFFER struct buffer text = {0};
	struct error err = {0};

	for (uint64_t i = 0; i < count; i++) {
		uint64_t k = is_shuffled ? shuffle(i, count) : i;

		FINE(buffer_appendf(&text, &err, "R\t" END
		    "\t2501%02u000000Z\t%08llX\tunknown\t/CN=%llu\n",
		    (unsigned int)(k % 28 + 1), (unsigned long long)(2 * k + 2),
		    (unsigned long long)k));
	}
	fixture_write(folder, "index.txt", span_of_buffer(&text));
}

static inline struct span
serial_of(uint64_t value, uint8_t octets[9])
{
	size_t at = 9;

	do {
		octets[--at] = (uint8_t)value;
		value >>= 8;
	} while (value > 0);
	if ((octets[at] & 0x80) != 0)
		octets[--at] = 0;
	return (struct span){ octets + at, 9 - at };
}
