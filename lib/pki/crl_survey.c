/* SPDX-License-Identifier: ISC */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "pki/crl_parts.h"

/* serial_compare, with the eight octets that nearly always decide at hand. */
static inline int
order(struct span a, struct span b)
{
	uint64_t x, y;

	if (a.size != b.size || a.size < sizeof(x) ||
	    ((a.data[0] ^ b.data[0]) & 0x80) != 0)
		return serial_compare(a, b);
	memcpy(&x, a.data, sizeof(x));
	memcpy(&y, b.data, sizeof(y));
	x = be64toh(x);
	y = be64toh(y);
	if (x != y)
		return x < y ? -1 : 1;
	return serial_compare(a, b);
}

/* Equal serials; the last octet tells nearly all others apart. */
static inline bool
is_serial(struct span a, struct span b)
{
	return a.size == b.size && a.size > 0 &&
	    a.data[a.size - 1] == b.data[b.size - 1] &&
	    memcmp(a.data, b.data, a.size) == 0;
}

/* Put what only few entries have into the survey. */
static void
note_rare(struct crl_survey *survey, const struct crl_entry *entry)
{
	if (entry->has_certificate_issuer)
		survey->has_certificate_issuer = true;
	if (entry->has_unknown_critical && !survey->has_unknown_critical) {
		survey->has_unknown_critical = true;
		memcpy(survey->unknown_critical, entry->unknown_critical,
		    sizeof(survey->unknown_critical));
	}
}

static void
note_wanted(struct crl_survey *survey, const struct crl_entry *entry)
{
	if (survey->has_wanted)
		return;
	survey->has_wanted = true;
	survey->wanted_reason = entry->reason;
	survey->wanted_at_s = entry->revoked_at.at_s;
}

/*
 * Keep *serial beyond the next call of crl_entries_next, where that will move
 * the window.
 */
static inline enum err
keep_serial(const struct crl_entries *entries, struct buffer *kept,
    struct span *serial, struct error *err)
{
	enum err code;

	if (crl_entries_stays(entries))
		return ERR_OK;
	kept->size = 0;
	code = buffer_append(kept, serial->data, serial->size, err);
	if (code == ERR_OK)
		*serial = span_of_buffer(kept);
	return code;
}

static enum err
fail_entry(uint64_t index, enum err code, struct error *err)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "entry %llu",
	    (unsigned long long)index);
	if (err != NULL)
		err_about(err, subject);
	return code;
}

enum err
crl_survey_walk(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err)
{
	RELEASE_BUFFER struct buffer kept = { 0 };
	struct crl_survey survey = {
		.is_sorted = true, .wanted_reason = REASON_NONE
	};
	struct span previous = { 0 };
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;
	enum err code;

	crl_entries_start(&entries, crl);
	for (;; survey.count++) {
		code = crl_entries_next(&entries, &entry, &has_entry, err);
		if (code != ERR_OK)
			return fail_entry(survey.count, code, err);
		if (!has_entry)
			break;
		if (entry.has_certificate_issuer || entry.has_unknown_critical)
			note_rare(&survey, &entry);
		if (wanted != NULL && is_serial(*wanted, entry.serial))
			note_wanted(&survey, &entry);
		if (!survey.is_sorted)
			continue;
		if (survey.count > 0 && order(previous, entry.serial) >= 0)
			survey.is_sorted = false;
		previous = entry.serial;
		code = keep_serial(&entries, &kept, &previous, err);
		if (code != ERR_OK)
			return code;
	}
	*out = survey;
	return ERR_OK;
}

static enum err
check_duplicates(struct crl *crl, uint64_t count, struct error *err)
{
	RELEASE_BUFFER struct buffer keys = { 0 };
	char hex[2 * SERIAL_KEY_MAX + 1];
	const struct serial_key *twice;
	enum err code;

	code = serial_keys_collect(crl, count, &keys, err);
	if (code != ERR_OK)
		return code;
	twice = serial_keys_duplicate(&keys);
	if (twice == NULL)
		return ERR_OK;
	hex_encode(serial_key_content(twice), hex, sizeof(hex));
	return err_fail(err, ERR_FORMAT,
	    "serial %s: want it listed once, have it twice", hex);
}

enum err
crl_survey(struct crl *crl, const struct span *wanted, struct crl_survey *out,
    struct error *err)
{
	struct crl_survey survey;
	enum err code;

	code = crl_survey_walk(crl, wanted, &survey, err);
	if (code != ERR_OK)
		return code;
	/* Under several issuers a serial may well come twice. */
	if (!survey.is_sorted && !survey.has_certificate_issuer) {
		code = check_duplicates(crl, survey.count, err);
		if (code != ERR_OK)
			return code;
	}
	*out = survey;
	return ERR_OK;
}
