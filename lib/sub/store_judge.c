/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "sub/store_judge.h"

void
store_reading_start(const struct store *store, struct store_reading *out)
{
	*out = (struct store_reading){.wanted_reason = REASON_NONE};
	snprintf(out->place.kind, sizeof(out->place.kind), "%s",
	    store->type->name);
	snprintf(out->place.path, sizeof(out->place.path), "%.511s",
	    store->config->path);
}

void
store_reading_spoil(struct store_reading *reading, const char *detail)
{
	reading->place.is_present = true;
	snprintf(reading->place.detail, sizeof(reading->place.detail),
	    "%.159s", detail);
}

/* Is this CRL newer than what the reading has? */
static bool
is_newer(const struct crl *crl, const struct standing_place *place)
{
	if (!place->is_valid)
		return true;
	if (crl->has_number && place->has_number)
		return number_compare(&crl->number, &place->number) > 0;
	return crl->this_update.at_s > place->this_update_s;
}

static enum err
take_reading(const struct store *store, struct crl *crl, struct span der,
    struct store_reading *reading, struct error *err)
{
	struct standing_place *place = &reading->place;
	struct crl_survey survey;
	enum err code;

	code = crl_survey(crl, store->wanted, &survey, err);
	if (code == ERR_OK)
		code = admit_facts(crl, &survey, &reading->facts, err);
	if (code != ERR_OK)
		return code;
	reading->der.size = 0;
	place->is_valid = false;
	code = buffer_append(&reading->der, der.data, der.size, err);
	if (code != ERR_OK)
		return code;
	place->is_present = true;
	place->is_valid = true;
	place->detail[0] = '\0';
	place->has_number = crl->has_number;
	place->number = crl->number;
	place->this_update_s = crl->this_update.at_s;
	place->has_next_update = crl->has_next_update;
	place->next_update_s = crl->next_update.at_s;
	reading->has_wanted = survey.has_wanted;
	reading->wanted_reason = survey.wanted_reason;
	return ERR_OK;
}

/* Does it name this root: its subject, and no other key's id? */
static bool
names_root(const struct crl *crl, const struct cert *root)
{
	const struct span key_id = {root->key_id, root->key_id_size};

	return span_equals(crl->issuer, root->subject) &&
	    (crl->aki_key_id.size == 0 ||
	    span_equals(crl->aki_key_id, key_id));
}

enum err
store_judge(const struct store *store, struct span der,
    struct store_reading *reading, enum store_owner *out, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	struct error why;
	enum err code;

	*out = STORE_GARBAGE;
	window_init_memory(&window, der);
	code = crl_open(&window, &crl, &why);
	if (code == ERR_IO)
		return err_fail(err, code, "%s", why.what);
	if (code != ERR_OK)
		return ERR_OK;
	*out = STORE_OTHER;
	if (!names_root(&crl, store->root))
		return ERR_OK;
	*out = STORE_VALID;
	code = crl_verify(&crl, store->root, &why);
	if (code == ERR_OK && is_newer(&crl, &reading->place))
		code = take_reading(store, &crl, der, reading, &why);
	if (code == ERR_OK)
		return ERR_OK;
	if (code == ERR_IO)
		return err_fail(err, code, "%s", why.what);
	*out = STORE_INVALID;
	if (!reading->place.is_valid)
		store_reading_spoil(reading, why.what);
	return ERR_OK;
}
