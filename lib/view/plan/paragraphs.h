/* SPDX-License-Identifier: ISC */
/* What a plan says first, in lines; for lib/view/plan and lib/view/report. */
#pragma once

#include "view/plan/views.h"

/* Columns to write in: 80 for 0, and no fewer than text can be wrapped to. */
size_t plan_width(size_t columns);

/* "corp: " and the text in lines; appended. */
MUST_CHECK enum err plan_paragraph(const char *whose, struct buffer *text,
    size_t width, struct buffer *out, struct error *err);

/*
 * What to mend first, what is to be done next, and what else is to be known of
 * it, a paragraph each; appended.
 */
MUST_CHECK enum err plan_agenda_paragraphs(const struct plan *plan,
    int64_t now_s, size_t width, struct buffer *out, struct error *err);
