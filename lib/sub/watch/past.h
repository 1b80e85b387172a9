/* SPDX-License-Identifier: ISC */
/* The CRLs of a root that are still on a subordinate, for its report. */
#pragma once

#include "pki/cert.h"
#include "site/config.h"
#include "view/report/report.h"

/*
 * Add the CRLs that its stores hold, by the standings, the one that was
 * accepted, and those that imports have replaced, as far as they verify.
 * out->unknown says what that leaves out.
 */
MUST_CHECK enum err sub_past_read(const struct config *config,
    const struct config_root *root, const struct cert *cert,
    const struct standing *standings, size_t count, struct report_root *out,
    struct error *err);
