/* SPDX-License-Identifier: ISC */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/utc.h"
#include "pki/lint/lint_report.h"

#define SERIAL_MAX 20		/* octets, RFC 5280 4.1.2.2 */

static void
judge_serial(struct lint *lint, struct span serial)
{
	if (serial.size == 0 || serial.data[0] >= 0x80 ||
	    (serial.size == 1 && serial.data[0] == 0))
		lint_report(
		    lint, FOUND_CERT_SERIAL, "serialNumber is not positive");
	else if (serial.size > SERIAL_MAX)
		lint_report(lint, FOUND_CERT_SERIAL, "serialNumber: want at "
		    "most %d octets, have %zu", SERIAL_MAX, serial.size);
}

static void
judge_validity(struct lint *lint, const struct cert *cert)
{
	char begin[UTC_TEXT_SIZE], end[UTC_TEXT_SIZE];

	if (cert->not_after_s >= cert->not_before_s)
		return;
	utc_format(cert->not_before_s, begin);
	utc_format(cert->not_after_s, end);
	lint_report(lint, FOUND_CERT_VALIDITY,
	    "notAfter: want %s or later, have %s", begin, end);
}

static void
judge_constraints(struct lint *lint, const struct cert *cert)
{
	int at = X509_get_ext_by_NID(cert->x509, NID_basic_constraints, -1);

	if (!cert->is_ca)
		lint_report(lint, FOUND_CERT_NOT_CA,
		    "basicConstraints %s", at < 0 ? "is missing" : "lacks cA");
	else if (!X509_EXTENSION_get_critical(X509_get_ext(cert->x509, at)))
		lint_report(lint, FOUND_CERT_CA_CRITICAL,
		    "basicConstraints is not critical");
}

static void
judge_key_usage(struct lint *lint, const struct cert *cert)
{
	if (!cert->has_key_usage) {
		lint_report(lint, FOUND_CERT_KEY_USAGE, "keyUsage is missing");
		return;
	}
	if (cert->is_ca && X509_check_ca(cert->x509) == 0)
		lint_report(lint, FOUND_CERT_CERT_SIGN,
		    "keyUsage lacks keyCertSign, so that it is no CA to "
		    "OpenSSL");
	if (!cert->has_crl_sign)
		lint_report(
		    lint, FOUND_CERT_CRL_SIGN, "keyUsage lacks cRLSign");
}

static void
judge_points(struct lint *lint, const struct cert *cert)
{
	for (size_t i = 0; i < cert->cdp_count; i++) {
		if (!cert->is_cdp_indirect[i])
			continue;
		lint_report(lint, FOUND_CERT_CRL_ISSUER,
		    "crlDistributionPoints: names another cRLIssuer, whose "
		    "indirect CRLs alone count there");
		return;
	}
}

static void
judge_key(struct lint *lint, const struct cert *cert)
{
	if (!cert->has_ski)
		lint_report(
		    lint, FOUND_CERT_SKI, "subjectKeyIdentifier is missing");
	if (cert_is_rsa_short(cert))
		lint_report(lint, lint->profile == LINT_BR ?
		    FOUND_BR_RSA_SHORT : FOUND_RSA_SHORT,
		    "subjectPublicKeyInfo: want RSA of %d bits or more, have "
		    "%d", CERT_RSA_BITS_MIN, EVP_PKEY_get_bits(cert->key));
}

void
lint_certificate(struct lint *lint, struct span file)
{
	const bool is_br = lint->profile == LINT_BR;
	FREE_CERT struct cert *cert = NULL;
	struct error why = {0};

	if (cert_parse(file, &cert, &why) != ERR_OK) {
		lint_report(lint, why.code == ERR_ALGORITHM ?
		    FOUND_ALGORITHM_UNAVAILABLE : FOUND_CERT_FORMAT, "%s",
		    why.what);
		return;
	}
	/* Nobody relies on the signature that a root puts on itself. */
	lint_algorithm(lint, cert->signature_algorithm,
	    is_br ? FOUND_BR_ALGORITHM : FOUND_CERT_ALGORITHM,
	    cert->is_self_issued && !is_br ? FOUND_ROOT_WEAK :
	    FOUND_CERT_WEAK);
	judge_serial(lint, cert->serial);
	judge_validity(lint, cert);
	judge_constraints(lint, cert);
	judge_key_usage(lint, cert);
	judge_points(lint, cert);
	judge_key(lint, cert);
}
