/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "pki/crl.h"
#include "pki/crl_parts.h"

void
crl_release(struct crl *crl)
{
	buffer_release(&crl->head);
	buffer_release(&crl->tail);
	*crl = (struct crl){ 0 };
}

/* Measure the SEQUENCE at offset; it must end no later than end. */
static enum err
measure(struct crl *crl, uint64_t offset, uint64_t end, const char *what,
    size_t *header_size, uint64_t *content_size, struct error *err)
{
	uint64_t left = end - offset;
	struct span view;
	uint8_t tag;

	if (left == 0)
		return err_fail(err, ERR_FORMAT, "%s is missing", what);
	TRY(window_view(crl->window, offset, left < CRL_MEASURE_SIZE ?
	    (size_t)left : CRL_MEASURE_SIZE, &view, err));
	if (view.size > left)
		view.size = (size_t)left;
	TRY(der_measure(view, what, &tag, header_size, content_size, err));
	if (tag != DER_SEQUENCE)
		return err_fail(err, ERR_FORMAT,
		    "%s: want a SEQUENCE (30), have %02x", what, tag);
	if (*header_size > left || *content_size > left - *header_size)
		return err_fail(err, ERR_FORMAT, "%s: want %llu octets of "
		    "content, have %llu", what,
		    (unsigned long long)*content_size,
		    (unsigned long long)(left - *header_size));
	return ERR_OK;
}

/* Copy size octets of the window, at most CRL_PART_MAX. */
static enum err
copy_part(struct crl *crl, uint64_t offset, size_t size, struct buffer *out,
    struct error *err)
{
	struct span view;

	TRY(window_view(crl->window, offset, size, &view, err));
	return buffer_append(out, view.data, size, err);
}

enum err
crl_time_next(struct span *in, const char *what, struct crl_time *out,
    struct error *err)
{
	struct der_value value;
	struct crl_time time;
	bool is_good;

	TRY(der_next(in, what, &value, err));
	if (value.tag != DER_UTCTIME && value.tag != DER_GENERALIZEDTIME)
		return err_fail(err, ERR_FORMAT, "%s: want UTCTime (17) or "
		    "GeneralizedTime (18), have %02x", what, value.tag);
	time.is_utctime = value.tag == DER_UTCTIME;
	is_good = time.is_utctime ?
	    utc_from_utctime(value.content, &time.at_s) :
	    utc_from_generalizedtime(value.content, &time.at_s);
	if (!is_good)
		return err_fail(err, ERR_FORMAT, "%s: want %s (RFC 5280 "
		    "5.1.2.4), have \"%.*s\"", what,
		    time.is_utctime ? "YYMMDDHHMMSSZ" : "YYYYMMDDHHMMSSZ",
		    value.content.size < 32 ? (int)value.content.size : 32,
		    value.content.data != NULL ?
		    (const char *)value.content.data : "");
	*out = time;
	return ERR_OK;
}

/* version is absent in v1; v2 is spelt 1 (RFC 5280 5.1.2.1). */
static enum err
parse_version(struct span *in, int *out, struct error *err)
{
	struct der_value value;
	int32_t version;

	*out = 1;
	if (!der_is_next(*in, DER_INTEGER))
		return ERR_OK;
	TRY(der_next(in, "version", &value, err));
	TRY(der_small_integer(value.content, "version", &version, err));
	if (version != 1)
		return err_fail(err, ERR_FORMAT, "version: want 1 (v2) or "
		    "absent (v1), have %d (RFC 5280 5.1.2.1)", (int)version);
	*out = 2;
	return ERR_OK;
}

/* RDNSequence: SETs that are not empty, of type and value. */
static enum err
check_name(struct span name, const char *what, struct error *err)
{
	struct der_value rdn, pair, value;

	while (name.size > 0) {
		TRY(der_expect(&name, DER_SET, what, &rdn, err));
		do {
			TRY(der_expect(&rdn.content, DER_SEQUENCE, what, &pair,
			    err));
			TRY(der_expect(&pair.content, DER_OID, what, &value,
			    err));
			TRY(der_next(&pair.content, what, &value, err));
			TRY(der_end(pair.content, what, err));
		} while (rdn.content.size > 0);
	}
	return ERR_OK;
}

/* Up to nextUpdate; *in is left at what follows. */
static enum err
parse_head(struct crl *crl, struct span *in, struct error *err)
{
	struct der_value value;

	TRY(parse_version(in, &crl->version, err));
	TRY(der_expect(in, DER_SEQUENCE, "signature algorithm", &value, err));
	crl->inner_algorithm = value.whole;
	TRY(der_expect(in, DER_SEQUENCE, "issuer", &value, err));
	crl->issuer = value.whole;
	TRY(check_name(value.content, "issuer", err));
	TRY(crl_time_next(in, "thisUpdate", &crl->this_update, err));
	crl->has_next_update = der_is_next(*in, DER_UTCTIME) ||
	    der_is_next(*in, DER_GENERALIZEDTIME);
	if (!crl->has_next_update)
		return ERR_OK;
	return crl_time_next(in, "nextUpdate", &crl->next_update, err);
}

/*
 * Find the outer SEQUENCE, which fills the window, and tbsCertList in it.
 * *content_offset is where the content of tbsCertList begins.
 */
static enum err
open_frame(struct crl *crl, uint64_t *content_offset, struct error *err)
{
	uint64_t content_size, left;
	size_t header_size;

	TRY(measure(crl, 0, crl->size, "CRL", &header_size, &content_size,
	    err));
	left = crl->size - header_size - content_size;
	if (left > 0)
		return err_fail(err, ERR_FORMAT, "CRL: %llu octet%s it",
		    (unsigned long long)left,
		    left == 1 ? " follows" : "s follow");
	crl->tbs_offset = header_size;
	TRY(measure(crl, crl->tbs_offset, crl->size, "tbsCertList",
	    &header_size, &content_size, err));
	*content_offset = crl->tbs_offset + header_size;
	crl->tbs_size = header_size + content_size;
	return ERR_OK;
}

