/* SPDX-License-Identifier: ISC */
#include "base/array.h"
#include "pki/crl_parts.h"
#include "pki/extension.h"
#include "pki/microsoft.h"

/* The one value that fills an extension. */
static enum err
take_only(struct span in, uint8_t tag, const char *what, struct span *out,
    struct error *err)
{
	struct der_value value;

	TRY(der_expect(&in, tag, what, &value, err));
	*out = value.content;
	return der_end(in, what, err);
}

/* Leave *out as it is if the tag is not next. */
static enum err
take_optional(struct span *in, uint8_t tag, const char *what,
    bool *is_present, struct span *out, struct error *err)
{
	struct der_value value;

	*is_present = der_is_next(*in, tag);
	if (!*is_present)
		return ERR_OK;
	TRY(der_next(in, what, &value, err));
	*out = value.content;
	return ERR_OK;
}

/* RFC 5280 4.2.1.1 */
static enum err
take_aki(void *target, bool is_critical, struct span value,
    struct error *err)
{
	static const char what[] = "authorityKeyIdentifier";
	bool has_key_id, has_issuer, has_serial;
	struct span in, key_id = {0}, issuer = {0}, serial = {0};
	struct crl *crl = target;

	TRY(take_only(value, DER_SEQUENCE, what, &in, err));
	TRY(take_optional(&in, DER_CONTEXT(0), what, &has_key_id, &key_id,
	    err));
	TRY(take_optional(&in, DER_CONTEXT_CONSTRUCTED(1), what, &has_issuer,
	    &issuer, err));
	TRY(take_optional(&in, DER_CONTEXT(2), what, &has_serial, &serial,
	    err));
	if (has_issuer != has_serial)
		return err_fail(err, ERR_FORMAT,
		    "%s: issuer and serial come together, and one is missing",
		    what);
	if (has_serial)
		TRY(der_check_integer(serial, "authorityCertSerialNumber",
		    err));
	if (has_key_id && key_id.size == 0)
		return err_fail(
		    err, ERR_FORMAT, "%s: its keyIdentifier is empty", what);
	crl->has_aki = true;
	crl->is_aki_critical = is_critical;
	crl->aki_key_id = key_id;
	crl->has_aki_certificate = has_issuer;
	crl->aki_issuer = issuer;
	crl->aki_serial = serial;
	return der_end(in, what, err);
}

static enum err
parse_number(struct span value, const char *what, struct number *out,
    struct error *err)
{
	struct span content;

	TRY(take_only(value, DER_INTEGER, what, &content, err));
	TRY(der_check_integer(content, what, err));
	if (content.data[0] >= 0x80)
		return err_fail(
		    err, ERR_FORMAT, "%s is negative (RFC 5280 5.2.3)", what);
	if (content.size > NUMBER_OCTETS ||
	    !number_from_octets(content, out))
		return err_fail(err, ERR_FORMAT, "%s: want at most %d octets, "
		    "have %zu (RFC 5280 5.2.3)", what, NUMBER_OCTETS,
		    content.size);
	return ERR_OK;
}

static enum err
take_number(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl *crl = target;

	crl->has_number = true;
	crl->is_number_critical = is_critical;
	return parse_number(value, "cRLNumber", &crl->number, err);
}

static enum err
take_delta(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl *crl = target;
	struct number base;

	(void)is_critical;
	crl->is_delta = true;
	return parse_number(value, "deltaCRLIndicator", &base, err);
}

/* DistributionPointName: fullName or nameRelativeToCRLIssuer. */
static enum err
check_point_name(struct span name, const char *what, struct error *err)
{
	struct der_value value;

	TRY(der_next(&name, what, &value, err));
	if (value.tag != DER_CONTEXT_CONSTRUCTED(0) &&
	    value.tag != DER_CONTEXT_CONSTRUCTED(1))
		return err_fail(err, ERR_FORMAT, "%s: want a distribution "
		    "point name (a0 or a1), have %02x", what, value.tag);
	return der_end(name, what, err);
}

/* ReasonFlags: a named bit list has no trailing zero bits (X.690 11.2.2). */
static enum err
check_reasons(struct span flags, const char *what, struct error *err)
{
	uint8_t last = flags.size > 1 ? flags.data[flags.size - 1] : 0;

	if (flags.size < 2 || flags.data[0] > 7 ||
	    (last >> flags.data[0] & 1) == 0 ||
	    (last & ((1U << flags.data[0]) - 1)) != 0)
		return err_fail(err, ERR_FORMAT,
		    "%s: onlySomeReasons is no minimal BIT STRING in %zu "
		    "octet%s",
		    what, flags.size, flags.size == 1 ? "" : "s");
	return ERR_OK;
}

