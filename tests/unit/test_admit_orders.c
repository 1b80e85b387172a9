/* SPDX-License-Identifier: ISC */
/* What reset orders let in, and what they keep out. */
#include "ferry/admit.h"
#include "test.h"

/* A CRL is a letter, which fills its digest, with this number. */
static const struct {
	char letter;
	uint64_t number;
} crls[] = {
	{ 'a', 1 }, { 'n', 2 }, { 'm', 3 }, { 'h', 1000 }, { 'i', 1001 },
	{ 'x', 2 }, { 'y', 5 }, { 'w', 1700 }, { 'z', 2000 },
	{ 'g', 1000 }, { 'r', 1500 }, { 's', 1501 },
};

#define ORDERED_AT_S 1500

static const struct {
	const char *name;
	const char *orders;	/* pairs: given up, taken */
	bool is_waiting;	/* the last of them */
	const char *seen;
	char candidate;
	enum err want;
} rows[] = {
	{ "without orders, lower", "", false, "h", 'n', ERR_ROLLBACK },
	{ "the one that is named", "hn", true, "h", 'n', ERR_OK },
	{ "a lower one", "hn", true, "h", 'a', ERR_ROLLBACK },
	{ "a higher one than is named", "hn", true, "h", 'm', ERR_ROLLBACK },
	{ "another of the same number", "hn", true, "h", 'x', ERR_ROLLBACK },
	{ "the one that is given up", "hn", true, "h", 'h', ERR_ROLLBACK },
	{ "one that follows it by itself", "hn", true, "h", 'i', ERR_OK },

	{ "the named one again", "hn", false, "n", 'n', ERR_OK },
	{ "the next", "hn", false, "n", 'm', ERR_OK },
	{ "the named one, once another came", "hn", false, "m", 'n',
	    ERR_ROLLBACK },
	{ "a lower one afterwards", "hn", false, "n", 'a', ERR_ROLLBACK },
	{ "the given up one afterwards", "hn", false, "n", 'h',
	    ERR_ROLLBACK },

	{ "the newer of two orders", "hnhm", true, "h", 'm', ERR_OK },
	{ "the older of two orders", "hnhm", true, "h", 'n', ERR_ROLLBACK },

	{ "what a store held before", "hn", true, "ha", 'n', ERR_OK },
	{ "what was signed between the two", "hn", true, "hy", 'n', ERR_OK },
	{ "what was signed after both", "hn", true, "hi", 'n',
	    ERR_ROLLBACK },
	{ "what was given up, after both", "inhn", true, "hi", 'n', ERR_OK },
	{ "what the order may have known", "zn", true, "zi", 'n', ERR_OK },
	{ "what was signed after the order", "zn", true, "zw", 'n',
	    ERR_ROLLBACK },
	{ "what was signed in the order's very second", "zn", true, "zr",
	    'n', ERR_OK },
	{ "and a second later", "zn", true, "zs", 'n', ERR_ROLLBACK },
	{ "what was signed in the second of what is given up", "hn", true,
	    "hg", 'n', ERR_OK },
};

static struct crl_facts
facts_of(char letter)
{
	struct crl_facts facts = {.has_number = true};

	for (size_t i = 0; i < COUNT_OF(crls); i++) {
		if (crls[i].letter == letter) {
			facts.number = number_from_u64(crls[i].number);
			facts.this_update_s = (int64_t)crls[i].number;
		}
	}
	memset(facts.sha256, letter, sizeof(facts.sha256));
	return facts;
}

TEST(test_orders)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct crl_facts seen[2];
		const struct crl_facts candidate =
		    facts_of(rows[i].candidate);
		struct order orders[2] = {{.sequence = 0}};
		struct admit_rules rules = {.seen = seen,
		    .seen_count = strlen(rows[i].seen),
		    .orders = orders,
		    .order_count = strlen(rows[i].orders) / 2};
		struct error err = {0};
		enum err have;

		for (size_t k = 0; k < rules.seen_count; k++)
			seen[k] = facts_of(rows[i].seen[k]);
		for (size_t k = 0; k < rules.order_count; k++) {
			orders[k].at_s = ORDERED_AT_S;
			memset(orders[k].accepted_sha256,
			    rows[i].orders[2 * k], SHA256_SIZE);
			memset(orders[k].sha256, rows[i].orders[2 * k + 1],
			    SHA256_SIZE);
			orders[k].has_number = true;
			orders[k].number =
			    facts_of(rows[i].orders[2 * k + 1]).number;
		}
		if (rows[i].is_waiting)
			rules.waiting = &orders[rules.order_count - 1];
		have = admit_seen(&candidate, &rules, &err);
		if (have != rows[i].want)
			fail_msg("%s: want %s, have %s: %s", rows[i].name,
			    error_token(rows[i].want), error_token(have),
			    err.what);
	}
}

/* The named one, under a number that the order has, or has not. */
static const struct {
	const char *name;
	bool has_number;
	uint64_t number;
	bool is_numbered;	/* the CRL, as 2 */
	enum err want;
} numbers[] = {
	{ "its number", true, 2, true, ERR_OK },
	{ "a lower one", true, 1, true, ERR_ROLLBACK },
	{ "a higher one", true, 3, true, ERR_ROLLBACK },
	{ "none, and it has one", false, 0, true, ERR_ROLLBACK },
	{ "zero, and it has none", true, 0, false, ERR_ROLLBACK },
	{ "none, and it has none", false, 0, false, ERR_OK },
};

TEST(test_numbers)
{
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct crl_facts candidate = facts_of('n');
		struct order order = {.at_s = ORDERED_AT_S,
		    .has_number = numbers[i].has_number,
		    .number = number_from_u64(numbers[i].number)};
		const struct crl_facts seen = facts_of('h');
		const struct admit_rules rules = {.seen = &seen,
		    .seen_count = 1, .orders = &order, .order_count = 1,
		    .waiting = &order};
		struct error err = {0};
		enum err have;

		memset(order.accepted_sha256, 'h', SHA256_SIZE);
		memset(order.sha256, 'n', SHA256_SIZE);
		candidate.has_number = numbers[i].is_numbered;
		if (!candidate.has_number)
			candidate.number = number_from_u64(0);
		have = admit_seen(&candidate, &rules, &err);
		if (have != numbers[i].want)
			fail_msg("%s: want %s, have %s: %s", numbers[i].name,
			    error_token(numbers[i].want), error_token(have),
			    err.what);
	}
}
