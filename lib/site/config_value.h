/* SPDX-License-Identifier: ISC */
/* Values of the configuration that are text.  Inside site/config only. */
#pragma once

#include "site/config.h"

/* "64 MiB" in octets: B, KiB, MiB, GiB; at least 1.  False otherwise. */
bool config_parse_size(const char *text, uint64_t *out);

/*
 * Refuse what libconfig would misread without a word: @include, and integers
 * that wrap.  ERR_CONFIG names path:line.
 */
MUST_CHECK enum err config_scan(const char *path, const char *text,
    struct error *err);
