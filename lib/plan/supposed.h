/* SPDX-License-Identifier: ISC */
/* How a pair would stand.  Pure. */
#pragma once

#include "plan/standing.h"

/* Room for what a supposed standing refers to. */
struct supposed {
	struct standing_facts facts;
	struct standing_place place;
	struct standing standing;
};

/*
 * The standing itself if a CRL with an end is in place, or none was accepted;
 * else as it would be with the accepted CRL, which only has to be put back.
 */
const struct standing *supposed_make(const struct standing *standing,
    int64_t now_s, struct supposed *room);