static enum err
take_flag(struct span *in, uint8_t tag, const char *what, bool *out,
    struct error *err)
{
	struct span content = {0};
	bool is_present;

	TRY(take_optional(in, tag, what, &is_present, &content, err));
	if (!is_present)
		return ERR_OK;
	TRY(der_boolean(content, what, out, err));
	if (!*out)
		return err_fail(err, ERR_FORMAT,
		    "%s: [%d] spells out its default FALSE (X.690 11.5)", what,
		    tag & 0x1f);
	return ERR_OK;
}

/* RFC 5280 5.2.5: fields [0] to [5] in order, each optional. */
static enum err
parse_idp(struct span in, struct crl_idp *out, struct error *err)
{
	static const char what[] = "issuingDistributionPoint";
	struct span reasons = {0};

	TRY(take_optional(&in, DER_CONTEXT_CONSTRUCTED(0), what, &out->has_name,
	    &out->name, err));
	if (out->has_name)
		TRY(check_point_name(out->name, what, err));
	TRY(take_flag(&in, DER_CONTEXT(1), what, &out->only_users, err));
	TRY(take_flag(&in, DER_CONTEXT(2), what, &out->only_cas, err));
	TRY(take_optional(&in, DER_CONTEXT(3), what, &out->only_some_reasons,
	    &reasons, err));
	if (out->only_some_reasons)
		TRY(check_reasons(reasons, what, err));
	TRY(take_flag(&in, DER_CONTEXT(4), what, &out->is_indirect, err));
	TRY(take_flag(&in, DER_CONTEXT(5), what, &out->only_attributes, err));
	return der_end(in, what, err);
}

static enum err
take_idp(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl *crl = target;
	struct span in;

	TRY(take_only(value, DER_SEQUENCE, "issuingDistributionPoint", &in,
	    err));
	crl->has_idp = true;
	crl->is_idp_critical = is_critical;
	return parse_idp(in, &crl->idp, err);
}

/* Should be a Time, and does no harm if it is none. */
static enum err
take_next_publish(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl *crl = target;

	crl->has_next_publish = true;
	crl->next_publish = value;
	return ERR_OK;
}

static enum err
take_ca_version(void *target, bool is_critical, struct span value,
    struct error *err)
{
	static const char what[] = "CA Version";
	struct crl *crl = target;
	struct span content;
	struct error why;

	crl->has_ca_version = true;
	if (take_only(value, DER_INTEGER, what, &content, &why) != ERR_OK ||
	    der_small_integer(content, what, &crl->ca_version, &why) !=
	    ERR_OK)
		crl->ca_version = -1;
	return ERR_OK;
}

/* Should be CRLDistributionPoints, and does no harm if it is none. */
static enum err
take_locations(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl *crl = target;

	crl->has_locations = true;
	crl->locations = value;
	return ERR_OK;
}

/*
 * freshestCRL and authorityInfoAccess are left out: not needed here, they
 * are fine unless somebody marks them critical.
 */
static const struct extension_type crl_extension_types[] = {
	{"authorityKeyIdentifier", {0x55, 0x1d, 0x23}, 3, take_aki},
	{"cRLNumber", {0x55, 0x1d, 0x14}, 3, take_number},
	{"deltaCRLIndicator", {0x55, 0x1d, 0x1b}, 3, take_delta},
	{"issuingDistributionPoint", {0x55, 0x1d, 0x1c}, 3, take_idp},
	{"CA Version", {ADCS_CA_VERSION_OID}, ADCS_OID_SIZE, take_ca_version,
	    true},
	{"Next CRL Publish", {ADCS_NEXT_PUBLISH_OID}, ADCS_OID_SIZE,
	    take_next_publish, true},
	{"Published CRL Locations", {ADCS_LOCATIONS_OID}, ADCS_OID_SIZE,
	    take_locations, true},
};

enum err
crl_extensions_parse(struct span list, struct crl *crl, struct error *err)
{
	static const struct extension_rules rules = {
		.what = "crlExtensions", .types = crl_extension_types,
		.type_count = COUNT_OF(crl_extension_types),
	};
	const struct unknown_critical unknown = {
		&crl->has_unknown_critical, crl->unknown_critical
	};

	crl->has_extensions = true;
	return extensions_read(&rules, list, crl, &unknown, err);
}
