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
	X(VERSION, "crl-version", ERROR, "RFC 5280 5.1.2.1") \
	X(ALGORITHM_MISMATCH, "algorithm-mismatch", ERROR, \
	    "RFC 5280 5.1.1.2") \
	X(ALGORITHM_UNKNOWN, "algorithm-unknown", ERROR, "RFC 5280 4.1.1.2") \
	X(ALGORITHM_UNAVAILABLE, "algorithm-unavailable", ERROR, \
	    "RFC 9881, RFC 9909") \
	X(ALGORITHM_WEAK, "algorithm-weak", ERROR, "RFC 6151, RFC 6194") \
	X(ISSUER_EMPTY, "issuer-empty", ERROR, "RFC 5280 5.1.2.3") \
	X(THIS_UPDATE_ENCODING, "this-update-encoding", ERROR, \
	    "RFC 5280 5.1.2.4") \
	X(NEXT_UPDATE_MISSING, "next-update-missing", ERROR, \
	    "RFC 5280 5.1.2.5") \
	X(NEXT_UPDATE_ENCODING, "next-update-encoding", ERROR, \
	    "RFC 5280 5.1.2.5") \
	X(NEXT_UPDATE_ORDER, "next-update-order", ERROR, "RFC 5280 5.1.2.5") \
	X(REVOKED_EMPTY, "revoked-empty", ERROR, "RFC 5280 5.1.2.6") \
	X(UNKNOWN_CRITICAL, "unknown-critical", ERROR, "RFC 5280 5.2") \
	X(AKI_MISSING, "aki-missing", ERROR, "RFC 5280 5.2.1") \
	X(AKI_KEY_ID, "aki-key-id", ERROR, "RFC 5280 5.2.1") \
	X(AKI_CRITICAL, "aki-critical", ERROR, "RFC 5280 4.2.1.1") \
	X(AKI_MISMATCH, "aki-mismatch", ERROR, "RFC 5280 5.2.1") \
	X(NUMBER_MISSING, "number-missing", ERROR, "RFC 5280 5.2.3") \
	X(NUMBER_CRITICAL, "number-critical", ERROR, "RFC 5280 5.2.3") \
	X(DELTA, "delta", NOTICE, "RFC 5280 5.2.4") \
	X(IDP_CRITICAL, "idp-critical", ERROR, "RFC 5280 5.2.5") \
	X(IDP_EMPTY, "idp-empty", ERROR, "RFC 5280 5.2.5") \
	X(IDP_CONFLICT, "idp-conflict", ERROR, "RFC 5280 5.2.5") \
	X(INDIRECT, "indirect", NOTICE, "RFC 5280 5.2.5") \
	X(PARTIAL, "partial-scope", NOTICE, "RFC 5280 5.2.5") \
	X(NEXT_PUBLISH, "next-publish", NOTICE, "AD CS") \
	X(NEXT_PUBLISH_WRONG, "next-publish-wrong", WARNING, "AD CS") \
	X(CA_VERSION, "ca-version", NOTICE, "AD CS") \
	X(CA_VERSION_WRONG, "ca-version-wrong", WARNING, "AD CS") \
	X(LOCATIONS, "published-locations", NOTICE, "AD CS") \
	X(LOCATIONS_WRONG, "published-locations-wrong", WARNING, "AD CS") \
	X(ISSUER, "issuer", ERROR, "RFC 5280 6.3.3") \
	X(ISSUER_SPELLING, "issuer-spelling", NOTICE, "RFC 5280 7.1") \
	X(SIGNATURE, "signature", ERROR, "RFC 5280 6.3.3") \
	X(SERIAL_DUPLICATE, "serial-duplicate", ERROR, \
	    "RFC 5280 5.1.2.6") \
	X(SERIAL_NOT_POSITIVE, "serial-not-positive", WARNING, \
	    "RFC 5280 4.1.2.2") \
	X(SERIAL_LONG, "serial-long", WARNING, "RFC 5280 4.1.2.2") \
	X(ENTRY_DATE_ENCODING, "entry-date-encoding", ERROR, \
	    "RFC 5280 5.1.2.6") \
	X(ENTRY_DATE_LATE, "entry-date-late", WARNING, "RFC 5280 5.1.2.6") \
	X(ENTRY_UNKNOWN_CRITICAL, "entry-unknown-critical", ERROR, \
	    "RFC 5280 5.3") \
	X(REASON_UNSPECIFIED, "reason-unspecified", WARNING, \
	    "RFC 5280 5.3.1") \
	X(REASON_RANGE, "reason-range", ERROR, "RFC 5280 5.3.1") \
	X(REASON_REMOVE, "reason-remove", ERROR, "RFC 5280 5.3.1") \
	X(REASON_CRITICAL, "reason-critical", ERROR, "RFC 5280 5.3.1") \
	X(INVALIDITY_CRITICAL, "invalidity-date-critical", ERROR, \
	    "RFC 5280 5.3.2") \
	X(BR_ALGORITHM, "br-algorithm", ERROR, "BR 7.1.3.2") \
	X(BR_VALIDITY, "br-validity", ERROR, "BR 4.9.7") \
	X(BR_SCOPE, "br-scope", ERROR, "BR 7.2.2.1") \
	X(BR_REASON_UNSPECIFIED, "br-reason-unspecified", ERROR, \
	    "BR 7.2.2") \
	X(BR_REASON_HOLD, "br-reason-hold", ERROR, "BR 7.2.2") \
	X(BR_REASON_MISSING, "br-reason-missing", NOTICE, "BR 7.2.2") \
	X(CERT_FORMAT, "certificate-format", ERROR, "X.690, RFC 5280 4.1") \
	X(CERT_ALGORITHM, "certificate-algorithm", WARNING, \
	    "RFC 5280 4.1.1.2") \
	X(CERT_WEAK, "certificate-weak", ERROR, "RFC 6151, RFC 6194") \
	X(ROOT_WEAK, "root-weak", WARNING, "RFC 6151, RFC 6194") \
	X(CERT_SERIAL, "certificate-serial", ERROR, "RFC 5280 4.1.2.2") \
	X(CERT_VALIDITY, "certificate-validity", ERROR, "RFC 5280 4.1.2.5") \
	X(CERT_NOT_CA, "certificate-not-ca", ERROR, "RFC 5280 4.2.1.9") \
	X(CERT_CA_CRITICAL, "basic-constraints-critical", ERROR, \
	    "RFC 5280 4.2.1.9") \
	X(CERT_KEY_USAGE, "key-usage-missing", WARNING, \
	    "RFC 5280 4.2.1.3") \
	X(CERT_CERT_SIGN, "cert-sign-missing", ERROR, "RFC 5280 4.2.1.3") \
	X(CERT_CRL_SIGN, "crl-sign-missing", ERROR, "RFC 5280 4.2.1.3") \
	X(CERT_SKI, "ski-missing", ERROR, "RFC 5280 4.2.1.2") \
	X(CERT_CRL_ISSUER, "cdp-crl-issuer", NOTICE, "RFC 5280 6.3.3") \
	X(RSA_SHORT, "rsa-short", WARNING, "NIST SP 800-131A") \
	X(BR_RSA_SHORT, "br-rsa-short", ERROR, "BR 6.1.5")

