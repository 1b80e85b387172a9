/* SPDX-License-Identifier: ISC */
/* The table of ceremonies of a plan; for lib/view/plan/text.c. */
#pragma once

#include "view/plan.h"

/* Is there a row in it? */
bool plan_has_ceremonies(const struct plan *plan, int64_t now_s);

/* A heading, the table, and how many may fail in a row; appended. */
MUST_CHECK enum err plan_ceremonies(const struct plan *plan, int64_t now_s,
    size_t width, struct buffer *out, struct error *err);
