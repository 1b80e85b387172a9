/* SPDX-License-Identifier: ISC */
/*
 * Each test has a folder of its own, and stands in it.  HANG_S is set before:
 * what blocks that long dies of SIGALRM, and fails.
 */
#pragma once

#include <unistd.h>

#include "openssl_fixture.h"

static char folder[FIXTURE_PATH_SIZE];

static inline int
enter_folder(void **state)
{
	fixture_make_folder(folder);
	alarm(HANG_S);
	return chdir(folder);
}

static inline int
leave_folder(void **state)
{
	alarm(0);
	if (chdir("/") != 0)
		return -1;
	fixture_remove_folder(folder);
	return 0;
}