enum lint_id {
#define X(name, id, severity, source) FOUND_##name,
	LINTS(X)
#undef X
	LINT_ID_COUNT
};

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

	/* kept by lint_crl_frame for the entries; start from {0} */
	bool has_frame;
	bool is_delta;
	int64_t this_update_s;
	bool is_reason_missed;	/* said once, not for each entry */
};

/* The rows of the table above. */
struct lint_row {
	const char *id;
	enum lint_severity severity;
	const char *source;	/* section */
};

extern const struct lint_row lint_rows[LINT_ID_COUNT];

/* False for an unknown name. */
bool lint_profile_parse(const char *name, enum lint_profile *out);

/*
 * Judge what stands before and after the revoked list, signed or not.
 * lint remembers what the entries are compared with.
 */
void lint_crl_frame(struct lint *lint, const struct crl *crl);

/* Judge one entry, the index-th from 0. */
void lint_crl_entry(struct lint *lint, const struct crl_entry *entry,
    uint64_t index);

/*
 * Judge a whole CRL.  One that cannot be parsed is the finding `format`; an
 * error returned is I/O or memory.
 *
 * root   the CA that should have signed it, or NULL
 */
MUST_CHECK enum err lint_crl(struct lint *lint, struct window *window,
    const struct cert *root, struct error *err);

/*
 * Judge a CA certificate, DER or PEM.  One that cannot be parsed has the
 * finding `certificate-format`, or `algorithm-unavailable` if it takes a
 * later OpenSSL than this machine's.
 */
void lint_certificate(struct lint *lint, struct span file);
