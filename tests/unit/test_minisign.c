/* SPDX-License-Identifier: ISC */
#include "minisign_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

static const struct {
	const char *name;
	size_t line;
	const char *text;
	const char *says;
} public_rows[] = {
	{ "no comment", 0, NULL, "" },
	{ "any comment", 0, "untrusted comment: hello", "" },
	{ "no key", 1, NULL, "have 1" },
	{ "a third line", 2, "x", "follow the key" },
	{ "no prefix", 0, "comment: x", "follow the key" },
	{ "cut", 1, "RWQaUv0B", "56 characters" },
	{ "stray character", 1, "RWQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavewjlg"
	    "tgE1HgkhFvU!", "base64" },
	{ "a padded key", 1, "RWQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavewjlg"
	    "tgE1HgkhFvU=", "42 octets" },
	{ "prehash algorithm", 1, "RUQaUv0Bxj7jIzgbuZzVz4DIcwf3e85I+QYiYavew"
	    "jlgtgE1HgkhFvUR", "algorithm" },
	{ "no point", 1, "RWQaUv0Bxj7jIwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAA", "point" },
};

TEST(test_public_parse)
{
	size_t i;

	for (i = 0; i < COUNT_OF(public_rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};
		struct minisign_public key = {{0}, {0}};
		struct error err = {0};
		enum err have;

		join(&public_file, public_rows[i].line, public_rows[i].text,
		    "\n", &text);
		have = minisign_public_parse(span_of_buffer(&text), &key,
		    &err);
		if (public_rows[i].says[0] != '\0')
			check_refused(public_rows[i].name, have, ERR_KEY,
			    &err, public_rows[i].says);
		else if (have != ERR_OK ||
		    memcmp(&key, &public_key, sizeof(key)) != 0)
			fail_msg("%s: %s", public_rows[i].name, err.what);
	}
}

TEST(test_public_texts)
{
	RELEASE_BUFFER struct buffer text = {0}, crlf = {0}, marked = {0};
	char line[MINISIGN_PUBLIC_LINE_SIZE], id[MINISIGN_KEY_ID_HEX_SIZE];
	char lines[2][256];
	struct minisign_public key;
	struct error err = {0};

	FINE(minisign_public_format(&public_key, &text, &err));
	assert_true(span_equals(span_of_buffer(&text),
	    span_of_buffer(&public_file)));
	assert_int_equal(split(&public_file, lines, 2), 2);
	minisign_public_line(&public_key, line);
	assert_string_equal(line, lines[1]);
	minisign_key_id_text(public_key.key_id, id);
	assert_string_equal(id, lines[0] + strlen(lines[0]) - 16);
	FINE(minisign_public_parse(span_of_text(line), &key, &err));

	join(&public_file, 9, NULL, "\r\n", &crlf);
	FINE(minisign_public_parse(span_of_buffer(&crlf), &key, &err));
	assert_memory_equal(&key, &public_key, sizeof(key));
	FINE(buffer_append_text(&marked, "\xef\xbb\xbf", &err));
	FINE(buffer_append(&marked, crlf.data, crlf.size, &err));
	FINE(minisign_public_parse(span_of_buffer(&marked), &key, &err));
	assert_memory_equal(&key, &public_key, sizeof(key));
	check_refused("UTF-16", minisign_public_parse(
	    span_of_text("\xff\xfeu"), &key, &err), ERR_KEY, &err, "UTF-16");
	check_refused("empty", minisign_public_parse((struct span){0}, &key,
	    &err), ERR_KEY, &err, "empty");
}

static enum err
verify(const struct buffer *seal, char comment[MINISIGN_COMMENT_SIZE],
    struct error *err)
{
	return minisign_verify(&public_key, span_of_text(MESSAGE),
	    span_of_buffer(seal), comment, err);
}

