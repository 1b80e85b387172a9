/* SPDX-License-Identifier: ISC */
/* The options of issue, which ceremony takes too, and --why of all. */
#pragma once

#include "../cli.h"
#include "root/issue/issue.h"

/* Rows of a table of options. */
#define ISSUE_OPTIONS \
	{"first", NULL, "there is no last CRL, on purpose"}, \
	{"emergency", NULL, "outside the calendar; needs --why"}, \
	{"discard-evidence", "ID", \
	    "leave out evidence that a refusal names; needs --why"}, \
	{"why", "TEXT", "for the ledger and, of an emergency, the manifest"}, \
	{"acknowledge-removed", "SERIAL", \
	    "this serial (hex) may leave the list"}

/* The options point into it; it must outlive them. */
struct issue_arguments {
	const char *acknowledged[CLI_VALUES_MAX];
	const char *discarded[CLI_VALUES_MAX];
	struct config_words acknowledged_words;
	struct config_words discarded_words;
};

/*
 * Fill the options but for confirmed_s, which becomes -1.  ERR_USAGE: a serial
 * that is not hex; --why that is missing, empty, not needed, not printable or
 * of more than 200 octets.
 */
MUST_CHECK enum err issue_arguments_take(const struct invocation *invocation,
    struct issue_arguments *arguments, struct issue_options *out,
    struct error *err);

/*
 * The ids of --discard-evidence, and --why: one does not go without the other.
 * ids must hold CLI_VALUES_MAX of them.  ERR_USAGE.
 */
MUST_CHECK enum err discarded_take(const struct invocation *invocation,
    const char **ids, struct config_words *words, const char **why,
    struct error *err);

/*
 * --why goes into the ledger, and some of it to subordinates.  ERR_USAGE if it
 * is not one line of 1 to 200 octets that can be shown.
 */
MUST_CHECK enum err why_check(const char *why, struct error *err);
