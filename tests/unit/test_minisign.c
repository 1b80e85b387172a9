/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "ferry/minisign.h"
#include "openssl_fixture.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define RECORD_SIZE 158
#define MESSAGE "what is sealed\n"

static char folder[FIXTURE_PATH_SIZE];

/* A key pair by minisign -G -W, and what it sealed. */
static struct buffer public_file, secret_file, seal_file, legacy_file;
static struct minisign_public public_key;

#define RUN(...) fixture_run(folder, (const char *const[]){ __VA_ARGS__, NULL })

static int
setup(void **state)
{
	fixture_make_folder(folder);
	assert_int_equal(secret_start(NULL), ERR_OK);
	fixture_write_text(folder, "m", MESSAGE);
	RUN("minisign", "-G", "-W", "-p", "a.pub", "-s", "a.key");
	RUN("minisign", "-S", "-s", "a.key", "-m", "m", "-t", "number:12");
	RUN("minisign", "-S", "-l", "-s", "a.key", "-m", "m", "-x",
	    "legacy");
	fixture_read(folder, "a.pub", &public_file);
	fixture_read(folder, "a.key", &secret_file);
	fixture_read(folder, "m.minisig", &seal_file);
	fixture_read(folder, "legacy", &legacy_file);
	return minisign_public_parse(span_of_buffer(&public_file),
	    &public_key, NULL) == ERR_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	buffer_release(&public_file);
	buffer_release(&secret_file);
	buffer_release(&seal_file);
	buffer_release(&legacy_file);
	fixture_remove_folder(folder);
	return 0;
}

/* The lines of a text, each without its LF; returns how many. */
static size_t
split(const struct buffer *text, char lines[][256], size_t max)
{
	const char *at = (const char *)text->data;
	size_t left = text->size, count = 0;

	for (; left > 0 && count < max; count++) {
		const char *lf = memchr(at, '\n', left);
		size_t size = lf != NULL ? (size_t)(lf - at) : left;

		assert_in_range(size, 0, 255);
		memcpy(lines[count], at, size);
		lines[count][size] = '\0';
		at += size + 1;
		left -= size + 1;
	}
	return count;
}

/* Lines joined again, with line `index` exchanged (NULL: left out). */
static void
join(const struct buffer *text, size_t index, const char *line,
    const char *end, struct buffer *out)
{
	char lines[5][256] = {{0}};
	size_t count = split(text, lines, COUNT_OF(lines));
	size_t i;

	for (i = 0; i < count || i == index; i++) {
		const char *this = i == index ? line : lines[i];

		if (this != NULL)
			assert_int_equal(buffer_appendf(out, NULL, "%s%s",
			    this, end), ERR_OK);
	}
}

static void
check_refused(const char *name, enum err have, enum err want,
    const struct error *err, const char *says)
{
	if (have != want || err->code != want ||
	    strstr(err->what, says) == NULL)
		fail_msg("%s: want %s and \"%s\", have %s and \"%s\"", name,
		    error_token(want), says, error_token(have), err->what);
}

static const struct {
	const char *name;
	size_t line;
	const char *text;
	const char *says;
} public_rows[] = {
	{ "no comment", 0, NULL, "" },
	{ "any comment", 0, "untrusted comment: hello", "" },
	{ "no key", 1, NULL, "have 1" },
	{ "a third line", 2, "x", "nothing after" },
	{ "no prefix", 0, "comment: x", "nothing after" },
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

static void
test_public_parse(void **state)
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

static void
test_public_texts(void **state)
{
	RELEASE_BUFFER struct buffer text = {0}, crlf = {0};
	char line[MINISIGN_PUBLIC_LINE_SIZE], id[MINISIGN_KEY_ID_HEX_SIZE];
	char lines[2][256];
	struct minisign_public key;
	struct error err = {0};

	assert_int_equal(minisign_public_format(&public_key, &text, &err),
	    ERR_OK);
	assert_true(span_equals(span_of_buffer(&text),
	    span_of_buffer(&public_file)));
	assert_int_equal(split(&public_file, lines, 2), 2);
	minisign_public_line(&public_key, line);
	assert_string_equal(line, lines[1]);
	minisign_key_id_text(public_key.key_id, id);
	assert_string_equal(id, lines[0] + strlen(lines[0]) - 16);
	assert_int_equal(minisign_public_parse(span_of_text(line), &key,
	    &err), ERR_OK);

	join(&public_file, 9, NULL, "\r\n", &crlf);
	assert_int_equal(minisign_public_parse(span_of_buffer(&crlf), &key,
	    &err), ERR_OK);
	assert_memory_equal(&key, &public_key, sizeof(key));
	check_refused("empty", minisign_public_parse((struct span){0}, &key,
	    &err), ERR_KEY, &err, "nothing");
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
	    "trusted comment signed" },
	{ "lone CR in the comment", 2, "trusted comment: a\rb",
	    "printable" },
	{ "no second signature", 3, NULL, "4 lines" },
	{ "an empty second signature", 3, "", "88 characters" },
	{ "a zero second signature", 3, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
	    "trusted comment signed" },
	{ "a fifth line", 4, "x", "after" },
};

