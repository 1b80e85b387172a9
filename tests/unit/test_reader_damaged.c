/* SPDX-License-Identifier: ISC */
/*
 * A bundle of which anything was changed: cut at every octet, every octet
 * flipped, files exchanged with another bundle's.  By the code that runs in
 * the confined process, without the fork.
 */
#include "pki/pem.h"
#include "reader_fixture.h"
#include "sub/reader/reader_judge.h"
#include "test.h"

AROUND_ALL(set_up_reader, tear_down_reader)
AROUND_EACH(enter_medium, NULL)

#define MEMBER_COUNT (BUNDLE_PART_COUNT + 1)
#define SEAL_MEMBER BUNDLE_PART_COUNT

/* A bundle's files, in memory that can be changed; the last is its seal. */
struct held {
	struct bundle bundle;
	struct buffer members[MEMBER_COUNT];
};

static void
hold_member(const struct bundle_member *member, struct buffer *out)
{
	struct error err = {0};

	assert_fine(member->name, bundle_member_read(member, out, &err),
	    &err);
}

static void
hold(const struct recipe *recipe, struct held *out)
{
	RELEASE_BUFFER struct buffer der = {0};
	char path[PATH_SIZE];

	memset(out, 0, sizeof(*out));
	write_recipe(recipe, &der, path);
	load_source(path, &out->bundle);
	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		hold_member(&out->bundle.parts[i], &out->members[i]);
	hold_member(&out->bundle.seals[0], &out->members[SEAL_MEMBER]);
}

static void
held_release(struct held *held)
{
	bundle_release(&held->bundle);
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		buffer_release(&held->members[i]);
}

#define RELEASE_HELD __attribute__((cleanup(held_release)))

static const char *
member_name(const struct held *held, size_t member)
{
	return member == SEAL_MEMBER ? held->bundle.seals[0].name :
	    held->bundle.parts[member].name;
}

/* The verdict on these files, a CRL alone where it is bare. */
static enum err
judge(const struct bundle *bundle, const struct span members[MEMBER_COUNT],
    struct verdict *out)
{
	struct reader_request request = make_request(bundle);
	RELEASE_BUFFER struct buffer der = {0};
	struct reader_input input = {0};
	struct error err;

	for (size_t i = 0; i < BUNDLE_PART_COUNT; i++)
		input.parts[i] = members[i];
	input.seals[0] = members[SEAL_MEMBER];
	input.der_capacity = members[BUNDLE_CRL].size + 1;
	FINE(buffer_reserve(&der, input.der_capacity, &err));
	input.der = der.data;
	memset(out, 0, sizeof(*out));
	reader_judge(&request, &input, out);
	return (enum err)out->answer.error.code;
}

static void
span_members(const struct held *held, struct span out[MEMBER_COUNT])
{
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		out[i] = span_of_buffer(&held->members[i]);
}

/* Refused for one of these reasons, in words, and with no fact told. */
static void
assert_judged(const char *name, const char *how, size_t at,
    const char *tokens, enum err have, const struct verdict *verdict)
{
	static const uint8_t nothing[SHA256_SIZE];

	if (have == ERR_OK || strstr(tokens, error_token(have)) == NULL ||
	    verdict->answer.error.what[0] == '\0')
		fail_msg("%s %s at %zu: want one of %s, have %s: %s", name, how,
		    at, tokens, error_token(have), verdict->answer.error.what);
	assert_memory_equal(verdict->sha256, nothing, sizeof(nothing));
	assert_int_equal(verdict->size_bytes, 0);
}

/* In memory of exactly this size, so that a sanitizer sees a step beyond. */
static struct span
copy_of(struct span in)
{
	uint8_t *copy = malloc(in.size == 0 ? 1 : in.size);

	assert_non_null(copy);
	if (in.size > 0)
		memcpy(copy, in.data, in.size);
	return (struct span){ copy, in.size };
}

static void
cut_everywhere(const struct held *held, const struct bundle *bundle,
    size_t member, const char *tokens)
{
	struct span members[MEMBER_COUNT];
	struct verdict verdict;

	span_members(held, members);
	for (size_t size = 0; size < held->members[member].size; size++) {
		members[member] = copy_of((struct span){
		    held->members[member].data, size });
		assert_judged(member_name(held, member), "cut", size, tokens,
		    judge(bundle, members, &verdict), &verdict);
		free((void *)(uintptr_t)members[member].data);
	}
}

