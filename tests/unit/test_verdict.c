/* SPDX-License-Identifier: ISC */
/* A record whose writer may have been taken over, field by field. */
#include "base/utc.h"
#include "rooms_fixture.h"
#include "sub/reader/verdict.h"
#include "test.h"

#define PAIRS 2

/* One that passes, with something in every field. */
static struct verdict
good_verdict(void)
{
	struct verdict verdict = { .answer.is_confined = 1,
		.has_manifest = 1, .has_next_ceremony = 1, .has_number = 1,
		.created_s = 1, .next_ceremony_s = 2, .why = "caf\xc3\xa9",
		.published_as = "r.crl", .dropped_count = 3, .seal_count = 2,
		.seals = { "0123456789ABCDEF", "FEDCBA9876543210" },
		.this_update_s = 4, .next_update_s = 5, .size_bytes = 6,
		.revoked_count = 7, .algorithm = "Ed25519",
		.pair_count = PAIRS, .pairs = { { 0, -1, 0 }, { 1, 10, 8 } } };

	verdict.number = number_from_u64(9);
	return verdict;
}

#define FIELD(name) offsetof(struct verdict, name), \
	sizeof(((struct verdict *)NULL)->name)

/* Fields that are integers, with the ends of what passes. */
static const struct {
	const char *name;
	size_t offset;
	size_t size;
	int64_t low, high;
} integers[] = {
	{ "is_confined", FIELD(answer.is_confined), 0, 1 },
	{ "is_decoded", FIELD(is_decoded), 0, 1 },
	{ "has_manifest", FIELD(has_manifest), 0, 1 },
	{ "has_next_ceremony", FIELD(has_next_ceremony), 0, 1 },
	{ "is_emergency", FIELD(is_emergency), 0, 1 },
	{ "has_number", FIELD(has_number), 0, 1 },
	{ "is_respelt", FIELD(is_respelt), 0, 1 },
	{ "has_newer_root", FIELD(has_newer_root), 0, 1 },
	{ "newer_root_end_s", FIELD(newer_root_end_s), UTC_MIN_S,
	    UTC_MAX_S },
	{ "created_s", FIELD(created_s), UTC_MIN_S, UTC_MAX_S },
	{ "next_ceremony_s", FIELD(next_ceremony_s), UTC_MIN_S, UTC_MAX_S },
	{ "this_update_s", FIELD(this_update_s), UTC_MIN_S, UTC_MAX_S },
	{ "next_update_s", FIELD(next_update_s), UTC_MIN_S, UTC_MAX_S },
	{ "seal_count", FIELD(seal_count), 0, VERDICT_SEALS_MAX },
	{ "pair_count", FIELD(pair_count), PAIRS, PAIRS },
	{ "is_revoked", FIELD(pairs[1].is_revoked), 0, 1 },
	{ "reason", FIELD(pairs[1].reason), -1, 10 },
	{ "revoked_at_s", FIELD(pairs[1].revoked_at_s), UTC_MIN_S,
	    UTC_MAX_S },
	{ "reason of the first", FIELD(pairs[0].reason), -1, 10 },
};

/* Little and big ends alike: the value is put in by its own type. */
static void
put_integer(struct verdict *verdict, size_t i, int64_t value)
{
	void *field = (char *)verdict + integers[i].offset;

	if (integers[i].size == 1)
		*(uint8_t *)field = (uint8_t)value;
	else if (integers[i].size == 4)
		*(uint32_t *)field = (uint32_t)value;
	else
		*(int64_t *)field = value;
}

TEST(every_integer_has_its_bounds)
{
	for (size_t i = 0; i < COUNT_OF(integers); i++) {
		const int64_t low = integers[i].low, high = integers[i].high;
		const int64_t values[] = { low, high, low - 1, high + 1,
			integers[i].size == 8 ? INT64_MIN : low - 1,
			integers[i].size == 8 ? INT64_MAX : high + 1 };

		for (size_t k = 0; k < COUNT_OF(values); k++) {
			struct verdict verdict = good_verdict();
			struct error err = {0};
			enum err code;

			put_integer(&verdict, i, values[k]);
			code = verdict_check(&verdict, PAIRS, &err);
			if (k < 2)
				assert_fine(integers[i].name, code, &err);
			else
				assert_refusal(integers[i].name, ERR_FORMAT,
				    "reader: ", code, &err);
		}
	}
}

