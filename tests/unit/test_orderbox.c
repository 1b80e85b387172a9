/* SPDX-License-Identifier: ISC */
/* Orders on a medium: their names, and which seals are looked for. */

#include "bundle_fixture.h"
#include "exists_fixture.h"
#include "order_fixture.h"
#include "own_folder_fixture.h"
#include "site/mailbox/orderbox.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define PLACE "crlferry/corp-root-g1/reset-issuing-1.json"
#define KEYS 3

static struct minisign_secret secrets[KEYS];
static struct minisign_public keys[KEYS];
static struct order order;

static int
set_up(void **state)
{
	if (secret_start(NULL) != ERR_OK || order_parse(span_of_text(sample),
	    &order, NULL) != ERR_OK)
		return -1;
	for (size_t i = 0; i < KEYS; i++) {
		make_secret(&secrets[i]);
		keys[i] = secrets[i].public;
	}
	return 0;
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < KEYS; i++)
		minisign_secret_release(&secrets[i]);
	return 0;
}

AROUND_ALL(set_up, tear_down)

static void
write_by(size_t count)
{
	char path[4096], want[PATH_SIZE];
	struct error err = {0};

	FINE(orderbox_write(folder, &order, secrets, count, path, sizeof(path),
	    &err));
	path_in(want, folder, PLACE);
	assert_string_equal(path, want);
}

/* How many seals are found by one who trusts the keys from `first` on. */
static size_t
seals_for(size_t first, size_t count, bool want_found)
{
	RELEASE_ORDERBOX struct orderbox box = ORDERBOX_NONE;
	RELEASE_BUFFER struct buffer json = {0};
	struct error err = {0};
	bool found;

	FINE(orderbox_load(folder, "corp-root-g1", "issuing-1", keys + first,
	    count, &box, &found, &err));
	assert_int_equal(found, want_found);
	if (!found)
		return 0;
	FINE(bundle_member_read(&box.json, &json, &err));
	assert_true(span_equals(span_of_buffer(&json),
	    span_of_text(sample)));
	return box.seal_count;
}

TEST(it_comes_back)
{
	char name[PATH_SIZE], path[PATH_SIZE], id[MINISIGN_KEY_ID_HEX_SIZE];

	write_by(3);
	path_in(path, folder, PLACE ".minisig");
	assert_true(file_exists(path));
	minisign_key_id_text(keys[1].key_id, id);
	for (char *c = id; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	}
	snprintf(name, sizeof(name), PLACE ".%s.minisig", id);
	path_in(path, folder, name);
	assert_true(file_exists(path));
	/* The first seal is looked for by all, the others by who trusts. */
	assert_int_equal(seals_for(0, 3, true), 3);
	assert_int_equal(seals_for(0, 1, true), 1);
	assert_int_equal(seals_for(1, 1, true), 2);
	assert_int_equal(seals_for(2, 1, true), 2);
}

TEST(fewer_seals_replace_more)
{
	write_by(3);
	write_by(1);
	assert_int_equal(seals_for(0, 3, true), 1);
}

TEST(without_seals_there_is_none)
{
	char path[PATH_SIZE];

	assert_int_equal(seals_for(0, 3, false), 0);
	write_by(1);
	path_in(path, folder, PLACE ".minisig");
	assert_int_equal(remove(path), 0);
	assert_int_equal(seals_for(0, 3, false), 0);
	write_by(1);
	path_in(path, folder, PLACE);
	assert_int_equal(remove(path), 0);
	assert_int_equal(seals_for(0, 3, false), 0);
}

/* How many seals lie there, whoever made them? */
static size_t
all_seals(void)
{
	RELEASE_ORDERBOX struct orderbox box = ORDERBOX_NONE;
	struct error err = {0};
	bool found;

	FINE(orderbox_load(folder, "corp-root-g1", "issuing-1", NULL, 0, &box,
	    &found, &err));
	assert_int_equal(found, box.seal_count > 0);
	return box.seal_count;
}

TEST(a_seal_is_added)
{
	struct error err = {0};

	assert_int_equal(all_seals(), 0);
	REFUSED(orderbox_add_seal(folder, &order, span_of_text(sample),
	    &secrets[1], &err), ERR_MISSING);
	write_by(1);
	assert_int_equal(all_seals(), 1);
	FINE(orderbox_add_seal(folder, &order, span_of_text(sample),
	    &secrets[1], &err));
	assert_int_equal(all_seals(), 2);
	/* Again, in its own place; who trusts both finds both. */
	FINE(orderbox_add_seal(folder, &order, span_of_text(sample),
	    &secrets[1], &err));
	assert_int_equal(all_seals(), 2);
	assert_int_equal(seals_for(0, 2, true), 2);
	/* The first key's, beside what it sealed under the first name. */
	FINE(orderbox_add_seal(folder, &order, span_of_text(sample),
	    &secrets[0], &err));
	assert_int_equal(all_seals(), 3);
}

/* Names that no key's seal has, and those of another subordinate. */
TEST(only_names_of_keys_are_looked_at)
{
	static const char *const others[] = {
	    PLACE ".second.minisig", PLACE ".0123456789ABCDEF.minisig",
	    PLACE ".0123456789abcde.minisig", PLACE ".minisig.minisig",
	    PLACE ".0123456789abcdef0.minisig", PLACE "minisig",
	    PLACE ".0123456789abcdef.minisign",
	    "crlferry/corp-root-g1/reset-issuing-10.json.minisig",
	    "crlferry/corp-root-g1/.reset-issuing-1.json.minisig"};
	char path[PATH_SIZE];
	size_t i;

	write_by(2);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		FILE *file;

		path_in(path, folder, others[i]);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(all_seals(), 2);
	}
}

/* The longest names there may be. */
TEST(long_names_fit)
{
	static const char longest[] = "abcdefghijklmnopqrstuvwxyz-12345";
	RELEASE_ORDERBOX struct orderbox box = ORDERBOX_NONE;
	struct order other = order;
	struct error err = {0};
	char path[4096];
	bool found;

	memcpy(other.root, longest, sizeof(longest));
	memcpy(other.subordinate, longest, sizeof(longest));
	FINE(orderbox_write(folder, &other, secrets, 2, path, sizeof(path),
	    &err));
	FINE(orderbox_load(folder, longest, longest, keys, 2, &box, &found,
	    &err));
	assert_true(found);
	assert_int_equal(box.seal_count, 2);
}
