/* SPDX-License-Identifier: ISC */
/* Would the consumer use the newest CRL that a store holds? */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_free.h"
#include "sub/store/store_method.h"
#include "sub/store/store_openssl.h"

/* "#3, that of 2026-11-30T10:00:00Z", if this room can read the CRL. */
static void
describe(const struct store_held *held, char *out, size_t capacity)
{
	RELEASE_CRL struct crl crl = {0};
	char number[NUMBER_TEXT_SIZE] = "", date[UTC_TEXT_SIZE];
	struct window window;

	window_init_memory(&window, span_of_buffer(&held->der));
	if (crl_open(&window, &crl, NULL) != ERR_OK) {
		snprintf(out, capacity, "one");
		return;
	}
	if (crl.has_number)
		number_format(&crl.number, 0, number);
	utc_format(crl.this_update.at_s, date);
	snprintf(out, capacity, "%s%s%sthat of %s", crl.has_number ? "#" : "",
	    number, crl.has_number ? ", " : "", date);
}

static const struct store_held *
find_held(const struct store_reading *reading, const uint8_t *sha256)
{
	size_t count;
	const struct store_held *held = store_reading_held(reading, &count);

	for (size_t i = 0; i < count; i++) {
		if (memcmp(held[i].sha256, sha256, SHA256_SIZE) == 0)
			return &held[i];
	}
	return NULL;
}

/* Another CRL is used than the newest. */
static void
spoil_choice(const struct store_held *chosen, struct store_reading *reading)
{
	const char *what = "another CRL of this root than the newest";
	char which[96];

	if (chosen == NULL) {
		store_reading_spoil(reading, "OpenSSL would use another CRL "
		    "than the newest");
		return;
	}
	describe(chosen, which, sizeof(which));
	if (chosen->owner == STORE_OTHER) {
		what = "another key's CRL with this root's name";
	} else if (chosen->owner == STORE_INVALID) {
		what = "a CRL of this root that is not valid";
		snprintf(which, sizeof(which), "%.95s", chosen->why);
	}
	store_reading_spoil(reading, "OpenSSL would use %s%s%s: %.60s", what,
	    chosen->where[0] == '\0' ? "" : ", in ", chosen->where, which);
	if (chosen->owner == STORE_OTHER)
		reading->place.remedy = "remove that CRL, or give each key a "
		    "store of its own";
}

/* Nothing is wrong with the store, but what it is for does not work. */
static void
spoil_chain(const char *why, struct store_reading *reading)
{
	store_reading_spoil(reading, "OpenSSL uses no CRL of this root for the "
	    "subordinate's certificate: %.80s", why);
	reading->is_chainless = true;
	reading->place.remedy = "configure the root's certificate that its "
	    "authorityKeyIdentifier names";
}

/* Is the newest used, and nothing said against it? */
static void
judge_verdict(const struct openssl_verdict *verdict,
    struct store_reading *reading)
{
	reading->chain_error = verdict->chain_error;
	if (!verdict->is_issued && verdict->chain_error != NULL) {
		spoil_chain(verdict->chain_error, reading);
	} else if (!verdict->has_choice) {
		store_reading_spoil(reading, "OpenSSL would use none of the "
		    "CRLs in it");
	} else if (memcmp(verdict->sha256, reading->facts.sha256,
	    SHA256_SIZE) != 0) {
		spoil_choice(find_held(reading, verdict->sha256), reading);
	} else if (verdict->crl_error != NULL) {
		store_reading_spoil(reading, "OpenSSL would not use the CRL "
		    "for the subordinate's certificate: %.70s",
		    verdict->crl_error);
	}
}

/* The lookup has the last word; which block is in its way, the view knows. */
static void
judge_loading(const struct consumer_view *view, const char *why,
    struct store_reading *reading)
{
	if (view != NULL && (view->is_damaged || view->is_hidden)) {
		store_reading_spoil(reading, "%s", view->what);
		reading->place.remedy = view->remedy;
	} else if (why[0] != '\0') {
		store_reading_spoil(reading, "OpenSSL and nginx load nothing "
		    "of this file: %.100s", why);
		reading->place.remedy = "mend or remove what is in their way";
	}
}

