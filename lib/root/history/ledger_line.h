/* SPDX-License-Identifier: ISC */
/* A line of the ledger, its reader and its writer.  Inside history/ledger. */
#pragma once

#include <jansson.h>

#include "root/history/ledger.h"

/* The hex digest of text. */
void ledger_line_digest(struct span text, char out[LEDGER_DIGEST_SIZE]);

/*
 * The fields of a line against its own digest and its place in the chain.
 *
 * json    the object that it is; out borrows from it
 * text    its octets, without LF
 * before  what the lines before it say
 * out     all of it but its head
 *
 * ERR_FORMAT says what does not fit.
 */
MUST_CHECK enum err ledger_line_parse(const json_t *json, struct span text,
    const struct ledger_summary *before, struct ledger_line *out,
    struct error *err);

/*
 * Is text, behind which no LF stands, what a power cut leaves of a line: the
 * beginning of its object?  An object that was closed is more than that.
 */
bool ledger_line_is_torn(struct span text);

/* Append the line of an event, with its LF.  ERR_IO without memory. */
MUST_CHECK enum err ledger_line_encode(const struct ledger_event *event,
    const struct ledger_summary *before, struct buffer *out,
    struct error *err);
