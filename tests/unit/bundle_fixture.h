/* SPDX-License-Identifier: ISC */
/* Bundles for tests, sealed with keys of ours. */
#pragma once

#include <fcntl.h>

#include "base/file.h"
#include "instant.h"
#include "rooms_fixture.h"
#include "secret_fixture.h"
#include "site/bundle.h"
#include "test.h"

#define THIS_UPDATE_TEXT "2026-01-01T12:00:00Z"
#define NEXT_UPDATE_TEXT "2026-08-01T12:00:00Z"

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
