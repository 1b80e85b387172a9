/* SPDX-License-Identifier: ISC */
/* URLs of distribution points (RFC 5280 4.2.1.13), and which can be fetched. */
#pragma once

#include "base/bytes.h"

#define CDP_URL_SIZE 1024

/*
 * The URI of a GeneralName in DER, its scheme in lower case.  False if it is
 * none, or longer, or if a URI cannot have one of its characters.
 */
bool cdp_url_take(struct span name, char out[CDP_URL_SIZE]);

/* Is it one of LDAP's? */
bool cdp_url_is_ldap(const char *url);

/*
 * Why nobody can fetch it from here, without a name and a password; NULL: it
 * can be.
 *
 * remedy  static; NULL if there is no more to say
 */
const char *cdp_url_fault(const char *url, const char **remedy);
