/* SPDX-License-Identifier: ISC */
/* Bundles for tests, sealed with keys of ours. */
#pragma once

#include <fcntl.h>

#include "base/file.h"
#include "instant.h"
#include "rooms_fixture.h"
#include "site/bundle.h"
#include "test.h"

#define THIS_UPDATE_TEXT "2026-01-01T12:00:00Z"
#define NEXT_UPDATE_TEXT "2026-08-01T12:00:00Z"

/* A key pair without a passphrase. */
static inline void
make_secret(struct minisign_secret *out)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct minisign_public public;
	struct error err = {0};

	FINE(minisign_generate(NULL, &file, &public, &err));
	FINE(minisign_secret_open(span_of_buffer(&file), NULL, out, &err));
}

/* What the root r says of its CRL of this number. */
static inline struct manifest
make_manifest(uint64_t number)
{
	struct manifest manifest = { .root = "r",
		.created_s = instant("2026-01-01T12:10:00Z"),
		.this_update_s = instant(THIS_UPDATE_TEXT),
		.next_update_s = instant(NEXT_UPDATE_TEXT),
		.published_as = "r.crl" };

	manifest.number = number_from_u64(number);
	return manifest;
}

/* Open folder/name for reading. */
static inline int
open_in(const char *folder, const char *name)
{
	char path[PATH_SIZE];
	int fd;

	path_in(path, folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}
