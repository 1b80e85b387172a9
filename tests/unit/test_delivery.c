/* SPDX-License-Identifier: ISC */
/* What others publish or replicate: is the CRL that was accepted there? */
#include "subordinate_fixture.h"
#include "sub/import/delivery.h"
#include "test.h"

AROUND_EACH(enter_place, leave_place)

static struct buffer old_crl, new_crl, other_crl;	/* #12, #13, #13 */
static struct buffer garbage;

static int
set_up(void **state)
{
	if (set_up_reader(state) != 0)
		return -1;
	make_crl(&(struct recipe){ .serials = { 7 } }, &old_crl);
	make_crl(&(struct recipe){ .number = 13, .this_later_s = 60,
	    .serials = { 7, 8 } }, &new_crl);
	make_crl(&(struct recipe){ .number = 13, .this_later_s = 60,
	    .serials = { 7, 8, 9 } }, &other_crl);
	return buffer_append_text(&garbage, "<html>", NULL) == ERR_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	buffer_release(&old_crl);
	buffer_release(&new_crl);
	buffer_release(&other_crl);
	buffer_release(&garbage);
	return tear_down_reader(state);
}

AROUND_ALL(set_up, tear_down)

/* Read as a file in DER, and written by nobody here. */
static struct store_type published;

static const struct {
	const char *name;
	bool is_replica;
	const struct buffer *before, *now;	/* NULL: nothing there */
	const struct buffer *accepted;
	const char *want[3];		/* all of it; "": nothing is said */
} rows[] = {
    {"published already", false, &new_crl, &new_crl, &new_crl, {""}},
    {"published meanwhile", false, &old_crl, &new_crl, &new_crl, {""}},
    {"a newer one is there", false, &new_crl, &new_crl, &old_crl, {""}},
    {"an older one", false, &old_crl, &old_crl, &new_crl, {
	"url ", "one.crl: still delivers CRL #12 of ", ", not CRL #13 of "}},
    {"what to do about it", false, &old_crl, &old_crl, &new_crl, {
	": publish stick/r.crl there; a cache in between may keep what it "
	"has for a while"}},
    {"none", false, NULL, NULL, &new_crl, {"url ", "one.crl: lacks CRL #13 "
	"of ", ": it delivers no CRL of r: publish stick/r.crl there"}},
    {"something else", false, &garbage, &garbage, &new_crl, {"url ",
	"one.crl: does not deliver CRL #13 of ", " yet: holds no CRL in DER: "
	"correct the path in the configuration, or move that file away; the "
	"file to publish is stick/r.crl"}},
    {"a replica with something else", true, &garbage, &garbage, &new_crl, {
	"one.crl: does not hold CRL #13 of ", " yet: holds no CRL in DER: "
	"correct the path in the configuration, or move that file away"}},
    {"another of that number", false, &other_crl, &other_crl, &new_crl, {
	"one.crl: delivers another CRL #13 of ", " than the one that was "
	"accepted: publish"}},
    {"a replica that has it", true, &new_crl, &new_crl, &new_crl, {""}},
    {"a replica that has an older one", true, &old_crl, &old_crl, &new_crl,
	{"one.crl: still holds CRL #12 of ", ", not CRL #13 of ", ": it has "
	"not replicated yet; if that lasts, see why (Active Directory: "
	"repadmin /syncall)"}},
    {"a replica without any", true, NULL, NULL, &new_crl, {"one.crl: lacks "
	"CRL #13 of ", ": it holds no CRL of r: it has not replicated yet"}},
};

static void
put(const struct buffer *der)
{
	if (der != NULL)
		fixture_write(place, DER_STORE, span_of_buffer(der));
}

/* The DER store, as one that others fill. */
static void
open_published(bool is_replica, struct config_store *replica,
    struct pair_stores *stores)
{
	RELEASE_NOTICES struct notices opening = {0};
	struct error err = {0};
	struct store *store;

	FINE(pair_stores_open(config, &config->roots[0], NOW, stores, &opening,
	    &err));
	store = &stores->stores[2].store;
	*replica = *store->config;
	replica->is_replica = is_replica;
	store->config = replica;
	published = *store->type;
	published.name = "url";
	published.install = NULL;
	store->type = &published;
}

static void
tell(const struct pair_stores *stores, const struct buffer *accepted,
    struct notices *notices)
{
	struct crl_facts facts = {0};
	struct error err = {0};
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	const struct delivery wanted = {"r", &facts, "stick/r.crl"};

	window_init_memory(&window, span_of_buffer(accepted));
	FINE(crl_open(&window, &crl, &err));
	FINE(crl_facts_of(&crl, &facts, &err));
	deliveries_tell(stores, &wanted, notices);
}

TEST(what_is_not_delivered_yet_is_said)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_PAIR_STORES struct pair_stores stores = {0};
		RELEASE_NOTICES struct notices notices = {0};
		struct config_store replica;

		put(rows[i].before);
		open_published(rows[i].is_replica, &replica, &stores);
		put(rows[i].now);
		tell(&stores, rows[i].accepted, &notices);
		for (size_t k = 0; k < 3 && rows[i].want[k] != NULL; k++)
			assert_says(rows[i].name, &notices, rows[i].want[k]);
		if (is_there(DER_STORE))
			remove_there(DER_STORE);
	}
}

/* It was said already that it cannot be read, and it may take its time. */
TEST(what_could_not_be_read_is_not_tried_again)
{
	RELEASE_PAIR_STORES struct pair_stores stores = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct config_store replica;

	put(&old_crl);
	open_published(false, &replica, &stores);
	stores.stores[2].is_readable = false;
	tell(&stores, &new_crl, &notices);
	assert_says("not again", &notices, "");
}

TEST(what_cannot_be_read_any_more_is_said)
{
	RELEASE_PAIR_STORES struct pair_stores stores = {0};
	RELEASE_NOTICES struct notices notices = {0};
	struct config_store replica;
	char path[PATH_SIZE];

	put(&old_crl);
	open_published(true, &replica, &stores);
	remove_there(DER_STORE);
	path_in(path, place, DER_STORE);
	assert_int_equal(mkdir(path, 0755), 0);
	tell(&stores, &new_crl, &notices);
	assert_says("gone", &notices, "one.crl: whether it has the CRL by now "
	    "is not known: ");
}
