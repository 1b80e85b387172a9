/* SPDX-License-Identifier: ISC */
/* For the files behind pki/crl.h; other rooms include crl.h only. */
#pragma once

#include "pki/crl.h"

/* Read the crlExtensions, the content of their SEQUENCE, into crl. */
MUST_CHECK enum err crl_extensions_parse(struct span list, struct crl *crl,
    struct error *err);

/* Take a Time off the front of *in. */
MUST_CHECK enum err crl_time_next(struct span *in, const char *what,
    struct crl_time *out, struct error *err);

/* The Time in Next CRL Publish; false if there is none, or no Time. */
bool crl_next_publish_time(const struct crl *crl, struct crl_time *out);

#define CRL_REASON_MAX 10	/* aACompromise, RFC 5280 5.3.1 */

/* Octets that crl_entries_next wants to see before it measures an entry. */
#define CRL_MEASURE_SIZE 10

/*
 * Will the next call of crl_entries_next leave the window where it is, and so
 * the last entry valid?  May say false of a long entry though it will.
 */
static inline bool
crl_entries_stays(const struct crl_entries *entries)
{
	const struct span *view = &entries->view;

	return view->size >= CRL_MEASURE_SIZE && view->data[1] < 0x80 &&
	    view->data[1] <= view->size - 2;
}

/* Say of a failure that it was at the index-th entry, from 0. */
enum err crl_fail_entry(uint64_t index, enum err code, struct error *err);

/* Walk all entries: everything of a survey but duplicates out of order. */
MUST_CHECK enum err crl_survey_walk(struct crl *crl, const struct span *wanted,
    struct crl_survey *out, struct error *err);

/* A serial and where its entry begins. */
struct serial_key {
	uint8_t size;		/* of the serial */
	uint8_t octets[SERIAL_KEY_MAX];
	uint64_t offset;	/* in the window */
};

/*
 * Collect a key of each of the count entries, in serial order.  ERR_FORMAT for
 * a serial of more than SERIAL_KEY_MAX octets.
 */
MUST_CHECK enum err serial_keys_collect(struct crl *crl, uint64_t count,
    struct buffer *out, struct error *err);

/* The serial within a key. */
struct span serial_key_content(const struct serial_key *key);

/*
 * Look for serials that a list has twice, once the rest of the survey is there.
 * Under several issuers a serial may well come twice, and is not looked for.
 */
MUST_CHECK enum err serial_find_twice(struct crl *crl,
    struct crl_survey *survey, struct error *err);
