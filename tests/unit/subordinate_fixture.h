/* SPDX-License-Identifier: ISC */
/*
 * A subordinate s of the root r that reader_fixture.h makes: per test a folder
 * with its configuration, its state and three stores, of which those of files
 * have hooks.
 */
#pragma once

#include "config_fixture.h"
#include "pki/pem.h"
#include "reader_fixture.h"
#include "site/state.h"
#include "sub/store/store.h"
#include "test.h"

#define STORES 3
#define PEM_STORE "all.pem"
#define DER_STORE "one.crl"

static char place[FIXTURE_PATH_SIZE];
static struct config *config;

/*
 * Each hook writes its name into `log`; where there is a file `fail-<name>`,
 * it fails, and where there is `spoil-<name>` it damages its store.
 */
#define HOOK(name) "[ \"sh\", \"-c\", \"cd '%1$s' && echo " name " >> log &&" \
	" { test ! -e spoil-" name " || echo x > " PEM_STORE "; } &&" \
	" test ! -e fail-" name "\" ]"

static const char configuration[] =
    "state = \"state\"; max_crl_bytes = \"64 KiB\";"
    " seal = { trusted = ( \"%3$s\" ); };"
    " roots = ({ name = \"r\"; certificate = \"%2$s/root.pem\"; %4$s"
    " schedule = \"semiannual\"; subordinates = ({ name = \"s\";"
    " certificate = \"%2$s/sub.pem\"; %5$s stores = ("
    " { type = \"hashdir\"; path = \"hash\"; },"
    " { type = \"pem\"; path = \"" PEM_STORE "\";"
    " reload = " HOOK("reload") "; verify = " HOOK("verify") "; },"
    " { type = \"der\"; path = \"" DER_STORE "\";"
    " reload = " HOOK("other") "; } ); }); });";

/* Load the configuration, with more keys of the root and the subordinate. */
static inline void
configure(const char *of_root, const char *of_subordinate)
{
	char line[MINISIGN_PUBLIC_LINE_SIZE];
	char text[4096];
	struct error err = {0};

	config_free(config);
	config = NULL;
	minisign_public_line(&secrets[0].public, line);
	assert_in_range(snprintf(text, sizeof(text), configuration, place,
	    folder, line, of_root, of_subordinate), 1, sizeof(text) - 1);
	FINE(load_text(place, text, &config, &err));
}

static inline void
make_hashdir(void)
{
	char path[PATH_SIZE];

	path_in(path, place, "hash");
	assert_int_equal(mkdir(path, 0755), 0);
}

static inline int
enter_place(void **state)
{
	struct error err = {0};

	fixture_make_folder(medium);
	fixture_make_folder(place);
	copy_schedule(place, "semiannual", "semiannual");
	make_hashdir();
	configure("", "");
	FINE(state_prepare(config, &err));
	return 0;
}

static inline int
leave_place(void **state)
{
	config_free(config);
	config = NULL;
	return 0;
}

/* Is there such a file in the subordinate's folder? */
static inline bool
is_there(const char *name)
{
	char path[PATH_SIZE];
	struct stat st;

	path_in(path, place, name);
	return lstat(path, &st) == 0;
}

static inline void
remove_there(const char *name)
{
	char path[PATH_SIZE];

	path_in(path, place, name);
	assert_int_equal(remove(path), 0);
}

/* The hooks that ran since the last time, by their names. */
static inline void
assert_hooks(const char *name, const char *want)
{
	RELEASE_BUFFER struct buffer log = {0};

	if (is_there("log")) {
		fixture_read(place, "log", &log);
		remove_there("log");
	}
	if (!span_equals(span_of_buffer(&log), span_of_text(want)))
		fail_msg("%s: want the hooks \"%s\", have \"%.*s\"", name,
		    want, (int)log.size, (const char *)log.data);
}

/* Names, modes, times and contents of everything below a folder. */
static inline void
take_snapshot(const char *below, struct buffer *out)
{
	fixture_run(folder, (const char *const[]){ "sh", "-c",
	    "{ find \"$0\" -printf '%p %y %m %s %T@\\n' &&"
	    " find \"$0\" -type f -exec sha256sum {} + ; } | sort > snapshot",
	    below, NULL });
	out->size = 0;
	fixture_read(folder, "snapshot", out);
}

static inline void
assert_unchanged(const char *name, const char *below,
    const struct buffer *before)
{
	RELEASE_BUFFER struct buffer now = {0};

	take_snapshot(below, &now);
	if (!span_equals(span_of_buffer(&now), span_of_buffer(before)))
		fail_msg("%s: want nothing changed, had:\n%.*s\nhave:\n%.*s",
		    name, (int)before->size, (const char *)before->data,
		    (int)now.size, (const char *)now.data);
}

/* The file of the root's hash in the hash directory, or NULL. */
static inline const char *
find_hashed(void)
{
	static char name[PATH_SIZE];
	char path[PATH_SIZE];
	const struct dirent *entry;
	DIR *dir;

	path_in(path, place, "hash");
	dir = opendir(path);
	name[0] = '\0';
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strstr(entry->d_name, ".r") != NULL)
			assert_in_range(snprintf(name, sizeof(name),
			    "hash/%.200s", entry->d_name), 1,
			    sizeof(name) - 1);
	if (dir != NULL)
		closedir(dir);
	return name[0] == '\0' ? NULL : name;
}

/* Does the i-th store hold this CRL, and only this? */
static inline void
assert_store_holds(const char *name, size_t i, const struct buffer *der)
{
	const char *const files[STORES] = { find_hashed(), PEM_STORE,
		DER_STORE };
	RELEASE_BUFFER struct buffer have = {0};
	RELEASE_BUFFER struct buffer pem = {0};

	assert_int_equal(pem_encode(PEM_CRL, span_of_buffer(der), &pem,
	    NULL), ERR_OK);
	if (files[i] == NULL || !is_there(files[i]))
		fail_msg("%s: store %zu holds nothing", name, i);
	fixture_read(place, files[i], &have);
	if (!span_equals(span_of_buffer(&have), span_of_buffer(i == 2 ? der :
	    &pem)))
		fail_msg("%s: store %zu holds something else", name, i);
}

static inline void
assert_all_hold(const char *name, const struct buffer *der)
{
	for (size_t i = 0; i < STORES; i++)
		assert_store_holds(name, i, der);
}

/* Was something said that has this in it?  "": was nothing? */
static inline void
assert_says(const char *name, const struct notices *notices, const char *want)
{
	const struct span lines = span_of_buffer(&notices->lines);

	if (want[0] == '\0' ? lines.size > 0 : !span_contains(lines, want))
		fail_msg("%s: want \"%s\" said, have \"%.*s\"", name, want,
		    (int)lines.size, (const char *)lines.data);
}
