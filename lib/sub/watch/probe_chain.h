/* SPDX-License-Identifier: ISC */
/*
 * The way from a service's leaf up to a configured root, whatever it sent and
 * in whatever order.  Pure.  Inside sub/watch/probe* only.
 */
#pragma once

#include "pki/cert.h"
#include "site/config.h"
#include "sub/watch/probe_handshake.h"

/* A CA of the configuration; borrowed. */
struct probe_ca {
	const struct cert *cert;
	const char *path;		/* of its certificate */
	bool is_der;			/* so is that file */
	const struct config_root *root;
	bool is_root;			/* else a subordinate of it */
};

/* One certificate of the service. */
struct probe_sent {
	struct cert *cert;	/* NULL if it does not parse, for the reason */
	struct error why;
	enum probe_part {
		SENT_STRANGER,	/* it has no part in the way */
		SENT_LINK,
		SENT_AGAIN,	/* it is a link's, octet for octet */
		SENT_OTHER,	/* another of a link's CA, or above it */
		SENT_ASTRAY,	/* one that clients take for the link */
		SENT_ROOT,	/* the root's own: clients have it */
		SENT_BEYOND,	/* another CA's for the root's key, or above */
	} part;
};

/* From the leaf on up, without the root. */
struct probe_link {
	const struct cert *cert;
	unsigned int position;	/* as it was sent, from 1; 0: it was not */
	const struct probe_ca *ca;	/* if it is configured; or NULL */
};

#define PROBE_LINKS_MAX (PROBE_SENT_MAX + 8)

struct probe_chain {
	struct probe_sent sent[PROBE_SENT_MAX];
	size_t sent_count;
	struct probe_link links[PROBE_LINKS_MAX];
	size_t link_count;		/* 0 if the leaf does not parse */
	const struct probe_ca *anchor;	/* the root; NULL: not reached */
	/* the CA that the last link names as its issuer, if not reached and
	 * configured, with another key; NULL */
	const struct probe_ca *namesake;
};

#define RELEASE_CHAIN __attribute__((cleanup(probe_chain_release)))
void probe_chain_release(struct probe_chain *chain);

/*
 * Find the way.  A certificate is another's issuer if the names are equal and
 * its key verifies the signature; of several the one that is in force at now_s
 * goes first, then one that a configured CA issued, and what was sent before
 * what is only configured.
 *
 * out  its sent and sent_count are filled, the rest begins zeroed
 */
void probe_chain_build(struct probe_chain *chain, const struct probe_ca *cas,
    size_t ca_count, int64_t now_s);
