/* SPDX-License-Identifier: ISC */
/* Keys and seals by minisign(1), and their lines exchanged. */
#pragma once

#include "ferry/minisign.h"
#include "openssl_fixture.h"
#include "test.h"

#define MESSAGE "what is sealed\n"

static char folder[FIXTURE_PATH_SIZE];

/* A key pair by minisign -G -W, and what it sealed. */
static struct buffer public_file, secret_file, seal_file, legacy_file;
static struct minisign_public public_key;

#define RUN(...) fixture_run(folder, (const char *const[]){ __VA_ARGS__, NULL })

static inline int
setup(void **state)
{
	fixture_make_folder(folder);
	assert_int_equal(secret_start(NULL), ERR_OK);
	fixture_write_text(folder, "m", MESSAGE);
	/* minisign shows a key id without its leading zeros, we with them. */
	do {
		buffer_release(&public_file);
		RUN("minisign", "-G", "-W", "-f", "-p", "a.pub", "-s",
		    "a.key");
		fixture_read(folder, "a.pub", &public_file);
		if (minisign_public_parse(span_of_buffer(&public_file),
		    &public_key, NULL) != ERR_OK)
			return -1;
	} while (public_key.key_id[MINISIGN_KEY_ID_SIZE - 1] < 0x10);
	RUN("minisign", "-S", "-s", "a.key", "-m", "m", "-t", "number:12");
	RUN("minisign", "-S", "-l", "-s", "a.key", "-m", "m", "-x",
	    "legacy");
	fixture_read(folder, "a.key", &secret_file);
	fixture_read(folder, "m.minisig", &seal_file);
	fixture_read(folder, "legacy", &legacy_file);
	return 0;
}

static inline int
teardown(void **state)
{
	buffer_release(&public_file);
	buffer_release(&secret_file);
	buffer_release(&seal_file);
	buffer_release(&legacy_file);
	return 0;
}

/* The lines of a text, each without its LF; returns how many. */
static inline size_t
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
static inline void
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

static inline void
check_refused(const char *name, enum err have, enum err want,
    const struct error *err, const char *says)
{
	if (have != want || err->code != want ||
	    strstr(err->what, says) == NULL)
		fail_msg("%s: want %s and \"%s\", have %s and \"%s\"", name,
		    error_token(want), says, error_token(have), err->what);
}
