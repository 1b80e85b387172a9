/* SPDX-License-Identifier: ISC */
/* What OpenSSL says of certificates.  Pure.  Inside sub/watch/probe* only. */
#pragma once

#include "sub/watch/probe_chain.h"

#define PROBE_NAMES_SIZE 240

/* The algorithm that it is signed with; true if that is MD5, SHA-1 or worse. */
bool probe_algorithm(const struct cert *cert, char name[64]);

enum probe_name {
	NAME_CARRIED,
	NAME_IN_SUBJECT,	/* in its CN alone: not every client looks */
	NAME_LACKING,
};

/* Does the leaf carry the name that was asked for? */
enum probe_name probe_name(const struct cert *leaf,
    const struct probe_target *target);

/* "www.example.org, 192.0.2.1": those of its subjectAltName, as they fit. */
void probe_names(const struct cert *leaf, char out[PROBE_NAMES_SIZE]);

/* Where its issuer's certificate may be fetched, as it says; empty: nowhere. */
void probe_issuer_url(const struct cert *cert, char out[PROBE_NAMES_SIZE]);

/*
 * Would a client of OpenSSL that trusts the anchor, and knows nothing but what
 * was sent, take it as a server's, whatever it is signed with?
 *
 * why  its words, empty if it would
 */
MUST_CHECK enum err probe_verify(const struct probe_chain *chain,
    int64_t now_s, char why[PROBE_NAMES_SIZE], struct error *err);

/* The kind of its key: "RSA", "ECDSA", "EdDSA", "DSA" or "other". */
const char *probe_key(const struct cert *cert);
