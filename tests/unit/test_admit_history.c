/* SPDX-License-Identifier: ISC */
#include "recipe_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

/* Numbers of -1 are none; times are seconds after THIS_UPDATE. */
static const struct {
	const char *name;
	int64_t seen, seen_s;
	int64_t candidate, candidate_s;
	bool is_same;		/* the same octets */
	uint64_t max_jump;
	enum err want;
	const char *says;
} history_rows[] = {
	{ "next", 12, 0, 13, 1, false, 0, ERR_OK, "" },
	{ "the same again", 12, 0, 12, 0, true, 0, ERR_OK, "" },
	{ "the same again, no number", -1, 0, -1, 0, true, 1, ERR_OK, "" },
	{ "lower number", 12, 0, 11, 1, false, 0, ERR_ROLLBACK,
	    "above 12, have 11" },
	{ "lower number and time", 12, 0, 11, -1, false, 0, ERR_ROLLBACK,
	    "above 12, have 11" },
	{ "same number, other octets", 12, 0, 12, 0, false, 0, ERR_ROLLBACK,
	    "OTHER CONTENT" },
	{ "same number, later", 12, 0, 12, 1, false, 0, ERR_ROLLBACK,
	    "OTHER CONTENT" },
	{ "higher number, earlier", 12, 0, 13, -1, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "higher number, same time", 12, 0, 13, 0, false, 0, ERR_ROLLBACK,
	    "2026-11-22T09:50:00Z" },
	{ "number lost", 12, 0, -1, 1, false, 0, ERR_ROLLBACK,
	    "missing; the CRL seen before has 12" },
	{ "number gained", -1, 0, 1, 1, false, 1, ERR_OK, "" },
	{ "number gained, same time", -1, 0, 1, 0, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "unnumbered, later", -1, 0, -1, 1, false, 0, ERR_OK, "" },
	{ "unnumbered, same time", -1, 0, -1, 0, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "unnumbered, earlier", -1, 0, -1, -1, false, 0, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "number 0 seen", 0, 0, 1, 1, false, 0, ERR_OK, "" },
	{ "number 0 again", 0, 0, 0, 1, false, 0, ERR_ROLLBACK, "above 0" },
	{ "a jump to the limit", 12, 0, 22, 1, false, 10, ERR_OK, "" },
	{ "a jump beyond it", 12, 0, 23, 1, false, 10, ERR_JUMP,
	    "at most 10 above 12, have 23" },
	{ "rollback before jump", 12, 0, 23, 0, false, 10, ERR_ROLLBACK,
	    "thisUpdate" },
	{ "any jump without limit", 12, 0, INT64_MAX, 1, false, 0, ERR_OK,
	    "" },
};

TEST(test_history)
{
	size_t i;

	for (i = 0; i < COUNT_OF(history_rows); i++) {
		struct crl_facts seen = make_facts(history_rows[i].seen,
		    history_rows[i].seen_s);
		struct crl_facts candidate =
		    make_facts(history_rows[i].candidate,
		    history_rows[i].candidate_s);
		struct number jump =
		    number_from_u64(history_rows[i].max_jump);
		struct error err = {0};

		candidate.sha256[31] = history_rows[i].is_same ? 0 : 1;
		check_result(history_rows[i].name, admit_history(&seen,
		    &candidate, &jump, &err), history_rows[i].want, &err,
		    history_rows[i].says);
		FINE(admit_history(NULL, &candidate, &jump, &err));
	}
}

TEST(test_dates)
{
	static const struct {
		const char *name;
		int64_t this_s, next_s, now_s;
		enum err want;
	} rows[] = {
		{ "in the middle", 1000, 2000, 1500, ERR_OK },
		{ "5 min early", 1000, 2000, 700, ERR_OK },
		{ "a second earlier", 1000, 2000, 699, ERR_NOT_YET_VALID },
		{ "the last second", 1000, 2000, 1999, ERR_OK },
		{ "nextUpdate itself", 1000, 2000, 2000, ERR_EXPIRED },
		{ "at the end of time", 1000, UTC_MAX_S, UTC_MAX_S - 1,
		    ERR_OK },
		{ "none", 1000, 0, 1500, ERR_EXPIRED },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++) {
		struct crl_facts facts = {
			.this_update_s = rows[i].this_s,
			.has_next_update = rows[i].next_s != 0,
			.next_update_s = rows[i].next_s,
		};
		struct error err = {0};

		check_result(rows[i].name, admit_dates(&facts, rows[i].now_s,
		    false, &err), rows[i].want, &err, "Update");
	}
}

