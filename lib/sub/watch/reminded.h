/* SPDX-License-Identifier: ISC */
/*
 * STATE/reminded-<digits>.json: what the people of one list of addresses know,
 * and the events of the calendar that they have.  Written after the mail, so
 * that a crash in between repeats it.
 */
#pragma once

#include "base/notice.h"
#include "site/config.h"
#include "sub/watch/remind.h"

#define REMINDED_VERSION 1
#define REMINDED_UID_SIZE 80

/* Start from {0}. */
struct reminded_file {
	bool has_mail;
	int64_t at_s;
	struct buffer pairs;	/* struct reminded_pair each */
	struct buffer uids;	/* text, "UID:...\n" each */
};

#define RELEASE_REMINDED __attribute__((cleanup(reminded_release)))

/*
 * Load it; nothing is known if there is none.  The order of the addresses
 * plays no part.  One that is damaged is as good as none, with a notice: what
 * it said is said again.  ERR_PERMISSIONS, ERR_IO
 */
MUST_CHECK enum err reminded_load(const struct config *config,
    const struct config_words *addresses, struct reminded_file *out,
    struct notices *notices, struct error *err);

/* What of it remind_decide asks; borrows from it. */
struct reminded reminded_known(const struct reminded_file *file);

/*
 * Keep the pairs that are open, and the rest as it is in the file: unless it
 * is kept already.  The state folder is locked.
 */
MUST_CHECK enum err reminded_save(const struct config *config,
    const struct config_words *addresses, struct reminded_file *file,
    const struct standing *standings, size_t count, struct error *err);
void reminded_release(struct reminded_file *file);
