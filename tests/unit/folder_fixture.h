/* SPDX-License-Identifier: ISC */
/*
 * Each test has a folder of its own, and stands in it.  HANG_S is set before:
 * what blocks that long dies of SIGALRM, and fails.
 */
#pragma once

#include <unistd.h>

#include "own_folder_fixture.h"

static inline int
enter_folder(void **state)
{
	alarm(HANG_S);
	return make_own_folder(state) != 0 ? -1 : chdir(folder);
}

static inline int
leave_folder(void **state)
{
	alarm(0);
	if (chdir("/") != 0)
		return -1;
	return remove_own_folder(state);
}
