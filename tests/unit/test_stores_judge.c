/* SPDX-License-Identifier: ISC */
/* Whose CRL it is that a store holds, and whether it is a good one. */
#include "recipe_fixture.h"
#include "sub/store/store_judge.h"
#include "test.h"

AROUND_ALL(setup, teardown)

#define IDP(content) "issuingDistributionPoint=critical," content

static const struct {
	const char *name;
	struct recipe recipe;
	enum pinned pinned;
	enum store_owner want;
	const char *says;	/* where it is STORE_INVALID */
} rows[] = {
	{ "good", { .serials = { 3, 5 } }, ROOT, STORE_VALID, "" },
	{ "out of order", { .serials = { 5, 3 } }, ROOT, STORE_VALID, "" },
	{ "no number", { .number = -1 }, ROOT, STORE_VALID, "" },
	{ "no AKI", { .no_aki = true }, ROOT, STORE_VALID, "" },
	{ "RSA", { .signer = RSA_ROOT }, RSA_ROOT, STORE_VALID, "" },
	/* States of their own. */
	{ "ended", { .next_later_s = -200 * DAY_S }, ROOT, STORE_VALID, "" },
	{ "ahead", { .this_later_s = 9000 }, ROOT, STORE_VALID, "" },
	{ "the subordinate's distribution point", { .extension = {
	    IDP("fullname:URI:http://pki.example/root.crl") } }, ROOT,
	    STORE_VALID, "" },

	{ "another CA's", { .signer = RSA_ROOT }, ROOT, STORE_OTHER, "" },
	{ "another key with its id", { .signer = TWIN }, ROOT, STORE_OTHER,
	    "" },
	{ "another key without one", { .signer = TWIN, .no_aki = true }, ROOT,
	    STORE_OTHER, "" },
	{ "another key, SHA-1, without one", { .signer = TWIN,
	    .no_aki = true, .digest = "SHA1" }, ROOT, STORE_OTHER, "" },
	{ "another key, a delta", { .signer = TWIN, .no_aki = true,
	    .extension = { "deltaCRL=critical,DER:02010b" } }, ROOT,
	    STORE_OTHER, "" },
	{ "another key, an extension twice", { .signer = TWIN,
	    .no_aki = true, .extension = { "1.2.3.4=DER:0500",
	    "1.2.3.4=DER:0500" } }, ROOT, STORE_OTHER, "" },

	{ "v1", { .is_v1 = true }, ROOT, STORE_INVALID, "v2" },
	{ "another key id", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=DER:3006800401020304" } }, ROOT,
	    STORE_INVALID, "01020304" },
	{ "another certificate of the key", { .no_aki = true, .extension = {
	    "authorityKeyIdentifier=issuer:always" } }, NO_USAGE,
	    STORE_INVALID, "authorityCertSerialNumber" },
	{ "a changed entry", { .serials = { 0x7a7b7c }, .from = "7a7b7c",
	    .to = "7a7b7d" }, ROOT, STORE_INVALID, "verify" },
	{ "SHA-1", { .digest = "SHA1" }, ROOT, STORE_INVALID, "SHA1" },
	{ "SHA-1 without a key id", { .digest = "SHA1", .no_aki = true },
	    ROOT, STORE_INVALID, "SHA1" },
	{ "MD5", { .digest = "MD5", .signer = RSA_ROOT, .no_aki = true },
	    RSA_ROOT, STORE_INVALID, "md5" },
	{ "SHA3-256", { .digest = "SHA3-256" }, ROOT, STORE_INVALID,
	    "algorithm" },
	{ "delta", { .extension = { "deltaCRL=critical,DER:02010b" } }, ROOT,
	    STORE_INVALID, "delta" },
	{ "delta without a key id", { .no_aki = true, .extension = {
	    "deltaCRL=critical,DER:02010b" } }, ROOT, STORE_INVALID,
	    "delta" },
	{ "indirect", { .extension = { IDP("indirectCRL:TRUE") } }, ROOT,
	    STORE_INVALID, "indirect" },
	{ "another distribution point", { .extension = {
	    IDP("fullname:URI:http://other.example/root.crl") } }, ROOT,
	    STORE_INVALID, "6.3.3" },
	{ "unknown critical extension", { .extension = {
	    "1.2.3.4=critical,DER:0500" } }, ROOT, STORE_INVALID, "1.2.3.4" },
	{ "unknown critical entry extension", { .serials = { 3, 5 },
	    .entry_extension = "1.2.3.4=critical,DER:0500" }, ROOT,
	    STORE_INVALID, "1.2.3.4" },
	{ "certificateIssuer", { .serials = { 3 }, .entry_extension =
	    "certificateIssuer=critical,DER:3003820161" }, ROOT,
	    STORE_INVALID, "certificateIssuer" },
	{ "duplicate serials", { .serials = { 3, 5, 3 } }, ROOT,
	    STORE_INVALID, "03" },
	{ "no nextUpdate", { .no_next_update = true }, ROOT, STORE_INVALID,
	    "nextUpdate" },
	/* No admission would parse these, but OpenSSL does. */
	{ "number below zero", { .number = -1, .extension = {
	    "crlNumber=DER:0201ff" } }, ROOT, STORE_INVALID, "negative" },
	{ "number of 21 octets", { .number = -1, .no_aki = true,
	    .extension = { "crlNumber=DER:"
	    "021500ffffffffffffffffffffffffffffffffffffffff" } }, ROOT,
	    STORE_INVALID, "octets" },
	{ "an extension twice", { .extension = { "1.2.3.4=DER:0500",
	    "1.2.3.4=DER:0500" } }, ROOT, STORE_INVALID, "twice" },
};

