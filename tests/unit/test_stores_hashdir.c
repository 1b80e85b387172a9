/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's hash directory.  A folder is said by one letter for each slot from
 * .r0 on, a dot being a gap.
 */
#include "store_fixture.h"
#include "test.h"

AROUND_ALL(set_up_pieces, tear_down_pieces)
AROUND_EACH(enter_place, NULL)

static void
slot_name(size_t i, char out[32])
{
	snprintf(out, 32, "%08x.r%zu", root->subject_hash, i);
}

static void
fill_folder(const char *path, const char *slots)
{
	assert_int_equal(mkdir(path, 0755), 0);
	for (size_t i = 0; slots[i] != '\0'; i++) {
		RELEASE_BUFFER struct buffer file = {0};
		char name[32];

		if (slots[i] == '.')
			continue;
		slot_name(i, name);
		append_piece(slots[i], true, &file);
		fixture_write(path, name, span_of_buffer(&file));
	}
}

static void
assert_folder(const char *name, const char *path, const char *slots)
{
	size_t count = 0;

	for (size_t i = 0; slots[i] != '\0'; i++) {
		RELEASE_BUFFER struct buffer want = {0};
		char slot[32];

		if (slots[i] == '.')
			continue;
		count++;
		slot_name(i, slot);
		append_piece(slots[i], true, &want);
		assert_file_equals(path, slot, span_of_buffer(&want));
	}
	if (count_entries(path, "") != count)
		fail_msg("%s: want %zu files, have %zu", name, count,
		    count_entries(path, ""));
}

static const struct {
	const char *name;
	const char *before;
	const char *read;
	const char *after;	/* NULL: it is refused */
	bool is_hidden;		/* the consumer does not use it even then */
} rows[] = {
	{ "empty", "", "", "n" },
	{ "the new one", "n", "2", "n" },
	{ "the old one", "o", "1", "n" },
	{ "another's", "x", "", "xn" },
	{ "another's, then the old", "xo", "1", "xn" },
	{ "the old, then another's", "ox", "1", "nx" },
	{ "the old between", "xot", "1", "xnt" },
	{ "the old twice", "oo", "1", "n" },
	{ "the old twice, then another's", "oox", "1", "nx" },
	{ "the old around another's", "oxo", "1", "nx" },
	{ "old, another's, old, another's", "oxot", "1", "nxt" },
	{ "the old three times", "xoooxo", "1", "xnx" },
	{ "both", "on", "2", "n" },
	{ "both, the new first", "no", "2", "n" },
	{ "the new and another's", "xn", "2", "xn" },
	{ "a key that was before", "t", "", "tn" },
	{ "another key without its id", "k", "", "kn", true },
	{ "the new, then another key", "nk", "!", "nk", true },
	{ "another key, before", "e", "", "en" },
	{ "the old, then another key before", "oe", "1", "ne" },
	{ "damaged", "b", "!", "n" },
	{ "damaged, then the old", "bo", "!", "n" },
	{ "the old, then damaged", "ob", "!", "n" },
	{ "for users only", "s", "!", "n" },
	{ "for users only, then the new", "sn", "2", "n" },
	{ "two under one number", "nr", "!", "n" },
	{ "garbage", "g", "!", NULL },
	{ "a certificate", "c", "!", NULL },
	{ "text", "#", "!", NULL },
	{ "behind garbage nobody looks", "go", "!", NULL },
	{ "garbage behind the old", "og", "1", "ng" },
	{ "a gap that garbage closes", "oog", "1", "ng" },
	{ "garbage between others'", "xgt", "!", NULL },
	{ "garbage twice between others'", "xgtgx", "!", NULL },
	{ "a gap between others'", "x.x", "", "xnx" },
	{ "the old behind a gap", "x.o", "", "xn" },
	{ "garbage behind a gap", "x.g", "", "xng" },
	{ "a gap at the beginning", ".x", "", "nx" },
	{ "the old in front of a gap", "o.x", "1", "n.x" },
};

TEST(every_folder_is_read)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};

		make_store("hashdir", "crls", &fixture);
		fill_folder(fixture.path, rows[i].before);
		assert_reading(rows[i].name, &fixture.store, rows[i].read);
		assert_folder(rows[i].name, fixture.path, rows[i].before);
		fixture_remove_folder(fixture.path);
	}
}

