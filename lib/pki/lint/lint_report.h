/* SPDX-License-Identifier: ISC */
/* How the files behind lint.h report; other rooms include only that. */
#pragma once

#include "pki/lint/lint.h"

/* Count a finding and hand it on; the text is cut if it does not fit. */
void lint_report(struct lint *lint, enum lint_id id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * A Time has the other encoding than RFC 5280 5.1.2.4 wants: GeneralizedTime
 * for what UTCTime holds, 1950 through 2049.
 */
bool lint_time_is_wrong(const struct crl_time *time);

/*
 * Judge an AlgorithmIdentifier: `unknown` and `weak` are what to report if it
 * is that.  For br it must be one that BR 7.1.3.2 has; the curve is not known
 * here.
 */
void lint_algorithm(struct lint *lint, struct span identifier,
    enum lint_id unknown, enum lint_id weak);

/* Judge the extensions that AD CS adds to a CRL. */
void lint_microsoft(struct lint *lint, const struct crl *crl);
