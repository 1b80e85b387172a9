/* SPDX-License-Identifier: ISC */
/*
 * A fuzzer's target without the fuzzer, for every build: each file of its
 * corpus as it is, cut after every octet, and with every octet changed.
 */
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"
#include "test.h"

#define SEED_MAX_BYTES (16 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an octet is changed by. */
static const uint8_t changes[] = {0x01, 0x20, 0x80, 0xff};

/* What is being tried, for whoever looks at an abort. */
static char seed_path[4096];
static size_t offset;

static void
tell_where(int signal)
{
	char line[sizeof(seed_path) + 64];
	int size = snprintf(line, sizeof(line), "%s: at octet %zu\n",
	    seed_path, offset);

	if (write(STDERR_FILENO, line, (size_t)size) != size)
		_exit(1);
}

/* A copy of its own for each, so that a sanitizer sees its end. */
static void
run(struct span in, size_t size, uint8_t change)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	assert_non_null(copy);
	memcpy(copy, in.data, size);
	if (change != 0)
		copy[offset] ^= change;
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
as_it_is(struct span seed)
{
	offset = seed.size;
	run(seed, seed.size, 0);
}

static void
cut(struct span seed)
{
	for (offset = 0; offset < seed.size; offset++)
		run(seed, offset, 0);
}

static void
changed(struct span seed)
{
	size_t i;

	for (offset = 0; offset < seed.size; offset++) {
		for (i = 0; i < COUNT_OF(changes); i++)
			run(seed, seed.size, changes[i]);
	}
}

static void
each_seed(void (*try)(struct span seed))
{
	const char *corpus = getenv("CORPUS");
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	assert_non_null(corpus);
	dir = opendir(corpus);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		RELEASE_BUFFER struct buffer seed = {0};

		if (entry->d_name[0] == '.')
			continue;
		snprintf(seed_path, sizeof(seed_path), "%s/%s", corpus,
		    entry->d_name);
		assert_int_equal(file_read(seed_path, FILE_PUBLIC,
		    SEED_MAX_BYTES, &seed, NULL), ERR_OK);
		try(span_of_buffer(&seed));
		count++;
	}
	closedir(dir);
	assert_true(count > 0);
}

TEST(seeds_as_they_are)
{
	each_seed(as_it_is);
}

TEST(seeds_cut_anywhere)
{
	each_seed(cut);
}

TEST(seeds_with_any_octet_changed)
{
	each_seed(changed);
}

int
main(void)
{
	if (signal(SIGABRT, tell_where) == SIG_ERR)
		return 1;
	return tests_run();
}
