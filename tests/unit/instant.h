/* SPDX-License-Identifier: ISC */
/* Times of tests are written as text. */
#pragma once

#include "base/utc.h"
#include "test.h"

static inline int64_t
instant(const char *text)
{
	int64_t at_s = 0;

	if (!utc_parse(text, &at_s))
		fail_msg("not a time: %s", text);
	return at_s;
}
