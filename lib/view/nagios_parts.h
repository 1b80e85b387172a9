/* SPDX-License-Identifier: ISC */
/* The parts of the plugin's output; inside lib/view. */
#pragma once

#include "plan/when.h"
#include "view/nagios.h"

/* The pairs that are shown. */
struct watch {
	const struct standing *standings;
	size_t all;		/* of them */
	int64_t now_s;
	const struct standing **order;	/* those not retired, worst first */
	size_t count;			/* of them */
	size_t severities[SEVERITY_UNKNOWN + 1];	/* how many of each */
};

/*
 * "corp-root-g1/issuing-1 overdue: ...".  A concern that is worse than the
 * state comes before the state's sentence, the others behind it.
 */
MUST_CHECK enum err nagios_append_text(struct buffer *out,
    const struct standing *standing, struct error *err);

/* " | 'corp-root-g1/issuing-1'=18230400s;1814400:;604800:" */
MUST_CHECK enum err nagios_append_perfdata(const struct watch *watch,
    struct buffer *out, struct error *err);

/* Every pair, those retired last, with stores and certificates. */
MUST_CHECK enum err nagios_append_all(const struct watch *watch,
    struct buffer *out, struct error *err);
