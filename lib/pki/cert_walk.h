/* SPDX-License-Identifier: ISC */
/* The DER walk of pki/cert: where in a certificate its fields stand. */
#pragma once

#include "pki/cert.h"

/*
 * Fill the spans of a cert whose der is filled: subject, issuer, serial,
 * spki, signature_algorithm, cdp with is_cdp_indirect; and ca_version.
 *
 * ERR_FORMAT if the fields are not strict DER, if inner and outer
 * signature algorithm differ (RFC 5280 4.1.1.2), and for more distribution
 * point names than CERT_CDP_MAX.
 */
MUST_CHECK enum err cert_walk(struct cert *cert, struct error *err);
