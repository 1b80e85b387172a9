/* SPDX-License-Identifier: ISC */
/* Lists of X.509 extensions, read by a table of those that are understood. */
#pragma once

#include "base/bytes.h"

/* One extension that is understood. */
struct extension_type {
	const char *name;
	uint8_t oid[10];	/* content octets */
	size_t oid_size;
	/* Decode value, the content of extnValue, into target. */
	enum err (*take)(void *target, bool is_critical, struct span value,
	    struct error *err);
	bool is_hint;		/* shown only: critical, it is not understood */
};

/* How to read one list of extensions. */
struct extension_rules {
	const char *what;	/* names the list in messages */
	const struct extension_type *types;
	size_t type_count;
};

/* The first critical extension that is not understood. */
struct unknown_critical {
	bool *is_set;
	char *oid;		/* DER_OID_TEXT_SIZE */
};

/*
 * Read the content of a SEQUENCE OF Extension into target.  ERR_FORMAT for an
 * empty list, more than 32 extensions, the same one twice, or a `critical`
 * that spells its default (RFC 5280 4.1, 4.2; X.690 11.5).
 */
MUST_CHECK enum err extensions_read(const struct extension_rules *rules,
    struct span list, void *target, const struct unknown_critical *unknown,
    struct error *err);
