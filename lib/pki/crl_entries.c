/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "pki/crl_parts.h"
#include "pki/crl_quick.h"
#include "pki/extension.h"

/* RFC 5280 5.3.1; 7 is not used. */
static const char *const reason_names[] = {
	"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
	"superseded", "cessationOfOperation", "certificateHold", "unused",
	"removeFromCRL", "privilegeWithdrawn", "aACompromise",
};

const char *
crl_reason_name(int32_t reason)
{
	return reason < 0 || reason > CRL_REASON_MAX ? "unknown" :
	    reason_names[reason];
}

static const uint8_t hold_oid[] = {0x55, 0x1d, 0x17};

void
crl_entries_start(struct crl_entries *entries, struct crl *crl)
{
	*entries = (struct crl_entries){
		.crl = crl,
		.offset = crl->revoked_offset,
		.end = crl->revoked_offset + crl->revoked_size,
	};
}

static enum err
take_reason(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl_entry *entry = target;
	struct der_value reason;

	TRY(der_expect(&value, DER_ENUMERATED, "reasonCode", &reason, err));
	TRY(der_end(value, "reasonCode", err));
	TRY(der_small_integer(reason.content, "reasonCode", &entry->reason,
	    err));
	if (entry->reason > CRL_REASON_MAX)
		return err_fail(err, ERR_FORMAT, "reasonCode: want 0..%d, have "
		    "%d (RFC 5280 5.3.1)", CRL_REASON_MAX,
		    (int)entry->reason);
	entry->is_reason_critical = is_critical;
	return ERR_OK;
}

static enum err
take_invalidity(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl_entry *entry = target;
	struct crl_time time;

	entry->is_invalidity_critical = is_critical;
	TRY(crl_time_next(&value, "invalidityDate", &time, err));
	if (time.is_utctime)
		return err_fail(err, ERR_FORMAT, "invalidityDate: want "
		    "GeneralizedTime, have UTCTime (RFC 5280 5.3.2)");
	entry->has_invalidity = true;
	entry->invalidity_s = time.at_s;
	return der_end(value, "invalidityDate", err);
}

static enum err
take_certificate_issuer(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl_entry *entry = target;
	struct der_value names;

	(void)is_critical;
	TRY(der_expect(&value, DER_SEQUENCE, "certificateIssuer", &names, err));
	entry->has_certificate_issuer = true;
	return der_end(value, "certificateIssuer", err);
}

/*
 * holdInstructionCode is obsolete: nobody need understand it, and if it is
 * critical it is unknown.  It is kept for the index, which can hold it.
 */
static enum err
take_hold(void *target, bool is_critical, struct span value,
    struct error *err)
{
	struct crl_entry *entry = target;
	struct der_value oid;

	(void)err;
	entry->has_hold = true;
	if (der_expect(&value, DER_OID, "holdInstructionCode", &oid, NULL) ==
	    ERR_OK && value.size == 0)
		entry->hold = oid.content;
	if (is_critical && !entry->has_unknown_critical) {
		entry->has_unknown_critical = true;
		der_oid_text((struct span){hold_oid, sizeof(hold_oid)},
		    entry->unknown_critical);
	}
	return ERR_OK;
}

static const struct extension_type entry_extension_types[] = {
	{"reasonCode", {0x55, 0x1d, 0x15}, 3, take_reason},
	{"invalidityDate", {0x55, 0x1d, 0x18}, 3, take_invalidity},
	{"certificateIssuer", {0x55, 0x1d, 0x1d}, 3,
	    take_certificate_issuer},
	{"holdInstructionCode", {0x55, 0x1d, 0x17}, 3, take_hold},
};

static enum err
parse_extensions(const struct crl *crl, struct span in, struct crl_entry *out,
    struct error *err)
{
	static const struct extension_rules rules = {
		.what = "crlEntryExtensions", .types = entry_extension_types,
		.type_count = COUNT_OF(entry_extension_types),
	};
	const struct unknown_critical unknown = {
		&out->has_unknown_critical, out->unknown_critical
	};
	struct der_value list;