TEST(every_folder_is_brought_up_to_date)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0}, none = {0};
		struct error err = {0};

		if (rows[i].after == NULL)
			continue;
		make_store("hashdir", "crls", &fixture);
		fill_folder(fixture.path, rows[i].before);
		assert_fine(rows[i].name, store_hashdir.install(
		    &fixture.store, &fixture.crl, &change, &err), &err);
		assert_folder(rows[i].name, fixture.path, rows[i].after);
		assert_int_equal(change.count > 0, strcmp(rows[i].before,
		    rows[i].after) != 0);
		if (rows[i].is_hidden)
			assert_refusal(rows[i].name, ERR_STORE, "would not",
			    store_hashdir.confirm(&fixture.store,
			    &fixture.crl, &err), &err);
		else
			assert_fine(rows[i].name, store_hashdir.confirm(
			    &fixture.store, &fixture.crl, &err), &err);
		assert_reading(rows[i].name, &fixture.store,
		    rows[i].is_hidden ? "!" : "2");
		/* Once is enough. */
		assert_fine(rows[i].name, store_hashdir.install(
		    &fixture.store, &fixture.crl, &none, &err), &err);
		assert_int_equal(none.count, 0);
		fixture_remove_folder(fixture.path);
	}
}

TEST(every_change_is_undone)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		struct error err = {0};

		if (rows[i].after == NULL)
			continue;
		make_store("hashdir", "crls", &fixture);
		fill_folder(fixture.path, rows[i].before);
		assert_fine(rows[i].name, store_hashdir.install(
		    &fixture.store, &fixture.crl, &change, &err), &err);
		assert_fine(rows[i].name, store_undo(&change, &err), &err);
		assert_folder(rows[i].name, fixture.path, rows[i].before);
		fixture_remove_folder(fixture.path);
	}
}

/* What is no CRL of the root is in its way. */
TEST(others_are_not_overwritten)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		struct error err = {0};

		if (rows[i].after != NULL)
			continue;
		make_store("hashdir", "crls", &fixture);
		fill_folder(fixture.path, rows[i].before);
		assert_refusal(rows[i].name, ERR_STORE, fixture.path,
		    store_hashdir.install(&fixture.store, &fixture.crl,
		    &change, &err), &err);
		assert_int_equal(change.count, 0);
		assert_folder(rows[i].name, fixture.path, rows[i].before);
		fixture_remove_folder(fixture.path);
	}
}

/* Unless one of the root's stood in its place before. */
TEST(garbage_is_replaced_where_it_stood)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change before = {0}, change = {0};
	struct error err = {0};
	char name[32];

	make_store("hashdir", "crls", &fixture);
	fill_folder(fixture.path, "xot");
	assert_fine("first", store_hashdir.install(&fixture.store,
	    &fixture.crl, &before, &err), &err);
	FINE(store_record(&fixture.store, &before, &err));
	slot_name(1, name);
	fixture_write_text(fixture.path, name, "no CRL at all\n");
	assert_fine("again", store_hashdir.install(&fixture.store,
	    &fixture.crl, &change, &err), &err);
	assert_folder("again", fixture.path, "xnt");
}

/* Closing a gap moves the file itself, and moves it back. */
TEST(a_file_that_is_moved_stays_the_same)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	struct error err = {0};
	char last[PATH_MAX], second[PATH_MAX], name[32];
	struct stat before, after, back;

	make_store("hashdir", "crls", &fixture);
	fill_folder(fixture.path, "oox");
	slot_name(2, name);
	path_in(last, fixture.path, name);
	slot_name(1, name);
	path_in(second, fixture.path, name);
	assert_int_equal(stat(last, &before), 0);
	assert_fine("install", store_hashdir.install(&fixture.store,
	    &fixture.crl, &change, &err), &err);
	assert_int_equal(stat(second, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	FINE(store_undo(&change, &err));
	assert_int_equal(stat(last, &back), 0);
	assert_int_equal(before.st_ino, back.st_ino);
	assert_folder("undo", fixture.path, "oox");
}

/* As openssl looks it up: by the hash, then by the name in it. */
TEST(openssl_finds_it_among_its_neighbours)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	struct error err = {0};
	char command[4 * PATH_SIZE];

	make_store("hashdir", "crls", &fixture);
	fill_folder(fixture.path, "xot");
	assert_fine("install", store_hashdir.install(&fixture.store,
	    &fixture.crl, &change, &err), &err);
	snprintf(command, sizeof(command), "openssl x509 -req -in sub.csr "
	    "-CA root.pem -CAkey root.key -set_serial 5 -out revoked.pem && "
	    "openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key "
	    "-set_serial 6 -out live.pem && "
	    "openssl verify -CAfile root.pem -CApath %s -crl_check live.pem "
	    "&& ! openssl verify -CAfile root.pem -CApath %s -crl_check "
	    "revoked.pem", fixture.path, fixture.path);
	fixture_make_key(folder, "sub", "p256");
	fixture_openssl(folder, "req -new -config root.cnf -key sub.key -subj "
	    "/CN=sub -out sub.csr");
	fixture_run(folder, (const char *const[]){ "sh", "-c", command,
	    NULL });
}

