/* SPDX-License-Identifier: ISC */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "pki/crl_parts.h"
#include "pki/crl_quick.h"

/* serial_order, with the eight octets that nearly always decide at hand. */
static inline int
order(struct span a, struct span b)
{
	uint64_t x, y;

	if (a.size != b.size || a.size < sizeof(x) ||
	    ((a.data[0] | b.data[0]) & 0x80) != 0)
		return serial_order(a, b);
	memcpy(&x, a.data, sizeof(x));
	memcpy(&y, b.data, sizeof(y));
	x = be64toh(x);
	y = be64toh(y);
	if (x != y)
		return x < y ? -1 : 1;
	return serial_order(a, b);
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
	if (entry->reason == REASON_REMOVE && survey->removed[0] == '\0')
		serial_format(entry->serial, survey->removed);
	if (survey->has_unknown_critical)
		return;
	survey->has_unknown_critical = entry->has_unknown_critical ||
	    entry->is_reason_critical || entry->is_invalidity_critical;
	snprintf(survey->unknown_critical, sizeof(survey->unknown_critical),
	    "%s", entry->has_unknown_critical ? entry->unknown_critical :
	    entry->is_reason_critical ? "reasonCode" : "invalidityDate");
}

static void
note_wanted(struct crl_survey *survey, int64_t at_s, int32_t reason)
{
	if (survey->has_wanted)
		return;
	survey->has_wanted = true;
	survey->wanted_at_s = at_s;
	survey->wanted_reason = reason;
}

enum err
crl_fail_entry(uint64_t index, enum err code, struct error *err)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "entry %llu",
	    (unsigned long long)index);
	return crl_fail_form(err_about(err, code, subject), err);
}

/* A survey that is going on. */
struct walk {
	struct crl_survey survey;
	struct crl_entries entries;
	const struct span *wanted;
	struct span previous;	/* serial */
	struct buffer *kept;	/* where it is when the window has moved */
};

/* Compare a serial with the one before it, and keep it for the next. */
static inline enum err
walk_order(struct walk *walk, struct span serial, struct error *err)
{
	if (!walk->survey.is_sorted)
		return ERR_OK;
	if (walk->survey.count > 0 && order(walk->previous, serial) >= 0)
		walk->survey.is_sorted = false;
	walk->previous = serial;
	if (crl_entries_stays(&walk->entries))
		return ERR_OK;
	walk->kept->size = 0;
	TRY(buffer_append(walk->kept, serial.data, serial.size, err));
	walk->previous = span_of_buffer(walk->kept);
	return ERR_OK;
}

/* As many entries as have the usual shape. */
static enum err
walk_quick(struct walk *walk, struct error *err)
{
	struct quick_entry entry;

	while (crl_entry_peek(&walk->entries, &entry)) {
		crl_entries_skip(&walk->entries, entry.size);
		if (walk->wanted != NULL &&
		    is_serial(*walk->wanted, entry.serial))
			note_wanted(&walk->survey,
			    utctime_value(entry.utctime), entry.reason);
		TRY(walk_order(walk, entry.serial, err));
		walk->survey.count++;
	}
	return ERR_OK;
}

/* One entry of any shape. */
static enum err
walk_strict(struct walk *walk, bool *has_entry, struct error *err)
{
	struct crl_entry entry;
	const enum err code = crl_entries_next(&walk->entries, &entry,
	    has_entry, err);

	if (code != ERR_OK)
		return crl_fail_entry(walk->survey.count, code, err);
	if (!*has_entry)
		return ERR_OK;
	note_rare(&walk->survey, &entry);
	if (walk->wanted != NULL && is_serial(*walk->wanted, entry.serial))
		note_wanted(&walk->survey, entry.revoked_at.at_s,
		    entry.reason);
	TRY(walk_order(walk, entry.serial, err));
	walk->survey.count++;
	return ERR_OK;
}

enum err
crl_survey_walk(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err)
{
	RELEASE_BUFFER struct buffer kept = {0};
	struct walk walk = {
		.survey = {.is_sorted = true, .wanted_reason = REASON_NONE},
		.wanted = wanted, .kept = &kept,
	};
	bool has_entry = true;

	crl_entries_start(&walk.entries, crl);
	while (has_entry) {
		TRY(walk_quick(&walk, err));
		TRY(walk_strict(&walk, &has_entry, err));
	}
	*out = walk.survey;
	return ERR_OK;
}

enum err
crl_survey_lax(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err)
{
	struct crl_survey survey;

	TRY(crl_survey_walk(crl, wanted, &survey, err));
	TRY(serial_find_twice(crl, &survey, err));
	*out = survey;
	return ERR_OK;
}

enum err
crl_survey(struct crl *crl, const struct span *wanted, struct crl_survey *out,
    struct error *err)
{
	struct crl_survey survey;

	TRY(crl_survey_lax(crl, wanted, &survey, err));
	if (survey.twice[0] != '\0')
		return crl_fail_form(err_fail(err, ERR_FORMAT,
		    "serial %s is listed twice", survey.twice), err);
	*out = survey;
	return ERR_OK;
}
