/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "ca/index_crl.h"

struct crl_entry
index_crl_entry(const struct revocation *revocation)
{
	return (struct crl_entry){
	    .serial = revocation->serial,
	    .revoked_at = {revocation->revoked_at_s, true},
	    .reason = revocation->reason < 0 ?
		REASON_NONE : revocation->reason,
	    .has_invalidity = revocation->has_invalidity,
	    .invalidity_s = revocation->invalidity_s};
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

/* Positive, and not too long. */
static bool
fits_index(struct span serial)
{
	return serial.size > 0 && serial.size <= INDEX_SERIAL_MAX &&
	    (serial.data[0] & 0x80) == 0 &&
	    (serial.size > 1 || serial.data[0] != 0);
}

/* The entry as the index will say it. */
static struct revocation
translate(const struct crl_entry *entry, struct notices *notices)
{
	struct revocation out = {
	    .serial = entry->serial, .revoked_at_s = entry->revoked_at.at_s,
	    .reason = -1};
	char hex[INDEX_SERIAL_TEXT_SIZE];

	hex_encode(entry->serial, hex, sizeof(hex));
	if (entry->reason > 0 && entry->reason <= CERTIFICATE_HOLD)
		out.reason = entry->reason;
	else if (entry->reason > 0)
		notice(notices, "%s: the index cannot hold the reason %s: "
		    "entered as unspecified", hex,
		    crl_reason_name(entry->reason));
	if (!entry->has_invalidity)
		return out;
	out.has_invalidity = entry->reason > 0 &&
	    entry->reason <= CA_COMPROMISE;
	if (out.has_invalidity)
		out.invalidity_s = entry->invalidity_s;
	else
		notice(notices, "%s: the index cannot hold an invalidity date "
		    "without a compromise: left out", hex);
	return out;
}

static enum err
add_lacking(void *context, const struct crl_entry *entry, struct error *err)
{
	struct merge *merge = context;
	struct revocation revocation;
	char hex[INDEX_SERIAL_TEXT_SIZE];

	hex_encode(entry->serial, hex, sizeof(hex));
	if (entry->reason == REMOVE_FROM_CRL)
		return err_fail(err, ERR_FORMAT, "revoked serial %s: a "
		    "complete CRL cannot hold removeFromCRL (RFC 5280 "
		    "5.3.1)", hex);
	if (!fits_index(entry->serial)) {
		notice(merge->notices, "%s: the index cannot hold such a "
		    "serial: left out", hex);
		return ERR_OK;
	}
	revocation = translate(entry, merge->notices);
	TRY(buffer_append(&merge->list, &revocation, sizeof(revocation), err));
	merge->count++;
	return ERR_OK;
}

enum err
merge_find(struct crl *crl, const char *path, struct merge *out,
    struct error *err)
{
	RELEASE_INDEX struct index index = {0};

	TRY(index_load(path, &index, err));
	return index_crl_compare(&index, crl, NULL, add_lacking, out, err);
}

enum err
merge_enter(const struct merge *merge, const char *path, struct error *err)
{
	const struct revocation *list = (const void *)merge->list.data;
	char serials[SERIALS_SHOWN * (INDEX_SERIAL_TEXT_SIZE + 2)];
	struct index_written written;
	char hex[INDEX_SERIAL_TEXT_SIZE];
	size_t i, at = 0;

	if (merge->count == 0)
		return ERR_OK;
	TRY(index_revoke(path, list, merge->count, NULL, &written, err));
	for (i = 0; i < merge->count && i < SERIALS_SHOWN; i++) {
		hex_encode(list[i].serial, hex, sizeof(hex));
		at += (size_t)snprintf(serials + at, sizeof(serials) - at,
		    "%s%s", i == 0 ? "" : ", ", hex);
	}
	notice(merge->notices, "%s: it lacked %zu revocation%s: entered %s%s",
	    path, merge->count, merge->count == 1 ? "" : "s", serials,
	    merge->count > SERIALS_SHOWN ? ", ..." : "");
	return ERR_OK;
}

void
merge_release(struct merge *merge)
{
	buffer_release(&merge->list);
	*merge = (struct merge){0};
}
