/* SPDX-License-Identifier: ISC */
/* A CRL that the ledger has and the archive has not. */
#include "base/file.h"
#include "rooms_fixture.h"
#include "own_folder_fixture.h"
#include "root/evidence/vanished.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define OF_8(digit) digit digit digit digit digit digit digit digit
#define DIGEST(digit) OF_8(OF_8(digit))
#define ID(digit) "archive-crl-" OF_8(digit) OF_8(digit)

static struct config config = { .path = "x.cfg", .state = folder };

/* A line with one detail, or none if key is NULL. */
static void
append(const char *event, const char *decimal, const char *key,
    const char *value)
{
	struct ledger_event entry = { .event = event, .root = "r",
		.at_s = 1, .who = "me@here", .details = { { key, value } } };
	RELEASE_NOTICES struct notices notices = {0};
	struct number number;
	struct error err = {0};

	if (decimal != NULL) {
		assert_true(number_from_decimal(decimal, &number));
		entry.number = &number;
	}
	assert_fine(event, ledger_append(&config, &entry, NULL, &notices, &err),
	    &err);
}

/* What is gone of a root; last is a number in decimal, or NULL. */
static bool
is_gone(const char *root, const char *last, const char *id)
{
	struct archived archived = ARCHIVED_NONE;
	RELEASE_HISTORY struct history history = {0};
	struct vanished vanished;
	struct error err = {0};

	if (last != NULL)
		assert_true(number_from_decimal(last, &archived.number));
	assert_fine(root, history_read(&config, &history, &err), &err);
	assert_fine(root, vanished_find(&history, root,
	    last == NULL ? NULL : &archived, &vanished, &err), &err);
	if (vanished.is_gone)
		assert_string_equal(vanished.id, id);
	return vanished.is_gone;
}

TEST(only_what_was_archived_is_missed)
{
	assert_false(is_gone("r", NULL, ""));
	append("issue-intent", "7", NULL, NULL);
	append("adopt-intent", "7", "sha256", DIGEST("a"));
	append("collect", "7", "sha256", DIGEST("a"));
	append("export", "7", "sha256", DIGEST("a"));
	assert_false(is_gone("r", NULL, ""));
	append("issue", "7", "sha256", DIGEST("a"));
	assert_true(is_gone("r", NULL, ID("a")));
	assert_true(is_gone("r", "6", ID("a")));
	assert_false(is_gone("s", NULL, ""));
	append("adopt", "8", "sha256", DIGEST("b"));
	assert_true(is_gone("r", "7", ID("b")));
	/* One that the ledger does not have yet has come after it. */
	assert_false(is_gone("r", "9", ""));
}

/* A lower one that is entered later does not stand in for it. */
TEST(the_highest_counts)
{
	append("issue", "100", "sha256", DIGEST("a"));
	append("adopt", "99", "sha256", DIGEST("b"));
	assert_true(is_gone("r", "99", ID("a")));
}

TEST(what_was_let_go_is_not_missed)
{
	append("issue", "7", "sha256", DIGEST("a"));
	append("discard-evidence", NULL, "id", ID("b"));
	append("reset-order", "6", "accepted_sha256", DIGEST("b"));
	assert_true(is_gone("r", "6", ID("a")));
	append("discard-evidence", NULL, "id", ID("a"));
	assert_false(is_gone("r", "6", ""));
	append("issue", "8", "sha256", DIGEST("c"));
	assert_true(is_gone("r", "6", ID("c")));
	append("reset-order", "6", "accepted_sha256", DIGEST("c"));
	assert_false(is_gone("r", "6", ""));
	/* Once it is back it may be lost again. */
	append("adopt", "8", "sha256", DIGEST("c"));
	assert_true(is_gone("r", "6", ID("c")));
}

TEST(a_line_without_a_digest_goes_by_its_number)
{
	append("issue", "7", "recorded", "late");
	assert_true(is_gone("r", "6", "archive-crl-number-7"));
	append("discard-evidence", NULL, "id", "archive-crl-number-7");
	assert_false(is_gone("r", "6", ""));
	/* Neither number nor time: it cannot be told from others. */
	append("adopt", "0", "file", "x.crl");
	assert_false(is_gone("r", NULL, ""));
}

TEST(number_and_octets_must_fit)
{
	char archive[FIXTURE_PATH_SIZE + 16], hex[SHA256_HEX_SIZE];
	uint8_t octets[SHA256_SIZE];
	struct error err = {0};

	snprintf(archive, sizeof(archive), "%s/r/archive", folder);
	FINE(file_make_folder(archive, 0755, &err));
	fixture_write_text(archive, "000007.crl", "CRL");
	FINE(sha256(span_of_text("CRL"), octets, &err));
	sha256_hex(octets, hex);
	append("issue", "7", "recorded", "late");
	assert_false(is_gone("r", "7", ""));
	append("issue", "7", "sha256", DIGEST("a"));
	assert_true(is_gone("r", "7", ID("a")));
	append("issue", "7", "sha256", hex);
	assert_false(is_gone("r", "7", ""));
}
