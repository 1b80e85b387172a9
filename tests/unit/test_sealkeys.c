/* SPDX-License-Identifier: ISC */
/* Seal keys as minisign makes them, with passphrases that cost little. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "ferry/minisign_text.h"
#include "rooms_fixture.h"
#include "site/sealkeys.h"
#include "test.h"

#define KEYS 17
#define SAYS_MANY "at least"

static char folder[FIXTURE_PATH_SIZE];
static char lines[KEYS][MINISIGN_PUBLIC_LINE_SIZE];

/* Only a locked key has a checksum: BLAKE2b over algorithm, id and key. */
static void
add_checksum(struct secret *record)
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, RECORD_SIZE -
	    RECORD_CHECKSUM);
	crypto_generichash_update(&hash, record->data, RECORD_KDF);
	crypto_generichash_update(&hash, record->data + RECORD_BODY,
	    RECORD_CHECKSUM - RECORD_BODY);
	crypto_generichash_final(&hash, record->data + RECORD_CHECKSUM,
	    RECORD_SIZE - RECORD_CHECKSUM);
}

/* Lock a secret key file with scrypt at its cheapest (minisign's format). */
static void
lock_file(const char *from, const char *passphrase, const char *to)
{
	RELEASE_BUFFER struct buffer file = {0}, locked = {0};
	RELEASE_SECRET struct secret record = {0};
	uint8_t stream[RECORD_SIZE - RECORD_BODY];
	struct error err = {0};

	fixture_read(folder, from, &file);
	FINE(minisign_record_parse(span_of_buffer(&file), &record, &err));
	add_checksum(&record);
	memcpy(record.data + RECORD_KDF, "Sc", 2);
	memset(record.data + RECORD_OPSLIMIT, 0,
	    RECORD_BODY - RECORD_OPSLIMIT);
	record.data[RECORD_OPSLIMIT + 1] = 0x80;	/* 32768 */
	record.data[RECORD_MEMLIMIT + 2] = 0x10;	/* 1 MiB */
	assert_int_equal(crypto_pwhash_scryptsalsa208sha256(stream,
	    sizeof(stream), passphrase, strlen(passphrase),
	    record.data + RECORD_SALT, 32768, 1 << 20), 0);
	for (size_t i = 0; i < sizeof(stream); i++)
		record.data[RECORD_BODY + i] ^= stream[i];
	FINE(minisign_record_format(&record, &locked, &err));
	fixture_write(folder, to, span_of_buffer(&locked));
}

static void
make_private(const char *name)
{
	char path[PATH_SIZE];

	path_in(path, folder, name);
	assert_int_equal(chmod(path, 0600), 0);
}

static int
set_up(void **state)
{
	struct error err = {0};

	fixture_make_folder(folder);
	FINE(secret_start(&err));
	for (size_t i = 0; i < KEYS; i++) {
		RELEASE_BUFFER struct buffer secret = {0}, file = {0};
		struct minisign_public public;
		char name[32];

		FINE(minisign_generate(NULL, &secret, &public, &err));
		FINE(minisign_public_format(&public, &file, &err));
		minisign_public_line(&public, lines[i]);
		snprintf(name, sizeof(name), "%zu.key", i);
		fixture_write(folder, name, span_of_buffer(&secret));
		make_private(name);
		snprintf(name, sizeof(name), "%zu.pub", i);
		fixture_write(folder, name, span_of_buffer(&file));
	}
	lock_file("1.key", "one", "1.locked");
	lock_file("2.key", "two", "2.locked");
	make_private("1.locked");
	make_private("2.locked");
	fixture_write_text(folder, "garbage.key", "hello\n");
	make_private("garbage.key");
	fixture_write_text(folder, "garbage.pub", "hello\n");
	fixture_write_text(folder, "passphrases", "");
	return chdir(folder);
}

static int
tear_down(void **state)
{
	if (chdir("/") != 0)
		return -1;
	return 0;
}

AROUND_ALL(set_up, tear_down)

/* Words divided by spaces; they point into *copy. */
static struct config_words
split(char *copy, const char **words, size_t max)
{
	struct config_words out = { words, 0 };
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		assert_true(out.count < max);
		words[out.count++] = word;
	}
	return out;
}

