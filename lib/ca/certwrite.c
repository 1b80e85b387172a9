/* SPDX-License-Identifier: ISC */
#include "base/secret.h"
#include "base/utc.h"
#include "ca/certwrite.h"
#include "pki/der.h"

#define WHAT "certificate"
#define WHAT_AKI "certificate: authorityKeyIdentifier"

static const uint8_t aki_oid[] = {0x55, 0x1d, 0x23};

void
certwrite_serial(uint8_t out[CERTWRITE_SERIAL_SIZE])
{
	secret_random(out, CERTWRITE_SERIAL_SIZE);
	/* Positive, and never padded. */
	out[0] = (uint8_t)((out[0] & 0x7f) | 0x40);
}

static enum err
put_whole(struct buffer *out, struct span value, struct error *err)
{
	return buffer_append(out, value.data, value.size, err);
}

/* Take the next value, and append it as it is. */
static enum err
copy_next(struct span *in, struct buffer *out, struct error *err)
{
	struct der_value value;

	TRY(der_next(in, WHAT, &value, err));
	return put_whole(out, value.whole, err);
}

/* Does it name issuer or serial of a certificate, beside the key? */
static enum err
names_certificate(struct span aki, bool *out, struct error *err)
{
	struct der_value list, field;

	*out = false;
	TRY(der_expect(&aki, DER_SEQUENCE, WHAT_AKI, &list, err));
	TRY(der_end(aki, WHAT_AKI, err));
	while (list.content.size > 0) {
		TRY(der_next(&list.content, WHAT_AKI, &field, err));
		*out = *out || field.tag != DER_CONTEXT(0);
	}
	return ERR_OK;
}

/* An Extension whose value is the key identifier alone. */
static enum err
put_aki(const struct cert *old, struct span head, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer inner = {0}, aki = {0}, value = {0};

	TRY(der_put(&value, DER_CONTEXT(0), (struct span){old->key_id,
	    old->key_id_size}, err));
	TRY(der_put(&aki, DER_SEQUENCE, span_of_buffer(&value), err));
	TRY(put_whole(&inner, head, err));
	TRY(der_put(&inner, DER_OCTET_STRING, span_of_buffer(&aki), err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&inner), err);
}

/* One Extension, as it is unless it names the old certificate. */
static enum err
put_extension(const struct cert *old, const struct der_value *extension,
    struct buffer *out, struct error *err)
{
	struct span rest = extension->content;
	struct der_value oid, critical, value;
	bool is_bound = false;

	TRY(der_expect(&rest, DER_OID, WHAT, &oid, err));
	if (der_is_next(rest, DER_BOOLEAN))
		TRY(der_next(&rest, WHAT, &critical, err));
	/* OID and critical, which stay. */
	const struct span head = {extension->content.data,
	    extension->content.size - rest.size};

	TRY(der_expect(&rest, DER_OCTET_STRING, WHAT, &value, err));
	if (span_equals(oid.content, (struct span){aki_oid, sizeof(aki_oid)}))
		TRY(names_certificate(value.content, &is_bound, err));
	return is_bound ? put_aki(old, head, out, err) :
	    put_whole(out, extension->whole, err);
}

static enum err
put_extensions(const struct cert *old, struct span in, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer list = {0}, sequence = {0};
	struct der_value outer, extension;

	TRY(der_expect(&in, DER_SEQUENCE, WHAT, &outer, err));
	while (outer.content.size > 0) {
		TRY(der_expect(&outer.content, DER_SEQUENCE, WHAT, &extension,
		    err));
		TRY(put_extension(old, &extension, &list, err));
	}
	TRY(der_put(&sequence, DER_SEQUENCE, span_of_buffer(&list), err));
	return der_put(out, DER_CONTEXT_CONSTRUCTED(3),
	    span_of_buffer(&sequence), err);
}

/* Unique identifiers and extensions (RFC 5280 4.1.2.8, 4.1.2.9). */
static enum err
put_tail(const struct cert *old, struct span tail, struct buffer *out,
    struct error *err)
{
	struct der_value field;

