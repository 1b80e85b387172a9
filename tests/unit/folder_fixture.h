/* SPDX-License-Identifier: ISC */
/* Each test has a folder of its own, stands in it, and has HANG_S. */
#pragma once

#include <unistd.h>

#include "own_folder_fixture.h"
#include "test.h"

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
	return chdir("/");
}
