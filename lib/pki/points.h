/* SPDX-License-Identifier: ISC */
/*
 * CRLDistributionPoints (RFC 5280 4.2.1.13), of a certificate, or of AD CS's
 * Published CRL Locations in a CRL.
 */
#pragma once

#include "base/bytes.h"

#define POINTS_MAX 16	/* names, of all points together */

/* Spans point into what was parsed. */
struct points {
	struct span names[POINTS_MAX];	/* each fullName GeneralName, DER */
	/* of a point whose cRLIssuer is not the issuer */
	bool is_indirect[POINTS_MAX];
	size_t count;
};

/*
 * Read the DER of an extension's value.  A point that has no fullName adds
 * none.
 *
 * what    names it in messages
 * issuer  Name, DER, that a cRLIssuer is compared with
 *
 * ERR_FORMAT if it is not strict DER, and for more names than POINTS_MAX.
 */
MUST_CHECK enum err points_parse(struct span value, const char *what,
    struct span issuer, struct points *out, struct error *err);

/*
 * The URL in a GeneralName, if it is one that begins with the scheme, such as
 * "ldap:", in whatever case; it is ASCII without spaces.
 */
bool point_url(struct span name, const char *scheme, struct span *out);