/* One bit of every octet, or each of them where tests may take long. */
static void
flip_everywhere(const struct held *held, const struct bundle *bundle,
    size_t member, size_t first, const char *tokens)
{
	const bool is_long = getenv("CRLFERRY_LONG") != NULL;
	const size_t size = held->members[member].size;
	struct span members[MEMBER_COUNT];
	struct verdict verdict;
	uint8_t *octets;

	span_members(held, members);
	members[member] = copy_of(members[member]);
	octets = (uint8_t *)(uintptr_t)members[member].data;
	for (size_t at = first; at < size; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			if (!is_long && bit != at % 8)
				continue;
			octets[at] ^= (uint8_t)(1U << bit);
			assert_judged(member_name(held, member), "flipped",
			    at, tokens, judge(bundle, members, &verdict),
			    &verdict);
			octets[at] ^= (uint8_t)(1U << bit);
		}
	}
	assert_int_equal(judge(bundle, members, &verdict), ERR_OK);
	free(octets);
}

/* What finds a change of each file, in the order of enum bundle_part. */
static const char *const finders[MEMBER_COUNT] = {
	"digest", "digest", "digest", "digest", "seal", "digest", "seal",
};

/* Where signed content begins: a seal's first line is none. */
static size_t
first_signed(const struct held *held, size_t member)
{
	const struct buffer *text = &held->members[member];
	const uint8_t *end;

	if (member != SEAL_MEMBER)
		return 0;
	end = memchr(text->data, '\n', text->size);
	assert_non_null(end);
	return (size_t)(end - text->data) + 1;
}

TEST(every_cut_is_found)
{
	RELEASE_HELD struct held held;

	hold(&(struct recipe){ .serials = { 7, 8 } }, &held);
	/* A seal may lack its last line feed, as minisign has it. */
	held.members[SEAL_MEMBER].size--;
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		cut_everywhere(&held, &held.bundle, i, finders[i]);
}

TEST(every_flip_is_found)
{
	RELEASE_HELD struct held held;

	hold(&(struct recipe){ .serials = { 7, 8 } }, &held);
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		flip_everywhere(&held, &held.bundle, i,
		    first_signed(&held, i), finders[i]);
}

/* A bare CRL has nothing but its own signature. */
TEST(a_bare_crl_is_cut_and_flipped)
{
	static const char any[] = "format signature issuer algorithm weak "
	    "scope expired not-yet-valid";
	RELEASE_HELD struct held held;
	struct bundle bare;
	RELEASE_BUFFER struct buffer pem = {0};
	struct buffer der;
	struct error err = {0};

	hold(&(struct recipe){ .serials = { 7, 8 } }, &held);
	bare = held.bundle;
	bare.is_bare = true;
	bare.seal_count = 0;
	cut_everywhere(&held, &bare, BUNDLE_CRL, any);
	flip_everywhere(&held, &bare, BUNDLE_CRL, 0, any);
	/* PEM may lose its last line feed and text around it, no more. */
	der = held.members[BUNDLE_CRL];
	FINE(pem_encode(PEM_CRL, span_of_buffer(&der), &pem, &err));
	pem.size--;
	held.members[BUNDLE_CRL] = pem;
	cut_everywhere(&held, &bare, BUNDLE_CRL, any);
	held.members[BUNDLE_CRL] = der;
}

/*
 * Every choice of files from two good bundles of this root.  Only those pass
 * that are one of the two: the root's certificate is the same in both.
 */
TEST(files_of_two_bundles_do_not_mix)
{
	RELEASE_HELD struct held first, second;
	struct span members[2][MEMBER_COUNT], mixed[MEMBER_COUNT];
	const unsigned int all = (1U << MEMBER_COUNT) - 1;
	const unsigned int cert = 1U << BUNDLE_CERT;
	struct verdict verdict;
	unsigned int passed = 0;

	hold(&(struct recipe){ .serials = { 7, 8 } }, &first);
	hold(&(struct recipe){ .number = 13, .serials = { 7, 9 } }, &second);
	span_members(&first, members[0]);
	span_members(&second, members[1]);
	for (unsigned int choice = 0; choice <= all; choice++) {
		enum err code;

		for (size_t i = 0; i < MEMBER_COUNT; i++)
			mixed[i] = members[choice >> i & 1][i];
		code = judge(&first.bundle, mixed, &verdict);
		if ((choice & ~cert) == 0 || (choice | cert) == all)
			passed += code == ERR_OK;
		else
			assert_judged("files of two", "mixed", choice,
			    "seal digest", code, &verdict);
	}
	assert_int_equal(passed, 4);
}
