/* SPDX-License-Identifier: ISC */
/*
 * Judge CRLs and CA certificates against a profile: `rfc5280`, or `br`, the
 * CA/Browser Forum Baseline Requirements 7.2.
 */
#pragma once

#include "base/bytes.h"
#include "pki/cert.h"
#include "pki/crl.h"

enum lint_profile {
	LINT_RFC5280,
	LINT_BR,
};

enum lint_severity {
	LINT_NOTICE,	/* worth knowing */
	LINT_WARNING,	/* against a SHOULD */
	LINT_ERROR,	/* against a MUST */
};

/*
 * X(name, id, severity, source): every finding there is.  Ids are stable.
 */
#define LINTS(X) \
	X(FORMAT, "format", ERROR, "X.690, RFC 5280 5.1") \
	X(VERSION, "crl-version", ERROR, "RFC 5280 5.1.2.1")

struct lint_finding {
	const char *id;
	enum lint_severity severity;
	const char *source;	/* section */
	char text[256];		/* "want X, have Y" */
};

struct lint {
	enum lint_profile profile;
	void (*found)(void *context, const struct lint_finding *finding);
	void *context;
	uint64_t errors;	/* counted as they are found */
	uint64_t warnings;
};

/* False for an unknown name. */
bool lint_profile_parse(const char *name, enum lint_profile *out);

/* Judge what stands before and after the revoked list. */
void lint_crl_frame(struct lint *lint, const struct crl *crl);

/* Judge one entry, the index-th from 0. */
void lint_crl_entry(struct lint *lint, const struct crl_entry *entry,
    uint64_t index);

/*
 * Judge a whole CRL.  What cannot be parsed is the finding `format`; an
 * error returned is I/O or memory.
 *
 * root   the CA that should have signed it, or NULL
 */
MUST_CHECK enum err lint_crl(struct lint *lint, struct window *window,
    const struct cert *root, struct error *err);

/* Judge a CA certificate, DER or PEM. */
void lint_certificate(struct lint *lint, struct span file);
