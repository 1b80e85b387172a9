/* SPDX-License-Identifier: ISC */
/* Is a file there?  A test that cannot tell fails. */
#pragma once

#include "base/file.h"
#include "test.h"

static inline bool
file_exists(const char *path)
{
	struct error err = {0};
	bool found = false;

	FINE(file_find(path, &found, &err));
	return found;
}
