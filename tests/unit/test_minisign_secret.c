/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "minisign_fixture.h"
#include "test.h"

AROUND_ALL(setup, teardown)

#define RECORD_SIZE 158

static void
open_plain(struct span file, struct minisign_secret *out)
{
	struct error err = {0};
	bool locked = true;

	FINE(minisign_secret_is_locked(file, &locked, &err));
	assert_false(locked);
	FINE(minisign_secret_open(file, NULL, out, &err));
}

/* Seal with this key, and let minisign -V judge. */
static void
seal_for_minisign(const struct minisign_secret *secret)
{
	char line[MINISIGN_PUBLIC_LINE_SIZE], comment[MINISIGN_COMMENT_SIZE];
	RELEASE_BUFFER struct buffer seal = {0};
	struct error err = {0};

	FINE(minisign_sign(secret, span_of_text(MESSAGE), "type:x number:12",
	    &seal, &err));
	fixture_write(folder, "ours.minisig", span_of_buffer(&seal));
	minisign_public_line(&secret->public, line);
	RUN("minisign", "-V", "-H", "-P", line, "-m", "m", "-x",
	    "ours.minisig");
	FINE(minisign_verify(&secret->public, span_of_text(MESSAGE),
	    span_of_buffer(&seal), comment, &err));
	assert_string_equal(comment, "type:x number:12");
}

TEST(test_their_key_our_seal)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer crlf = {0};
	struct error err = {0};
	RELEASE_SECRET struct secret passphrase = {0};

	join(&secret_file, 9, NULL, "\r\n", &crlf);
	open_plain(span_of_buffer(&crlf), &secret);
	assert_memory_equal(&secret.public, &public_key, sizeof(public_key));
	seal_for_minisign(&secret);
	FINE(secret_new(4, &passphrase, &err));
	minisign_secret_release(&secret);
	check_refused("passphrase for none", minisign_secret_open(
	    span_of_buffer(&secret_file), &passphrase, &secret, &err),
	    ERR_KEY, &err, "it has no passphrase");
}

TEST(test_our_key_their_seal)
{
	RELEASE_MINISIGN_SECRET struct minisign_secret secret = {0};
	RELEASE_BUFFER struct buffer file = {0}, seal = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct minisign_public key;
	struct error err = {0};

	FINE(minisign_generate(NULL, &file, &key, &err));
	open_plain(span_of_buffer(&file), &secret);
	assert_memory_equal(&secret.public, &key, sizeof(key));
	seal_for_minisign(&secret);
	fixture_write(folder, "ours.key", span_of_buffer(&file));
	RUN("minisign", "-S", "-W", "-s", "ours.key", "-m", "m", "-x",
	    "theirs.minisig", "-t", "hello");
	fixture_read(folder, "theirs.minisig", &seal);
	FINE(minisign_verify(&key, span_of_text(MESSAGE), span_of_buffer(&seal),
	    comment, &err));
	assert_string_equal(comment, "hello");
}

TEST(test_sign_comments)
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
	FINE(minisign_sign(&secret, (struct span){0}, comment, &seal, &err));
	FINE(minisign_verify(&public_key, (struct span){0},
	    span_of_buffer(&seal), have, &err));
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
	struct error err = {0};

	FINE(buffer_append_text(out, "untrusted comment: \n", &err));
	FINE(base64_encode((struct span){ record, RECORD_SIZE }, out, &err));
	FINE(buffer_append_text(out, "\n", &err));
}

static const struct {
	const char *name;
	size_t at;
	const char *octets;
	size_t size;
	const char *says;
} record_rows[] = {
	{ "algorithm", 0, "ED", 2, "algorithm is not Ed" },
	{ "key derivation", 2, "Xx", 2, "derivation" },
	{ "checksum algorithm", 4, "B3", 2, "checksum algorithm" },
	{ "memory beyond 1 GiB", 46, "\1\0\0\100\0\0\0\0", 8, "1073741825" },
	{ "memory beyond all", 46, "\0\0\0\0\0\0\0\200", 8, "limits" },
	{ "operations without end", 38, "\1\0\0\2\0\0\0\0", 8, "33554433" },
	{ "locked, no passphrase", 2, "Sc", 2, "none was given" },
	{ "another seed", 62, "\0\0\0\0", 4, "seed" },
	{ "another public key", 94, "\0\0\0\0", 4, "seed" },
	{ "another checksum", 126, "\1", 1, "checksum does not" },
};

TEST(test_secret_records)
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

TEST(test_small_limits)
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
	FINE(minisign_secret_is_locked(span_of_buffer(&file), &locked, &err));
	assert_true(locked);
	check_refused("wrong passphrase", minisign_secret_open(
	    span_of_buffer(&file), &wrong, &secret, &err), ERR_KEY, &err,
	    "passphrase");
	assert_null(secret.memory.data);
	FINE(minisign_secret_open(span_of_buffer(&file), &right, &secret,
	    &err));
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
TEST(test_passphrases)
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
	FINE(minisign_secret_open(span_of_buffer(&theirs), &passphrase, &secret,
	    &err));
	seal_for_minisign(&secret);

	FINE(minisign_generate(&passphrase, &ours, &key, &err));
	fixture_write(folder, "c.key", span_of_buffer(&ours));
	RUN_WITH("secret\n", "minisign", "-S", "-s", "c.key", "-m", "m",
	    "-x", "c.minisig");
	fixture_read(folder, "c.minisig", &seal);
	FINE(minisign_verify(&key, span_of_text(MESSAGE), span_of_buffer(&seal),
	    comment, &err));
}