static const struct {
	const char *name;
	const char *secret;		/* files */
	const char *passphrases;	/* what --passphrase-fd gives */
	const char *public;		/* of which keys, in order */
	enum err want;
	const char *says;
} opened[] = {
	{ "one", "0.key", "", "0", ERR_OK, NULL },
	{ "three, in their order", "2.key 0.key 1.key", "", "2 0 1", ERR_OK,
	    NULL },
	{ "locked", "1.locked", "one\n", "1", ERR_OK, NULL },
	{ "locked, the last line without its end", "1.locked", "one", "1",
	    ERR_OK, NULL },
	{ "two passphrases in the order of the keys",
	    "2.locked 0.key 1.locked", "two\none\n", "2 0 1", ERR_OK, NULL },
	{ "sixteen", "0.key 1.key 2.key 3.key 4.key 5.key 6.key 7.key 8.key "
	    "9.key 10.key 11.key 12.key 13.key 14.key 15.key", "",
	    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", ERR_OK, NULL },
	{ "none configured", "", "", NULL, ERR_CONFIG, "1 to 16" },
	{ "seventeen", "0.key 1.key 2.key 3.key 4.key 5.key 6.key 7.key "
	    "8.key 9.key 10.key 11.key 12.key 13.key 14.key 15.key 16.key",
	    "", NULL, ERR_CONFIG, "have 17" },
	{ "the same key twice", "0.key 1.key 0.key", "", NULL, ERR_CONFIG,
	    "have the key id" },
	{ "no such file", "0.key none.key", "", NULL, ERR_MISSING,
	    "none.key" },
	{ "no key", "garbage.key", "", NULL, ERR_KEY, "garbage.key" },
	{ "a public key", "0.private.pub", "", NULL, ERR_KEY,
	    "0.private.pub" },
	{ "a good one, then a bad one", "0.key garbage.key", "", NULL,
	    ERR_KEY, "garbage.key" },
	{ "a wrong passphrase", "1.locked", "two\n", NULL, ERR_KEY,
	    "1.locked" },
	{ "an empty passphrase", "1.locked", "\n", NULL, ERR_KEY,
	    "1.locked" },
	{ "no passphrase", "1.locked", "", NULL, ERR_KEY, "1.locked" },
	{ "passphrases in the wrong order", "1.locked 2.locked",
	    "two\none\n", NULL, ERR_KEY, "1.locked" },
	{ "one passphrase for two", "1.locked 2.locked", "one\n", NULL,
	    ERR_KEY, "2.locked" },
};

TEST(secret_keys_are_opened)
{
	RELEASE_BUFFER struct buffer public = {0};

	fixture_read(folder, "0.pub", &public);
	fixture_write(folder, "0.private.pub", span_of_buffer(&public));
	make_private("0.private.pub");
	for (size_t i = 0; i < COUNT_OF(opened); i++) {
		RELEASE_SEALKEYS struct sealkeys_secret keys = {0};
		const char *words[KEYS], *want[KEYS];
		char copy[256], numbers[256];
		struct config config = { .path = "x.cfg" };
		struct passphrase_source source = {.fd = -1};
		struct error err = {0};
		enum err code;

		snprintf(copy, sizeof(copy), "%s", opened[i].secret);
		config.seal.secret = split(copy, words, KEYS);
		fixture_write_text(folder, "passphrases",
		    opened[i].passphrases);
		source.fd = open("passphrases", O_RDONLY | O_CLOEXEC);
		assert_true(source.fd >= 0);
		code = sealkeys_open(&config, &source, &keys, &err);
		close(source.fd);
		if (opened[i].want != ERR_OK) {
			assert_refusal(opened[i].name, opened[i].want,
			    opened[i].says, code, &err);
			assert_int_equal(keys.count, 0);
			continue;
		}
		assert_fine(opened[i].name, code, &err);
		snprintf(numbers, sizeof(numbers), "%s", opened[i].public);
		assert_int_equal(split(numbers, want, KEYS).count,
		    keys.count);
		for (size_t k = 0; k < keys.count; k++) {
			char line[MINISIGN_PUBLIC_LINE_SIZE];

			minisign_public_line(&keys.keys[k].public, line);
			assert_string_equal(line,
			    lines[strtoul(want[k], NULL, 10)]);
		}
	}
}

TEST(secret_keys_are_for_us_alone)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0644, 0610 };
	const char *words[] = { "3.key" };
	const struct passphrase_source none = { .fd = -1 };
	struct config config = { .path = "x.cfg",
		.seal.secret = { words, 1 } };

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct sealkeys_secret keys = {0};
		struct error err = {0};

		assert_int_equal(chmod("3.key", modes[i]), 0);
		assert_refusal("mode", ERR_PERMISSIONS, "3.key",
		    sealkeys_open(&config, &none, &keys, &err), &err);
		assert_int_equal(keys.count, 0);
	}
	assert_int_equal(chmod("3.key", 0400), 0);
	{
		RELEASE_SEALKEYS struct sealkeys_secret keys = {0};
		struct error err = {0};

		FINE(sealkeys_open(&config, &none, &keys, &err));
	}
}

#define TEN "0.pub 1.pub 2.pub 3.pub 4.pub 5.pub 6.pub 7.pub 8.pub 9.pub "

