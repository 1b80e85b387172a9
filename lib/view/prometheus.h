/* SPDX-License-Identifier: ISC */
/* Prometheus text exposition format 0.0.4 for the textfile collector. */
#pragma once

#include "base/bytes.h"
#include "plan/standing.h"

/* Append every metric, with its HELP and TYPE.  Retired pairs are left out. */
MUST_CHECK enum err prometheus_standings(const struct standing *standings,
    size_t count, int64_t now_s, struct buffer *out, struct error *err);
