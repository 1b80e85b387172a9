/* SPDX-License-Identifier: ISC */
/* The parts of the page.  Inside view/minutes only. */
#pragma once

#include "view/minutes/minutes_facts.h"

#define MANY_WITNESSES 3	/* from here on there is little room each */

/* The text that a draft has collected, escaped. */
void minutes_page_collected(struct draft *draft, const struct draft *text);

/* Text of unknown origin, of one line; "none" for none. */
void minutes_page_put(struct draft *draft, const char *text);

/* What a function of minutes_facts.h says, escaped. */
void minutes_page_write(struct draft *draft, const struct minutes *minutes,
    void (*write)(struct draft *text, const struct minutes *minutes));

/* The style sheet of all minutes, and what a rehearsal's has beyond it. */
extern const char minutes_style[];
extern const char minutes_style_rehearsal[];

/* What was done and said: the steps, and the lists of sentences. */
void minutes_page_record(struct draft *draft,
    const struct minutes *minutes);

/* Who signs what. */
void minutes_page_signatures(struct draft *draft,
    const struct minutes *minutes);