/* Real CRLs in turn, against the one accepted and one that a store holds. */
TEST(test_seen)
{
	static const struct {
		const char *name;
		struct recipe recipe;
		enum err want;
	} rows[] = {
		{ "the one accepted", { .number = 14, .this_later_s = 20 },
		    ERR_ROLLBACK },
		{ "between both", { .number = 13, .this_later_s = 10 },
		    ERR_ROLLBACK },
		{ "the store's", { .number = 12 }, ERR_ROLLBACK },
		{ "the next", { .number = 15, .this_later_s = 30 }, ERR_OK },
		{ "a jump of 3", { .number = 17, .this_later_s = 30 },
		    ERR_JUMP },
	};
	struct admit_rules rules = first_import(certs[ROOT]);
	struct crl_facts seen[2] = { make_facts(12, 0), make_facts(14, 20) };
	size_t i;

	rules.seen = seen;
	rules.seen_count = 2;
	rules.max_number_jump = number_from_u64(3);
	for (i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		struct crl_survey survey;
		struct crl_facts facts;
		struct error err = {0};

		make_crl(&rows[i].recipe, &der);
		check_result(rows[i].name, admit(span_of_buffer(&der), &rules,
		    NULL, &facts, &survey, &err), rows[i].want, &err, "");
	}
}

/* The very octets that were accepted are fine, another signing is not. */
TEST(test_same_octets)
{
	const struct recipe recipe = {0};
	struct admit_rules rules = first_import(certs[ROOT]);
	RELEASE_BUFFER struct buffer first = {0}, second = {0};
	struct crl_survey survey;
	struct crl_facts seen, facts;
	struct error err = {0};

	make_crl(&recipe, &first);
	make_crl(&recipe, &second);
	FINE(admit(span_of_buffer(&first), &rules, NULL, &seen, &survey, &err));
	rules.seen = &seen;
	rules.seen_count = 1;
	FINE(admit(span_of_buffer(&first), &rules, NULL, &facts, &survey,
	    &err));
	check_result("signed twice", admit(span_of_buffer(&second), &rules,
	    NULL, &facts, &survey, &err), ERR_ROLLBACK, &err, "OTHER");
}

/* What was accepted, against what a store holds; numbers of -1 are none. */
TEST(test_put_back)
{
	static const struct {
		const char *name;
		int64_t seen, seen_s;
		int64_t candidate;
		bool is_accepted;
		enum err want;
	} rows[] = {
		{ "the same number", 12, 0, 12, true, ERR_OK },
		{ "the same number, later", 12, 9, 12, true, ERR_OK },
		{ "a lower number, later", 11, 9, 12, true, ERR_OK },
		{ "a higher number", 13, 9, 12, true, ERR_ROLLBACK },
		{ "a higher number, earlier", 13, -9, 12, true,
		    ERR_ROLLBACK },
		{ "no numbers, the same time", -1, 0, -1, true, ERR_OK },
		{ "no numbers, earlier", -1, -1, -1, true, ERR_OK },
		{ "no numbers, later", -1, 1, -1, true, ERR_ROLLBACK },
		{ "the store's has one, the same time", 12, 0, -1, true,
		    ERR_OK },
		{ "the store's has one, later", 12, 1, -1, true,
		    ERR_ROLLBACK },
		{ "another than was accepted", 12, 0, 12, false,
		    ERR_ROLLBACK },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct crl_facts candidate =
		    make_facts(rows[i].candidate, 0);
		struct crl_facts accepted = candidate;
		struct crl_facts seen = make_facts(rows[i].seen,
		    rows[i].seen_s);
		struct admit_rules rules = first_import(certs[ROOT]);
		struct error err = {0};

		seen.sha256[0] ^= 1;
		if (!rows[i].is_accepted)
			accepted.sha256[0] ^= 2;
		rules.seen = &seen;
		rules.seen_count = 1;
		rules.accepted = &accepted;
		check_result(rows[i].name, admit_seen(&candidate, &rules,
		    &err), rows[i].want, &err, "");
	}
}
