/* SPDX-License-Identifier: ISC */
/* URLs in a configuration that init drafts. */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"
#include "site/config.h"

/*
 * "ldap://dc1.corp.example/CN=Corp%20Root,DC=corp" into the server and the
 * entry, each with a NUL behind it (RFC 4516).  ERR_USAGE.
 */
MUST_CHECK enum err init_url_split(const char *url, struct buffer *server,
    struct buffer *entry, struct error *err);

/*
 * Append a group of the type url for each distribution point in the certificate
 * that is not among --store already.  One that only Windows can fetch, because
 * it names no server, is written as a comment.
 *
 * count  of the groups before it, and with its own
 */
MUST_CHECK enum err init_url_propose(const struct cert *cert,
    const struct config_words *given, size_t *count, struct buffer *text,
    struct notices *notices, struct error *err);