#define HUNDRED_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct {
	const char *name;
	size_t line;
	const char *text;
	const char *says;	/* empty: it verifies */
} seal_rows[] = {
	{ "as it is", 9, NULL, "" },
	{ "any untrusted comment", 0, "untrusted comment: \xff", "" },
	{ "no prefix in line 1", 0, "comment: x", "line 1" },
	{ "no line 1", 0, NULL, "3" },
	{ "no signature", 1, "", "100 characters" },
	{ "half a signature", 1, "RUQaUv0B", "100 characters" },
	{ "not base64", 1, HUNDRED_A "!", "101" },
	{ "algorithm 00 00", 1, HUNDRED_A, "algorithm" },
	{ "another comment", 2, "trusted comment: number:13",
	    "trusted comment" },
	{ "no prefix in line 3", 2, "comment: number:12", "line 3" },
	{ "escape in the comment", 2, "trusted comment: \033[2J",
	    "printable" },
	{ "octet above ASCII", 2, "trusted comment: \xc3\xbc", "printable" },
	{ "tab is fine, but another comment", 2, "trusted comment: a\tb",
	    "trusted comment is not signed" },
	{ "lone CR in the comment", 2, "trusted comment: a\rb",
	    "printable" },
	{ "no second signature", 3, NULL, "4 lines" },
	{ "an empty second signature", 3, "", "88 characters" },
	{ "a zero second signature", 3, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
	    "trusted comment is not signed" },
	{ "a fifth line", 4, "x", "follow line 4" },
};

TEST(test_seal_rows)
{
	size_t i;

	for (i = 0; i < COUNT_OF(seal_rows); i++) {
		RELEASE_BUFFER struct buffer text = {0};
		char comment[MINISIGN_COMMENT_SIZE] = "untouched";
		struct error err = {0};
		enum err have;

		join(&seal_file, seal_rows[i].line, seal_rows[i].text, "\n",
		    &text);
		have = verify(&text, comment, &err);
		if (seal_rows[i].says[0] == '\0' && have == ERR_OK) {
			assert_string_equal(comment, "number:12");
			continue;
		}
		check_refused(seal_rows[i].name, have, ERR_SEAL, &err,
		    seal_rows[i].says);
		assert_string_equal(comment, "untouched");
	}
}

TEST(test_seal_line_ends)
{
	RELEASE_BUFFER struct buffer crlf = {0}, bare = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	join(&seal_file, 9, NULL, "\r\n", &crlf);
	FINE(verify(&crlf, comment, &err));
	assert_string_equal(comment, "number:12");
	FINE(buffer_append(&bare, seal_file.data, seal_file.size - 1, &err));
	FINE(verify(&bare, comment, &err));
}

TEST(test_legacy_refused)
{
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	check_refused("minisign -S -l", verify(&legacy_file, comment, &err),
	    ERR_SEAL, &err, "legacy");
}

TEST(test_other_message_and_key)
{
	RELEASE_BUFFER struct buffer file = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public other;
	struct error err = {0};

	check_refused("message", minisign_verify(&public_key,
	    span_of_text("what is sealed"), span_of_buffer(&seal_file),
	    comment, &err), ERR_SEAL, &err, "this text");
	FINE(minisign_generate(NULL, &file, &other, &err));
	check_refused("key", minisign_verify(&other, span_of_text(MESSAGE),
	    span_of_buffer(&seal_file), comment, &err), ERR_SEAL, &err,
	    "one by key");
	memcpy(other.key_id, public_key.key_id, sizeof(other.key_id));
	check_refused("key under the same id", minisign_verify(&other,
	    span_of_text(MESSAGE), span_of_buffer(&seal_file), comment,
	    &err), ERR_SEAL, &err, "this text");
}

/* Only what nobody trusts may change: the text of line 1, an LF's case. */
TEST(test_every_flip_of_a_seal)
{
	const uint8_t *lf = memchr(seal_file.data, '\n', seal_file.size);
	size_t first = (size_t)(lf - seal_file.data), i, bit;

	for (i = first; i < seal_file.size - 1; i++)
		for (bit = 0; bit < 8; bit++) {
			char comment[MINISIGN_COMMENT_SIZE];
			struct error err = {0};

			seal_file.data[i] ^= (uint8_t)(1U << bit);
			check_refused("flip", verify(&seal_file, comment,
			    &err), ERR_SEAL, &err, "seal");
			seal_file.data[i] ^= (uint8_t)(1U << bit);
		}
}
