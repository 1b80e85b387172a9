/* SPDX-License-Identifier: ISC */
/* A verified CRL on its way into the stores: each of them, or as it was. */
#include <sys/stat.h>

#include "subordinate_fixture.h"
#include "sub/import/install.h"
#include "test.h"

AROUND_EACH(enter_place, leave_place)

static struct buffer old_crl, new_crl;	/* #12 and #13, in DER */

static int
set_up(void **state)
{
	if (set_up_reader(state) != 0)
		return -1;
	make_crl(&(struct recipe){ .serials = { 7 } }, &old_crl);
	make_crl(&(struct recipe){ .number = 13, .this_later_s = 60,
	    .serials = { 7, 8 } }, &new_crl);
	return 0;
}

static int
tear_down(void **state)
{
	buffer_release(&old_crl);
	buffer_release(&new_crl);
	return tear_down_reader(state);
}

AROUND_ALL(set_up, tear_down)

/* What came of it, store by store. */
struct outcome {
	enum err code;
	struct error err;
	size_t changed, failed;
	enum note_outcome stores[STORES];
	struct notices notices;
};

static void
outcome_release(struct outcome *outcome)
{
	notices_release(&outcome->notices);
}

#define RELEASE_OUTCOME __attribute__((cleanup(outcome_release)))

static void
install(const struct buffer *der, bool is_reload_due, struct outcome *out)
{
	RELEASE_PAIR_STORES struct pair_stores stores = {0};
	RELEASE_NOTICES struct notices opening = {0};
	RELEASE_BUFFER struct buffer pem = {0};
	struct store_crl crl = { .der = span_of_buffer(der) };
	struct installing installing = { .crl = &crl,
		.is_reload_due = is_reload_due };
	struct error err = {0};

	*out = (struct outcome){ .changed = 0 };
	FINE(pem_encode(PEM_CRL, crl.der, &pem, &err));
	crl.pem = span_of_buffer(&pem);
	FINE(pair_stores_open(config, &config->roots[0], NOW, &stores, &opening,
	    &err));
	assert_int_equal(stores.count, STORES);
	out->code = install_all(&stores, &installing, &out->notices,
	    &out->err);
	out->changed = installing.changed;
	out->failed = installing.failed;
	for (size_t i = 0; i < STORES; i++)
		out->stores[i] = stores.stores[i].outcome;
}

/* All goes well, and nothing is said. */
static void
install_well(const struct buffer *der, bool is_reload_due,
    enum note_outcome want, const char *hooks)
{
	RELEASE_OUTCOME struct outcome outcome;

	install(der, is_reload_due, &outcome);
	assert_fine("install", outcome.code, &outcome.err);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(outcome.changed, want == NOTE_INSTALLED ? STORES :
	    0);
	for (size_t i = 0; i < STORES; i++)
		assert_int_equal(outcome.stores[i], want);
	assert_says("install", &outcome.notices, "");
	assert_hooks("install", hooks);
	assert_all_hold("install", der);
}

TEST(every_store_gets_it_and_every_hook_runs_once)
{
	install_well(&old_crl, false, NOTE_INSTALLED,
	    "reload\nverify\nother\n");
	install_well(&new_crl, false, NOTE_INSTALLED,
	    "reload\nverify\nother\n");
}

TEST(what_is_there_already_is_left_and_no_hook_runs)
{
	RELEASE_BUFFER struct buffer before = {0};

	install_well(&new_crl, false, NOTE_INSTALLED,
	    "reload\nverify\nother\n");
	take_snapshot(place, &before);
	install_well(&new_crl, false, NOTE_SAME, "");
	assert_unchanged("again", place, &before);
}

TEST(after_a_run_that_was_cut_off_every_hook_runs_again)
{
	install_well(&new_crl, false, NOTE_INSTALLED,
	    "reload\nverify\nother\n");
	install_well(&new_crl, true, NOTE_SAME, "reload\nverify\nother\n");
}

/* What stands in a store's way. */
static void
put_folder(const char *name)
{
	char path[PATH_SIZE];

	if (is_there(name))
		remove_there(name);
	path_in(path, place, name);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_true(snprintf(path, sizeof(path), "%s/x", name) > 0);
	fixture_write_text(place, path, "x");
}

static void
hinder(size_t i)
{
	if (i == 1)
		put_folder(PEM_STORE);
	else if (i == 2)
		put_folder(DER_STORE);
	else
		remove_there("hash");
}

static void
unhinder(size_t i)
{
	static const char *const names[STORES] = { NULL, PEM_STORE,
		DER_STORE };
	char path[64];

	if (i == 0) {
		make_hashdir();
		return;
	}
	snprintf(path, sizeof(path), "%s/x", names[i]);
	remove_there(path);
	remove_there(names[i]);
}