/*
 * Hold and parse the head, and find the revoked list.  *tail_offset is what
 * follows.
 */
static enum err
open_head(struct crl *crl, uint64_t offset, uint64_t *tail_offset,
    struct error *err)
{
	uint64_t end = crl->tbs_offset + crl->tbs_size;
	uint64_t left = end - offset;
	bool is_cut = left > CRL_PART_MAX;
	size_t header_size;
	struct span in;
	enum err code;

	TRY(copy_part(crl, offset, is_cut ? CRL_PART_MAX : (size_t)left,
	    &crl->head, err));
	in = span_of_buffer(&crl->head);
	code = parse_head(crl, &in, err);
	TRY(is_cut ? err_about(err, code,
	    "in the first 65536 octets of tbsCertList") : code);
	crl->head.size -= in.size;
	*tail_offset = offset + crl->head.size;
	crl->has_revoked = der_is_next(in, DER_SEQUENCE);
	if (!crl->has_revoked)
		return ERR_OK;
	TRY(measure(crl, *tail_offset, end, "revokedCertificates", &header_size,
	    &crl->revoked_size, err));
	crl->revoked_offset = *tail_offset + header_size;
	*tail_offset = crl->revoked_offset + crl->revoked_size;
	return ERR_OK;
}

/* crlExtensions [0] EXPLICIT, all that may follow the revoked list. */
static enum err
parse_extensions(struct crl *crl, struct span in, struct error *err)
{
	static const char what[] = "crlExtensions";
	struct der_value value;
	struct span list;

	if (in.size == 0)
		return ERR_OK;
	TRY(der_expect(&in, DER_CONTEXT_CONSTRUCTED(0), what, &value, err));
	TRY(der_end(in, what, err));
	if (crl->version != 2)
		return err_fail(err, ERR_FORMAT, "%s: want v2, have v1 (RFC "
		    "5280 5.1.2.1)", what);
	list = value.content;
	TRY(der_expect(&list, DER_SEQUENCE, what, &value, err));
	TRY(der_end(list, what, err));
	return crl_extensions_parse(value.content, crl, err);
}

/*
 * BIT STRING content: octets, of which the last leaves bits unused, all zero
 * (X.690 11.2.1).  Empty is a list that waits to be signed.
 */
static enum err
parse_bits(struct crl *crl, struct span content, struct error *err)
{
	uint8_t unused = content.size > 0 ? content.data[0] : 8;
	uint8_t last = content.size > 1 ? content.data[content.size - 1] : 0;

	if (unused > 7 || (content.size == 1 && unused != 0) ||
	    (last & ((1U << unused) - 1)) != 0)
		return err_fail(err, ERR_FORMAT,
		    "signatureValue: no whole BIT STRING in %zu octet%s",
		    content.size, content.size == 1 ? "" : "s");
	crl->signature.data = content.data + 1;
	crl->signature.size = content.size - 1;
	crl->signature_unused_bits = unused;
	return ERR_OK;
}

/* signatureAlgorithm and signatureValue. */
static enum err
parse_signature(struct crl *crl, struct span in, struct error *err)
{
	struct der_value value;

	TRY(der_expect(&in, DER_SEQUENCE, "signatureAlgorithm", &value, err));
	crl->outer_algorithm = value.whole;
	TRY(der_expect(&in, DER_BIT_STRING, "signatureValue", &value, err));
	TRY(parse_bits(crl, value.content, err));
	return der_end(in, "CRL", err);
}

/* Hold and parse what follows the revoked list. */
static enum err
open_tail(struct crl *crl, uint64_t offset, struct error *err)
{
	uint64_t size = crl->size - offset;
	uint64_t tbs_left = crl->tbs_offset + crl->tbs_size - offset;
	struct span in;

	if (size == tbs_left)
		return err_fail(err, ERR_FORMAT,
		    "signatureAlgorithm is missing behind tbsCertList");
	if (size > CRL_PART_MAX)
		return err_fail(err, ERR_FORMAT, "CRL: want at most %d octets "
		    "behind the revoked list, have %llu", CRL_PART_MAX,
		    (unsigned long long)size);
	TRY(copy_part(crl, offset, (size_t)size, &crl->tail, err));
	in.data = crl->tail.data;
	in.size = (size_t)tbs_left;
	TRY(parse_extensions(crl, in, err));
	in.data = crl->tail.data + tbs_left;
	in.size = (size_t)(size - tbs_left);
	return parse_signature(crl, in, err);
}

enum err
crl_fail_form(enum err code, struct error *err)
{
	if (code != ERR_FORMAT || err == NULL || err->remedy[0] != '\0')
		return code;
	return err_remedy(err, code, "get the file again from its source; if "
	    "it is the same, the CA's program does not write CRLs as RFC 5280 "
	    "has them: have it mended, or sign with crlferry-root issue");
}

static enum err
open_parts(struct crl *crl, struct error *err)
{
	uint64_t offset = 0;

	TRY(open_frame(crl, &offset, err));
	TRY(open_head(crl, offset, &offset, err));
	return open_tail(crl, offset, err);
}

enum err
crl_open(struct window *window, struct crl *out, struct error *err)
{
	RELEASE_CRL struct crl crl = {.window = window, .size = window->size};

	TRY(crl_fail_form(open_parts(&crl, err), err));
	*out = crl;
	crl = (struct crl){0};
	return ERR_OK;
}
