/* SPDX-License-Identifier: ISC */
/* How the page of minutes looks.  Inside view/minutes only. */
#pragma once

/* The style sheet of all minutes, and what a rehearsal's has beyond it. */
extern const char minutes_style[];
extern const char minutes_style_rehearsal[];