TEST(one_that_cannot_be_written_does_not_hinder_the_others)
{
	static const char *const hooks[STORES] = {
		"reload\nverify\nother\n", "other\n", "reload\nverify\n" };
	static const char *const says[STORES] = { "hash", PEM_STORE,
		DER_STORE };

	for (size_t i = 0; i < STORES; i++) {
		RELEASE_OUTCOME struct outcome outcome;

		hinder(i);
		install(i == 1 ? &old_crl : &new_crl, false, &outcome);
		assert_refusal(says[i], ERR_STORE, says[i], outcome.code,
		    &outcome.err);
		assert_int_equal(outcome.failed, 1);
		assert_int_equal(outcome.changed, STORES - 1);
		assert_hooks(says[i], hooks[i]);
		assert_non_null(strstr(outcome.err.what, "not installed: "));
		assert_says(says[i], &outcome.notices, "");
		for (size_t k = 0; k < STORES; k++) {
			assert_int_equal(outcome.stores[k], k == i ?
			    NOTE_FAILED : NOTE_INSTALLED);
			if (k != i)
				assert_store_holds(says[i], k, i == 1 ?
				    &old_crl : &new_crl);
		}
		unhinder(i);
	}
}

/* Another than the other's failure is what the caller hears of. */
TEST(the_first_failure_is_the_result_and_each_is_said)
{
	RELEASE_OUTCOME struct outcome outcome;

	fixture_write_text(place, "fail-verify", "");
	hinder(2);
	install(&new_crl, false, &outcome);
	assert_refusal("two", ERR_HOOK, "verify", outcome.code,
	    &outcome.err);
	assert_int_equal(outcome.failed, 2);
	assert_int_equal(outcome.changed, 1);
	assert_non_null(strstr(outcome.err.what, PEM_STORE));
	assert_says("two", &outcome.notices, "der ");
	assert_says("two", &outcome.notices, ": not installed: ");
	assert_store_holds("two", 0, &new_crl);
	assert_false(is_there(PEM_STORE));
}

/* A hook of the PEM store fails, or spoils what was installed. */
static const struct {
	const char *file;	/* see HOOK */
	enum err want;
	const char *says;
	const char *hooks;
	const char *notice;	/* beyond that it is not installed */
} troubles[] = {
	{ "fail-verify", ERR_HOOK, "verify sh: ended with status ",
	    "reload\nverify\nreload\nother\n", "" },
	{ "fail-reload", ERR_HOOK, "reload sh: ended with status ",
	    "reload\nreload\nother\n", "while putting the previous content" },
	{ "spoil-verify", ERR_STORE, PEM_STORE,
	    "reload\nverify\nreload\nother\n", "" },
};

TEST(one_whose_hook_fails_gets_its_content_back_and_is_told)
{
	for (size_t i = 0; i < COUNT_OF(troubles); i++) {
		RELEASE_OUTCOME struct outcome outcome, first;
		const char *name = troubles[i].file;
		RELEASE_BUFFER struct buffer before = {0};
		char path[PATH_SIZE];

		install(&old_crl, false, &first);
		/* What was there comes back, whatever it was. */
		fixture_read(place, PEM_STORE, &before);
		assert_int_equal(buffer_append_text(&before, "# mine\n",
		    NULL), ERR_OK);
		fixture_write(place, PEM_STORE, span_of_buffer(&before));
		path_in(path, place, PEM_STORE);
		assert_int_equal(chmod(path, 0640), 0);
		assert_int_equal(is_there("log"), true);
		remove_there("log");
		fixture_write_text(place, name, "");
		install(&new_crl, false, &outcome);
		remove_there(name);
		assert_refusal(name, troubles[i].want, troubles[i].says,
		    outcome.code, &outcome.err);
		assert_hooks(name, troubles[i].hooks);
		assert_file_equals(place, PEM_STORE, span_of_buffer(&before));
		assert_no_temporaries(name, place);
		assert_non_null(strstr(outcome.err.what, "not installed: "));
		assert_non_null(strstr(outcome.err.what, PEM_STORE));
		assert_says(name, &outcome.notices, troubles[i].notice);
		assert_int_equal(outcome.failed, 1);
		assert_int_equal(outcome.changed, 2);
		assert_int_equal(outcome.stores[1], NOTE_FAILED);
		assert_store_holds(name, 0, &new_crl);
		assert_store_holds(name, 2, &new_crl);
	}
}

TEST(what_was_not_there_is_not_there_again)
{
	RELEASE_OUTCOME struct outcome outcome, again;

	fixture_write_text(place, "fail-verify", "");
	install(&new_crl, false, &outcome);
	assert_int_equal(outcome.code, ERR_HOOK);
	assert_hooks("first", "reload\nverify\nreload\nother\n");
	assert_false(is_there(PEM_STORE));
	assert_no_temporaries("first", place);
	/* And a rerun converges. */
	remove_there("fail-verify");
	install(&new_crl, false, &again);
	assert_fine("rerun", again.code, &again.err);
	assert_int_equal(again.changed, 1);
	assert_hooks("rerun", "reload\nverify\n");
	assert_all_hold("rerun", &new_crl);
}

TEST(a_hook_that_is_due_and_fails_takes_nothing_away)
{
	RELEASE_OUTCOME struct outcome outcome;

	install_well(&new_crl, false, NOTE_INSTALLED,
	    "reload\nverify\nother\n");
	fixture_write_text(place, "fail-reload", "");
	install(&new_crl, true, &outcome);
	assert_int_equal(outcome.code, ERR_HOOK);
	assert_int_equal(outcome.stores[1], NOTE_FAILED);
	assert_int_equal(outcome.stores[2], NOTE_SAME);
	assert_int_equal(outcome.changed, 0);
	assert_hooks("due", "reload\nother\n");
	assert_all_hold("due", &new_crl);
}
