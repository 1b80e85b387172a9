/* SPDX-License-Identifier: ISC */
/* How large, and how many: what is read has a limit before it is read. */
#include <sys/stat.h>

#include "medium_fixture.h"
#include "test.h"

AROUND_ALL(set_up, tear_down)
AROUND_EACH(enter, leave)

/* Each with the cap for its part, and one octet more. */
static const struct {
	enum bundle_part part;
	uint64_t max;
} caps[] = {
	{ BUNDLE_CRL, CRL_MAX },
	{ BUNDLE_CRL_PEM, CRL_MAX + CRL_MAX / 2 },
	{ BUNDLE_CERT, BUNDLE_SMALL_MAX },
	{ BUNDLE_README, BUNDLE_SMALL_MAX },
	{ BUNDLE_SUMS, BUNDLE_SMALL_MAX },
	{ BUNDLE_MANIFEST, MANIFEST_MAX_BYTES },
};

static void
resize(const char *name, uint64_t size)
{
	char file[2 * PATH_SIZE];

	snprintf(file, sizeof(file), "%s/%s", path, name);
	assert_int_equal(truncate(file, (off_t)size), 0);
}

TEST(sizes_are_capped)
{
	for (size_t i = 0; i < COUNT_OF(caps); i++) {
		char name[MANIFEST_NAME_SIZE];
		struct error err = {0};
		bool found = false;

		bundle_part_name(caps[i].part, "r", name);
		resize(name, caps[i].max);
		assert_fine(name, load(folder, &found, &err), &err);
		assert_true(found);
		resize(name, caps[i].max + 1);
		refuse_both(name, ERR_FORMAT, "at most");
		/* Far beyond what could be read, it is not read. */
		resize(name, UINT64_C(10) << 30);
		refuse_both(name, ERR_FORMAT, "at most");
		resize(name, 0);
		assert_fine(name, load(folder, &found, &err), &err);
	}
}

TEST(seals_are_capped)
{
	char name[64] = "bundle.json.0000000000000000.minisig";
	struct error err = {0};
	bool found = false;

	fixture_write_text(path, name, "x");
	resize(name, MINISIGN_FILE_MAX);
	FINE(load(folder, &found, &err));
	resize(name, MINISIGN_FILE_MAX + 1);
	refuse_both(name, ERR_FORMAT, "at most");
	resize(name, 1);
	for (int i = 1; i < BUNDLE_SEALS_MAX - 1; i++) {
		snprintf(name, sizeof(name), "bundle.json.%016x.minisig", i);
		fixture_write_text(path, name, "x");
	}
	FINE(load(folder, &found, &err));
	fixture_write_text(path, "bundle.json.00000000000000ff.minisig", "x");
	refuse_both("17 seals", ERR_FORMAT, "one seal more than the 16");
}

TEST(numbers_are_capped)
{
	struct error err = {0};
	bool found = false;
	char at[PATH_SIZE];

	path_in(at, folder, "crlferry/r/1000000");
	for (int i = 0; i < 4096 - 2; i++) {
		snprintf(at, sizeof(at), "%s/crlferry/r/%d", folder,
		    1000000 + i);
		assert_int_equal(mkdir(at, 0755), 0);
	}
	FINE(load(folder, &found, &err));
	assert_true(found);
	snprintf(at, sizeof(at), "%s/crlferry/r/2000000", folder);
	assert_int_equal(mkdir(at, 0755), 0);
	assert_refusal("4097", ERR_FORMAT, "more than 4096",
	    load(folder, &found, &err), &err);
}

/* One bare file: PEM may be half as large again as DER. */
TEST(a_bare_file_is_capped)
{
	char at[PATH_SIZE];

	path_in(at, folder, "crl");
	for (off_t more = 0; more < 2; more++) {
		struct error err = {0};
		bool found = false;
		enum err code;

		assert_int_equal(truncate(at, CRL_MAX + CRL_MAX / 2 + more),
		    0);
		code = load(at, &found, &err);
		if (more == 0)
			assert_fine("bare", code, &err);
		else
			assert_refusal("bare", ERR_FORMAT, "at most", code,
			    &err);
		assert_int_equal(found, more == 0);
	}
}
