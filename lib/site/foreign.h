/* SPDX-License-Identifier: ISC */
/* What an operating system leaves on a stick by looking at it. */
#pragma once

#include <stdbool.h>

/*
 * Is it the name of such a file or folder, in whatever letter case?  It is
 * none of ours then, and says nothing: it is never opened.
 */
bool foreign_is_name(const char *name);