/* The newest among crls; NULL: one that admission takes, OpenSSL takes. */
static enum err
judge_choice(const struct store *store, STACK_OF(X509_CRL) *crls,
    struct store_reading *reading, struct error *err)
{
	const int orders = crls != NULL && sk_X509_CRL_num(crls) > 1 ? 2 : 1;

	for (int i = 0; reading->place.is_valid && i < orders; i++) {
		struct openssl_verdict verdict;

		TRY(openssl_pick(store, crls, i > 0, &verdict, err));
		if (crls == NULL) {
			verdict.has_choice = verdict.is_issued;
			memcpy(verdict.sha256, reading->facts.sha256,
			    SHA256_SIZE);
		}
		judge_verdict(&verdict, reading);
	}
	return ERR_OK;
}

/*
 * Is the CRL given to OpenSSL as it was read?  One alone is used if admission
 * takes it; that is looked at closely only when a store is confirmed.
 */
static bool
is_given(const struct store *store, const struct store_reading *reading,
    size_t count)
{
	return reading->has_crl && reading->place.is_valid &&
	    openssl_can_pick(store) && (count > 1 || reading->has_idp ||
	    (store->is_confirmed && reading->der.size <=
	    STORE_CONFIRMED_MAX));
}

/* As the lookup finds them, or else as they were read; NULL for neither. */
static enum err
find_crls(const struct store *store, struct lookup *lookup,
    const struct consumer_view *view, struct store_reading *reading,
    STACK_OF(X509_CRL) **out, struct error *err)
{
	size_t count;
	const struct store_held *held = store_reading_held(reading, &count);
	char why[128];

	TRY(lookup_crls(store, lookup, out, why, err));
	if (*out == NULL || why[0] != '\0')
		judge_loading(view, why, reading);
	if (*out == NULL && is_given(store, reading, count))
		return openssl_crls(held, count, out, err);
	return ERR_OK;
}

enum err
consumer_choose(const struct store *store, struct lookup *lookup,
    const struct consumer_view *view, struct store_reading *reading,
    struct error *err)
{
	FREE_BY(free_method) X509_CRL_METHOD *method = NULL;
	FREE_BY(free_crls) STACK_OF(X509_CRL) *crls = NULL;
	enum err code;

	method_begin(store, &method);
	code = find_crls(store, lookup, view, reading, &crls, err);
	method_end();
	TRY(code);
	if (!reading->has_crl || !reading->place.is_valid ||
	    !openssl_can_pick(store))
		return ERR_OK;
	method_bind(store, crls);
	TRY(judge_choice(store, crls, reading, err));
	if (!reading->place.is_valid && !reading->is_chainless)
		judge_loading(view, "", reading);
	return ERR_OK;
}

enum err
store_chain_error(const struct store *store, const char **out,
    struct error *err)
{
	struct openssl_verdict verdict;

	*out = NULL;
	if (store->subordinate == NULL)
		return ERR_OK;
	TRY(openssl_pick(store, NULL, false, &verdict, err));
	if (verdict.is_issued)
		*out = verdict.chain_error;
	return ERR_OK;
}

enum err
consumer_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	const struct standing_place *place = &reading.place;
	struct store asking = *store;

	asking.asks_consumer = asking.is_confirmed = true;
	/* The caller names the store. */
	TRY(store_trouble(err, store->type->read(&asking, &reading, err), ""));
	if (!reading.has_crl && place->detail[0] == '\0')
		return err_fail(err, ERR_STORE, "the CRL was written, but %s",
		    store->type->is_remote ? "is not there" :
		    "OpenSSL does not find it there");
	if (place->is_valid || reading.is_chainless)
		return reading.has_crl &&
		    span_equals(reading.der, crl->der) ? ERR_OK :
		    err_fail(err, ERR_STORE, "it holds something else than "
		    "the CRL that was installed");
	return err_remedy(err, err_fail(err, ERR_STORE, "the CRL would not be "
	    "used: %s", place->detail), "%s", place->remedy == NULL ? "" :
	    place->remedy);
}