	TRY(der_expect(&in, DER_SEQUENCE, rules.what, &list, err));
	TRY(der_end(in, rules.what, err));
	if (crl->version != 2)
		return err_fail(err, ERR_FORMAT, "%s: want v2, have v1 (RFC "
		    "5280 5.1.2.1)", rules.what);
	return extensions_read(&rules, list.content, out, &unknown, err);
}

/* One entry that is whole at hand, by the letter. */
static enum err
entry_parse(const struct crl *crl, struct span in, struct crl_entry *out,
    struct error *err)
{
	struct crl_entry entry = {.reason = REASON_NONE};
	struct der_value value;

	TRY(der_expect(&in, DER_SEQUENCE, "entry", &value, err));
	in = value.content;
	TRY(der_expect(&in, DER_INTEGER, "serial", &value, err));
	entry.serial = value.content;
	TRY(der_check_integer(entry.serial, "serial", err));
	TRY(crl_time_next(&in, "revocationDate", &entry.revoked_at, err));
	if (in.size > 0)
		TRY(parse_extensions(crl, in, &entry, err));
	*out = entry;
	return ERR_OK;
}

/* Have need octets of the list at hand, and as many more as come along. */
static enum err
refill(struct crl_entries *entries, size_t need, struct error *err)
{
	uint64_t left = entries->end - entries->offset;
	struct span view;

	if (entries->view.size >= need)
		return ERR_OK;
	TRY(window_view(entries->crl->window, entries->offset,
	    left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE, &view, err));
	entries->view.data = view.data;
	entries->view.size = view.size < left ? view.size : (size_t)left;
	return ERR_OK;
}

/* Have the whole next entry at hand and tell its size. */
static enum err
measure_entry(struct crl_entries *entries, size_t *out, struct error *err)
{
	uint64_t left = entries->end - entries->offset, content_size;
	size_t header_size;
	uint8_t tag;

	TRY(refill(entries,
	    left < CRL_MEASURE_SIZE ? (size_t)left : CRL_MEASURE_SIZE, err));
	TRY(der_measure(entries->view, "entry", &tag, &header_size,
	    &content_size, err));
	if (content_size > CRL_PART_MAX - header_size)
		return err_fail(err, ERR_FORMAT, "entry: want at most %d "
		    "octets, have %llu", CRL_PART_MAX,
		    (unsigned long long)content_size);
	if (header_size + content_size > left)
		return err_fail(err, ERR_FORMAT, "entry: want %llu octets, "
		    "have %llu left of the list",
		    (unsigned long long)(header_size + content_size),
		    (unsigned long long)left);
	*out = header_size + (size_t)content_size;
	return refill(entries, *out, err);
}

/* Any entry, by the letter. */
static enum err
next_strict(struct crl_entries *entries, struct crl_entry *out,
    bool *has_entry, struct error *err)
{
	size_t size = 0;

	if (entries->offset == entries->end) {
		*has_entry = false;
		return ERR_OK;
	}
	TRY(measure_entry(entries, &size, err));
	TRY(entry_parse(entries->crl, (struct span){entries->view.data, size},
	    out, err));
	crl_entries_skip(entries, size);
	*has_entry = true;
	return ERR_OK;
}

enum err
crl_entries_next(struct crl_entries *entries, struct crl_entry *out,
    bool *has_entry, struct error *err)
{
	struct quick_entry quick;

	if (!crl_entry_peek(entries, &quick))
		return next_strict(entries, out, has_entry, err);
	out->serial = quick.serial;
	out->revoked_at.at_s = utctime_value(quick.utctime);
	out->revoked_at.is_utctime = true;
	out->reason = quick.reason;
	out->is_reason_critical = false;
	out->has_invalidity = false;
	out->has_hold = false;
	out->hold = (struct span){0};
	out->is_invalidity_critical = false;
	out->has_certificate_issuer = false;
	out->has_unknown_critical = false;
	crl_entries_skip(entries, quick.size);
	*has_entry = true;
	return ERR_OK;
}
