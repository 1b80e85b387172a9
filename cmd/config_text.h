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

/* certfile_load of a certificate that was given. */
MUST_CHECK enum err config_text_load(const char *path, struct cert **cert,
    struct error *err);

/*
 * An option NAME=CERT into the name, the path (which points into word) and the
 * certificate.
 */
MUST_CHECK enum err config_text_named(const char *option, const char *word,
    char *name, size_t capacity, const char **path, struct cert **cert,
    struct error *err);

/* May a root have this name?  ERR_USAGE, ERR_CONFIG. */
MUST_CHECK enum err config_text_check_root(const char *option,
    const char *name, struct error *err);

/* Say so if Windows could not read a medium with a root of this name. */
void config_text_note_name(const char *name, struct notices *notices);

/*
 * The name of --schedule, by default "semiannual", which must be in a folder
 * beside the configuration's, or installed.
 */
MUST_CHECK enum err config_text_schedule(const struct invocation *invocation,
    const char *folder, const char **out, struct error *err);

/* Say so if a certificate has ended or is not valid yet, and what to do. */
void config_text_note_dates(const char *path, const struct cert *cert,
    const char *remedy, int64_t now_s, struct notices *notices);

/*
 * The path with its folder resolved, the last part as it is; a pkcs11: URI
 * stays what it is.  The file need not exist, its folder must.
 */
MUST_CHECK enum err config_text_absolute(const char *path, char *out,
    size_t capacity, struct error *err);

/* Append "<indent>key = "<value>";\n". */
MUST_CHECK enum err config_text_value(struct buffer *out, const char *indent,
    const char *key, const char *value, struct error *err);

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
