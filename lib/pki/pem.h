/* SPDX-License-Identifier: ISC */
/* PEM blocks in text, with where they stand (RFC 7468). */
#pragma once

#include "base/bytes.h"

#define PEM_CRL "X509 CRL"
#define PEM_CERTIFICATE "CERTIFICATE"
#define PEM_TRUSTED "TRUSTED CERTIFICATE"	/* trust settings behind it */

/* One block; offsets are octets from the beginning of the text. */
struct pem_block {
	char label[64];
	size_t begin;		/* of "-----BEGIN" */
	size_t end;		/* after the line of "-----END" and its LF */
	struct span body;	/* base64 lines between the two */
};

/*
 * Find the first block at or after *offset and move *offset behind it.
 * False if there is none.  A BEGIN whose END is missing or names another
 * label is passed over.  As OpenSSL does, a byte order mark at *offset is
 * passed over, and blanks and control characters at the end of a line.
 */
bool pem_next(struct span text, size_t *offset, struct pem_block *out);

/* Decode a block's body, appended to out.  ERR_FORMAT if not base64. */
MUST_CHECK enum err pem_decode(const struct pem_block *block,
    struct buffer *out, struct error *err);

/* Append a block with lines of 64 characters, as OpenSSL writes it. */
MUST_CHECK enum err pem_encode(const char *label, struct span der,
    struct buffer *out, struct error *err);

/*
 * Is it DER: a SEQUENCE, and not text that happens to begin with "0"?  No text
 * in ASCII or UTF-8 goes on with 8x, and a short form must fit the file.
 */
bool pem_is_der(struct span file);

/* Is it the label that is wanted, or another of OpenSSL's for the same? */
bool pem_is_label(const char *wanted, const char *label);

/*
 * DER out of a file that is DER or has exactly one PEM block of this label
 * (text before and after is fine), appended to out: one SEQUENCE that fills
 * it.  ERR_FORMAT, with out as it was, otherwise.
 */
MUST_CHECK enum err pem_or_der(struct span file, const char *label,
    struct buffer *out, struct error *err);
