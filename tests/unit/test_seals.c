/* SPDX-License-Identifier: ISC */
#include "ferry/seals.h"
#include "test.h"

#define KEYS 4			/* the last is nobody's */
#define TEXT "what is sealed\n"

static struct minisign_secret secrets[KEYS];
static struct minisign_public keys[KEYS];
static struct buffer by[KEYS];	/* a seal over TEXT by each key */

static void
seal(size_t k, const char *text, const char *comment, struct buffer *out)
{
	struct error err = {0};

	FINE(minisign_sign(&secrets[k], span_of_text(text), comment, out,
	    &err));
}

static int
setup(void **state)
{
	struct error err = {0};

	FINE(secret_start(&err));
	for (size_t k = 0; k < KEYS; k++) {
		RELEASE_BUFFER struct buffer file = {0};
		char comment[] = "by 0";

		FINE(minisign_generate(NULL, &file, &keys[k], &err));
		FINE(minisign_secret_open(span_of_buffer(&file), NULL,
		    &secrets[k], &err));
		comment[3] = (char)('0' + k);
		seal(k, TEXT, comment, &by[k]);
	}
	return 0;
}

static int
teardown(void **state)
{
	for (size_t k = 0; k < KEYS; k++) {
		minisign_secret_release(&secrets[k]);
		buffer_release(&by[k]);
	}
	return 0;
}

AROUND_ALL(setup, teardown)

TEST(test_key)
{
	char comment[MINISIGN_COMMENT_SIZE] = "untouched";
	struct error why = {0};

	assert_int_equal(seals_key(span_of_text(TEXT), span_of_buffer(&by[3]),
	    keys, 3, comment, &why), 3);
	assert_int_equal(why.code, ERR_SEAL);
	assert_int_equal(seals_key(span_of_text("x"), span_of_buffer(&by[1]),
	    keys, 3, comment, NULL), 3);
	assert_int_equal(seals_key(span_of_text(TEXT), (struct span){0}, keys,
	    3, comment, NULL), 3);
	assert_int_equal(seals_key(span_of_text(TEXT), span_of_buffer(&by[0]),
	    NULL, 0, comment, NULL), 0);
	assert_string_equal(comment, "untouched");
	for (size_t k = 0; k < 3; k++) {
		assert_int_equal(seals_key(span_of_text(TEXT),
		    span_of_buffer(&by[k]), keys, 3, comment, NULL), k);
		assert_int_equal(comment[3], '0' + k);
	}
}

/* A key id is a hint: the seal of whoever took that of a key is no seal. */
TEST(test_key_of_the_same_id)
{
	struct minisign_public twins[2] = {keys[0], keys[1]};
	char comment[MINISIGN_COMMENT_SIZE];

	memcpy(twins[0].key_id, keys[1].key_id, sizeof(twins[0].key_id));
	assert_int_equal(seals_key(span_of_text(TEXT), span_of_buffer(&by[1]),
	    twins, 2, comment, NULL), 1);
	assert_int_equal(seals_key(span_of_text(TEXT), span_of_buffer(&by[1]),
	    twins, 1, comment, NULL), 1);
}

/* Which seals there are, and who of the trusted counts; 'x' is damaged. */
static const struct {
	const char *name;
	const char *seals;
	size_t trusted;
	size_t required;
	const char *counted;	/* NULL: refused */
} rows[] = {
	{ "one", "0", 3, 1, "0" },
	{ "in the order of the seals", "20", 3, 2, "20" },
	{ "more than are required", "012", 3, 1, "012" },
	{ "a stranger and one", "31", 3, 1, "1" },
	{ "a damaged one and one", "x1", 3, 1, "1" },
	{ "each once", "0101", 3, 2, "01" },
	{ "nobody", "", 3, 1, NULL },
	{ "nobody, where none is required", "", 3, 0, "" },
	{ "a stranger", "3", 3, 1, NULL },
	{ "one of two", "0", 3, 2, NULL },
	{ "twice the same of two", "00", 3, 2, NULL },
	{ "one who is not trusted", "2", 2, 1, NULL },
	{ "nobody is trusted", "0", 0, 1, NULL },
};

TEST(test_count)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span spans[SEALS_MAX];
		const struct seals_given given = {"x.json",
		    span_of_text(TEXT), spans, strlen(rows[i].seals)};
		const struct seals_trust trust = {keys, rows[i].trusted,
		    rows[i].required};
		char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE];
		struct seals seals = {.count = 77};
		struct error err = {0};

		for (size_t n = 0; n < given.count; n++)
			spans[n] = rows[i].seals[n] == 'x' ?
			    span_of_text("untrusted comment: x\n") :
			    span_of_buffer(&by[rows[i].seals[n] - '0']);
		if (rows[i].counted == NULL) {
			REFUSED(seals_count(&given, &trust, &seals, comments,
			    &err), ERR_SEAL);
			assert_non_null(strstr(err.what, "x.json: "));
			assert_int_equal(seals.count, 77);
			continue;
		}
		FINE(seals_count(&given, &trust, &seals, comments, &err));
		assert_int_equal(seals.count, strlen(rows[i].counted));
		for (size_t n = 0; n < seals.count; n++) {
			const size_t k = (size_t)(rows[i].counted[n] - '0');
			char id[MINISIGN_KEY_ID_HEX_SIZE];

			minisign_key_id_text(keys[k].key_id, id);
			assert_string_equal(seals.key_ids[n], id);
			assert_int_equal(comments[n][3], '0' + k);
			assert_int_equal(rows[i].seals[seals.which[n]],
			    '0' + k);
		}
	}
}

/* Of two seals by one key the first counts, with its comment. */
TEST(test_count_the_first)
{
	RELEASE_BUFFER struct buffer other = {0};
	char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE];
	const struct seals_trust trust = {keys, 1, 1};
	struct error err = {0};
	struct seals seals;

	seal(0, TEXT, "another", &other);
	const struct span spans[] = {span_of_buffer(&other),
	    span_of_buffer(&by[0])};
	const struct seals_given given = {"x", span_of_text(TEXT), spans, 2};

	FINE(seals_count(&given, &trust, &seals, comments, &err));
	assert_int_equal(seals.count, 1);
	assert_int_equal(seals.which[0], 0);
	assert_string_equal(comments[0], "another");
}

TEST(test_comment)
{
	struct error err = {0};

	FINE(seals_check_comment("a", "a", &err));
	FINE(seals_check_comment("", "", &err));
	REFUSED(seals_check_comment("a", "ab", &err), ERR_SEAL);
	REFUSED(seals_check_comment("a", "", &err), ERR_SEAL);
	assert_string_equal(err.what,
	    "seal: trusted comment: want \"a\", have \"\"");
}

TEST(test_list)
{
	char list[2 * MINISIGN_KEY_ID_HEX_SIZE] = "";
	char want[64], ids[2][MINISIGN_KEY_ID_HEX_SIZE];

	minisign_key_id_text(keys[0].key_id, ids[0]);
	minisign_key_id_text(keys[1].key_id, ids[1]);
	seals_list_key(list, sizeof(list), &keys[0]);
	assert_string_equal(list, ids[0]);
	/* An octet too few, then just enough, then none is left. */
	seals_list_id(list, sizeof(list) - 1, ids[1]);
	assert_string_equal(list, ids[0]);
	seals_list_id(list, sizeof(list), ids[1]);
	snprintf(want, sizeof(want), "%s %s", ids[0], ids[1]);
	assert_string_equal(list, want);
	seals_list_key(list, sizeof(list), &keys[2]);
	assert_string_equal(list, want);
}