/* Whatever stands there, and however many were asked for. */
TEST(nothing_behind_it_is_read)
{
	struct {
		struct verdict verdict;
		struct verdict_pair sound[8];
	} memory = { .verdict = good_verdict() };
	struct error err = {0};

	for (uint32_t count = VERDICT_PAIRS_MAX + 1;
	    count <= VERDICT_PAIRS_MAX + COUNT_OF(memory.sound); count++) {
		memory.verdict.pair_count = count;
		assert_refusal("pairs", ERR_FORMAT, "out of its bounds",
		    verdict_check(&memory.verdict, count, &err), &err);
	}
	memory.verdict.pair_count = VERDICT_PAIRS_MAX;
	FINE(verdict_check(&memory.verdict, VERDICT_PAIRS_MAX, &err));
}

/* They are kept in JSON, where integers have a sign. */
TEST(every_count_fits_a_signed_integer)
{
	static const struct {
		const char *name;
		size_t offset;
	} counts[] = {
		{ "size_bytes", offsetof(struct verdict, size_bytes) },
		{ "revoked_count", offsetof(struct verdict, revoked_count) },
		{ "dropped_count", offsetof(struct verdict, dropped_count) },
	};

	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct verdict verdict = good_verdict();
		struct error err = {0};
		uint64_t *count = (void *)((char *)&verdict +
		    counts[i].offset);

		*count = INT64_MAX;
		assert_fine(counts[i].name, verdict_check(&verdict, PAIRS,
		    &err), &err);
		(*count)++;
		assert_refusal(counts[i].name, ERR_FORMAT, "reader: ",
		    verdict_check(&verdict, PAIRS, &err), &err);
	}
}

/* Texts, of which the last octet must not be needed. */
static const struct {
	const char *name;
	size_t offset;
	size_t size;
} texts[] = {
	{ "what", FIELD(answer.error.what) },
	{ "remedy", FIELD(answer.error.remedy) },
	{ "why", FIELD(why) },
	{ "published_as", FIELD(published_as) },
	{ "algorithm", FIELD(algorithm) },
	{ "the first seal", FIELD(seals[0]) },
	{ "the last seal that counts", FIELD(seals[1]) },
};

static const struct {
	const char *name;
	const char *text;
	bool want;
} contents[] = {
	{ "nothing", "", true },
	{ "ASCII", "a b~", true },
	{ "UTF-8", "\xc3\xa9\xe2\x82\xac", true },
	{ "an octet alone", "\xe9", false },
	{ "a bare CSI", "a\x9b" "2J", false },
	{ "ESC", "a\x1b[2J", false },
	{ "LF", "a\n", false },
	{ "CR", "\ra", false },
	{ "TAB", "a\tb", false },
	{ "DEL", "a\x7f", false },
	{ "C1 in UTF-8", "a\xc2\x9b" "2J", false },
	{ "the first of C1", "\xc2\x80", false },
	{ "the last of C1", "\xc2\x9f", false },
	{ "behind C1", "\xc2\xa0", true },
};

TEST(every_text_ends_and_steers_nothing)
{
	for (size_t i = 0; i < COUNT_OF(texts) * COUNT_OF(contents); i++) {
		const size_t t = i / COUNT_OF(contents);
		const size_t c = i % COUNT_OF(contents);
		struct verdict verdict = good_verdict();
		struct error err = {0};
		enum err code;

		snprintf((char *)&verdict + texts[t].offset, texts[t].size,
		    "%s", contents[c].text);
		code = verdict_check(&verdict, PAIRS, &err);
		if (contents[c].want != (code == ERR_OK))
			fail_msg("%s: %s: want %d, have %s", texts[t].name,
			    contents[c].name, contents[c].want,
			    error_token(code));
	}
	for (size_t t = 0; t < COUNT_OF(texts); t++) {
		struct verdict verdict = good_verdict();
		struct error err = {0};
		char *text = (char *)&verdict + texts[t].offset;

		memset(text, 'x', texts[t].size);
		assert_refusal(texts[t].name, ERR_FORMAT, "reader: ",
		    verdict_check(&verdict, PAIRS, &err), &err);
		text[texts[t].size - 1] = '\0';
		assert_fine(texts[t].name, verdict_check(&verdict, PAIRS,
		    &err), &err);
	}
}

