/* SPDX-License-Identifier: ISC */
#include <endian.h>
#include <string.h>

#include "base/utc.h"
#include "pki/crl_parts.h"
#include "pki/extension.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define UTCTIME_SIZE 15		/* header included */
#define DAYS_TO_1970 (70 * 365 + 17 + 1)	/* from 1900-01-00 */

/* RFC 5280 5.3.1; 7 is not used. */
static const char *const reason_names[] = {
	"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
	"superseded", "cessationOfOperation", "certificateHold", "unused",
	"removeFromCRL", "privilegeWithdrawn", "aACompromise",
};

#define REASON_MAX ((int32_t)COUNT(reason_names) - 1)

const char *
crl_reason_name(int32_t reason)
{
	return reason < 0 || reason > REASON_MAX ? "unknown" :
	    reason_names[reason];
}

int
serial_compare(struct span a, struct span b)
{
	bool is_negative = a.size > 0 && a.data[0] >= 0x80;
	bool is_b_negative = b.size > 0 && b.data[0] >= 0x80;

	if (is_negative != is_b_negative)
		return is_negative ? -1 : 1;
	/* Of negative ones the longer is the smaller. */
	if (a.size != b.size)
		return (a.size < b.size) != is_negative ? -1 : 1;
	return a.size == 0 ? 0 : memcmp(a.data, b.data, a.size);
}

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
	enum err code;

	code = der_expect(&value, DER_ENUMERATED, "reasonCode", &reason, err);
	if (code != ERR_OK)
		return code;
	code = der_end(value, "reasonCode", err);
	if (code != ERR_OK)
		return code;
	code = der_small_integer(reason.content, "reasonCode", &entry->reason,
	    err);
	if (code != ERR_OK)
		return code;
	if (entry->reason > REASON_MAX)
		return err_fail(err, ERR_FORMAT, "reasonCode: want 0..%d, have "
		    "%d (RFC 5280 5.3.1)", (int)REASON_MAX,
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
	enum err code;

	(void)is_critical;
	code = crl_time_next(&value, "invalidityDate", &time, err);
	if (code != ERR_OK)
		return code;
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
	enum err code;

	(void)is_critical;
	code = der_expect(&value, DER_SEQUENCE, "certificateIssuer", &names,
	    err);
	if (code != ERR_OK)
		return code;
	entry->has_certificate_issuer = true;
	return der_end(value, "certificateIssuer", err);
}

/*
 * holdInstructionCode is left out: obsolete, so it is passed over, or where
 * it is critical unknown.
 */
static const struct extension_type entry_extension_types[] = {
	{ "reasonCode", { 0x55, 0x1d, 0x15 }, 3, take_reason },
	{ "invalidityDate", { 0x55, 0x1d, 0x18 }, 3, take_invalidity },
	{ "certificateIssuer", { 0x55, 0x1d, 0x1d }, 3,
	    take_certificate_issuer },
};

static enum err
parse_extensions(const struct crl *crl, struct span in, struct crl_entry *out,
    struct error *err)
{
	static const struct extension_rules rules = {
		.what = "crlEntryExtensions", .types = entry_extension_types,
		.type_count = COUNT(entry_extension_types),
	};
	const struct unknown_critical unknown = {
		&out->has_unknown_critical, out->unknown_critical
	};
	struct der_value list;
	enum err code;

	code = der_expect(&in, DER_SEQUENCE, rules.what, &list, err);
	if (code != ERR_OK)
		return code;
	code = der_end(in, rules.what, err);
	if (code != ERR_OK)
		return code;
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
	struct crl_entry entry = { .reason = REASON_NONE };
	struct der_value value;
	enum err code;

	code = der_expect(&in, DER_SEQUENCE, "entry", &value, err);
	if (code != ERR_OK)
		return code;
	in = value.content;
	code = der_expect(&in, DER_INTEGER, "serial", &value, err);
	if (code != ERR_OK)
		return code;
	entry.serial = value.content;
	code = der_check_integer(entry.serial, "serial", err);
	if (code != ERR_OK)
		return code;
	code = crl_time_next(&in, "revocationDate", &entry.revoked_at, err);
	if (code != ERR_OK)
		return code;
	if (in.size > 0) {
		code = parse_extensions(crl, in, &entry, err);
		if (code != ERR_OK)
			return code;
	}
	*out = entry;
	return ERR_OK;
}

/* INTEGER content without a superfluous first octet; size is not 0. */
static inline bool
is_minimal(const uint8_t *octets, size_t size)
{
	unsigned int sign;

	if (size == 1)
		return true;
	sign = (unsigned int)octets[0] << 1 | octets[1] >> 7;
	return sign != 0x000 && sign != 0x1ff;
}

/*
 * Eight decimal digits as four numbers of two, the first in the lowest 16
 * bits.  False where one is no digit.
 */
static inline bool
pairs_quick(const uint8_t *text, uint64_t *out)
{
	uint64_t x;

	memcpy(&x, text, sizeof(x));
	x = le64toh(x) ^ 0x3030303030303030;
	/* An octet above 9 reaches its highest bit. */
	if (((x | (x + 0x7676767676767676)) & 0x8080808080808080) != 0)
		return false;
	*out = (x * 10 + (x >> 8)) & 0x00ff00ff00ff00ff;
	return true;
}