static const struct {
	const char *name;
	const char *trusted;	/* files, or #n for a line */
	unsigned int required;
	const char *keys;	/* which, in order */
	enum err want;
	const char *says;
} trusting[] = {
	{ "a line", "#0", 1, "0", ERR_OK, NULL },
	{ "a file", "1.pub", 1, "1", ERR_OK, NULL },
	{ "both kinds", "1.pub #0", 2, "1 0", ERR_OK, NULL },
	{ "none, with one required", "", 1, NULL, ERR_CONFIG, SAYS_MANY },
	{ "the same key counts once", "#0 0.pub #0", 1, "0", ERR_OK, NULL },
	{ "the same key is not two", "#0 0.pub", 2, NULL, ERR_CONFIG,
	    "have 1" },
	{ "too few", "#0 #1", 3, NULL, ERR_CONFIG, "have 2" },
	{ "sixteen", TEN "10.pub 11.pub 12.pub 13.pub 14.pub 15.pub", 16,
	    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", ERR_OK, NULL },
	{ "seventeen", TEN "10.pub 11.pub 12.pub 13.pub 14.pub 15.pub "
	    "16.pub", 1, NULL, ERR_CONFIG, "more than 16 different keys" },
	{ "sixteen and one of them again", TEN "10.pub 11.pub 12.pub 13.pub "
	    "14.pub 15.pub 3.pub", 16,
	    "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", ERR_OK, NULL },
	{ "no such file", "#0 none.pub", 1, NULL, ERR_MISSING, "none.pub" },
	{ "no key", "garbage.pub", 1, NULL, ERR_KEY, "garbage.pub" },
	{ "no line", "RWgarbage", 1, NULL, ERR_KEY, "RWgarbage" },
	{ "a secret key", "0.key", 1, NULL, ERR_KEY, "0.key" },
	{ "a file that others may write", "loose.pub", 1, NULL,
	    ERR_PERMISSIONS, "loose.pub" },
};

TEST(public_keys_are_trusted)
{
	RELEASE_BUFFER struct buffer public = {0};

	fixture_read(folder, "0.pub", &public);
	fixture_write(folder, "loose.pub", span_of_buffer(&public));
	assert_int_equal(chmod("loose.pub", 0666), 0);
	for (size_t i = 0; i < COUNT_OF(trusting); i++) {
		struct sealkeys_trusted keys = { .count = 77 };
		const char *words[20], *want[KEYS];
		char copy[256], numbers[256];
		struct config config = { .path = "x.cfg",
			.seal.required = trusting[i].required };
		struct error err = {0};
		enum err code;

		snprintf(copy, sizeof(copy), "%s", trusting[i].trusted);
		config.seal.trusted = split(copy, words, COUNT_OF(words));
		for (size_t k = 0; k < config.seal.trusted.count; k++)
			if (words[k][0] == '#')
				words[k] = lines[words[k][1] - '0'];
		code = sealkeys_trust(&config, &keys, &err);
		if (trusting[i].want != ERR_OK) {
			assert_refusal(trusting[i].name, trusting[i].want,
			    trusting[i].says, code, &err);
			assert_int_equal(keys.count, 77);
			continue;
		}
		assert_fine(trusting[i].name, code, &err);
		snprintf(numbers, sizeof(numbers), "%s", trusting[i].keys);
		assert_int_equal(split(numbers, want, KEYS).count,
		    keys.count);
		for (size_t k = 0; k < keys.count; k++) {
			char line[MINISIGN_PUBLIC_LINE_SIZE];

			minisign_public_line(&keys.keys[k], line);
			assert_string_equal(line,
			    lines[strtoul(want[k], NULL, 10)]);
		}
	}
}

/* Key ids are a hint that anyone can choose: they are no identity. */
TEST(equal_key_ids_are_two_keys)
{
	struct sealkeys_trusted keys = {0};
	struct minisign_public twin;
	char line[MINISIGN_PUBLIC_LINE_SIZE];
	const char *words[] = { lines[0], line };
	struct config config = { .path = "x.cfg",
		.seal = { .trusted = { words, 2 }, .required = 2 } };
	struct minisign_public first;
	struct error err = {0};

	FINE(minisign_public_parse(span_of_text(lines[0]), &first, &err));
	FINE(minisign_public_parse(span_of_text(lines[1]), &twin, &err));
	memcpy(twin.key_id, first.key_id, sizeof(twin.key_id));
	minisign_public_line(&twin, line);
	FINE(sealkeys_trust(&config, &keys, &err));
	assert_int_equal(keys.count, 2);
	/* And the other way round: one key under two ids is one key. */
	twin = first;
	twin.key_id[0] ^= 1;
	minisign_public_line(&twin, line);
	assert_refusal("one key", ERR_CONFIG, "have 1",
	    sealkeys_trust(&config, &keys, &err), &err);
}
