/* SPDX-License-Identifier: ISC */
#include "test.h"

/*
 * The contract with scripts, written down a second time on purpose: a change
 * of a status or token must be made here too.
 */
static const struct {
	enum err code;
	int status;
	const char *token;
} rows[] = {
	{ ERR_OK, 0, "ok" },
	{ ERR_USAGE, 64, "usage" },
	{ ERR_FORMAT, 65, "format" },
	{ ERR_SIGNATURE, 65, "signature" },
	{ ERR_SEAL, 65, "seal" },
	{ ERR_ISSUER, 65, "issuer" },
	{ ERR_ALGORITHM, 65, "algorithm" },
	{ ERR_DIGEST, 65, "digest" },
	{ ERR_KEY, 65, "key" },
	{ ERR_MISSING, 66, "missing" },
	{ ERR_STORE, 69, "store" },
	{ ERR_HOOK, 69, "hook" },
	{ ERR_IO, 74, "io" },
	{ ERR_NO_SPACE, 74, "no-space" },
	{ ERR_LOCKED, 75, "locked" },
	{ ERR_ROLLBACK, 77, "rollback" },
	{ ERR_JUMP, 77, "jump" },
	{ ERR_EXPIRED, 77, "expired" },
	{ ERR_NOT_YET_VALID, 77, "not-yet-valid" },
	{ ERR_CLOCK, 77, "clock" },
	{ ERR_SHRUNK, 77, "shrunk" },
	{ ERR_SCOPE, 77, "scope" },
	{ ERR_NETWORK, 77, "network" },
	{ ERR_MEDIUM, 77, "medium" },
	{ ERR_REGRESSED, 77, "regressed" },
	{ ERR_WEAK, 77, "weak" },
	{ ERR_PERMISSIONS, 77, "permissions" },
	{ ERR_DECLINED, 77, "declined" },
	{ ERR_CONFIG, 78, "config" },
};

TEST(statuses_and_tokens_are_kept)
{
	assert_int_equal(COUNT_OF(rows), ERR_COUNT);
	for (unsigned int i = 0; i < COUNT_OF(rows); i++) {
		enum err code = rows[i].code;

		assert_int_equal(code, i);
		assert_int_equal(error_status(code), rows[i].status);
		assert_string_equal(error_token(code), rows[i].token);
		assert_true(error_is_known(code));
	}
	assert_false(error_is_known(ERR_COUNT));
	assert_false(error_is_known(UINT32_MAX));
}

TEST(every_failure_has_a_remedy_of_one_line)
{
	assert_string_equal(error_remedy(ERR_OK), "");
	for (unsigned int i = 1; i < COUNT_OF(rows); i++) {
		const char *remedy = error_remedy(rows[i].code);

		assert_in_range(strlen(remedy), 10, 100);
		for (; *remedy != '\0'; remedy++)
			assert_in_range(*remedy, 0x20, 0x7e);
	}
}

static const struct {
	const char *text;
	const char *want;
} printable_rows[] = {
	{ "root.pem: want 1, have 2", "root.pem: want 1, have 2" },
	{ "a\033[2Jb", "a?[2Jb" },
	{ "two\nlines\r\n", "two?lines??" },
	{ "tab\tdel\177bell\a", "tab?del?bell?" },
	{ "\001\037 ~", "?? ~" },
	{ "Z\303\274rich", "Z\303\274rich" },
	{ "8-bit CSI \302\2332J", "8-bit CSI ??2J" },
	{ "first \302\200 last \302\237", "first ?? last ??" },
	{ "beyond \302\240", "beyond \302\240" },
	{ "cut \302", "cut ?" },
	{ "bare \2332J \205 \200\237", "bare ?2J ? ??" },
	{ "Latin-1 Z\374rich", "Latin-1 Z?rich" },
	{ "turned \342\200\256fdp.\342\200\254", "turned ???fdp.???" },
	{ "apart \342\201\246 \342\201\251", "apart ??? ???" },
	{ "marks \342\200\216\342\200\217\330\234", "marks ????????" },
	{ "lines \342\200\250\342\200\251", "lines ??????" },
	{ "dashes \342\200\223 \342\200\246",
	    "dashes \342\200\223 \342\200\246" },
	{ "cut \342\200", "cut ??" },
};

TEST(control_characters_are_replaced)
{
	for (size_t i = 0; i < COUNT_OF(printable_rows); i++) {
		struct error err = {0};

		assert_int_equal(err_fail(&err, ERR_SEAL, "%s",
		    printable_rows[i].text), ERR_SEAL);
		assert_int_equal(err.code, ERR_SEAL);
		assert_string_equal(err.what, printable_rows[i].want);
	}
}

TEST(long_texts_are_cut)
{
	char text[2000];
	struct error err = {0};

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(err_fail(&err, ERR_IO, "%s", text), ERR_IO);
	assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
	assert_int_equal(err_about(&err, ERR_IO, text), ERR_IO);
	assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
}

TEST(about_names_the_subject)
{
	struct error err = {0};

	assert_int_equal(err_fail(&err, ERR_DIGEST, "want %d, have %d", 1, 2),
	    ERR_DIGEST);
	assert_int_equal(err_about(&err, ERR_OK, "bun\ndle"), ERR_OK);
	assert_string_equal(err.what, "want 1, have 2");
	assert_int_equal(err_about(&err, ERR_DIGEST, "bun\ndle"),
	    ERR_DIGEST);
	assert_int_equal(err.code, ERR_DIGEST);
	assert_string_equal(err.what, "bun?dle: want 1, have 2");
}

TEST(a_remedy_of_its_own_goes_before_the_table)
{
	struct error err = {0};
	struct error copy = {0};

	assert_int_equal(err_remedy(&err, err_fail(&err, ERR_CLOCK, "late"),
	    "type %s\n", "it"), ERR_CLOCK);
	assert_string_equal(error_advice(&err), "type it?");
	assert_int_equal(err_about(&err, ERR_CLOCK, "corp"), ERR_CLOCK);
	assert_string_equal(err.what, "corp: late");
	assert_string_equal(error_advice(&err), "type it?");
	assert_int_equal(err_copy(&copy, &err), ERR_CLOCK);
	assert_string_equal(copy.what, "corp: late");
	assert_string_equal(error_advice(&copy), "type it?");
	/* another failure does not inherit it */
	assert_int_equal(err_no_memory(&err), ERR_IO);
	assert_string_equal(err.what, "out of memory");
	assert_string_equal(error_advice(&err),
	    "free some, then run the same command again");
	assert_int_equal(err_fail(&err, ERR_IO, "x"), ERR_IO);
	assert_string_equal(error_advice(&err), error_remedy(ERR_IO));
	assert_int_equal(err_remedy(&err, ERR_OK, "no"), ERR_OK);
	assert_string_equal(error_advice(&err), error_remedy(ERR_IO));
}

TEST(nobody_needs_to_listen)
{
	assert_int_equal(err_fail(NULL, ERR_CLOCK, "%s", "x"), ERR_CLOCK);
	assert_int_equal(err_about(NULL, ERR_CLOCK, "x"), ERR_CLOCK);
	assert_int_equal(err_about(NULL, ERR_OK, "x"), ERR_OK);
	assert_int_equal(err_remedy(NULL, ERR_CLOCK, "x"), ERR_CLOCK);
	assert_int_equal(err_no_memory(NULL), ERR_IO);
}
