/* SPDX-License-Identifier: ISC */
/* What the other pairs of a root hold; inside lib/sub/watch. */
#pragma once

#include "plan/standing.h"
#include "sub/import/pair_stores.h"

/*
 * Find, for the pair of a subordinate, the CRL that ends last in the stores of
 * the others: if the accepted state was lost, they tell that there is a newer
 * one to import.
 */
void survey_others(const struct pair_stores *stores,
    const struct config_subordinate *subordinate,
    struct standing_facts *facts);
