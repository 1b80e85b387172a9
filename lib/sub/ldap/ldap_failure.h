/* SPDX-License-Identifier: ISC */
/* Why ldapsearch or ldapmodify failed, in words for people. */
#pragma once

#include "base/process/process.h"
#include "site/config.h"

/* Results of LDAP that are looked at (RFC 4511 4.1.9). */
#define LDAP_UNREACHABLE (-1)	/* libldap's */
#define LDAP_DONE 0
#define LDAP_NO_ENTRY 32
#define LDAP_HAS_ENTRIES_BELOW 66
#define LDAP_ENTRY_EXISTS 68

/* The result by which the tool ended; below 0 are libldap's own. */
int ldap_result_number(const struct process_result *result);

/*
 * Does Active Directory take a CRL of so many octets?  It would refuse one that
 * is larger too, yet not say why.  ERR_STORE.
 */
MUST_CHECK enum err ldap_check_ad_size(size_t size, struct error *err);

/*
 * ERR_STORE, with what the server said, and what to do; the caller's reader
 * knows of which store.  For a result other than LDAP_DONE.
 */
enum err ldap_fail(const struct config_store *store,
    const struct process_result *result, struct error *err);
