/* SPDX-License-Identifier: ISC */
/* A medium with two good bundles, to be spoilt. */
#pragma once

#include "bundle_fixture.h"
#include "test.h"

#define CRL_MAX 1000

static char folder[FIXTURE_PATH_SIZE];
static char path[PATH_SIZE];		/* of the bundle 12 */
static struct minisign_secret secret;

static inline int
set_up(void **state)
{
	if (secret_start(NULL) != ERR_OK)
		return -1;
	make_secret(&secret);
	return 0;
}

static inline int
tear_down(void **state)
{
	minisign_secret_release(&secret);
	return 0;
}

/* Bundles 11 and 12, both as they should be. */
static inline int
enter(void **state)
{
	static const uint8_t octets[CRL_MAX];
	struct error err = {0};

	alarm(HANG_S);
	fixture_make_folder(folder);
	fixture_write(folder, "crl", (struct span){ octets, CRL_MAX });
	for (uint64_t number = 11; number <= 12; number++) {
		RELEASE_MANIFEST struct manifest manifest =
		    make_manifest(number);
		CLOSE_FD int fd = open_in(folder, "crl");

		FINE(bundle_write(folder, &manifest, fd, span_of_text("cert"),
		    span_of_text(""), &secret, 1, NULL, path, sizeof(path),
		    &err));
	}
	return 0;
}

static inline int
leave(void **state)
{
	alarm(0);
	return 0;
}

static inline enum err
load(const char *from, bool *found, struct error *err)
{
	RELEASE_SOURCE struct source source = { .fd = -1 };
	RELEASE_NOTICES struct notices notices = {0};
	struct bundle bundle, before;
	enum err code;

	memset(&bundle, 0x5a, sizeof(bundle));
	before = bundle;
	code = source_open(from, &source, err);
	if (code != ERR_OK)
		return code;
	code = bundle_load(&source, "r", CRL_MAX, &bundle, found, &notices,
	    err);
	if (code == ERR_OK)
		bundle_release(&bundle);
	else
		assert_memory_equal(&bundle, &before, sizeof(bundle));
	return code;
}

/* Refused from the medium and from the bundle's folder alike. */
static inline void
refuse_both(const char *name, enum err want, const char *says)
{
	const char *const sources[] = { folder, path };

	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		struct error err = {0};
		bool found = false;

		assert_refusal(name, want, says, load(sources[i], &found,
		    &err), &err);
		assert_false(found);
	}
}
