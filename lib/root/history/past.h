/* SPDX-License-Identifier: ISC */
/* The last CRLs of a root, for its report. */
#pragma once

#include "pki/cert.h"
#include "root/history/history.h"
#include "view/report/report.h"

/*
 * Add the last REPORT_CRLS_MAX of the archive that verify.  out->unknown says
 * what is left out, and why.
 *
 * history  NULL: it cannot be told which were emergencies, and why says so
 */
MUST_CHECK enum err root_past_read(const struct config *config,
    const struct history *history, const char *why,
    const struct config_root *root, const struct cert *cert,
    struct report_root *out, struct error *err);
