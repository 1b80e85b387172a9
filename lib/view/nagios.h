/* SPDX-License-Identifier: ISC */
/*
 * The monitoring-plugin line (Monitoring Plugins Development Guidelines):
 * "CRLFERRY WARNING - text | perfdata", then more lines of text.  Pairs that
 * are retired are neither counted nor named.
 */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

#define NAGIOS_LINES_MAX 20	/* pairs that have a line of their own */
#define NAGIOS_PERFDATA_MAX 50	/* pairs that have performance data */

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
 * One pair: a line about it.  Several: a line that counts them by severity and
 * says the worst, then one for each that needs attention, the worst first, as
 * long as there are no more than NAGIOS_LINES_MAX and all of it stays within
 * the 8 KB that Nagios takes.
 *
 * The first line ends with performance data: for each pair
 * '<root>/<sub>'=<seconds until nextUpdate>s;<cushion>:;<critical>: or
 * '<root>/<sub>'=U; of more than NAGIOS_PERFDATA_MAX pairs, how many there are
 * of each severity and the seconds of the CRL that ends first.
 */
MUST_CHECK enum err nagios_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);

/* The same, and then every pair, its stores and its certificates. */
MUST_CHECK enum err nagios_verbose(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);
