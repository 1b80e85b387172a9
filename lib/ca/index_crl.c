/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"
#include "ca/index_crl.h"

/* UTCTime: 1950-01-01T00:00:00Z and 2049-12-31T23:59:59Z. */
#define INDEX_DATE_MIN_S INT64_C(-631152000)
#define INDEX_DATE_MAX_S INT64_C(2524607999)

struct crl_entry
index_crl_entry(const struct revocation *revocation)
{
	return (struct crl_entry){
	    .serial = revocation->serial,
	    .revoked_at = {revocation->revoked_at_s, true},
	    .reason = revocation->reason < 0 ?
		REASON_NONE : revocation->reason,
	    .has_invalidity = revocation->has_invalidity,
	    .invalidity_s = revocation->invalidity_s,
	    .has_hold = revocation->hold.size > 0,
	    .hold = revocation->hold};
}

enum err
index_crl_compare(const struct index *index, struct crl *crl,
    bool *is_listed, enum err (*lost)(void *context,
    const struct crl_entry *entry, struct error *err), void *context,
    struct error *err)
{
	struct index_search search = {0};
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry;
	size_t at;

	crl_entries_start(&entries, crl);
	for (;;) {
		TRY(crl_entries_next(&entries, &entry, &has_entry, err));
		if (!has_entry)
			return ERR_OK;
		if (!index_find(index, &search, entry.serial, &at)) {
			if (lost != NULL)
				TRY(lost(context, &entry, err));
		} else if (is_listed != NULL) {
			is_listed[at] = true;
		}
	}
}

#define SERIALS_SHOWN 5		/* in a notice */

/* Those of RFC 5280 5.3.1 between which the index draws a line. */
enum {
	CA_COMPROMISE = 2,	/* has a date; those above have none */
	CERTIFICATE_HOLD = 6,	/* the last that has a word */
	REMOVE_FROM_CRL = 8,
};

static void
translate_reason(const struct crl_entry *entry, const char *hex,
    struct revocation *out, struct notices *notices)
{
	if (entry->reason > 0 && entry->reason <= CERTIFICATE_HOLD)
		out->reason = entry->reason;
	else if (entry->reason > 0)
		notice(notices, "%s: the index cannot hold the reason %s: "
		    "entered as unspecified", hex,
		    crl_reason_name(entry->reason));
}

static void
translate_invalidity(const struct crl_entry *entry, const char *hex,
    struct revocation *out, struct notices *notices)
{
	if (!entry->has_invalidity)
		return;
	out->has_invalidity = entry->reason > 0 &&
	    entry->reason <= CA_COMPROMISE;
	if (out->has_invalidity)
		out->invalidity_s = entry->invalidity_s;
	else
		notice(notices, "%s: the index cannot hold an invalidity date "
		    "without a compromise: left out", hex);
}

static void
translate_hold(const struct crl_entry *entry, const char *hex,
    struct revocation *out, struct notices *notices)
{
	char word[INDEX_REASON_SIZE];

	if (!entry->has_hold)
		return;
	out->hold = entry->hold;
	if (entry->reason != CERTIFICATE_HOLD) {
		notice(notices, "%s: the index cannot hold a hold instruction "
		    "without the reason certificateHold: left out", hex);
		out->hold = (struct span){0};
	} else if (entry->hold.size == 0 ||
	    index_reason_format(out, word, NULL) != ERR_OK) {
		notice(notices, "%s: its hold instruction is no OID, or one "
		    "too long for the index: left out", hex);
		out->hold = (struct span){0};
	}
}

/* openssl reads no index that has a revocation date beyond UTCTime. */
static void
translate_date(const struct crl_entry *entry, const char *hex,
    struct revocation *out, struct notices *notices)
{
	char have[UTC_TEXT_SIZE], put[UTC_TEXT_SIZE];

	out->revoked_at_s = entry->revoked_at.at_s < INDEX_DATE_MIN_S ?
	    INDEX_DATE_MIN_S : entry->revoked_at.at_s > INDEX_DATE_MAX_S ?
	    INDEX_DATE_MAX_S : entry->revoked_at.at_s;
	if (out->revoked_at_s == entry->revoked_at.at_s)
		return;
	utc_format(entry->revoked_at.at_s, have);
	utc_format(out->revoked_at_s, put);
	notice(notices, "%s: the index cannot hold the revocation date %s: "
	    "entered as %s", hex, have, put);
}

/* The entry as the index will say it. */
static struct revocation
translate(const struct crl_entry *entry, struct notices *notices)
{
	struct revocation out = {.serial = entry->serial, .reason = -1};
	char hex[SERIAL_TEXT_SIZE];

	serial_format(entry->serial, hex);
	translate_date(entry, hex, &out, notices);
	translate_reason(entry, hex, &out, notices);
	translate_invalidity(entry, hex, &out, notices);
	translate_hold(entry, hex, &out, notices);
	return out;
}

