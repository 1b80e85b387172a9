/* SPDX-License-Identifier: ISC */
/* Every store of a root's subordinates, read once. */
#pragma once

#include "base/notice.h"
#include "ferry/note.h"
#include "site/config.h"
#include "sub/store/store.h"

/* One store with what it holds. */
struct pair_store {
	const struct config_subordinate *subordinate;
	struct store store;
	char previous[4096];		/* folder; store points here */
	char *place;			/* however its path is spelt */
	struct store_reading reading;
	struct fetched fetched;		/* of a first; store points here */
	bool is_readable;
	struct error why;		/* if it is not; ERR_PERMISSIONS:
					 * this user may not read it */
	enum note_outcome outcome;	/* of install_all */
	/* of this place: itself, unless subordinates share it */
	struct pair_store *first;
	struct pair_store *next;	/* who shares it as well, or NULL */
};

/* A root with its certificates and stores; new/free. */
struct pair_stores {
	const struct config_root *root;
	bool asks_consumers;		/* set before: OpenSSL's own lookups */
	bool is_unread;			/* set before: the caller reads the
					 * stores, or none of them */
	bool is_offline;		/* set before: what has a URL is not
					 * read: it counts as empty */
	bool is_lenient;		/* set before: a certificate that cannot
					 * be loaded is kept in `unloaded` */
	struct verified *verified;	/* set before, or NULL; borrowed */
	struct cert *cert;
	struct cert **subordinates;	/* NULL if none is configured */
	struct error *unloaded;		/* of subordinates: ERR_OK, or why */
	const struct cert **known;	/* of those, without the gaps */
	size_t known_count;
	struct span *serials;		/* of subordinates */
	struct pair_store *stores;
	size_t count;
};

#define RELEASE_PAIR_STORES __attribute__((cleanup(pair_stores_release)))

/*
 * Load the certificates, check that each subordinate was issued by the root,
 * and read every store as its consumer would at now_s.  A store that cannot be
 * read is marked, not an error.  out must stay where it is.
 */
MUST_CHECK enum err pair_stores_open(const struct config *config,
    const struct config_root *root, int64_t now_s, struct pair_stores *out,
    struct notices *notices, struct error *err);
/*
 * Of each subordinate that OpenSSL does not verify, whatever the CRL, say why:
 * all may be well with its stores, and programs refuse it nevertheless.
 */
void pair_stores_tell_chains(const struct pair_stores *stores,
    struct notices *notices);
void pair_stores_release(struct pair_stores *stores);
