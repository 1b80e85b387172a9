/* SPDX-License-Identifier: ISC */
/* The sequence of a subordinate's notes never gives a number twice. */
#include <sys/stat.h>

#include "rooms_fixture.h"
#include "own_folder_fixture.h"
#include "sub/import/sequence.h"
#include "test.h"

AROUND_EACH(make_own_folder, NULL)

#define FILE_NAME "r/outbox/sequence-s.json"
#define NONCE "00112233445566778899aabbccddeeff" \
	"00112233445566778899aabbccddeeff"

static struct config config = { .path = "x.cfg", .state = folder };

static void
gives(const char *subordinate, uint64_t want)
{
	struct error err = {0};
	uint64_t have = 0;

	assert_fine(subordinate, sequence_take(&config, "r", subordinate,
	    NOTE_REQUEST, NONCE, &have, &err), &err);
	assert_int_equal(have, want);
}

TEST(it_rises)
{
	RELEASE_BUFFER struct buffer text = {0};

	gives("s", 1);
	gives("s", 2);
	gives("t", 1);
	gives("s", 3);
	fixture_read(folder, FILE_NAME, &text);
	assert_true(span_equals(span_of_buffer(&text), span_of_text("{\n"
	    "  \"nonce\": \"" NONCE "\",\n"
	    "  \"sequence\": 3,\n"
	    "  \"type\": \"crlferry-sequence\",\n"
	    "  \"version\": 1\n"
	    "}\n")));
}

static const struct {
	const char *name;
	const char *text;
} damaged[] = {
	{ "empty", "" },
	{ "cut", "{\"sequence\": 17" },
	{ "no sequence", "{\"type\":\"crlferry-sequence\",\"version\":1}" },
	{ "sequence 0", "{\"type\":\"crlferry-sequence\",\"version\":1,"
	    "\"sequence\":0}" },
	{ "below 0", "{\"type\":\"crlferry-sequence\",\"version\":1,"
	    "\"sequence\":-1}" },
	{ "as text", "{\"type\":\"crlferry-sequence\",\"version\":1,"
	    "\"sequence\":\"17\"}" },
	{ "the end", "{\"type\":\"crlferry-sequence\",\"version\":1,"
	    "\"sequence\":9223372036854775807}" },
	{ "another version", "{\"type\":\"crlferry-sequence\",\"version\":2,"
	    "\"sequence\":17}" },
	{ "another type", "{\"type\":\"x\",\"version\":1,\"sequence\":17}" },
	{ "no object", "[17]" },
};

/* Each kind has its own, whatever the subordinate is called. */
TEST(kinds_do_not_meet)
{
	struct error err = {0};
	uint64_t have = 0;

	gives("s", 1);
	gives("s", 2);
	FINE(sequence_take(&config, "r", "s", NOTE_RECEIPT, NONCE, &have,
	    &err));
	assert_int_equal(have, 1);
	gives("s-receipt", 1);
	gives("s", 3);
}

TEST(damage_is_refused)
{
	gives("s", 1);
	for (size_t i = 0; i < COUNT_OF(damaged); i++) {
		struct error err = {0};
		uint64_t have = 77;

		fixture_write_text(folder, FILE_NAME, damaged[i].text);
		assert_refusal(damaged[i].name, ERR_FORMAT, FILE_NAME,
		    sequence_take(&config, "r", "s", NOTE_REQUEST,
		    NONCE, &have, &err), &err);
		assert_int_equal(have, 77);
		assert_file_equals(folder, FILE_NAME,
		    span_of_text(damaged[i].text));
	}
}

/* What cannot be used up is not given out. */
TEST(no_writing_no_sequence)
{
	struct error err = {0};
	uint64_t have = 77;
	char path[PATH_SIZE];

	gives("s", 1);
	path_in(path, folder, "r/outbox/.sequence-s.json.crlferry-new");
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_not_equal(sequence_take(&config, "r", "s", NOTE_REQUEST,
	    NONCE, &have, &err), ERR_OK);
	assert_int_equal(have, 77);
	assert_int_equal(rmdir(path), 0);
	gives("s", 2);
}
