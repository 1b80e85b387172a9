/* SPDX-License-Identifier: ISC */
/* Mail is handed to the machine's own sendmail, whichever that is. */
#pragma once

#include "site/config.h"

#define SENDMAIL_ADDRESS_MAX 254	/* octets; RFC 5321 4.5.3.1.3 */

/*
 * Is it a plain address: a local user such as "root", or user@host?  It begins
 * with no dash, and has neither blanks, control characters nor quotes.
 * ERR_USAGE
 */
MUST_CHECK enum err sendmail_check_address(const char *address,
    struct error *err);

/*
 * Run `sendmail -i -- ADDRESS...` without a shell, the mail on its standard
 * input.
 *
 * program  NULL: sendmail from PATH, else /usr/sbin or /usr/lib, where it is
 *          though the PATH of cron has none of them
 *
 * ERR_HOOK if there is none, it fails or does not end in time, with its
 * output; ERR_PERMISSIONS if others could change it.
 */
MUST_CHECK enum err sendmail_send(const char *program,
    const struct config_words *addresses, struct span mail,
    struct error *err);
