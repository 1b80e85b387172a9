/* SPDX-License-Identifier: ISC */
/*
 * What the confined reader says of a bundle: a record of fixed size, which the
 * parent checks field by field, since its writer may have been taken over.
 */
#pragma once

#include "ferry/admit.h"
#include "ferry/seals.h"
#include "sub/reader/sandbox.h"

#define VERDICT_SEALS_MAX SEALS_MAX
#define VERDICT_PAIRS_MAX 64

struct verdict_pair {
	uint8_t is_revoked;	/* the subordinate is on the CRL */
	int32_t reason;		/* CRLReason, -1 for none */
	int64_t revoked_at_s;
};

/* Flags are octets 0 or 1; texts end with a NUL within their size. */
struct verdict {
	struct confined_answer answer;
	uint8_t is_decoded;	/* the CRL was PEM: its DER was handed back */
	uint8_t has_manifest;
	uint8_t has_next_ceremony;
	uint8_t is_emergency;
	uint8_t has_number;
	uint8_t is_respelt;	/* as of struct crl_facts */
	uint8_t has_newer_root;	/* a certificate of the pinned subject and
				 * key, to be put in the place of its own */
	int64_t newer_root_end_s;	/* its notAfter */
	int64_t created_s;
	int64_t next_ceremony_s;
	char why[256];		/* of an emergency */
	char published_as[128];
	uint64_t dropped_count;
	uint32_t seal_count;	/* seals by different trusted keys */
	char seals[VERDICT_SEALS_MAX][MINISIGN_KEY_ID_HEX_SIZE];
	uint32_t which[VERDICT_SEALS_MAX];	/* of the bundle's seals */
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
	int64_t next_publish_s;	/* 0 for none */
	uint64_t size_bytes;	/* of the CRL in DER */
	uint64_t revoked_count;
	uint8_t sha256[SHA256_SIZE];
	char algorithm[64];
	uint32_t pair_count;
	struct verdict_pair pairs[VERDICT_PAIRS_MAX];
};

/*
 * Check what came from the reader.  ERR_FORMAT if any field is out of its
 * range; what passes may be shown and compared.
 *
 * pair_count  how many subordinates it was asked about
 */
MUST_CHECK enum err verdict_check(const struct verdict *verdict,
    size_t pair_count, struct error *err);

/* The facts of the CRL. */
struct crl_facts verdict_facts(const struct verdict *verdict);
