/* SPDX-License-Identifier: ISC */
/*
 * The monitoring-plugin line (Monitoring Plugins Development Guidelines):
 * "CRLFERRY WARNING - text | perfdata", then a line for each pair.
 */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/* The worst severity of all; SEVERITY_UNKNOWN where there are none. */
enum severity standings_worst(const struct standing *standings, size_t count);

/*
 * Perfdata: '<root>/<sub>'=<seconds until nextUpdate>s;<cushion>:;<critical>:
 * for each pair.
 */
MUST_CHECK enum err nagios_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);