static void
test_seal_rows(void **state)
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

static void
test_seal_line_ends(void **state)
{
	RELEASE_BUFFER struct buffer crlf = {0}, bare = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	join(&seal_file, 9, NULL, "\r\n", &crlf);
	assert_int_equal(verify(&crlf, comment, &err), ERR_OK);
	assert_string_equal(comment, "number:12");
	assert_int_equal(buffer_append(&bare, seal_file.data,
	    seal_file.size - 1, &err), ERR_OK);
	assert_int_equal(verify(&bare, comment, &err), ERR_OK);
}

static void
test_legacy_refused(void **state)
{
	char comment[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	check_refused("minisign -S -l", verify(&legacy_file, comment, &err),
	    ERR_SEAL, &err, "legacy");
}

static void
test_other_message_and_key(void **state)
{
	RELEASE_BUFFER struct buffer file = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public other;
	struct error err = {0};

	check_refused("message", minisign_verify(&public_key,
	    span_of_text("what is sealed"), span_of_buffer(&seal_file),
	    comment, &err), ERR_SEAL, &err, "this text");
	assert_int_equal(minisign_generate(NULL, &file, &other, &err),
	    ERR_OK);
	check_refused("key", minisign_verify(&other, span_of_text(MESSAGE),
	    span_of_buffer(&seal_file), comment, &err), ERR_SEAL, &err,
	    "one by key");
	memcpy(other.key_id, public_key.key_id, sizeof(other.key_id));
	check_refused("key under the same id", minisign_verify(&other,
	    span_of_text(MESSAGE), span_of_buffer(&seal_file), comment,
	    &err), ERR_SEAL, &err, "this text");
}

/* Only what nobody trusts may change: the text of line 1, an LF's case. */
static void
test_every_flip_of_a_seal(void **state)
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

static void
open_plain(struct span file, struct minisign_secret *out)
{
	struct error err = {0};
	bool locked = true;

	assert_int_equal(minisign_secret_is_locked(file, &locked, &err),
	    ERR_OK);
	assert_false(locked);
	if (minisign_secret_open(file, NULL, out, &err) != ERR_OK)
		fail_msg("%s", err.what);
}

/* Seal with this key, and let minisign -V judge. */
static void
seal_for_minisign(const struct minisign_secret *secret)
{
	char line[MINISIGN_PUBLIC_LINE_SIZE], comment[MINISIGN_COMMENT_SIZE];
	RELEASE_BUFFER struct buffer seal = {0};
	struct error err = {0};

	assert_int_equal(minisign_sign(secret, span_of_text(MESSAGE),
	    "type:x number:12", &seal, &err), ERR_OK);
	fixture_write(folder, "ours.minisig", span_of_buffer(&seal));
	minisign_public_line(&secret->public, line);
	RUN("minisign", "-V", "-H", "-P", line, "-m", "m", "-x",
	    "ours.minisig");
	assert_int_equal(minisign_verify(&secret->public,
	    span_of_text(MESSAGE), span_of_buffer(&seal), comment, &err),
	    ERR_OK);
	assert_string_equal(comment, "type:x number:12");
}

static void
test_their_key_our_seal(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer crlf = {0};
	struct error err = {0};
	RELEASE_SECRET struct secret passphrase = {0};

	join(&secret_file, 9, NULL, "\r\n", &crlf);
	open_plain(span_of_buffer(&crlf), &secret);
	assert_memory_equal(&secret.public, &public_key, sizeof(public_key));
	seal_for_minisign(&secret);
	assert_int_equal(secret_new(4, &passphrase, &err), ERR_OK);
	minisign_secret_release(&secret);
	check_refused("passphrase for none", minisign_secret_open(
	    span_of_buffer(&secret_file), &passphrase, &secret, &err),
	    ERR_KEY, &err, "without");
}

static void
test_our_key_their_seal(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer file = {0}, seal = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public key;
	struct error err = {0};

	assert_int_equal(minisign_generate(NULL, &file, &key, &err), ERR_OK);
	open_plain(span_of_buffer(&file), &secret);
	assert_memory_equal(&secret.public, &key, sizeof(key));
	seal_for_minisign(&secret);
	fixture_write(folder, "ours.key", span_of_buffer(&file));
	RUN("minisign", "-S", "-W", "-s", "ours.key", "-m", "m", "-x",
	    "theirs.minisig", "-t", "hello");
	fixture_read(folder, "theirs.minisig", &seal);
	assert_int_equal(minisign_verify(&key, span_of_text(MESSAGE),
	    span_of_buffer(&seal), comment, &err), ERR_OK);
	assert_string_equal(comment, "hello");
}

static void
test_sign_comments(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer seal = {0};
	char comment[MINISIGN_COMMENT_SIZE + 1], have[MINISIGN_COMMENT_SIZE];
	struct error err = {0};

	open_plain(span_of_buffer(&secret_file), &secret);
	memset(comment, 'x', sizeof(comment));
	comment[MINISIGN_COMMENT_SIZE] = '\0';
	check_refused("too long", minisign_sign(&secret, (struct span){0},
	    comment, &seal, &err), ERR_SEAL, &err, "1024");
	check_refused("two lines", minisign_sign(&secret, (struct span){0},
	    "a\nb", &seal, &err), ERR_SEAL, &err, "printable");
	assert_int_equal(seal.size, 0);
	comment[MINISIGN_COMMENT_SIZE - 1] = '\0';
	assert_int_equal(minisign_sign(&secret, (struct span){0}, comment,
	    &seal, &err), ERR_OK);
	assert_int_equal(minisign_verify(&public_key, (struct span){0},
	    span_of_buffer(&seal), have, &err), ERR_OK);
	assert_string_equal(have, comment);
}

/* The record of the key without passphrase, to be changed and put back. */
static void
read_record(uint8_t record[RECORD_SIZE])
{
	RELEASE_BUFFER struct buffer raw = {0};
	char lines[2][256];

	assert_int_equal(split(&secret_file, lines, 2), 2);
	assert_int_equal(base64_decode(span_of_text(lines[1]), false, &raw,
	    NULL), ERR_OK);
	assert_int_equal(raw.size, RECORD_SIZE);
	memcpy(record, raw.data, RECORD_SIZE);
}

static void
write_record(const uint8_t record[RECORD_SIZE], struct buffer *out)
{
	assert_int_equal(buffer_append_text(out, "untrusted comment: \n",
	    NULL), ERR_OK);
	assert_int_equal(base64_encode((struct span){ record, RECORD_SIZE },
	    out, NULL), ERR_OK);
	assert_int_equal(buffer_append_text(out, "\n", NULL), ERR_OK);
}

static const struct {
	const char *name;
	size_t at;
	const char *octets;
	size_t size;
	const char *says;
} record_rows[] = {
	{ "algorithm", 0, "ED", 2, "algorithm Ed" },
	{ "key derivation", 2, "Xx", 2, "derivation" },
	{ "checksum algorithm", 4, "B3", 2, "checksum algorithm" },
	{ "memory beyond 1 GiB", 46, "\1\0\0\100\0\0\0\0", 8, "1073741825" },
	{ "memory beyond all", 46, "\0\0\0\0\0\0\0\200", 8, "limits" },
	{ "operations without end", 38, "\1\0\0\2\0\0\0\0", 8, "33554433" },
	{ "locked, no passphrase", 2, "Sc", 2, "have none" },
	{ "another seed", 62, "\0\0\0\0", 4, "seed" },
	{ "another public key", 94, "\0\0\0\0", 4, "seed" },
	{ "another checksum", 126, "\1", 1, "checksum of" },
};

static void
test_secret_records(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	size_t i;

	for (i = 0; i < COUNT_OF(record_rows); i++) {
		RELEASE_BUFFER struct buffer file = {0};
		uint8_t record[RECORD_SIZE];
		struct error err = {0};

		read_record(record);
		memcpy(record + record_rows[i].at, record_rows[i].octets,
		    record_rows[i].size);
		write_record(record, &file);
		check_refused(record_rows[i].name, minisign_secret_open(
		    span_of_buffer(&file), NULL, &secret, &err), ERR_KEY,
		    &err, record_rows[i].says);
		assert_null(secret.memory.data);
	}
}

static void
add_checksum(uint8_t record[RECORD_SIZE])
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, 32);
	crypto_generichash_update(&hash, record, 2);
	crypto_generichash_update(&hash, record + 54, 72);
	crypto_generichash_final(&hash, record + 126, 32);
}

