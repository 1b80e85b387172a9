/* SPDX-License-Identifier: ISC */
/* What certificates call for, beside the CRL; inside lib/plan. */
#pragma once

#include "plan/standing.h"

/* Add the concerns at now_s. */
void standing_concerns(struct standing *standing, int64_t now_s);
