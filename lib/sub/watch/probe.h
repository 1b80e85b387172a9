/* SPDX-License-Identifier: ISC */
/*
 * Look at a TLS service as its clients do: does it send every certificate up
 * to a configured root, sound, in force and not revoked?
 */
#pragma once

#include "base/notice.h"
#include "site/config.h"
#include "view/probe.h"

#define PROBE_HOST_SIZE 256

/* Where to look, and how to begin there. */
struct probe_target {
	char host[PROBE_HOST_SIZE];	/* a name or an address, no brackets */
	char port[8];			/* 1..65535, decimal */
	/* that the leaf must carry: host, or that of --servername */
	char servername[PROBE_HOST_SIZE];
	bool is_address;		/* servername is one: it is not sent */
	const struct starttls *starttls;	/* NULL: TLS from the start */
};

/*
 * HOST:PORT, an IPv6 address in brackets.
 *
 * servername, starttls  NULL if they are not given
 *
 * ERR_USAGE says what is missing, or which protocols there are.
 */
MUST_CHECK enum err probe_target_parse(const char *text,
    const char *servername, const char *starttls, struct probe_target *out,
    struct error *err);

/* The protocol's name. */
const char *starttls_name(const struct starttls *starttls);

/*
 * Connect, shake hands, and judge what was sent; nothing else is sent or read.
 * If certificates came, do it once more for the other kind of key, RSA or
 * elliptic curves, of which the service may have another chain.  Each step, of
 * which there are four each time, ends after ten seconds.  Whatever keeps it
 * from looking the first time is a finding with SEVERITY_UNKNOWN.
 *
 * out  begins zeroed
 *
 * What fails here is our own: the configuration, its files, memory.
 */
MUST_CHECK enum err probe(const struct config *config,
    const struct probe_target *target, int64_t now_s,
    struct probe_report *out, struct notices *notices, struct error *err);
