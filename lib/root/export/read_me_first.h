/* SPDX-License-Identifier: ISC */
/* A page in the medium's top folder for a person who finds the stick. */
#pragma once

#include "base/bytes.h"
#include "base/notice.h"
#include "site/config.h"

#define READ_ME_FIRST "READ ME FIRST.txt"

/*
 * Append the page: what the stick is, whose, and where to bring it.  CRLF line
 * ends.  The roots are those of the configuration, the first ones if there are
 * many; one whose certificate cannot be read is named without its subject.
 */
MUST_CHECK enum err read_me_first_text(const struct config *config,
    struct buffer *out, struct error *err);

/*
 * Write it to the medium, unless it stands there already.  A file of that name
 * that is not such a page is left alone.  The bundle is whole without it: what
 * goes wrong is a notice, but for ERR_IO, since nobody should carry a medium
 * away that fails now.
 */
MUST_CHECK enum err read_me_first_put(const struct config *config,
    const char *medium, struct notices *notices, struct error *err);
