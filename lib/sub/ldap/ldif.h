/* SPDX-License-Identifier: ISC */
/*
 * LDIF (RFC 2849): what ldapsearch prints, and what ldapmodify is told.
 * Pure.
 */
#pragma once

#include "base/bytes.h"

#define LDIF_NAME_SIZE 128

/* One line: an attribute and a value.  Start from {0}. */
struct ldif_line {
	char name[LDIF_NAME_SIZE];	/* as it stands, with its options */
	struct buffer value;		/* decoded */
};

#define RELEASE_LDIF_LINE __attribute__((cleanup(ldif_line_release)))

/*
 * Take the next line off rest, folded ones as one.  Comments are passed over.
 *
 * *is_end  the text is at its end; out is as it was
 *
 * An empty line, which ends an entry, has an empty name.
 *
 * ERR_FORMAT: no colon, a name that is none, a value by URL ("<"), base64 that
 * is none, a line without its end.
 */
MUST_CHECK enum err ldif_next(struct span *rest, struct ldif_line *out,
    bool *is_end, struct error *err);
void ldif_line_release(struct ldif_line *line);

/*
 * Is the line a value of this attribute, as it is or in its binary form
 * (";binary", RFC 4522)?
 */
bool ldif_is(const struct ldif_line *line, const char *attribute);

/*
 * The one entry that a search of its own name finds, and the one value in it.
 * Start from {0}.
 */
struct ldif_entry {
	bool is_found;		/* there is such an entry */
	struct buffer value;	/* empty: it has none */
};

#define RELEASE_LDIF_ENTRY __attribute__((cleanup(ldif_entry_release)))

/*
 * Read it.  ERR_FORMAT for what is no LDIF, for two entries, and for two
 * values.
 */
MUST_CHECK enum err ldif_read_entry(struct span text, const char *attribute,
    struct ldif_entry *out, struct error *err);
void ldif_entry_release(struct ldif_entry *entry);

/* Append a line, its value in base64, whatever that is. */
MUST_CHECK enum err ldif_put(struct buffer *out, const char *name,
    struct span value, struct error *err);

/* Append what begins a change, of type "add", "modify" or "delete". */
MUST_CHECK enum err ldif_begin(struct buffer *out, const char *entry,
    const char *type, struct error *err);

/*
 * The change that replaces all values of an attribute at once; by none, if it
 * is empty (RFC 4511 4.6).
 */
MUST_CHECK enum err ldif_replace(struct buffer *out, const char *entry,
    const char *attribute, struct span value, struct error *err);

/*
 * The name of the entry above: what follows the first comma that is neither
 * escaped nor quoted (RFC 4514); NULL if nothing does.
 */
const char *ldif_parent(const char *entry);
