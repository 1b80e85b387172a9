/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "sub/import/delivery.h"

#define NAMED_SIZE 96

/* "CRL #12 of 2026-11-22"; "the CRL of 2026-11-22" if it has no number */
static void
name_crl(const struct crl_facts *facts, char out[NAMED_SIZE])
{
	char number[NUMBER_TEXT_SIZE], date[UTC_TEXT_SIZE];

	utc_format_date(facts->this_update_s, date);
	if (!facts->has_number) {
		snprintf(out, NAMED_SIZE, "the CRL of %s", date);
		return;
	}
	number_format(&facts->number, 0, number);
	snprintf(out, NAMED_SIZE, "CRL #%s of %s", number, date);
}

/* "still delivers CRL #12 of 2026-05-22, not CRL #13 of 2026-11-22" */
static void
tell_what(const struct store *store, const struct store_reading *reading,
    const struct delivery *wanted, char out[STANDING_UNSEEN_SIZE])
{
	const bool is_replica = store->config->is_replica;
	const char *delivers = is_replica ? "holds" : "delivers";
	char have[NAMED_SIZE], want[NAMED_SIZE];

	name_crl(wanted->facts, want);
	if (reading->place.detail[0] != '\0') {
		snprintf(out, STANDING_UNSEEN_SIZE, "does not %s %s yet: "
		    "%.300s", is_replica ? "hold" : "deliver", want,
		    reading->place.detail);
		return;
	}
	if (!reading->has_crl) {
		snprintf(out, STANDING_UNSEEN_SIZE, "lacks %s: it %s no CRL "
		    "of %s", want, delivers, wanted->root);
		return;
	}
	name_crl(&reading->facts, have);
	if (strcmp(have, want) == 0)
		snprintf(out, STANDING_UNSEEN_SIZE, "%s another %s than the "
		    "one that was accepted", delivers, have);
	else
		snprintf(out, STANDING_UNSEEN_SIZE, "still %s %s, not %s",
		    delivers, have, want);
}

static void
tell(const struct store *store, const struct store_reading *reading,
    const struct delivery *wanted, struct notices *notices)
{
	const char *remedy = reading->place.detail[0] == '\0' ? NULL :
	    reading->place.remedy;
	char place[600], what[STANDING_UNSEEN_SIZE];

	store->type->describe(store, place, sizeof(place));
	tell_what(store, reading, wanted, what);
	if (remedy != NULL && store->config->is_replica)
		notice(notices, "%s: %s: %s", place, what, remedy);
	else if (remedy != NULL)
		notice(notices, "%s: %s: %s; the file to publish is %s",
		    place, what, remedy, wanted->file);
	else if (store->config->is_replica)
		notice(notices, "%s: %s: it has not replicated yet; if that "
		    "lasts, see why (Active Directory: repadmin /syncall)",
		    place, what);
	else
		notice(notices, "%s: %s: publish %s there; a cache in between "
		    "may keep what it has for a while", place, what,
		    wanted->file);
}

/* This very CRL, or one that is newer still. */
static bool
is_delivered(const struct store_reading *reading,
    const struct crl_facts *facts)
{
	return reading->has_crl && reading->place.is_valid &&
	    (memcmp(reading->facts.sha256, facts->sha256, SHA256_SIZE) == 0 ||
	    crl_facts_compare(&reading->facts, facts) > 0);
}

void
deliveries_tell(const struct pair_stores *stores,
    const struct delivery *wanted, struct notices *notices)
{
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];
		RELEASE_READING struct store_reading now = {0};
		struct store anew = pair->store;
		char place[600], line[ERROR_LINE_SIZE];
		struct error why;

		if (pair->first != pair || !store_is_read_only(&pair->store) ||
		    !pair->is_readable)
			continue;
		/* Not what was fetched before the import. */
		anew.shared = NULL;
		if (anew.type->read(&anew, &now, &why) == ERR_OK) {
			if (!is_delivered(&now, wanted->facts))
				tell(&pair->store, &now, wanted, notices);
			continue;
		}
		pair->store.type->describe(&pair->store, place,
		    sizeof(place));
		notice(notices, "%s: whether it has the CRL by now is not "
		    "known: %s", place, error_line(&why, line));
	}
}
