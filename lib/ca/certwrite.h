/* SPDX-License-Identifier: ISC */
/*
 * Write a root's certificate anew for the same key: what names it and what it
 * may do stay octet for octet; serial, algorithm and validity are new
 * (RFC 5280 4.1).
 */
#pragma once

#include "ca/signer.h"
#include "pki/cert.h"

#define CERTWRITE_SERIAL_SIZE 16

struct certwrite {
	const struct cert *old;		/* self-signed; borrowed */
	struct span algorithm;		/* AlgorithmIdentifier, DER */
	uint8_t serial[CERTWRITE_SERIAL_SIZE];	/* content octets */
	int64_t not_after_s;
	struct buffer tbs;		/* TBSCertificate, DER */
};

#define RELEASE_CERTWRITE __attribute__((cleanup(certwrite_release)))

/* A random serial of 126 bits, positive, all octets used (4.1.2.2). */
void certwrite_serial(uint8_t out[CERTWRITE_SERIAL_SIZE]);

/*
 * Build the TBSCertificate from the fields above, which the caller has set.
 * notBefore stays, in the form that RFC 5280 4.1.2.5 wants.  An
 * authorityKeyIdentifier that names issuer and serial, which would be those of
 * the old certificate, keeps the key identifier alone: the old subject's.
 */
MUST_CHECK enum err certwrite_prepare(struct certwrite *write,
    struct error *err);
void certwrite_release(struct certwrite *write);

/*
 * Append the certificate with an empty signature, for a linter to judge before
 * there is one; or sign it, and append it whole.
 */
MUST_CHECK enum err certwrite_frame(const struct certwrite *write,
    struct buffer *out, struct error *err);
MUST_CHECK enum err certwrite_sign(const struct certwrite *write,
    struct signer *signer, struct buffer *out, struct error *err);
