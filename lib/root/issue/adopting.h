/* SPDX-License-Identifier: ISC */
/* The steps of adopt_crl, and what they know.  Inside issue/adopt only. */
#pragma once

#include "ca/index_crl.h"
#include "root/evidence/shrunk.h"
#include "root/history/admission.h"
#include "root/history/archive.h"
#include "root/history/recorded.h"
#include "root/issue/adopt.h"

/* A CRL file on its way into the archive. */
struct adopting {
	struct history *history;
	const struct config *config;
	const struct config_root *root;
	const char *file;		/* as the operator named it */
	bool is_first;			/* init's */
	int64_t now_s;
	const char *who;
	struct notices *notices;

	struct cert *cert;
	struct buffer der;
	struct window window;		/* over der */
	struct crl crl;
	struct crl_facts facts;		/* once its signature is verified */
	uint64_t repeated_count;	/* of its entries, see crl_survey */
	struct archived last;		/* that is a complete one */
	bool has_last;
	struct crl_facts last_facts;
	bool is_known;			/* last holds the same octets */
	struct recorded recorded;
	struct lost lost;
	size_t merged_count;
	struct buffer entered;		/* see struct merge; empty: none */
	struct buffer ledger_lost;	/* heads, as text; empty: none */
};

#define RELEASE_ADOPTING __attribute__((cleanup(adopting_release)))

/*
 * Read the root's certificate, and the file, DER or PEM, up to its frame:
 * nothing of it is verified.
 */
MUST_CHECK enum err adopting_open(struct adopting *adopting,
    struct error *err);
void adopting_release(struct adopting *adopting);

/*
 * The archive's last CRL, and what the ledger knows of it.  A delta CRL, or a
 * part of one, does not count, whatever its number, and a notice says so.
 */
MUST_CHECK enum err adopting_load_last(struct adopting *adopting,
    struct error *err);

/* Make the index that is lost, and crlnumber beside it. */
MUST_CHECK enum err adopting_make_index(const struct adopting *adopting,
    struct merge *merge, struct error *err);

/*
 * Enter the intent, archive the CRL, and enter that.  A crash leaves the old
 * CRL or the new one the current one, and what the new one drops is known
 * with it.  path receives its place in the archive.
 */
MUST_CHECK enum err adopting_archive(struct adopting *adopting, char *path,
    size_t capacity, struct error *err);

/* Say how to come to a CRL that is not refused as this one was. */
enum err adopting_way_out(const struct adopting *adopting, enum err code,
    struct error *err);

/*
 * Take all out of the archive's order that has a higher number: it does not
 * count (adopting_load_last), and hides the CRL that was adopted.
 */
MUST_CHECK enum err adopting_set_aside(const struct adopting *adopting,
    struct error *err);

/* The "adopt" line. */
MUST_CHECK enum err adopting_record(struct adopting *adopting,
    struct error *err);

/* Say if it has ended, ends too soon, or is to be followed too late. */
void adopting_say_dates(const struct adopting *adopting);

/* Name the first entries of the last CRL that this one may leave out. */
void adopting_say_vanishing(const struct adopting *adopting);

/* Say that the CRL lists a serial, spelt as in the index, more than once. */
void adopting_say_twice(const struct adopting *adopting, const char *hex);

/* An empty one, for what the index lacks; it names what it enters. */
struct merge adopting_merge(const struct adopting *adopting);
