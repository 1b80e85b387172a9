/* SPDX-License-Identifier: ISC */
/* For lib/plan/agenda.c alone. */
#pragma once

#include "plan/agenda.h"

/*
 * Find the ceremony that is next, those that were missed, and the one that is
 * to come.  At least one pair is not retired.
 */
void agenda_date(const struct standing *standings, size_t count,
    int64_t now_s, struct agenda *agenda);
