/* SPDX-License-Identifier: ISC */
/*
 * A root with a configuration, a seal key and a medium, and people who answer
 * by a script.  folder is set by folder_fixture.h.
 */
#pragma once

#include "config_fixture.h"
#include "ferry/minisign.h"
#include "root/ceremony/ceremony.h"
#include "site/state.h"
#include "test.h"

#define ANSWERS_MAX 16

/* What is said and asked, and when. */
struct script {
	const char *const *answers;	/* a NULL: an interrupt */
	size_t asked;
	int64_t now_s;
	int64_t hurry_s;		/* added with each question */
	struct buffer said;
};

static inline enum err
script_say(void *context, const char *text, struct error *err)
{
	struct script *script = context;

	return buffer_append_text(&script->said, text, err);
}

static inline enum err
script_ask(void *context, const char *prompt, char *out, size_t capacity,
    struct error *err)
{
	struct script *script = context;
	const char *answer = script->answers[script->asked];

	script->now_s += script->hurry_s;
	assert_true(script->asked < ANSWERS_MAX);
	if (answer == NULL)
		return err_fail(err, ERR_DECLINED, "%s: interrupted", prompt);
	script->asked++;
	assert_true(strlen(answer) < capacity);
	memcpy(out, answer, strlen(answer) + 1);
	return ERR_OK;
}

static inline int64_t
script_now(void *context)
{
	const struct script *script = context;

	return script->now_s;
}

/* Does what was said contain this text? */
static inline void
assert_said(const char *name, const struct script *script, const char *text)
{
	if (!span_contains(span_of_buffer(&script->said), text))
		fail_msg("%s: want \"%s\" said, have: %.*s", name, text,
		    (int)script->said.size, (const char *)script->said.data);
}

static inline void
make_seal_key(const char *folder)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct minisign_public public;
	char path[PATH_SIZE];

	assert_int_equal(minisign_generate(NULL, &file, &public, NULL),
	    ERR_OK);
	fixture_write(folder, "seal.key", span_of_buffer(&file));
	path_in(path, folder, "seal.key");
	assert_int_equal(chmod(path, 0600), 0);
}

/* A root "r" of this key, its configuration, and an empty folder medium. */
static inline struct config *
make_room(const char *folder, const char *signing)
{
	struct config *config = NULL;
	struct error err = {0};
	char path[PATH_SIZE], text[1024];

	fixture_make_ca(folder, "r", "p256");
	make_seal_key(folder);
	copy_schedule(folder, "semiannual", "semiannual");
	snprintf(text, sizeof(text), "state = \"state\"; air_gap = \"off\";"
	    " seal = { secret = \"seal.key\"; }; roots = ( { name = \"r\";"
	    " certificate = \"r.pem\"; schedule = \"semiannual\"; %s } );",
	    signing);
	if (load_text(folder, text, &config, &err) != ERR_OK)
		fail_msg("configuration: %s", err.what);
	FINE(state_prepare(config, &err));
	path_in(path, folder, "medium");
	FINE(file_make_folder(path, 0755, &err));
	return config;
}

#define SIGNS_HERE "signing = { key = \"r.key\"; index = \"r.index\";" \
	" crlnumber = \"r.crlnumber\"; };"

/* Noon of tomorrow: the root's certificate is made today. */
static inline int64_t
tomorrow_s(void)
{
	return utc_day_start((int64_t)time(NULL)) + DAY_S + DAY_S / 2;
}
