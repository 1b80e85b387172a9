/* SPDX-License-Identifier: ISC */
#include <signal.h>

#include "base/process/process.h"
#include "base/text.h"
#include "test.h"

/* However it is cut, no character is broken. */
TEST(words_are_short_and_whole)
{
	struct process_result result = { .status = 1 };
	char words[PROCESS_WORDS_SIZE];

	for (size_t size = 0; size < 700; size++) {
		memset(result.output, 0, sizeof(result.output));
		if (size % 2 == 1)
			result.output[0] = 'x';
		for (size_t i = size % 2; i < size; i += 2)
			memcpy(result.output + i, "\xc3\xa9", 2);
		process_words(&result, words);
		assert_true(text_is_printable(words, sizeof(words)));
		if (size <= 300)
			assert_string_equal(words, result.output);
	}
}

static const struct {
	struct process_result result;
	const char *want;
} end_rows[] = {
	{ { .status = 3 }, "ended with status 3" },
	{ { .status = 127, .output = "x: not found" },
	    "ended with status 127: x: not found" },
	{ { .status = 137, .signal = SIGKILL },
	    "was killed by signal 9 (Killed)" },
	{ { .status = 139, .signal = SIGSEGV, .output = "in x" },
	    "was killed by signal 11 (Segmentation fault): in x" },
};

TEST(how_it_ended_is_said)
{
	for (size_t i = 0; i < COUNT_OF(end_rows); i++) {
		char end[PROCESS_END_SIZE];

		process_end(&end_rows[i].result, end);
		assert_string_equal(end, end_rows[i].want);
	}
}
