/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sub/store/store_judge.h"
#include "sub/store/store_openssl.h"

#define DETAIL_SIZE 160		/* what a view has room for */

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
store_reading_spoil(struct store_reading *reading, const char *fmt, ...)
{
	va_list arguments;

	reading->place.is_present = true;
	reading->place.is_valid = false;
	va_start(arguments, fmt);
	(void)vsnprintf(reading->place.detail, DETAIL_SIZE, fmt, arguments);
	va_end(arguments);
}

struct store_held *
store_reading_held(const struct store_reading *reading, size_t *count)
{
	*count = reading->held.size / sizeof(struct store_held);
	return (void *)reading->held.data;
}

void
store_note_invalid(const struct store_reading *reading,
    char lost[STORE_LOST_SIZE])
{
	const struct store_held *held;
	size_t count;

	held = store_reading_held(reading, &count);
	while (count > 0 && held[count - 1].owner != STORE_INVALID)
		count--;
	snprintf(lost, STORE_LOST_SIZE, "a CRL of this root that is not valid "
	    "(%s)", count > 0 ? held[count - 1].why : "");
}

void
store_reading_release(struct store_reading *reading)
{
	size_t count;
	struct store_held *held = store_reading_held(reading, &count);

	for (size_t i = 0; i < count; i++)
		buffer_release(&held[i].der);
	buffer_release(&reading->held);
}

static enum err
keep_held(const struct store *store, struct store_reading *reading,
    struct store_held *held, struct span der, struct error *err)
{
	enum err code;
	size_t count;

	store_reading_held(reading, &count);
	if (count == STORE_HELD_MAX)
		return err_remedy(err, err_fail(err, ERR_STORE, "%s holds more "
		    "than %d different CRLs with the name of %s",
		    store->config->path, STORE_HELD_MAX,
		    store->root->subject_text), "remove those that nobody "
		    "needs");
	TRY(buffer_append(&held->der, der.data, der.size, err));
	memcpy(held->where, reading->where, sizeof(held->where));
	code = buffer_append(&reading->held, held, sizeof(*held), err);
	if (code != ERR_OK)
		buffer_release(&held->der);
	return code;
}

/* The CRL that was kept last is the newest of this root. */
static void
take_reading(const struct crl_facts *facts, const struct crl_survey *survey,
    bool has_idp, struct store_reading *reading)
{
	struct standing_place *place = &reading->place;
	size_t count;
	const struct store_held *held = store_reading_held(reading, &count);

	reading->has_crl = true;
	reading->has_idp = has_idp;
	reading->facts = *facts;
	reading->der = span_of_buffer(&held[count - 1].der);
	reading->has_wanted = survey->has_wanted;
	reading->wanted_reason = survey->wanted_reason;
	place->is_present = true;
	place->is_valid = true;
	place->detail[0] = '\0';
	place->has_number = facts->has_number;
	place->number = facts->number;
	place->this_update_s = facts->this_update_s;
	place->has_next_update = facts->has_next_update;
	place->next_update_s = facts->next_update_s;
	place->next_publish_s = facts->next_publish_s;
	memcpy(place->sha256, facts->sha256, SHA256_SIZE);
}

/* As at an import, but for the day and for what was seen. */
static enum err
admit(const struct store *store, struct crl *crl, struct crl_facts *facts,
    struct crl_survey *survey, struct error *err)
{
	const struct admit_rules rules = {
	    .root = store->root,
	    .subordinates = store->subordinates,
	    .subordinate_count = store->subordinate_count};

	TRY(admit_content(crl, &rules, store->wanted, facts, survey, err));
	if (!facts->has_next_update)
		return err_fail(err, ERR_EXPIRED, "the CRL has no nextUpdate "
		    "(RFC 5280 5.1.2.5)");
	return ERR_OK;
}

/* Whose is a CRL with this root's name that admission refuses? */
static enum store_owner
find_owner(const struct store *store, struct crl *crl, struct span der)
{
	const struct cert *root = store->root;
	const struct span key_id = {root->key_id, root->key_id_size};
	struct error why = {0};
	enum err code;

	if (span_equals(crl->aki_key_id, key_id))
		return STORE_INVALID;
	code = crl_verify(crl, root, &why);
	if (code == ERR_WEAK || code == ERR_ALGORITHM)
		return openssl_is_ours(der, root) ? STORE_INVALID :
		    STORE_OTHER;
	return code == ERR_OK ? STORE_INVALID : STORE_OTHER;
}

