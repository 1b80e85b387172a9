/* SPDX-License-Identifier: ISC */
/* Pieces of a configuration that init writes. */
#pragma once

#include "base/bytes.h"
#include "cli.h"

/* A libconfig string with its quotes, appended. */
MUST_CHECK enum err config_text_quote(struct buffer *out, const char *text,
    struct error *err);

/*
 * Append "<indent>key = "<path>";\n" with the path made absolute, so that the
 * configuration may stand anywhere.  The file itself need not exist, its
 * folder must.
 */
MUST_CHECK enum err config_text_path(struct buffer *out, const char *indent,
    const char *key, const char *path, struct error *err);

/*
 * The head of both: version, and the state folder, which is /var/lib/crlferry
 * for a file in /etc/crlferry and a folder beside any other.
 */
MUST_CHECK enum err config_text_head(struct buffer *out,
    const char *output_path, struct error *err);

/*
 * Write the new file, which must not exist, and load it as a check; it is
 * removed where that fails.
 */
MUST_CHECK enum err config_text_write(const char *path, struct span text,
    struct config **out, struct error *err);
