/* SPDX-License-Identifier: ISC */
/*
 * The monitoring-plugin line (Monitoring Plugins Development Guidelines):
 * "CRLFERRY WARNING - text | perfdata", then more lines of text.
 */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/* The worst severity of all; SEVERITY_UNKNOWN if there are none. */
enum severity standings_worst(const struct standing *standings, size_t count);

/*
 * Append "root/subordinate", or "root" alone, with '?' for each character that
 * may not be shown (see printable_append) or is in `unwanted`.
 */
MUST_CHECK enum err printable_append_pair(struct buffer *out,
    const struct standing_facts *facts, const char *unwanted,
    struct error *err);

/*
 * One line about the worst pair, with the perfdata of all of them:
 * '<root>/<sub>'=<seconds until nextUpdate>s;<cushion>:;<critical>: or
 * '<root>/<sub>'=U.  Then, if there is more than one, a line for each.
 */
MUST_CHECK enum err nagios_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);
