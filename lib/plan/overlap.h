/* SPDX-License-Identifier: ISC */
/*
 * AD CS's overlap: how long a CRL lasts beyond its Next CRL Publish.  Unless it
 * is set, that is 10 % of the CRL's life and at most 12 hours.  Pure.
 */
#pragma once

#include "plan/schedule.h"

#define OVERLAP_TEXT_SIZE 256

/*
 * Behind a sentence that says when the CA means to publish again: that this
 * leaves less than the schedule's cushion, and what to do; empty if it does
 * not, or if next_publish_s is 0, for not known.
 */
void overlap_text(const struct schedule *schedule, int64_t next_publish_s,
    int64_t next_update_s, char out[OVERLAP_TEXT_SIZE]);
