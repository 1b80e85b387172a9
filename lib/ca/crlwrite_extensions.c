/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "ca/crlwrite.h"
#include "pki/der.h"
#include "pki/microsoft.h"

/* Content octets of OIDs. */
static const uint8_t aki_oid[] = {0x55, 0x1d, 0x23};
static const uint8_t number_oid[] = {0x55, 0x1d, 0x14};
static const uint8_t ca_version_oid[] = {ADCS_CA_VERSION_OID};
static const uint8_t next_publish_oid[] = {ADCS_NEXT_PUBLISH_OID};
static const uint8_t locations_oid[] = {ADCS_LOCATIONS_OID};

#define SPAN_OF(array) ((struct span){array, sizeof(array)})

/* One extension, not critical, around the DER of its value. */
static enum err
put_extension(struct buffer *out, struct span oid, struct span value,
    struct error *err)
{
	RELEASE_BUFFER struct buffer inner = {0};

	TRY(der_put(&inner, DER_OID, oid, err));
	TRY(der_put(&inner, DER_OCTET_STRING, value, err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&inner), err);
}

/* With the key id alone. */
static enum err
put_aki(struct buffer *out, const struct cert *root, struct error *err)
{
	const struct span key_id = {root->key_id, root->key_id_size};
	RELEASE_BUFFER struct buffer field = {0};
	RELEASE_BUFFER struct buffer value = {0};

	TRY(der_put(&field, DER_CONTEXT(0), key_id, err));
	TRY(der_put(&value, DER_SEQUENCE, span_of_buffer(&field), err));
	return put_extension(out, SPAN_OF(aki_oid), span_of_buffer(&value),
	    err);
}

static enum err
put_number(struct buffer *out, struct span oid, const struct number *number,
    struct error *err)
{
	RELEASE_BUFFER struct buffer value = {0};
	uint8_t octets[NUMBER_OCTETS + 1];

	TRY(der_put(&value, DER_INTEGER, number_der_content(number, octets),
	    err));
	return put_extension(out, oid, span_of_buffer(&value), err);
}

static enum err
put_ca_version(struct buffer *out, const struct crlwrite_microsoft *microsoft,
    struct error *err)
{
	const struct number version =
	    number_from_u64((uint32_t)microsoft->ca_version);

	return microsoft->has_ca_version ? put_number(out,
	    SPAN_OF(ca_version_oid), &version, err) : ERR_OK;
}

static enum err
put_next_publish(struct buffer *out,
    const struct crlwrite_microsoft *microsoft, struct error *err)
{
	uint8_t time[17];

	if (microsoft->next_publish_s == 0)
		return ERR_OK;
	return put_extension(out, SPAN_OF(next_publish_oid), (struct span){
	    time, utc_to_der(microsoft->next_publish_s, time)}, err);
}

/* Put a header of this tag before the value. */
static enum err
wrap(struct buffer *value, uint8_t tag, struct error *err)
{
	RELEASE_BUFFER struct buffer content = *value;

	*value = (struct buffer){0};
	return der_put(value, tag, span_of_buffer(&content), err);
}

/* CRLDistributionPoints: one point, with all names as its fullName. */
static enum err
put_locations(struct buffer *out, const struct crlwrite_microsoft *microsoft,
    struct error *err)
{
	const struct span names = microsoft->locations;
	RELEASE_BUFFER struct buffer value = {0};

	if (names.size == 0)
		return ERR_OK;
	TRY(der_put(&value, DER_CONTEXT_CONSTRUCTED(0), names, err));
	TRY(wrap(&value, DER_CONTEXT_CONSTRUCTED(0), err));
	TRY(wrap(&value, DER_SEQUENCE, err));
	TRY(wrap(&value, DER_SEQUENCE, err));
	return put_extension(out, SPAN_OF(locations_oid),
	    span_of_buffer(&value), err);
}

/* Without AD CS's it is OpenSSL's order, with them that of AD CS. */
enum err
crlwrite_extensions(const struct crlwrite *crl, struct buffer *out,
    struct error *err)
{
	const struct crlwrite_microsoft *microsoft = &crl->microsoft;
	RELEASE_BUFFER struct buffer extensions = {0};
	RELEASE_BUFFER struct buffer list = {0};

	TRY(put_aki(&extensions, crl->root, err));
	TRY(put_ca_version(&extensions, microsoft, err));
	TRY(put_number(&extensions, SPAN_OF(number_oid), &crl->number, err));
	TRY(put_next_publish(&extensions, microsoft, err));
	TRY(put_locations(&extensions, microsoft, err));
	TRY(der_put(&list, DER_SEQUENCE, span_of_buffer(&extensions), err));
	return der_put(out, DER_CONTEXT_CONSTRUCTED(0),
	    span_of_buffer(&list), err);
}
