/* SPDX-License-Identifier: ISC */
/*
 * A CA certificate, and its DER walk alone, which must stand on its own where
 * OpenSSL would have refused before it.  Every refusal must say why; what is
 * taken lies in the octets, can be shown, and comes back from its own PEM.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/utc.h"
#include "must.h"
#include "pki/cert.h"
#include "pki/cert_walk.h"
#include "pki/lint/lint.h"
#include "pki/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_say(void *context, const struct lint_finding *finding)
{
	if (finding->text[0] == '\0')
		abort();
}

static void
check_within(struct span whole, struct span part)
{
	if (part.size == 0 || part.data < whole.data ||
	    part.data + part.size > whole.data + whole.size)
		abort();
}

static void
check_spans(const struct cert *cert)
{
	const struct span whole = span_of_buffer(&cert->der);
	const struct span parts[] = {cert->subject, cert->issuer,
	    cert->serial, cert->spki, cert->signature_algorithm};
	size_t i;

	for (i = 0; i < COUNT_OF(parts); i++)
		check_within(whole, parts[i]);
	if (cert->cdp_count > CERT_CDP_MAX)
		abort();
	for (i = 0; i < cert->cdp_count; i++)
		check_within(whole, cert->cdp[i]);
}

static void
try_walk(struct span in)
{
	RELEASE_BUFFER struct buffer der = {0};
	struct cert cert = {.cdp_count = 0};
	struct error err = {0};

	if (buffer_append(&der, in.data, in.size, NULL) != ERR_OK)
		abort();
	cert.der = der;
	if (!is_refused(cert_walk(&cert, &err), &err))
		check_spans(&cert);
}

static void
check_facts(const struct cert *cert)
{
	RELEASE_BUFFER struct buffer line = {0};
	struct error err = {0};

	if (!text_is_printable(cert->subject_text,
	    sizeof(cert->subject_text)) ||
	    cert->key_id_size == 0 || cert->key_id_size > SHA256_SIZE ||
	    cert->not_before_s < UTC_MIN_S || cert->not_before_s > UTC_MAX_S ||
	    cert->not_after_s < UTC_MIN_S || cert->not_after_s > UTC_MAX_S ||
	    (cert->has_crl_sign && !cert->has_key_usage) ||
	    cert->x509 == NULL || cert->key == NULL)
		abort();
	if (cert_subject_oneline(cert, &line, &err) != ERR_OK ||
	    buffer_append(&line, "", 1, &err) != ERR_OK ||
	    !text_is_printable((const char *)line.data, line.size))
		abort();
}

/* With the text around it gone. */
static void
check_again(const struct cert *first)
{
	RELEASE_BUFFER struct buffer pem = {0};
	FREE_CERT struct cert *second = NULL;
	struct error err = {0};

	if (pem_encode(PEM_CERTIFICATE, span_of_buffer(&first->der), &pem,
	    &err) != ERR_OK)
		abort();
	/* Its PEM may be too long where its DER was not. */
	if (pem.size > CERT_MAX_BYTES)
		return;
	if (cert_parse(span_of_buffer(&pem), &second, &err) != ERR_OK ||
	    !cert_is_same_ca(first, second) ||
	    !span_equals(span_of_buffer(&first->der),
	    span_of_buffer(&second->der)))
		abort();
}

static void
try_lint(struct span in, bool is_good)
{
	for (int profile = LINT_RFC5280; profile <= LINT_BR; profile++) {
		struct lint lint = {
			.profile = (enum lint_profile)profile,
			.found = must_say,
		};

		lint_certificate(&lint, in);
		if (!is_good && lint.errors == 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span in = { data, size };
	FREE_CERT struct cert *cert = NULL;
	struct error err = {0};

	try_walk(in);
	if (!is_refused(cert_parse(in, &cert, &err), &err)) {
		check_spans(cert);
		check_facts(cert);
		check_again(cert);
		is_refused(cert_check_signs_crls(cert, &err), &err);
		is_refused(cert_check_issued_by(cert, cert, &err), &err);
	}
	try_lint(in, cert != NULL);
	return 0;
}
