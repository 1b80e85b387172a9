/* SPDX-License-Identifier: ISC */
/* How the files behind pki/lint.h report; other rooms include lint.h only. */
#pragma once

#include "pki/lint.h"

/* Count a finding and hand it on; the text is cut where it does not fit. */
void lint_report(struct lint *lint, enum lint_id id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * A Time has the other encoding than RFC 5280 5.1.2.4 wants: GeneralizedTime
 * for what UTCTime holds, 1950 through 2049.
 */
bool lint_time_is_wrong(const struct crl_time *time);

/* Does BR 7.1.3.2 have this algorithm?  The curve is not known here. */
bool lint_br_has_algorithm(const struct algorithm *algorithm);
