/* SPDX-License-Identifier: ISC */
/* URLs of LDAP servers (RFC 4516), without an entry, for ldapsearch's -H. */
#pragma once

#include <stdbool.h>

/* Why it is not the URL of one server and nothing else; NULL: it is. */
const char *ldap_url_fault(const char *url);

/*
 * Does what goes to the server of this URL, of whatever scheme, stay on this
 * machine?
 */
bool url_is_local(const char *url);
