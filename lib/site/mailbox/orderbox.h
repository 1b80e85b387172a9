/* SPDX-License-Identifier: ISC */
/*
 * Orders on the medium: MEDIUM/crlferry/<root>/reset-<sub>.json and its seals,
 * which are written last and removed first.  The seal of the first key is
 * reset-<sub>.json.minisig, where minisign(1) looks for it; those of others
 * are reset-<sub>.json.<key id>.minisig.
 */
#pragma once

#include "ferry/order.h"
#include "site/bundle.h"

/* One more than can count: one key may have sealed under both names. */
#define ORDERBOX_SEALS_MAX (ORDER_SEALS_MAX + 1)

/* An order as it was read, once: memory sealed against any change. */
struct orderbox {
	char path[4096];		/* of the JSON */
	struct bundle_member json;
	struct bundle_member seals[ORDERBOX_SEALS_MAX];
	size_t seal_count;
	struct span json_text;		/* their octets, until the release */
	struct span seal_texts[ORDERBOX_SEALS_MAX];
};

#define RELEASE_ORDERBOX __attribute__((cleanup(orderbox_release)))
#define ORDERBOX_NONE {.json = {.fd = -1}}

/*
 * Is there room for an order with so many seals?  ERR_MEDIUM, for what is to
 * be known before anything else is done.
 */
MUST_CHECK enum err orderbox_check_room(const char *medium,
    size_t seal_count, struct error *err);

/*
 * Write an order, durably, and seal it with each key; an earlier one for this
 * subordinate is replaced, its seals removed first.  path receives the JSON's
 * place.
 *
 * secrets  1 to ORDER_SEALS_MAX open keys
 */
MUST_CHECK enum err orderbox_write(const char *medium,
    const struct order *order, const struct minisign_secret *secrets,
    size_t secret_count, char *path, size_t capacity, struct error *err);

/*
 * Load one as bundle_load does: beneath the medium, no links, regular files
 * with one link only, sizes checked before a byte is read, each file once.
 *
 * trusted  of the order's seals those are looked for that these keys would
 *          have made, under names that follow from their key ids; NULL: every
 *          one that lies beside it under a name that a key might have, whoever
 *          made it
 * out      ORDERBOX_NONE
 * found    false, with ERR_OK, if there is no such order, or none with a
 *          seal
 *
 * ERR_FORMAT also if every seal is wanted, and they are more than
 * ORDERBOX_SEALS_MAX.
 */
MUST_CHECK enum err orderbox_load(const char *medium, const char *root,
    const char *subordinate, const struct minisign_public *trusted,
    size_t trusted_count, struct orderbox *out, bool *found,
    struct error *err);
void orderbox_release(struct orderbox *box);

/*
 * Add the seal of a key to an order that lies on the medium, under the name
 * with its key id; one of that name is replaced.  It appears whole or not at
 * all, and is on the device once this returns.
 *
 * json  the order's octets
 *
 * ERR_MISSING without the medium or the order's folder.
 */
MUST_CHECK enum err orderbox_add_seal(const char *medium,
    const struct order *order, struct span json,
    const struct minisign_secret *secret, struct error *err);
