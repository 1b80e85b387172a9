/* SPDX-License-Identifier: ISC */
/* What must hold, whatever the input.  Inside tests/fuzz only. */
#pragma once

#include <stdlib.h>

#include "base/error.h"

static inline void
must(bool is_so)
{
	if (!is_so)
		abort();
}

/* Is it refused?  Then it must say why. */
static inline bool
is_refused(enum err code, const struct error *err)
{
	must(code == ERR_OK || (err->code == code && err->what[0] != '\0'));
	return code != ERR_OK;
}
