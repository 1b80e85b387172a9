/* SPDX-License-Identifier: ISC */
/* What the tests of site, root and sub have in common. */
#pragma once

#include <dirent.h>
#include <unistd.h>

#include "openssl_fixture.h"
#include "pki/cert.h"
#include "site/sealkeys.h"
#include "test.h"

#define PATH_SIZE 512

/* folder/name */
static inline void
path_in(char out[PATH_SIZE], const char *folder, const char *name)
{
	int size = snprintf(out, PATH_SIZE, "%s/%s", folder, name);

	assert_in_range(size, 1, PATH_SIZE - 1);
}

/* The certificate folder/<name>.pem. */
static inline struct cert *
load_cert(const char *folder, const char *name)
{
	RELEASE_BUFFER struct buffer pem = {0};
	struct cert *cert = NULL;
	struct error err = {0};
	char file[64];

	snprintf(file, sizeof(file), "%s.pem", name);
	fixture_read(folder, file, &pem);
	if (cert_parse(span_of_buffer(&pem), &cert, &err) != ERR_OK)
		fail_msg("%s: %s", file, err.what);
	return cert;
}

/* Entries of a folder whose names contain a text; "" counts them all. */
static inline size_t
count_entries(const char *path, const char *text)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strstr(entry->d_name, text) != NULL;
	closedir(dir);
	return count;
}

/* Fail where a write left its temporary behind. */
static inline void
assert_no_temporaries(const char *name, const char *path)
{
	if (count_entries(path, "crlferry-new") > 0)
		fail_msg("%s: want no temporary in %s, have one", name, path);
}

/* Fail unless it was refused with this code, for a reason that says so. */
static inline void
assert_refusal(const char *name, enum err want, const char *says,
    enum err have, const struct error *err)
{
	if (have != want || err->code != want || err->what[0] == '\0' ||
	    strstr(err->what, says) == NULL)
		fail_msg("%s: want %s and \"%s\", have %s and \"%s\"", name,
		    error_token(want), says, error_token(have), err->what);
}

static inline void
assert_fine(const char *name, enum err have, const struct error *err)
{
	if (have != ERR_OK)
		fail_msg("%s: want ok, have %s: %s", name, error_token(have),
		    err->what);
}

/* Does the file hold these octets? */
static inline void
assert_file_equals(const char *folder, const char *name, struct span want)
{
	RELEASE_BUFFER struct buffer have = {0};

	fixture_read(folder, name, &have);
	if (!span_equals(span_of_buffer(&have), want))
		fail_msg("%s/%s: want %zu octets, have %zu others", folder,
		    name, want.size, have.size);
}