static enum err
judge_named(const struct store *store, struct crl *crl, struct span der,
    struct store_reading *reading, struct store_held *held,
    struct error *err)
{
	struct crl_survey survey = {0};
	struct crl_facts facts = {0};
	struct error why = {0};
	enum err code;

	verified_tell(store->verified, crl, held->sha256, store->root);
	code = admit(store, crl, &facts, &survey, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	held->owner = code == ERR_OK ? STORE_VALID :
	    find_owner(store, crl, der);
	snprintf(held->why, sizeof(held->why), "%.159s", why.what);
	verified_learn(store->verified, crl, held->sha256, store->root);
	TRY(keep_held(store, reading, held, der, err));
	if (code == ERR_OK && (!reading->has_crl ||
	    crl_facts_compare(&facts, &reading->facts) > 0))
		take_reading(&facts, &survey, crl->has_idp, reading);
	return ERR_OK;
}

/* Was a copy of it judged before? */
static bool
recall(const struct store_reading *reading,
    const uint8_t digest[SHA256_SIZE], enum store_owner *out)
{
	size_t count;
	const struct store_held *held = store_reading_held(reading, &count);

	for (size_t i = 0; i < count; i++) {
		if (memcmp(held[i].sha256, digest, SHA256_SIZE) != 0)
			continue;
		*out = held[i].owner;
		return true;
	}
	return false;
}

/*
 * Judge a CRL with this root's name.
 *
 * crl  NULL if it does not parse, for the reason why
 */
static enum err
judge_once(const struct store *store, struct crl *crl, struct span der,
    const char *why, struct store_reading *reading, enum store_owner *out,
    struct error *err)
{
	struct store_held held = {.owner = STORE_OTHER};

	TRY(crl == NULL ? sha256(der, held.sha256, err) :
	    crl_sha256(crl, held.sha256, err));
	if (recall(reading, held.sha256, out))
		return ERR_OK;
	if (crl != NULL) {
		TRY(judge_named(store, crl, der, reading, &held, err));
	} else {
		/* No admission would even parse it, but OpenSSL does. */
		held.owner = openssl_is_ours(der, store->root) ?
		    STORE_INVALID : STORE_OTHER;
		snprintf(held.why, sizeof(held.why), "%.159s", why);
		TRY(keep_held(store, reading, &held, der, err));
	}
	*out = held.owner;
	if (*out == STORE_INVALID && !reading->has_crl)
		store_reading_spoil(reading, "%s", held.why);
	return ERR_OK;
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
		return err_copy(err, &why);
	if (code != ERR_OK)
		return openssl_has_root_name(der, store->root) ?
		    judge_once(store, NULL, der, why.what, reading, out,
		    err) : ERR_OK;
	*out = STORE_OTHER;
	return name_equals(crl.issuer, store->root->subject) ?
	    judge_once(store, &crl, der, NULL, reading, out, err) : ERR_OK;
}

enum err
store_judge_block(const struct store *store, const struct pem_block *block,
    struct store_reading *reading, enum store_owner *out, struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};

	*out = STORE_GARBAGE;
	if (strcmp(block->label, PEM_CRL) != 0 ||
	    pem_decode(block, &der, NULL) != ERR_OK)
		return ERR_OK;
	return store_judge(store, span_of_buffer(&der), reading, out, err);
}

enum err
store_judge_text(const struct store *store, struct span text, size_t at,
    struct store_reading *reading, enum store_owner *out, struct error *err)
{
	struct pem_block block;

	*out = STORE_GARBAGE;
	while (pem_next(text, &at, &block)) {
		enum store_owner one;

		TRY(store_judge_block(store, &block, reading, &one, err));
		if (one != STORE_GARBAGE && !store_is_ours(*out))
			*out = one;
	}
	return ERR_OK;
}

const char *
store_name_other(const struct store_reading *reading)
{
	return reading->held.size > 0 ? "the CRL of another key with this "
	    "root's name" : "another CA's CRL";
}

bool
store_is_ours(enum store_owner owner)
{
	return owner == STORE_VALID || owner == STORE_INVALID;
}