	while (tail.size > 0) {
		TRY(der_next(&tail, WHAT, &field, err));
		if (field.tag == DER_CONTEXT_CONSTRUCTED(3))
			TRY(put_extensions(old, field.content, out, err));
		else
			TRY(put_whole(out, field.whole, err));
	}
	return ERR_OK;
}

static enum err
put_validity(const struct certwrite *write, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer times = {0};
	uint8_t time[17];

	TRY(buffer_append(&times, time, utc_to_der(write->old->not_before_s,
	    time), err));
	TRY(buffer_append(&times, time, utc_to_der(write->not_after_s, time),
	    err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&times), err);
}

/* Walk the old fields, and put each, or what comes in its place. */
static enum err
put_fields(const struct certwrite *write, struct span old,
    struct buffer *out, struct error *err)
{
	struct der_value gone;

	if (der_is_next(old, DER_CONTEXT_CONSTRUCTED(0)))
		TRY(copy_next(&old, out, err));		/* version */
	TRY(der_next(&old, WHAT, &gone, err));
	TRY(der_put(out, DER_INTEGER, (struct span){write->serial,
	    sizeof(write->serial)}, err));
	TRY(der_next(&old, WHAT, &gone, err));
	TRY(put_whole(out, write->algorithm, err));
	TRY(copy_next(&old, out, err));			/* issuer */
	TRY(der_next(&old, WHAT, &gone, err));
	TRY(put_validity(write, out, err));
	TRY(copy_next(&old, out, err));			/* subject */
	TRY(copy_next(&old, out, err));			/* its key */
	return put_tail(write->old, old, out, err);
}

enum err
certwrite_prepare(struct certwrite *write, struct error *err)
{
	RELEASE_BUFFER struct buffer fields = {0};
	struct span in = span_of_buffer(&write->old->der);
	struct der_value whole, tbs;

	TRY(der_expect(&in, DER_SEQUENCE, WHAT, &whole, err));
	TRY(der_expect(&whole.content, DER_SEQUENCE, WHAT, &tbs, err));
	TRY(put_fields(write, tbs.content, &fields, err));
	write->tbs.size = 0;
	return der_put(&write->tbs, DER_SEQUENCE, span_of_buffer(&fields),
	    err);
}

void
certwrite_release(struct certwrite *write)
{
	buffer_release(&write->tbs);
}

/* bits begins with the octet that counts the unused ones. */
static enum err
put_certificate(const struct certwrite *write, struct span bits,
    struct buffer *out, struct error *err)
{
	RELEASE_BUFFER struct buffer whole = {0};

	TRY(put_whole(&whole, span_of_buffer(&write->tbs), err));
	TRY(put_whole(&whole, write->algorithm, err));
	TRY(der_put(&whole, DER_BIT_STRING, bits, err));
	return der_put(out, DER_SEQUENCE, span_of_buffer(&whole), err);
}

enum err
certwrite_frame(const struct certwrite *write, struct buffer *out,
    struct error *err)
{
	static const uint8_t no_bits[] = {0};

	return put_certificate(write, (struct span){no_bits, sizeof(no_bits)},
	    out, err);
}

static enum err
emit_tbs(void *context, enum err (*put_piece)(void *target,
    struct span piece, struct error *err), void *target, struct error *err)
{
	const struct certwrite *write = context;

	return put_piece(target, span_of_buffer(&write->tbs), err);
}

enum err
certwrite_sign(const struct certwrite *write, struct signer *signer,
    struct buffer *out, struct error *err)
{
	const struct octet_source tbs = {emit_tbs,
	    (void *)(uintptr_t)write};
	RELEASE_BUFFER struct buffer bits = {0};

	TRY(buffer_append(&bits, "", 1, err));
	TRY(signer_sign(signer, &tbs, &bits, err));
	return put_certificate(write, span_of_buffer(&bits), out, err);
}
