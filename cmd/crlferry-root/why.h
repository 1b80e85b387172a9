/* SPDX-License-Identifier: ISC */
/* --why TEXT: it goes into the ledger, and some of it to subordinates. */
#pragma once

#include "base/error.h"

/* ERR_USAGE where it is not one line of 1 to 200 octets that can be shown. */
MUST_CHECK enum err why_check(const char *why, struct error *err);
