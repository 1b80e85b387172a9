/* SPDX-License-Identifier: ISC */
/*
 * A store: a place where programs read the root's CRL.  Every type is one file
 * with one table of four functions.
 */
#pragma once

#include "base/folder.h"
#include "ferry/admit.h"
#include "pki/cert.h"
#include "plan/standing.h"
#include "site/config.h"
#include "sub/fetch/fetch.h"
#include "sub/verified/verified.h"

/* One configured store, ready for use; all borrowed. */
struct store {
	const struct store_type *type;
	const struct config_store *config;
	const struct cert *root;	/* whose CRL it should hold */
	/* As configured, for people and for names of files; NULL in tests. */
	const char *root_name;
	const char *root_path;		/* of its certificate */
	const char *published_as;
	const struct span *wanted;	/* a serial to look for, or NULL */
	uint64_t max_crl_bytes;
	const char *previous;	/* folder for what is replaced, or NULL */
	struct verified *verified;	/* NULL: everything is verified */
	int64_t now_s;		/* at which its consumer reads it */
	bool asks_consumer;	/* by OpenSSL's own lookup; confirm does */
	bool is_confirmed;	/* with its CRL, whatever the type, OpenSSL
				 * verifies the subordinate's certificate */
	/* whom it serves, issued by root (cert_check_issued_by); or NULL */
	const struct cert *subordinate;
	/* the root's, for distribution point names as in admit_rules */
	const struct cert *const *subordinates;
	size_t subordinate_count;
	/* of a place that is only read: fetched once for all who share it; or
	 * NULL */
	struct fetched *shared;
};

/*
 * What it holds of this root, as its consumer would find it.  place.is_valid:
 * the consumer would use the newest CRL here that admission takes.  All CRLs
 * here count as seen, though a damaged file may hide one from the consumer.
 */
struct store_reading {
	struct standing_place place;
	bool has_crl;			/* one that admission takes */
	bool has_idp;			/* it has, critical or not */
	struct crl_facts facts;		/* of the newest; if has_crl */
	struct span der;		/* the same; into held */
	bool has_wanted;		/* the wanted serial is listed in it */
	int32_t wanted_reason;
	/*
	 * What OpenSSL says against the certificates, if the subordinate's
	 * does not verify with the root's as anchor; static, or NULL.  With
	 * is_chainless no CRL of this root is used for it.
	 */
	const char *chain_error;
	bool is_chainless;
	char note[384];		/* what a reader should know; or empty */
	struct buffer held;		/* struct store_held each */
	char where[32];			/* the file that is being read */
};

/* The verified CRL in both forms. */
struct store_crl {
	struct span der;
	struct span pem;
};

#define STORE_LOST_SIZE 256

/* What stood at a name before an installation, so that it can be put back. */
struct store_saved {
	struct folder folder;	/* held open, with the name */
	struct folder_file file;	/* none: there was nothing */
	struct buffer link;	/* the target, if a link stood there */
	char moved_from[NAME_MAX + 1];	/* its place was filled from there */
	/* what of it was no valid CRL of this root, and is gone; or empty */
	char lost[STORE_LOST_SIZE];
	char copy[NAME_MAX + 1];	/* of the file, in `previous` */
};

#define STORE_SAVED_MAX 32

/*
 * Put back what a store held, in DER, in place of what was installed; nothing
 * was there if it is empty.
 */
typedef enum err store_put_back(const struct store *store, struct span before,
    struct span installed, struct error *err);

/* What an installation changed; start from {0}. */
struct store_change {
	struct store_saved saved[STORE_SAVED_MAX];
	size_t count;
	char place[PATH_MAX];	/* of the file that holds it now */
	/* A store that is no file: how it is undone, or NULL; borrowed. */
	store_put_back *put_back;
	const struct store *store;
	struct buffer before;
	struct span installed;	/* the CRL; borrowed */
};

#define RELEASE_READING __attribute__((cleanup(store_reading_release)))
#define RELEASE_CHANGE __attribute__((cleanup(store_change_release)))

struct store_type {
	const char *name;	/* one of config_store_types */
	bool is_folder;		/* its path is one, which must be there */
	bool is_remote;		/* a program reaches it, and may fail to */
	bool is_networked;	/* so may whatever is between it and us */

	/*
	 * Say what the store holds.  Only a CRL that admission takes as the
	 * root's counts; anything of the root that is not one is `invalid`,
	 * and so is a store whose consumer would not use the newest of them.
	 * ERR_STORE if the store itself cannot be read, ERR_PERMISSIONS
	 * if this user may not.
	 */
	enum err (*read)(const struct store *store,
	    struct store_reading *out, struct error *err);

	/*
	 * Put the CRL in, atomically file by file, leaving all that is not
	 * this root's as it is.  The content that is replaced goes into
	 * *change first, and what of it was no valid CRL of this root is
	 * named there.  A file that is no CRL of this root is not replaced,
	 * unless it is garbage, and one stood in its place before
	 * (store_record).
	 * ERR_STORE, ERR_PERMISSIONS, ERR_NO_SPACE, ERR_IO.
	 * NULL: the type is only read, as what a CDP delivers.
	 */
	enum err (*install)(const struct store *store,
	    const struct store_crl *crl, struct store_change *change,
	    struct error *err);

	/* Read it back as the consumer would; ERR_STORE if it differs. */
	enum err (*confirm)(const struct store *store,
	    const struct store_crl *crl, struct error *err);

	/* One line for people: "hashdir /etc/ssl/crls". */
	void (*describe)(const struct store *store, char *out,
	    size_t capacity);
};

extern const struct store_type store_hashdir;
extern const struct store_type store_pem;
extern const struct store_type store_der;
extern const struct store_type store_nss;
extern const struct store_type store_ldap;
extern const struct store_type store_command;
extern const struct store_type store_url;

/*
 * The largest CRL with which a certificate is verified when a store is
 * confirmed, some 100,000 revocations: OpenSSL makes an object of each.
 */
#define STORE_CONFIRMED_MAX ((size_t)4 * 1024 * 1024)

/*
 * What OpenSSL says against the certificates of root and subordinate, whatever
 * the CRL; static, or NULL.  Also NULL if the root did not issue it, as OpenSSL
 * sees it, or there is none.
 */
MUST_CHECK enum err store_chain_error(const struct store *store,
    const char **out, struct error *err);

/* Does somebody else put the CRL there, so that it is only looked at? */
bool store_is_read_only(const struct store *store);

/* How long a program may take for it: what is configured, or the default. */
unsigned int store_timeout_s(const struct store *store,
    unsigned int default_s);

/* The table of all types, by name; NULL for an unknown one. */
const struct store_type *store_type_find(const char *name);

void store_reading_release(struct store_reading *reading);
void store_change_release(struct store_change *change);

/* False: it held the CRL already. */
bool store_is_changed(const struct store_change *change);

/* Without what was saved last: it was not changed. */
void store_forget_last(struct store_change *change);

/* Put everything back as it was, as far as that is possible. */
MUST_CHECK enum err store_undo(const struct store_change *change,
    struct error *err);

/*
 * Remember the file that holds a CRL of this root from now on: garbage that
 * stands there some day may be replaced.  Beside `previous`, <previous>.path.
 */
MUST_CHECK enum err store_record(const struct store *store,
    const struct store_change *change, struct error *err);
