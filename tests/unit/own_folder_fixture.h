/* SPDX-License-Identifier: ISC */
/*
 * Each test has a folder of its own.  For tests only; include after the other
 * fixtures.
 */
#pragma once

#include "openssl_fixture.h"

static char folder[FIXTURE_PATH_SIZE];

static inline int
make_own_folder(void **state)
{
	fixture_make_folder(folder);
	return 0;
}
