/* SPDX-License-Identifier: ISC */
/* What was found at a TLS service, as text for monitoring and as JSON. */
#pragma once

#include "base/digest.h"
#include "pki/name.h"
#include "pki/serial.h"
#include "plan/standing.h"

#define PROBE_CERTIFICATES_MAX 96
#define PROBE_FINDINGS_MAX 48
#define PROBE_TEXT_SIZE 640

struct probe_certificate {
	/* "leaf", "intermediate", "root", "other-root", "other" */
	const char *role;
	const char *key;	/* that of the leaf of its chain: "RSA" */
	unsigned int position;	/* as it was sent, from 1; 0: it was not */
	char subject[NAME_TEXT_SIZE];
	char issuer[NAME_TEXT_SIZE];
	char serial[SERIAL_TEXT_SIZE];
	char algorithm[64];	/* that it is signed with */
	int64_t not_before_s;
	int64_t not_after_s;
	int64_t warning_s;	/* so long before its end */
	int64_t critical_s;
	const char *revocation;	/* "good", "revoked", "unchecked", "none" */
	char revocation_detail[256];	/* by which CRL, or why not */
	uint8_t sha256[SHA256_SIZE];
};

struct probe_finding {
	enum severity severity;	/* SEVERITY_OK: it is only mentioned */
	const char *id;		/* "missing-intermediate" */
	char text[PROBE_TEXT_SIZE];
	char remedy[PROBE_TEXT_SIZE];	/* or empty */
};

struct probe_report {
	char target[320];	/* HOST:PORT as it was asked for */
	char servername[256];	/* that the leaf must carry */
	const char *starttls;	/* NULL for none */
	char address[64];	/* that answered; or empty */
	char protocol[16];	/* "TLSv1.3"; or empty */
	char cipher[64];
	char signature[64];	/* of the handshake; or empty */
	char root[33];	/* that the chain leads to; or empty */
	const char *key;	/* the kind of the leaf's: "ECDSA" */
	/* "RSA: it has none (...)": when asked for the other kind; or empty */
	char second[192];
	const char *second_key;	/* of the second chain; NULL if none came */
	char second_root[33];
	struct probe_certificate certificates[PROBE_CERTIFICATES_MAX];
	size_t certificate_count;
	/* worst first */
	struct probe_finding findings[PROBE_FINDINGS_MAX];
	size_t finding_count;
	size_t left_out;	/* findings for which there was no room */
};

/*
 * Add a finding behind those that are as bad; its remedy is still empty.  If
 * there is no room the last goes.  Returns it, or NULL if it is left out.
 */
struct probe_finding *probe_find(struct probe_report *report,
    enum severity severity, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What to do about it; nothing if finding is NULL. */
void probe_advise(struct probe_finding *finding, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Add the findings and certificates of the service's chain for the other kind
 * of key.  What is not the same of both is labelled with its kind.
 */
void probe_add_second(struct probe_report *report,
    const struct probe_report *second);

enum severity probe_severity(const struct probe_report *report);

/* Whole days until the end: less than 0 once it has ended. */
int64_t probe_days_left(const struct probe_certificate *certificate,
    int64_t now_s);

/*
 * The monitoring-plugin line with the days that are left to each certificate,
 * then a line for each further finding, and one for each certificate.
 */
MUST_CHECK enum err probe_text(const struct probe_report *report,
    int64_t now_s, struct buffer *out, struct error *err);

/* type "crlferry-probe". */
MUST_CHECK enum err probe_json(const struct probe_report *report,
    int64_t now_s, struct buffer *out, struct error *err);
