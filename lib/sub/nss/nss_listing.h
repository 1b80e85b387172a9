/* SPDX-License-Identifier: ISC */
/* What NSS's tools and its database say.  Pure. */
#pragma once

#include "base/bytes.h"

#define NSS_OBJECTS_MAX 32

/* A certificate or CRL whose name equals the root's by RFC 5280 7.1. */
struct nss_object {
	bool is_crl;
	char id[24];
	struct span name;	/* subject or issuer, DER, as NSS compares it */
	const char *nickname;	/* of a certificate; or NULL */
};

/* Start from {0}; release. */
struct nss_database {
	struct nss_object objects[NSS_OBJECTS_MAX];
	size_t count;
	struct buffer octets;	/* what the objects point into */
};

#define RELEASE_NSS __attribute__((cleanup(nss_release)))

/*
 * The listing as sqlite3 prints it, one object a line: 1 for a CRL or 0, its
 * id, its name and its nickname in hexadecimal, with '|' between them.
 *
 * name  the root's
 *
 * ERR_FORMAT, with the line, if it is anything else.
 */
MUST_CHECK enum err nss_parse(struct span listing, struct span name,
    struct nss_database *out, struct error *err);
void nss_release(struct nss_database *database);

/*
 * The first that has this very name, octet by octet; of certificates only one
 * that has a nickname.  NULL if there is none.
 */
const struct nss_object *nss_find(const struct nss_database *database,
    bool is_crl, struct span name);

struct nss_reason {
	const char *meaning;
	const char *remedy;
};

/* Why crlutil failed, by what it printed; NULL if that speaks for itself. */
const struct nss_reason *nss_find_reason(const char *output);

/*
 * What to do if, by what sqlite3 printed, it is not the database that is at
 * fault; NULL if it is.
 */
const char *nss_sqlite_remedy(const char *output);
