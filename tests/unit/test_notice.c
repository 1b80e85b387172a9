/* SPDX-License-Identifier: ISC */
#include "base/notice.h"
#include "test.h"

TEST(notices_are_one_printable_line_each)
{
	RELEASE_NOTICES struct notices notices = {0};
	const char *want =
	    "nextUpdate: clamped?x\nZ\303\274rich ??? ??K\n";

	notice(&notices, "%s: clamped\n%c", "nextUpdate", 'x');
	notice(&notices, "Z\303\274rich \302\233\033 \233\205K");
	assert_int_equal(notices.lines.size, strlen(want));
	assert_memory_equal(notices.lines.data, want, strlen(want));
}

TEST(nobody_need_be_told)
{
	notice(NULL, "%s", "x");
	notice_safety(NULL, "%s", "x");
}

/* Takes the next, which must be this line; NULL for the end. */
static void
assert_taken(struct notices *notices, const char *want, bool is_safety)
{
	struct span line = {0};
	bool has_safety = false;

	if (!notices_take(notices, &line, &has_safety)) {
		assert_null(want);
		return;
	}
	assert_non_null(want);
	assert_int_equal(line.size, strlen(want));
	assert_memory_equal(line.data, want, line.size);
	assert_int_equal(has_safety, is_safety);
}

TEST(notices_are_counted_after_the_tenth_of_a_kind)
{
	RELEASE_NOTICES struct notices notices = {0};
	char want[32];
	size_t i;

	for (i = 0; i < 4000; i++) {
		notice(&notices, "%zu: passed over", i);
		if (i % 400 == 0)
			notice_safety(&notices, "weak %zu", i);
	}
	notice(&notices, "another");
	assert_true(notices.lines.size < 1024);
	for (i = 0; i < 10; i++) {
		snprintf(want, sizeof(want), "%zu: passed over", i);
		assert_taken(&notices, want, false);
		if (i == 0)
			assert_taken(&notices, "weak 0", true);
	}
	assert_taken(&notices, "... and 3990 more of this kind", false);
	/* Exactly ten: there are no more. */
	for (i = 1; i < 10; i++) {
		snprintf(want, sizeof(want), "weak %zu", 400 * i);
		assert_taken(&notices, want, true);
	}
	assert_taken(&notices, "another", false);
	assert_taken(&notices, NULL, false);
	/* Taken is taken, and what comes then is counted anew. */
	assert_taken(&notices, NULL, false);
	notice(&notices, "%zu: passed over", (size_t)7);
	assert_taken(&notices, "7: passed over", false);
	assert_taken(&notices, NULL, false);
}
