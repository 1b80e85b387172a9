/* SPDX-License-Identifier: ISC */
/*
 * Commands that messages name, so that they can be copied as they stand: with
 * the configuration that this run was given.
 */
#pragma once

#include "cli.h"

/*
 * Append text, with --config FILE behind every verb of this program that
 * takes a configuration: "crlferry-root issue corp" becomes "crlferry-root
 * issue --config F corp".  The text as it is where this run has the default
 * one, or the line says --config already.
 */
MUST_CHECK enum err hint_append(const struct invocation *invocation,
    struct span text, struct buffer *out, struct error *err);

/* The same for formatted text of up to 4095 octets. */
MUST_CHECK enum err hint_appendf(const struct invocation *invocation,
    struct buffer *out, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