/*
 * utc_from_utctime in a quarter of its time, which is most of an entry's: in
 * 1950..2049 every fourth year is a leap year.  Where it says false, ask
 * utc_from_utctime.
 */
static inline bool
utctime_quick(const uint8_t *text, int64_t *out_s)
{
	/* Days of the year before each month, 1 to 12, in leap years too. */
	static const uint16_t months[2][14] = {
		{ 0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
		    365 },
		{ 0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335,
		    366 },
	};
	/* Highest day, hour, minute, second, each below a bit to borrow. */
	const uint64_t highest = 0x803b803b8017801f;
	const uint64_t borrow = 0x8000800080008000;
	uint64_t date, time, year, month, day;
	const uint16_t *before;

	if (!pairs_quick(text, &date) || !pairs_quick(text + 4, &time) ||
	    text[12] != 'Z')
		return false;
	year = date & 0xff;
	month = date >> 16 & 0xff;
	day = time & 0xff;
	before = months[(year & 3) == 0];
	if (month - 1 > 11 || ((highest - time) & borrow) != borrow ||
	    day - 1 >= (uint64_t)(before[month + 1] - before[month]))
		return false;
	year += year < 50 ? 100 : 0;	/* since 1900 */
	/* Years of 365 days, a leap day after every fourth. */
	day += (1461 * year - 1) / 4 + before[month];
	*out_s = ((int64_t)day - DAYS_TO_1970) * DAY_S +
	    (int64_t)((time >> 16 & 0xff) * 3600 + (time >> 32 & 0xff) * 60 +
	    (time >> 48));
	return true;
}

/*
 * The shape that nearly all entries have: short, a UTCTime, nothing behind it
 * or a reasonCode that is not critical.  False, with nothing taken, for
 * whatever is wrong or just rare: entry_parse judges that.
 */
static inline bool
entry_quick(struct crl_entries *entries, struct crl_entry *out)
{
	static const uint8_t reason[] = { 0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03,
	    0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01 };
	const uint8_t *p = entries->view.data, *time;
	size_t left = entries->view.size, size, used;
	int32_t code = REASON_NONE;
	int64_t at_s;

	if (left < 4 || p[0] != DER_SEQUENCE || p[1] >= 0x80 ||
	    p[2] != DER_INTEGER)
		return false;
	size = 2U + p[1];
	used = 4U + p[3];
	if (size > left || p[3] == 0 || used + UTCTIME_SIZE > size ||
	    !is_minimal(p + 4, p[3]))
		return false;
	time = p + used;
	used += UTCTIME_SIZE;
	if (time[0] != DER_UTCTIME || time[1] != UTCTIME_SIZE - 2 ||
	    !utctime_quick(time + 2, &at_s))
		return false;
	if (used != size) {
		if (size - used != sizeof(reason) + 1 ||
		    memcmp(p + used, reason, 8) != 0 ||
		    memcmp(p + used + 5, reason + 5, 8) != 0 ||
		    p[size - 1] > REASON_MAX || entries->crl->version != 2)
			return false;
		code = p[size - 1];
	}
	out->serial = (struct span){ p + 4, p[3] };
	out->revoked_at = (struct crl_time){ at_s, true };
	out->reason = code;
	out->is_reason_critical = false;
	out->has_invalidity = false;
	out->has_certificate_issuer = false;
	out->has_unknown_critical = false;
	entries->offset += size;
	entries->view.data += size;
	entries->view.size -= size;
	return true;
}

/* Have need octets of the list at hand, and as many more as come along. */
static enum err
refill(struct crl_entries *entries, size_t need, struct error *err)
{
	uint64_t left = entries->end - entries->offset;
	struct span view;
	enum err code;

	if (entries->view.size >= need)
		return ERR_OK;
	code = window_view(entries->crl->window, entries->offset,
	    left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE, &view, err);
	if (code != ERR_OK)
		return code;
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
	enum err code;

	code = refill(entries, left < CRL_MEASURE_SIZE ? (size_t)left :
	    CRL_MEASURE_SIZE, err);
	if (code != ERR_OK)
		return code;
	code = der_measure(entries->view, "entry", &tag, &header_size,
	    &content_size, err);
	if (code != ERR_OK)
		return code;
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

/* Out of the way of the quick path, which keeps its registers that way. */
static __attribute__((noinline)) enum err
next_strict(struct crl_entries *entries, struct crl_entry *out,
    bool *has_entry, struct error *err)
{
	size_t size = 0;
	enum err code;

	if (entries->offset == entries->end) {
		*has_entry = false;
		return ERR_OK;
	}
	code = measure_entry(entries, &size, err);
	if (code != ERR_OK)
		return code;
	code = entry_parse(entries->crl,
	    (struct span){ entries->view.data, size }, out, err);
	if (code != ERR_OK)
		return code;
	entries->offset += size;
	entries->view.data += size;
	entries->view.size -= size;
	*has_entry = true;
	return ERR_OK;
}

enum err
crl_entries_next(struct crl_entries *entries, struct crl_entry *out,
    bool *has_entry, struct error *err)
{
	if (!entry_quick(entries, out))
		return next_strict(entries, out, has_entry, err);
	*has_entry = true;
	return ERR_OK;
}