static struct store
store_of(enum pinned pinned)
{
	static const struct config_store config = {.type = "der",
	    .path = "/nowhere"};

	return (struct store){.type = store_type_find("der"),
	    .config = &config, .root = certs[pinned],
	    .subordinates = (const struct cert *const *)&subordinate,
	    .subordinate_count = 1, .now_s = NOW};
}

TEST(every_crl_is_known_for_what_it_is)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct store store = store_of(rows[i].pinned);
		RELEASE_READING struct store_reading reading;
		RELEASE_BUFFER struct buffer der = {0};
		const bool is_valid = rows[i].want == STORE_VALID;
		enum store_owner owner, again;
		struct error err = {0};
		size_t count;

		make_crl(&rows[i].recipe, &der);
		store_reading_start(&store, &reading);
		FINE(store_judge(&store, span_of_buffer(&der), &reading, &owner,
		    &err));
		if (owner != rows[i].want || (owner == STORE_INVALID &&
		    strstr(reading.place.detail, rows[i].says) == NULL))
			fail_msg("%s: want %d \"%s\", have %d \"%s\"",
			    rows[i].name, rows[i].want, rows[i].says, owner,
			    reading.place.detail);
		assert_int_equal(reading.has_crl, is_valid);
		assert_int_equal(reading.place.is_valid, is_valid);
		assert_int_equal(reading.place.is_present,
		    owner != STORE_OTHER);
		/* A copy is known again, and held once. */
		FINE(store_judge(&store, span_of_buffer(&der), &reading, &again,
		    &err));
		assert_int_equal(again, owner);
		store_reading_held(&reading, &count);
		assert_in_range(count, 0, 1);
	}
}

TEST(a_cut_one_is_garbage)
{
	const struct store store = store_of(ROOT);
	RELEASE_READING struct store_reading reading;
	RELEASE_BUFFER struct buffer der = {0};
	enum store_owner owner;
	struct error err = {0};

	make_crl(&(struct recipe){0}, &der);
	store_reading_start(&store, &reading);
	for (size_t size = 0; size < der.size; size++) {
		FINE(store_judge(&store, (struct span){der.data, size},
		    &reading, &owner, &err));
		assert_int_equal(owner, STORE_GARBAGE);
	}
	assert_int_equal(reading.held.size, 0);
}

