/* SPDX-License-Identifier: ISC */
/* Modes, links, and what stands in the way of a store of one file. */
#include <sys/stat.h>

#include "exists_fixture.h"
#include "store_fixture.h"
#include "test.h"

AROUND_ALL(set_up_pieces, tear_down_pieces)
AROUND_EACH(enter_place, NULL)

TEST(modes_and_links_are_kept)
{
	static const char *const types[] = { "pem", "der" };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		RELEASE_BUFFER struct buffer old = {0};
		struct error err = {0};
		char target[PATH_SIZE];
		struct stat st;

		make_store(types[i], "file", &fixture);
		append_pieces("o", i == 0, &old);
		fixture_write(place, "target", span_of_buffer(&old));
		path_in(target, place, "target");
		assert_int_equal(chmod(target, 0604), 0);
		assert_int_equal(symlink("target", fixture.path), 0);
		assert_fine(types[i], fixture.store.type->install(
		    &fixture.store, &fixture.crl, &change, &err), &err);
		assert_int_equal(lstat(fixture.path, &st), 0);
		assert_true(S_ISLNK(st.st_mode));
		assert_int_equal(stat(fixture.path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0604);
		/* What it was is kept for people, away from the store. */
		assert_file_equals(fixture.previous, "target",
		    span_of_buffer(&old));
		assert_no_temporaries(types[i], place);
		assert_int_equal(count_entries(place, ""), 3);
		assert_int_equal(unlink(target), 0);
		FINE(store_undo(&change, &err));
		assert_int_equal(stat(target, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0604);
		assert_int_equal(unlink(fixture.path), 0);
	}
}

/* A new file is for all to read: servers run as many users. */
TEST(a_new_file_can_be_read_by_all)
{
	RELEASE_STORE struct fixture_store fixture = {0};
	RELEASE_CHANGE struct store_change change = {0};
	const mode_t before = umask(077);
	struct error err = {0};
	struct stat st;

	make_store("der", "file", &fixture);
	assert_fine("new", store_der.install(&fixture.store, &fixture.crl,
	    &change, &err), &err);
	umask(before);
	assert_int_equal(stat(fixture.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	/* Nothing was replaced, so nothing is kept. */
	assert_false(file_exists(fixture.previous));
}

TEST(what_cannot_be_read_is_the_stores_trouble)
{
	static const char *const types[] = { "pem", "der" };

	for (size_t i = 0; i < COUNT_OF(types) * 3; i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_READING struct store_reading reading = {0};
		RELEASE_CHANGE struct store_change change = {0};
		const char *type = types[i % COUNT_OF(types)];
		struct error read = {0}, install = {0};

		make_store(type, "file", &fixture);
		if (i / 2 == 0)
			assert_int_equal(mkdir(fixture.path, 0755), 0);
		else if (i / 2 == 1)
			assert_int_equal(mkfifo(fixture.path, 0600), 0);
		else
			assert_int_equal(symlink("nowhere", fixture.path), 0);
		assert_refusal(type, ERR_STORE, fixture.path,
		    fixture.store.type->read(&fixture.store, &reading, &read),
		    &read);
		assert_refusal(type, ERR_STORE, fixture.path,
		    fixture.store.type->install(&fixture.store, &fixture.crl,
		    &change, &install), &install);
		assert_int_equal(change.count, 0);
		assert_int_equal(count_entries(place, ""), 1);
		assert_int_equal(remove(fixture.path), 0);
	}
}

TEST(a_folder_that_is_not_there_is_said)
{
	static const char *const types[] = { "pem", "der" };

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		RELEASE_STORE struct fixture_store fixture = {0};
		RELEASE_CHANGE struct store_change change = {0};
		struct error err = {0};

		make_store(types[i], "none/file", &fixture);
		assert_reading(types[i], &fixture.store, "");
		assert_refusal(types[i], ERR_STORE, fixture.path,
		    fixture.store.type->install(&fixture.store, &fixture.crl,
		    &change, &err), &err);
		FINE(store_undo(&change, &err));
		assert_int_equal(count_entries(place, ""), 0);
	}
}
