/* SPDX-License-Identifier: ISC */
/* What the ledger says of CRLs that reset orders gave up. */
#include "rooms_fixture.h"
#include "own_folder_fixture.h"
#include "root/history/waived.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

static struct config config = { .path = "x.cfg", .state = folder };

/* 64 times the digit; NULL is left out, and so is a number of NULL. */
static void
append(const char *event, const char *root, const char *digest,
    const char *number)
{
	struct ledger_event entry = { .event = event, .root = root,
		.at_s = 1, .who = "me@here", .details = { { "why", "x" } } };
	struct ledger_detail *next = &entry.details[1];
	RELEASE_NOTICES struct notices notices = {0};
	struct error err = {0};

	if (digest != NULL)
		*next++ = (struct ledger_detail){"accepted_sha256", digest};
	if (number != NULL)
		*next++ = (struct ledger_detail){"accepted_number", number};
	assert_fine(event, ledger_append(&config, &entry, NULL, &notices, &err),
	    &err);
}

#define OF_8(digit) digit digit digit digit digit digit digit digit
#define DIGEST(digit) OF_8(OF_8(digit))

static bool
has_number(const char *root, const char *decimal)
{
	RELEASE_HISTORY struct history history = {0};
	struct number number;
	struct error err = {0};

	assert_true(number_from_decimal(decimal, &number));
	assert_fine(root, history_read(&config, &history, &err), &err);
	assert_fine(root, waived_check(&history, root, &err), &err);
	return waived_has_number(&history, root, &number);
}

static bool
has_crl(const char *root, uint8_t octet)
{
	RELEASE_HISTORY struct history history = {0};
	uint8_t sha256[SHA256_SIZE];
	struct error err = {0};

	memset(sha256, octet, sizeof(sha256));
	assert_fine(root, history_read(&config, &history, &err), &err);
	assert_fine(root, waived_check(&history, root, &err), &err);
	return waived_has_crl(&history, root, sha256);
}

TEST(only_an_order_gives_up)
{
	assert_false(has_number("r", "7"));
	append("issue", "r", DIGEST("a"), "7");
	append("collect", "r", DIGEST("a"), "7");
	assert_false(has_number("r", "7"));
	assert_false(has_crl("r", 0xaa));
	append("reset-order", "r", DIGEST("a"), "7");
	assert_true(has_number("r", "7"));
	assert_true(has_crl("r", 0xaa));
	assert_false(has_number("r", "6"));
	assert_false(has_number("r", "77"));
	assert_false(has_crl("r", 0xab));
}

TEST(each_root_has_its_own)
{
	append("reset-order", "r", DIGEST("a"), "7");
	append("reset-order", "s", DIGEST("b"), "8");
	assert_true(has_number("r", "7"));
	assert_true(has_number("s", "8"));
	assert_false(has_number("r", "8"));
	assert_false(has_number("s", "7"));
	assert_false(has_crl("r", 0xbb));
	assert_false(has_crl("s", 0xaa));
}

/* All of them, the first as well as the last. */
TEST(several_are_remembered)
{
	append("reset-order", "r", DIGEST("a"), "7");
	append("reset-order", "r", DIGEST("b"), "8");
	append("reset-order", "r", DIGEST("c"), "9");
	for (uint8_t i = 0; i < 3; i++)
		assert_true(has_crl("r", (uint8_t)(0xaa + i * 0x11)));
	assert_true(has_number("r", "7"));
	assert_true(has_number("r", "8"));
	assert_true(has_number("r", "9"));
}

TEST(one_without_a_number_has_none)
{
	append("reset-order", "r", DIGEST("a"), NULL);
	assert_true(has_crl("r", 0xaa));
	assert_false(has_number("r", "0"));
}

/* What cannot be read might be the one that is asked for. */
TEST(what_is_none_is_refused)
{
	static const struct {
		const char *name;
		const char *digest;
		const char *number;
	} rows[] = {
		{ "no digest", NULL, "7" },
		{ "half a digest", OF_8("aaaa"), "7" },
		{ "more than a digest", DIGEST("a") "aa", "7" },
		{ "no hex", DIGEST("g"), "7" },
		{ "an empty number", DIGEST("a"), "" },
		{ "a number in hex", DIGEST("a"), "0x7" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_HISTORY struct history history = {0};
		struct error err = {0};

		fixture_write_text(folder, "ledger.jsonl", "");
		append("issue", "r", NULL, NULL);
		append("reset-order", "r", rows[i].digest, rows[i].number);
		assert_fine(rows[i].name, history_read(&config, &history,
		    &err), &err);
		assert_refusal(rows[i].name, ERR_FORMAT, "ledger.jsonl:2",
		    waived_check(&history, "r", &err), &err);
		/* Another root does not suffer from it. */
		err = (struct error){0};
		assert_fine(rows[i].name, waived_check(&history, "s", &err),
		    &err);
	}
}