/* Of what is refused, nothing counts as seen; the newest good one does. */
TEST(the_newest_good_one_counts)
{
	static const struct recipe recipes[] = {
		{ .number = 20 },
		{ .number = 22, .this_later_s = 60 },
		{ .number = 21, .this_later_s = 30 },
		{ .number = 99, .this_later_s = 90, .extension = {
		    "deltaCRL=critical,DER:02010b" } },
		{ .number = 98, .this_later_s = 95, .signer = TWIN },
	};
	const struct number want = number_from_u64(22);
	const struct store store = store_of(ROOT);
	RELEASE_READING struct store_reading reading;
	struct error err = {0};

	store_reading_start(&store, &reading);
	for (size_t i = 0; i < COUNT_OF(recipes); i++) {
		RELEASE_BUFFER struct buffer der = {0};
		enum store_owner owner;

		make_crl(&recipes[i], &der);
		FINE(store_judge(&store, span_of_buffer(&der), &reading, &owner,
		    &err));
	}
	assert_true(reading.has_crl);
	assert_int_equal(number_compare(&reading.facts.number, &want), 0);
	assert_int_equal(number_compare(&reading.place.number, &want), 0);
	assert_int_equal(reading.der.size, reading.facts.size_bytes);
	assert_memory_equal(reading.place.sha256, reading.facts.sha256,
	    SHA256_SIZE);
}

/* What is remembered of one judgement changes nothing in the next. */
TEST(what_is_remembered_changes_nothing)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		RELEASE_VERIFIED struct verified verified = {0};
		struct store store = store_of(rows[i].pinned);
		RELEASE_BUFFER struct buffer der = {0};
		struct error err = {0};

		make_crl(&rows[i].recipe, &der);
		store.verified = &verified;
		for (int k = 0; k < 2; k++) {
			RELEASE_READING struct store_reading reading;
			enum store_owner owner;

			store_reading_start(&store, &reading);
			FINE(store_judge(&store, span_of_buffer(&der),
			    &reading, &owner, &err));
			if (owner != rows[i].want || (owner == STORE_INVALID &&
			    strstr(reading.place.detail, rows[i].says) ==
			    NULL))
				fail_msg("%s: want %d \"%s\", have %d \"%s\"",
				    rows[i].name, rows[i].want, rows[i].says,
				    owner, reading.place.detail);
		}
	}
}

TEST(a_good_signature_and_an_order_once_sorted_are_remembered)
{
	static const struct {
		struct recipe recipe;
		size_t want;
	} once[] = {
		{ { .serials = { 3, 5 } }, 1 },
		{ { .serials = { 5, 3 } }, 2 },
		{ { .serials = { 5, 3, 5 } }, 1 },
		/* Nothing was looked at but its signature. */
		{ { .extension = { "deltaCRL=critical,DER:02010b" } }, 1 },
		{ { .serials = { 0x7a7b7c }, .from = "7a7b7c",
		    .to = "7a7b7d" }, 0 },
		{ { .signer = TWIN }, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(once); i++) {
		RELEASE_VERIFIED struct verified verified = {0};
		struct store store = store_of(ROOT);
		RELEASE_READING struct store_reading reading;
		RELEASE_BUFFER struct buffer der = {0};
		enum store_owner owner;
		struct error err = {0};

		make_crl(&once[i].recipe, &der);
		store.verified = &verified;
		store_reading_start(&store, &reading);
		FINE(store_judge(&store, span_of_buffer(&der), &reading, &owner,
		    &err));
		if (verified.count != once[i].want)
			fail_msg("row %zu: want %zu remembered, have %zu", i,
			    once[i].want, verified.count);
	}
}
