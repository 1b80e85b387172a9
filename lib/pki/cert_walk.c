/* SPDX-License-Identifier: ISC */
#include "pki/cert_walk.h"
#include "pki/der.h"

#define WHAT "certificate"
#define WHAT_CDP "certificate: crlDistributionPoints"

static const uint8_t cdp_oid[] = {0x55, 0x1d, 0x1f};

/* Every GeneralName of one fullName. */
static enum err
take_names(struct span in, struct cert *cert, struct error *err)
{
	struct der_value name;

	while (in.size > 0) {
		TRY(der_next(&in, WHAT_CDP, &name, err));
		if (cert->cdp_count == CERT_CDP_MAX)
			return err_fail(err, ERR_FORMAT,
			    WHAT_CDP ": more than %d names", CERT_CDP_MAX);
		cert->cdp[cert->cdp_count++] = name.whole;
	}
	return ERR_OK;
}

/* Is none of these GeneralNames the directoryName of the issuer? */
static enum err
names_another(struct span names, struct span issuer, bool *out,
    struct error *err)
{
	struct der_value name;

	*out = true;
	while (names.size > 0) {
		TRY(der_next(&names, WHAT_CDP, &name, err));
		if (name.tag == DER_CONTEXT_CONSTRUCTED(4) &&
		    name_equals(name.content, issuer))
			*out = false;
	}
	return ERR_OK;
}

/*
 * DistributionPoint: of its fields the fullName matters here, and whether
 * cRLIssuer makes it one of another's, indirect CRLs (RFC 5280 6.3.3 (b)(1)).
 */
static enum err
walk_point(struct span point, struct cert *cert, struct error *err)
{
	const size_t first = cert->cdp_count;
	struct der_value field, name;
	bool is_indirect = false;

	while (point.size > 0) {
		TRY(der_next(&point, WHAT_CDP, &field, err));
		if (field.tag == DER_CONTEXT_CONSTRUCTED(2))
			TRY(names_another(field.content, cert->issuer,
			    &is_indirect, err));
		if (field.tag != DER_CONTEXT_CONSTRUCTED(0))
			continue;
		TRY(der_next(&field.content, WHAT_CDP, &name, err));
		TRY(der_end(field.content, WHAT_CDP, err));
		if (name.tag == DER_CONTEXT_CONSTRUCTED(0))
			TRY(take_names(name.content, cert, err));
	}
	for (size_t i = first; i < cert->cdp_count; i++)
		cert->is_cdp_indirect[i] = is_indirect;
	return ERR_OK;
}

static enum err
walk_points(struct span in, struct cert *cert, struct error *err)
{
	struct der_value points, point;

	TRY(der_expect(&in, DER_SEQUENCE, WHAT_CDP, &points, err));
	TRY(der_end(in, WHAT_CDP, err));
	while (points.content.size > 0) {
		TRY(der_expect(&points.content, DER_SEQUENCE, WHAT_CDP, &point,
		    err));
		TRY(walk_point(point.content, cert, err));
	}
	return ERR_OK;
}

static enum err
walk_extension(struct span extension, struct cert *cert, struct error *err)
{
	struct der_value oid, critical, value;

	TRY(der_expect(&extension, DER_OID, WHAT, &oid, err));
	if (der_is_next(extension, DER_BOOLEAN))
		TRY(der_next(&extension, WHAT, &critical, err));
	TRY(der_expect(&extension, DER_OCTET_STRING, WHAT, &value, err));
	TRY(der_end(extension, WHAT, err));
	if (!span_equals(oid.content, (struct span){cdp_oid, sizeof(cdp_oid)}))
		return ERR_OK;
	return walk_points(value.content, cert, err);
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