/* A locked key of small limits, as minisign falls back to on small machines. */
static void
lock_small(uint8_t record[RECORD_SIZE], const char *passphrase)
{
	uint8_t stream[104];
	size_t i;

	add_checksum(record);
	memcpy(record + 2, "Sc", 2);
	memcpy(record + 38, "\0\0\1\0\0\0\0\0", 8);
	memcpy(record + 46, "\0\0\0\1\0\0\0\0", 8);
	assert_int_equal(crypto_pwhash_scryptsalsa208sha256(stream, 104,
	    passphrase, strlen(passphrase), record + 6, 1U << 16, 1U << 24),
	    0);
	for (i = 0; i < sizeof(stream); i++)
		record[54 + i] ^= stream[i];
}

static void
put_passphrase(const char *text, struct secret *out)
{
	assert_int_equal(secret_new(strlen(text), out, NULL), ERR_OK);
	memcpy(out->data, text, strlen(text));
}

static void
test_small_limits(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_SECRET struct secret right = {0}, wrong = {0};
	RELEASE_BUFFER struct buffer file = {0}, checked = {0};
	uint8_t record[RECORD_SIZE];
	struct error err = {0};
	bool locked = false;

	read_record(record);
	add_checksum(record);
	write_record(record, &checked);
	open_plain(span_of_buffer(&checked), &secret);
	minisign_secret_release(&secret);

	lock_small(record, "right");
	write_record(record, &file);
	put_passphrase("right", &right);
	put_passphrase("wrong", &wrong);
	assert_int_equal(minisign_secret_is_locked(span_of_buffer(&file),
	    &locked, &err), ERR_OK);
	assert_true(locked);
	check_refused("wrong passphrase", minisign_secret_open(
	    span_of_buffer(&file), &wrong, &secret, &err), ERR_KEY, &err,
	    "passphrase");
	assert_null(secret.memory.data);
	assert_int_equal(minisign_secret_open(span_of_buffer(&file), &right,
	    &secret, &err), ERR_OK);
	assert_memory_equal(&secret.public, &public_key, sizeof(public_key));
}

