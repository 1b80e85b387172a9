/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "pki/cert_walk.h"
#include "pki/der.h"
#include "pki/microsoft.h"
#include "pki/points.h"

#define WHAT "certificate"
#define WHAT_CDP "certificate: crlDistributionPoints"

static enum err
take_points(struct span value, struct cert *cert, struct error *err)
{
	struct points points;

	_Static_assert(CERT_CDP_MAX == POINTS_MAX, "all names have room");
	TRY(points_parse(value, WHAT_CDP, cert->issuer, &points, err));
	memcpy(cert->cdp, points.names, sizeof(cert->cdp));
	memcpy(cert->is_cdp_indirect, points.is_indirect,
	    sizeof(cert->is_cdp_indirect));
	cert->cdp_count = points.count;
	return ERR_OK;
}

/* What does not read as AD CS writes it does no harm: nobody relies on it. */
static enum err
take_ca_version(struct span value, struct cert *cert, struct error *err)
{
	struct der_value number;
	struct error why;

	(void)err;
	cert->has_ca_version = der_expect(&value, DER_INTEGER, "CA Version",
	    &number, &why) == ERR_OK && value.size == 0 &&
	    der_small_integer(number.content, "CA Version", &cert->ca_version,
	    &why) == ERR_OK;
	return ERR_OK;
}

static const struct {
	uint8_t oid[10];	/* content octets */
	size_t oid_size;
	enum err (*take)(struct span value, struct cert *cert,
	    struct error *err);
} extension_types[] = {
	{{0x55, 0x1d, 0x1f}, 3, take_points},
	{{ADCS_CA_VERSION_OID}, ADCS_OID_SIZE, take_ca_version},
};

static enum err
walk_extension(struct span extension, struct cert *cert, struct error *err)
{
	struct der_value oid, critical, value;

	TRY(der_expect(&extension, DER_OID, WHAT, &oid, err));
	if (der_is_next(extension, DER_BOOLEAN))
		TRY(der_next(&extension, WHAT, &critical, err));
	TRY(der_expect(&extension, DER_OCTET_STRING, WHAT, &value, err));
	TRY(der_end(extension, WHAT, err));
	for (size_t i = 0; i < COUNT_OF(extension_types); i++) {
		if (span_equals(oid.content, (struct span){
		    extension_types[i].oid, extension_types[i].oid_size}))
			return extension_types[i].take(value.content, cert,
			    err);
	}
	return ERR_OK;
}

/* Behind the key come unique identifiers, and [3] with the extensions. */
static enum err
walk_tail(struct span tail, struct cert *cert, struct error *err)
{
	struct der_value field, extensions, extension;

	while (tail.size > 0 && !der_is_next(tail, DER_CONTEXT_CONSTRUCTED(3)))
		TRY(der_next(&tail, WHAT, &field, err));
	if (tail.size == 0)
		return ERR_OK;
	TRY(der_next(&tail, WHAT, &field, err));
	TRY(der_end(tail, WHAT, err));
	TRY(der_expect(&field.content, DER_SEQUENCE, WHAT, &extensions, err));
	TRY(der_end(field.content, WHAT, err));
	while (extensions.content.size > 0) {
		TRY(der_expect(&extensions.content, DER_SEQUENCE, WHAT,
		    &extension, err));
		TRY(walk_extension(extension.content, cert, err));
	}
	return ERR_OK;
}

/* A field that is a SEQUENCE and is kept whole. */
static enum err
take_sequence(struct span *in, struct span *out, struct error *err)
{
	struct der_value value;

	TRY(der_expect(in, DER_SEQUENCE, WHAT, &value, err));
	*out = value.whole;
	return ERR_OK;
}

/* TBSCertificate (RFC 5280 4.1). */
static enum err
walk_tbs(struct span tbs, struct cert *cert, struct span *inner_algorithm,
    struct error *err)
{
	struct der_value version, serial;
	struct span validity;

	if (der_is_next(tbs, DER_CONTEXT_CONSTRUCTED(0)))
		TRY(der_next(&tbs, WHAT, &version, err));
	TRY(der_expect(&tbs, DER_INTEGER, WHAT, &serial, err));
	TRY(der_check_integer(serial.content, WHAT ": serial", err));
	TRY(take_sequence(&tbs, inner_algorithm, err));
	TRY(take_sequence(&tbs, &cert->issuer, err));
	TRY(take_sequence(&tbs, &validity, err));
	TRY(take_sequence(&tbs, &cert->subject, err));
	TRY(take_sequence(&tbs, &cert->spki, err));
	cert->serial = serial.content;
	return walk_tail(tbs, cert, err);
}

enum err
cert_walk(struct cert *cert, struct error *err)
{
	struct span in = span_of_buffer(&cert->der), inner_algorithm;
	struct der_value whole, tbs, signature;

	TRY(der_expect(&in, DER_SEQUENCE, WHAT, &whole, err));
	TRY(der_end(in, WHAT, err));
	TRY(der_expect(&whole.content, DER_SEQUENCE, WHAT, &tbs, err));
	TRY(take_sequence(&whole.content, &cert->signature_algorithm, err));
	TRY(der_expect(&whole.content, DER_BIT_STRING, WHAT, &signature, err));
	TRY(der_end(whole.content, WHAT, err));
	TRY(walk_tbs(tbs.content, cert, &inner_algorithm, err));
	if (!span_equals(inner_algorithm, cert->signature_algorithm))
		return err_fail(err, ERR_FORMAT,
		    WHAT ": the algorithms inside and outside differ (RFC 5280 "
			 "4.1.1.2)");
	return ERR_OK;
}
