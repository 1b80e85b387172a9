/* SPDX-License-Identifier: ISC */
/*
 * The entry that nearly all entries are, in a hundred instructions: what a
 * walk over a million of them costs is decided here.  Inline, so that a walk
 * pays only for the fields that it reads.
 */
#pragma once

#include <endian.h>
#include <string.h>

#include "base/utc.h"
#include "pki/crl_parts.h"

#define UTCTIME_SIZE 15		/* header included */
#define DAYS_TO_1970 (70 * 365 + 17 + 1)	/* from 1900-01-00 */

/* Octets in the order of the file, the first one lowest. */
static inline uint32_t
load_16(const uint8_t *at)
{
	uint16_t x;

	memcpy(&x, at, sizeof(x));
	return le16toh(x);
}

static inline uint32_t
load_32(const uint8_t *at)
{
	uint32_t x;

	memcpy(&x, at, sizeof(x));
	return le32toh(x);
}

static inline uint64_t
load_64(const uint8_t *at)
{
	uint64_t x;

	memcpy(&x, at, sizeof(x));
	return le64toh(x);
}

/*
 * Eight decimal digits as four numbers of two, the first in the lowest 16
 * bits.  False if one is no digit.
 */
static inline bool
pairs_quick(const uint8_t *text, uint64_t *out)
{
	uint64_t x = load_64(text) ^ 0x3030303030303030;

	/* An octet above 9 reaches its highest bit. */
	if (((x | (x + 0x7676767676767676)) & 0x8080808080808080) != 0)
		return false;
	*out = (x * 10 + (x >> 8)) & 0x00ff00ff00ff00ff;
	return true;
}

/* Days of the year before each month, 1 to 12, in leap years too. */
static const uint16_t months_quick[2][14] = {
	{0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
	{0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

/*
 * Is this what utc_from_utctime takes?  In 1950..2049 every fourth year is a
 * leap year.
 */
static inline bool
utctime_is_good(const uint8_t *text)
{
	/* Highest day, hour, minute, second, each below a bit to borrow. */
	const uint64_t highest = 0x803b803b8017801f;
	const uint64_t borrow = 0x8000800080008000;
	uint64_t date, time, month;
	const uint16_t *before;

	if (!pairs_quick(text, &date) || !pairs_quick(text + 4, &time) ||
	    text[12] != 'Z')
		return false;
	month = date >> 16 & 0xff;
	before = months_quick[(date & 3) == 0];
	return month - 1 <= 11 && ((highest - time) & borrow) == borrow &&
	    (time & 0xff) - 1 < (uint64_t)(before[month + 1] - before[month]);
}

/* utc_from_utctime of a text that is good. */
static inline int64_t
utctime_value(const uint8_t *text)
{
	uint64_t date = 0, time = 0, year, days;

	if (!pairs_quick(text, &date) || !pairs_quick(text + 4, &time))
		return 0;
	year = date & 0xff;
	year += year < 50 ? 100 : 0;	/* since 1900 */
	/* Years of 365 days, a leap day after every fourth. */
	days = (1461 * year - 1) / 4 + (time & 0xff) +
	    months_quick[(year & 3) == 0][date >> 16 & 0xff];
	return ((int64_t)days - DAYS_TO_1970) * DAY_S +
	    (int64_t)((time >> 16 & 0xff) * 3600 + (time >> 32 & 0xff) * 60 +
	    (time >> 48));
}

/* Is the INTEGER without a superfluous first octet?  Two must be readable. */
static inline bool
is_minimal_quick(const uint8_t *octets, size_t size)
{
	/* The first nine bits, all 0 or all 1, turn into 1 or 0. */
	uint32_t bits = (uint32_t)octets[0] << 1 | octets[1] >> 7;

	return size == 1 || ((bits + 1) & 0x1ff) > 1;
}

/*
 * Is this a reasonCode that is not critical, in 14 octets?  removeFromCRL is
 * rare.
 */
static inline bool
is_reason_quick(const uint8_t *at)
{
	static const uint8_t reason[] = {0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03,
	    0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01};

	/* Two compares of eight that overlap. */
	return memcmp(at, reason, 8) == 0 &&
	    memcmp(at + 5, reason + 5, 8) == 0 && at[13] <= CRL_REASON_MAX &&
	    at[13] != REASON_REMOVE;
}

/* An entry of the usual shape, as it stands in the view. */
struct quick_entry {
	size_t size;		/* octets, header included */
	struct span serial;
	const uint8_t *utctime;	/* its 13 octets, good ones */
	int32_t reason;
};

/*
 * See whether the next entry is whole at hand and has the usual shape: short,
 * a UTCTime, nothing behind it or a reasonCode that is not critical.  False
 * for whatever is wrong or just rare: that is judged by the letter.
 */
static inline bool
crl_entry_peek(const struct crl_entries *entries, struct quick_entry *out)
{
	const uint8_t *p = entries->view.data, *time;
	size_t left = entries->view.size, size, used;

	/* SEQUENCE and INTEGER, both lengths below 128. */
	if (left < 4 || (load_32(p) & 0x80ff80ff) != 0x00020030)
		return false;
	size = 2U + p[1];
	used = 4U + p[3];
	if (size > left || p[3] == 0 || used + UTCTIME_SIZE > size ||
	    !is_minimal_quick(p + 4, p[3]))
		return false;
	time = p + used;
	used += UTCTIME_SIZE;
	if (load_16(time) != ((UTCTIME_SIZE - 2) << 8 | DER_UTCTIME) ||
	    !utctime_is_good(time + 2))
		return false;
	out->reason = REASON_NONE;
	if (used != size) {
		if (size - used != 14 || !is_reason_quick(p + used) ||
		    entries->crl->version != 2)
			return false;
		out->reason = p[size - 1];
	}
	out->size = size;
	out->serial = (struct span){p + 4, p[3]};
	out->utctime = time + 2;
	return true;
}

/* Go on to the entry behind one of that many octets. */
static inline void
crl_entries_skip(struct crl_entries *entries, size_t size)
{
	entries->offset += size;
	entries->view.data += size;
	entries->view.size -= size;
}
