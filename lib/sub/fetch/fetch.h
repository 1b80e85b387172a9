/* SPDX-License-Identifier: ISC */
/*
 * Fetch what a distribution point delivers, as clients do: http and https,
 * ldap and ldaps (RFC 5280 4.2.1.13), by the installed curl.
 */
#pragma once

#include "base/bytes.h"

#define FETCH_FAULT_SIZE 160

/* What is fetched. */
struct fetch {
	const char *url;
	const char *ca;		/* PEM file of who vouches for the server; NULL:
				 * the system's */
	unsigned int timeout_s;	/* 1..3600 */
	uint64_t max_bytes;	/* of a CRL */
};

/* What came of it; start from {0}, release. */
struct fetched {
	bool is_done;
	struct buffer octets;	/* as they came; of LDAP the attribute's */
	/* Why there is nothing to be judged, or not all of it; or empty. */
	char fault[FETCH_FAULT_SIZE];
	const char *remedy;	/* for that; static */
	char media_type[64];	/* that HTTP named; empty: none, or LDAP */
	bool is_http;
};

#define RELEASE_FETCHED __attribute__((cleanup(fetched_release)))

/*
 * Fetch it once: no redirect is followed, no proxy asked, no file of the user's
 * read.  A server that delivers nothing is no failure: that is in out->fault.
 *
 * ERR_STORE if curl or the CA file is not there, if curl cannot do it, or if
 * there is no network; ERR_PERMISSIONS if others can change curl or that file.
 */
MUST_CHECK enum err fetch_url(const struct fetch *fetch, struct fetched *out,
    struct error *err);
void fetched_release(struct fetched *fetched);