static enum err
add_lacking(void *context, const struct crl_entry *entry, struct error *err)
{
	struct merge *merge = context;
	struct revocation revocation;
	char hex[SERIAL_TEXT_SIZE];

	serial_format(entry->serial, hex);
	if (entry->reason == REMOVE_FROM_CRL)
		return err_fail(err, ERR_FORMAT, "revoked serial %s: a "
		    "complete CRL cannot hold removeFromCRL (RFC 5280 "
		    "5.3.1)", hex);
	if (!serial_fits(entry->serial)) {
		notice(merge->notices, "%s: the index cannot hold a serial of "
		    "%zu octets: left out", hex, entry->serial.size);
		return ERR_OK;
	}
	revocation = translate(entry, merge->notices);
	TRY(buffer_append(&merge->list, &revocation, sizeof(revocation), err));
	merge->count++;
	return ERR_OK;
}

/* In serial order, the earliest first, of one date the one listed first. */
static int
compare_found(const void *a, const void *b)
{
	const struct revocation *one = *(const struct revocation *const *)a;
	const struct revocation *two = *(const struct revocation *const *)b;
	int order = serial_order(one->serial, two->serial);

	if (order != 0)
		return order;
	if (one->revoked_at_s != two->revoked_at_s)
		return one->revoked_at_s < two->revoked_at_s ? -1 : 1;
	return one < two ? -1 : 1;
}

static bool
is_rising(const struct revocation *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (serial_order(list[i - 1].serial,
		    list[i].serial) >= 0)
			return false;
	}
	return true;
}

static void
free_sorted(struct revocation ***sorted)
{
	free(*sorted);
}

/* The index has one line for a serial: that of its earliest revocation. */
static enum err
merge_doubles(struct merge *merge, struct error *err)
{
	struct revocation *list = (void *)merge->list.data;
	__attribute__((cleanup(free_sorted))) struct revocation **sorted =
	    NULL;
	char hex[SERIAL_TEXT_SIZE], date[UTC_TEXT_SIZE];
	size_t kept = 0;

	if (is_rising(list, merge->count))
		return ERR_OK;
	sorted = calloc(merge->count, sizeof(*sorted));
	if (sorted == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < merge->count; i++)
		sorted[i] = &list[i];
	qsort(sorted, merge->count, sizeof(*sorted), compare_found);
	for (size_t i = 1; i < merge->count; i++) {
		if (!span_equals(sorted[i - 1]->serial, sorted[i]->serial))
			continue;
		/* For the next one, which may be the third. */
		*sorted[i] = *sorted[i - 1];
		sorted[i - 1]->serial.size = 0;
		if (i + 1 < merge->count && span_equals(sorted[i]->serial,
		    sorted[i + 1]->serial))
			continue;
		serial_format(sorted[i]->serial, hex);
		utc_format(sorted[i]->revoked_at_s, date);
		notice(merge->notices, "%s: the CRL lists it more than once: "
		    "entered once, by its earliest revocation, of %s", hex,
		    date);
	}
	for (size_t i = 0; i < merge->count; i++) {
		if (list[i].serial.size > 0)
			list[kept++] = list[i];
	}
	merge->count = kept;
	merge->list.size = kept * sizeof(*list);
	return ERR_OK;
}

enum err
merge_find(struct crl *crl, const char *path, struct merge *out,
    struct error *err)
{
	RELEASE_INDEX struct index index = {0};

	if (path != NULL)
		TRY(index_load(path, &index, err));
	TRY(index_crl_compare(&index, crl, NULL, add_lacking, out, err));
	return merge_doubles(out, err);
}

/* By what the index says of them before they are entered. */
static enum err
name_first(struct merge *merge, struct error *err)
{
	const struct revocation *list = (const void *)merge->list.data;
	struct buffer *out = &merge->entered;
	char hex[SERIAL_TEXT_SIZE];

	for (size_t i = 0; i < merge->count && i < SERIALS_SHOWN; i++) {
		serial_format(list[i].serial, hex);
		TRY(buffer_appendf(out, err, "%s%s", i == 0 ? "" : ", ",
		    hex));
		if (merge->beside != NULL)
			TRY(merge->beside(merge->context, list[i].serial, out,
			    err));
	}
	if (merge->count > SERIALS_SHOWN)
		TRY(buffer_append_text(out, ", ...", err));
	return buffer_append(out, "", 1, err);
}

enum err
merge_enter(struct merge *merge, const char *path, struct error *err)
{
	const struct revocation *list = (const void *)merge->list.data;
	struct index_written written;

	if (merge->count == 0)
		return ERR_OK;
	TRY(name_first(merge, err));
	TRY(index_revoke(path, list, merge->count, NULL, &written, err));
	notice(merge->notices, "%s: it lacked %zu revocation%s: entered %s",
	    path, merge->count, merge->count == 1 ? "" : "s",
	    (const char *)merge->entered.data);
	return ERR_OK;
}

void
merge_release(struct merge *merge)
{
	buffer_release(&merge->list);
	buffer_release(&merge->entered);
	*merge = (struct merge){0};
}