/* A link, as `openssl rehash` makes them, stays one. */
TEST(links_are_kept)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	RELEASE_BUFFER struct buffer old = {0};
	struct error err = {0};
	struct stat st;
	char name[32], path[PATH_SIZE], target[PATH_SIZE];

	make_store("hashdir", "crls", &fixture);
	fill_folder(fixture.path, "");
	append_piece('o', true, &old);
	fixture_write(fixture.path, "root.pem", span_of_buffer(&old));
	path_in(target, fixture.path, "root.pem");
	assert_int_equal(chmod(target, 0640), 0);
	slot_name(0, name);
	path_in(path, fixture.path, name);
	assert_int_equal(symlink("root.pem", path), 0);
	assert_reading("link", &fixture.store, "1");
	assert_fine("install", store_hashdir.install(&fixture.store,
	    &fixture.crl, &change, &err), &err);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_file_equals(fixture.path, "root.pem", fixture.crl.pem);
	assert_fine("confirm", store_hashdir.confirm(&fixture.store,
	    &fixture.crl, &err), &err);
	FINE(store_undo(&change, &err));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_file_equals(fixture.path, "root.pem", span_of_buffer(&old));
	assert_int_equal(count_entries(fixture.path, ""), 2);
}

/* Names that only look like this root's slots. */
TEST(other_names_are_left_alone)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	RELEASE_BUFFER struct buffer old = {0};
	struct error err = {0};
	char names[4][32];

	snprintf(names[0], 32, "%08x.r00", root->subject_hash);
	snprintf(names[1], 32, "%08x.0", root->subject_hash);
	snprintf(names[2], 32, "%08x.r0", root->subject_hash ^ 1);
	snprintf(names[3], 32, "%08x.r0.bak", root->subject_hash);
	make_store("hashdir", "crls", &fixture);
	fill_folder(fixture.path, "");
	append_piece('o', true, &old);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		fixture_write(fixture.path, names[i], span_of_buffer(&old));
	assert_reading("names", &fixture.store, "");
	assert_fine("install", store_hashdir.install(&fixture.store,
	    &fixture.crl, &change, &err), &err);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_file_equals(fixture.path, names[i],
		    span_of_buffer(&old));
	assert_int_equal(count_entries(fixture.path, ""), 5);
}

/* What is in the way, and what the store cannot do then. */
TEST(what_cannot_be_read_is_the_stores_trouble)
{
	static const char *const trouble[] = {
		"no folder", "a file", "a folder in a slot", "a dead link",
		"a file that is too large",
	};

	for (size_t i = 0; i < COUNT_OF(trouble); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_READING struct store_reading reading = {0};
		RELEASE_CHANGE struct store_change change = {0};
		struct error read = {0}, install = {0}, confirm = {0};
		char name[32], path[PATH_SIZE];

		make_store("hashdir", "crls", &fixture);
		slot_name(0, name);
		path_in(path, fixture.path, name);
		if (i == 1)
			fixture_write_text(place, "crls", "");
		if (i >= 2)
			fill_folder(fixture.path, i == 4 ? "o" : "");
		if (i == 2)
			assert_int_equal(mkdir(path, 0755), 0);
		if (i == 3)
			assert_int_equal(symlink("nowhere", path), 0);
		if (i == 4)
			assert_int_equal(truncate(path, 8 * CRL_MAX + 1), 0);
		assert_refusal(trouble[i], ERR_STORE, fixture.path,
		    store_hashdir.read(&fixture.store, &reading, &read),
		    &read);
		assert_refusal(trouble[i], ERR_STORE, fixture.path,
		    store_hashdir.install(&fixture.store, &fixture.crl,
		    &change, &install), &install);
		assert_refusal(trouble[i], ERR_STORE, fixture.path,
		    store_hashdir.confirm(&fixture.store, &fixture.crl,
		    &confirm), &confirm);
		assert_int_equal(change.count, 0);
		if (i >= 2)
			assert_int_equal(count_entries(fixture.path, ""), 1);
		if (i > 0)
			fixture_remove_folder(fixture.path);
	}
}
