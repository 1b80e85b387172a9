/* SPDX-License-Identifier: ISC */
/*
 * Write a complete v2 CRL in two passes over the index: hash and sign, then
 * emit.  No list is ever held (RFC 5280 5.1).
 */
#pragma once

#include "base/file.h"
#include "base/number.h"
#include "ca/index.h"
#include "ca/signer.h"
#include "pki/cert.h"
#include "pki/lint/lint.h"

/* What AD CS adds to its CRLs (lib/pki/crl.h); {0} for nothing of it. */
struct crlwrite_microsoft {
	bool has_ca_version;
	int32_t ca_version;
	int64_t next_publish_s;		/* 0: none */
	/* GeneralNames, DER, one behind the other; borrowed; empty: none */
	struct span locations;
};

struct crlwrite {
	const struct cert *root;	/* issuer, and its key id for the AKI */
	const struct index *index;
	struct span algorithm;		/* AlgorithmIdentifier, DER */
	struct number number;
	int64_t this_update_s;
	int64_t next_update_s;
	struct crlwrite_microsoft microsoft;
	uint64_t entries_size;		/* octets of all entries */
	struct buffer head;		/* of tbsCertList, up to the entries */
	struct buffer tail;		/* what follows them */
};

#define RELEASE_CRLWRITE __attribute__((cleanup(crlwrite_release)))

/*
 * Build head and tail from the fields above, which the caller has set; root
 * and index are borrowed.
 */
MUST_CHECK enum err crlwrite_prepare(struct crlwrite *crl, struct error *err);
void crlwrite_release(struct crlwrite *crl);

/*
 * Append what stands behind the list in tbsCertList: crlExtensions, none of
 * them critical, of root, number and microsoft alone.
 */
MUST_CHECK enum err crlwrite_extensions(const struct crlwrite *crl,
    struct buffer *out, struct error *err);

/* Judge the unsigned list. */
MUST_CHECK enum err crlwrite_lint(const struct crlwrite *crl,
    struct lint *lint, struct error *err);

/* Sign it and write the whole CRL. */
MUST_CHECK enum err crlwrite_sign(const struct crlwrite *crl,
    struct signer *signer, struct file_writer *writer, struct error *err);
