/* SPDX-License-Identifier: ISC */
#pragma once

#include "ferry/minisign.h"
#include "test.h"

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
