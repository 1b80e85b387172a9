/* SPDX-License-Identifier: ISC */
/* Why a store is not as it should be, in a sentence; inside lib/plan. */
#pragma once

#include "plan/standing_judgement.h"

#define WHY_SIZE 896		/* the longest of them, whole */

/* Each says who stops on which day, or that it has. */
void why_lagging(const struct judgement *judgement, char out[WHY_SIZE]);
void why_missing(const struct judgement *judgement, char out[WHY_SIZE]);
void why_invalid(const struct judgement *judgement, char out[WHY_SIZE]);
void why_not_yet_valid(const struct judgement *judgement,
    char out[WHY_SIZE]);
void why_unreadable(const struct judgement *judgement, char out[WHY_SIZE]);
void why_behind(const struct judgement *judgement, char out[WHY_SIZE]);
