/* SPDX-License-Identifier: ISC */
/* Pieces of a configuration that init writes. */
#pragma once

#include "cli.h"
#include "site/certfile.h"

/* The file to write: that of --output, or else of --config. */
const char *config_text_output(const struct invocation *invocation);

/* The value of an option.  ERR_USAGE if it was not given. */
MUST_CHECK enum err config_text_require(const struct invocation *invocation,
    const char *option, const char **out, struct error *err);

/*
 * An option NAME=CERT into the name, the path (which points into word) and the
 * certificate.
 */
MUST_CHECK enum err config_text_named(const char *option, const char *word,
    char *name, size_t capacity, const char **path, struct cert **cert,
    struct error *err);

/*
 * Append the group of --subordinate NAME=CERT up to its certificate, which the
 * root must have issued.
 */
MUST_CHECK enum err config_text_subordinate(struct buffer *out,
    const char *word, const struct cert *root, bool is_first,
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
 * removed if that fails.
 */
MUST_CHECK enum err config_text_write(const char *path, struct span text,
    struct config **out, struct error *err);