TEST(what_does_not_count_is_not_read)
{
	struct verdict verdict = good_verdict();
	struct error err = {0};

	memset(verdict.seals[2], 0xff, sizeof(verdict.seals[2]));
	verdict.pairs[PAIRS] = (struct verdict_pair){ 7, 77, INT64_MAX };
	FINE(verdict_check(&verdict, PAIRS, &err));
	/* All of the seals, and all of the pairs, are looked at. */
	verdict.seal_count = 3;
	assert_refusal("third seal", ERR_FORMAT, "reader: ",
	    verdict_check(&verdict, PAIRS, &err), &err);
	verdict.seal_count = 2;
	verdict.pair_count = 3;
	err = (struct error){0};
	assert_refusal("third pair", ERR_FORMAT, "reader: ",
	    verdict_check(&verdict, 3, &err), &err);
}

TEST(codes_are_those_of_the_table)
{
	static const uint32_t unknown[] = { ERR_COUNT, ERR_COUNT + 1, 255,
		UINT32_MAX };

	for (uint32_t code = 0; code < ERR_COUNT; code++) {
		struct verdict verdict = good_verdict();
		struct error err = {0};

		verdict.answer.error.code = code;
		snprintf(verdict.answer.error.what,
		    sizeof(verdict.answer.error.what), "why");
		assert_fine(error_token((enum err)code), verdict_check(
		    &verdict, PAIRS, &err), &err);
		if (code == ERR_OK)
			continue;
		/* A refusal need not have judged every pair. */
		verdict.pair_count = 0;
		assert_fine(error_token((enum err)code), verdict_check(
		    &verdict, PAIRS, &err), &err);
		verdict.answer.error.what[0] = '\0';
		assert_refusal(error_token((enum err)code), ERR_FORMAT,
		    "does not say why", verdict_check(&verdict, PAIRS, &err),
		    &err);
	}
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct verdict verdict = good_verdict();
		struct error err = {0};

		verdict.answer.error.code = unknown[i];
		assert_refusal("unknown", ERR_FORMAT, "reader: ",
		    verdict_check(&verdict, PAIRS, &err), &err);
	}
}

TEST(numbers_fit_into_a_crl)
{
	struct verdict verdict = good_verdict();
	struct error err = {0};

	memset(verdict.number.octets, 0xff, NUMBER_OCTETS);
	verdict.number.octets[0] = 0x7f;
	FINE(verdict_check(&verdict, PAIRS, &err));
	verdict.number.octets[0] = 0x80;
	assert_refusal("2^159", ERR_FORMAT, "reader: ",
	    verdict_check(&verdict, PAIRS, &err), &err);
}

TEST(the_facts_are_taken_over)
{
	struct verdict verdict = good_verdict();
	struct crl_facts facts;

	memset(verdict.sha256, 0xab, sizeof(verdict.sha256));
	facts = verdict_facts(&verdict);
	assert_true(facts.has_number);
	assert_int_equal(number_compare(&facts.number, &verdict.number), 0);
	assert_int_equal(facts.this_update_s, 4);
	assert_true(facts.has_next_update);
	assert_int_equal(facts.next_update_s, 5);
	assert_int_equal(facts.size_bytes, 6);
	assert_int_equal(facts.revoked_count, 7);
	assert_memory_equal(facts.sha256, verdict.sha256, SHA256_SIZE);
	verdict.has_number = 0;
	assert_false(verdict_facts(&verdict).has_number);
}