/* Run minisign with a passphrase on standard input. */
static void
run_with_input(const char *input, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], input, strlen(input)), strlen(input));
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(posix_spawn_file_actions_addchdir_np(&actions,
	    folder), 0);
	assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[0],
	    0), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&actions, 1,
	    "/dev/null", O_WRONLY, 0), 0);
	assert_int_equal(posix_spawn_file_actions_adddup2(&actions, 1, 2), 0);
	assert_int_equal(posix_spawnp(&pid, argv[0], &actions, NULL,
	    (char *const *)argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define RUN_WITH(input, ...) run_with_input(input, \
	(const char *const[]){ __VA_ARGS__, NULL })

/* Four times scrypt at 1 GiB: minisign's own limits, both directions. */
static void
test_passphrases(void **state)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer theirs = {0}, ours = {0}, seal = {0};
	RELEASE_SECRET struct secret passphrase = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public key;
	struct error err = {0};

	put_passphrase("secret", &passphrase);
	RUN_WITH("secret\nsecret\n", "minisign", "-G", "-p", "b.pub", "-s",
	    "b.key");
	fixture_read(folder, "b.key", &theirs);
	if (minisign_secret_open(span_of_buffer(&theirs), &passphrase,
	    &secret, &err) != ERR_OK)
		fail_msg("%s", err.what);
	seal_for_minisign(&secret);

	assert_int_equal(minisign_generate(&passphrase, &ours, &key, &err),
	    ERR_OK);
	fixture_write(folder, "c.key", span_of_buffer(&ours));
	RUN_WITH("secret\n", "minisign", "-S", "-s", "c.key", "-m", "m",
	    "-x", "c.minisig");
	fixture_read(folder, "c.minisig", &seal);
	assert_int_equal(minisign_verify(&key, span_of_text(MESSAGE),
	    span_of_buffer(&seal), comment, &err), ERR_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public_parse),
		cmocka_unit_test(test_public_texts),
		cmocka_unit_test(test_seal_rows),
		cmocka_unit_test(test_seal_line_ends),
		cmocka_unit_test(test_legacy_refused),
		cmocka_unit_test(test_other_message_and_key),
		cmocka_unit_test(test_every_flip_of_a_seal),
		cmocka_unit_test(test_their_key_our_seal),
		cmocka_unit_test(test_our_key_their_seal),
		cmocka_unit_test(test_sign_comments),
		cmocka_unit_test(test_secret_records),
		cmocka_unit_test(test_small_limits),
		cmocka_unit_test(test_passphrases),
	};

	return cmocka_run_group_tests_name("minisign", tests, setup,
	    teardown);
}
