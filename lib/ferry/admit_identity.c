/* SPDX-License-Identifier: ISC */
/* Whose CRL is it? */
#include "ferry/admit.h"
#include "pki/algorithm.h"

enum err
admit_identity(struct crl *crl, const struct cert *root, struct error *err)
{
	struct algorithm algorithm;

	TRY(crl_check_issuer(crl, root, err));
	TRY(crl_check_aki(crl, root, err));
	TRY(crl_algorithm(crl, &algorithm, err));
	TRY(algorithm_check(&algorithm, err));
	/* keyUsage is judged there, after the algorithm. */
	return crl_verify(crl, root, err);
}

void
admit_note_respelt(const char *what, const struct cert *root,
    struct notices *notices)
{
	notice(notices, "%s: its issuer is %s, but not octet for octet as in "
	    "the certificate; to OpenSSL and GnuTLS they are equal (RFC 5280 "
	    "7.1), to a program that compares octets, such as NSS, they are "
	    "not", what, root->subject_text);
}
