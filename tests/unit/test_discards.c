/* SPDX-License-Identifier: ISC */
/* What the ledger says of evidence that was discarded. */
#include "rooms_fixture.h"
#include "own_folder_fixture.h"
#include "root/history/waived.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

static struct config config = { .path = "x.cfg", .state = folder };
static const char *const r = "r", *const s = "s";

static void
append(const char *event, const char *root, const char *id)
{
	const struct ledger_event entry = { .event = event, .root = root,
		.at_s = 1, .who = "me@here",
		.details = { { "why", "x" }, { id == NULL ? NULL : "id",
		    id } } };
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	assert_fine(event, ledger_append(&config, &entry, NULL, &notices, &err),
	    &err);
}

static bool
is_discarded(const char *root, const char *id)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};

	assert_fine(id, history_read(&config, &history, &err), &err);
	return waived_has_evidence(&history, root, NULL, id);
}

TEST(nothing_is_discarded)
{
	assert_false(is_discarded(r, "crl-1"));
	append("issue", "r", "crl-1");
	append("discard-evidence", "r", NULL);
	assert_false(is_discarded(r, "crl-1"));
	assert_false(is_discarded(r, ""));
}

TEST(each_root_has_its_own)
{
	append("discard-evidence", "r", "crl-12");
	append("discard-evidence", "r", "request-a-17");
	append("discard-evidence", "s", "crl-13");
	assert_true(is_discarded(r, "crl-12"));
	assert_true(is_discarded(r, "request-a-17"));
	assert_true(is_discarded(s, "crl-13"));
	assert_false(is_discarded(r, "crl-13"));
	assert_false(is_discarded(s, "crl-12"));
	assert_false(is_discarded(s, "request-a-17"));
	/* Neither a part of an id nor one that goes on. */
	assert_false(is_discarded(r, "crl-1"));
	assert_false(is_discarded(r, "request-a-170"));
}

TEST(the_ledger_is_all_roots)
{
	append("discard-evidence", "s", "ledger-3");
	append("discard-evidence", "s", "ledger-head-0011223344556677");
	assert_true(is_discarded(r, "ledger-3"));
	assert_true(is_discarded(s, "ledger-3"));
	assert_true(is_discarded(r, "ledger-head-0011223344556677"));
	assert_false(is_discarded(r, "ledger-4"));
}

TEST(a_damaged_ledger_is_refused)
{
	RELEASE_HISTORY struct history history = {0};
	struct error err = {0};

	append("discard-evidence", "r", "crl-12");
	fixture_write_text(folder, "ledger.jsonl", "{}\n");
	assert_refusal("damaged", ERR_FORMAT, "ledger.jsonl:1",
	    history_read(&config, &history, &err), &err);
	assert_false(waived_has_evidence(&history, "r", NULL,
	    "crl-12"));
}
