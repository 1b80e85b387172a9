/* SPDX-License-Identifier: ISC */
/* The certificate files that the configuration names. */
#pragma once

#include "pki/cert.h"

/*
 * Load one that only its owner may write.  Errors name the path; new/free as
 * cert_parse.
 */
MUST_CHECK enum err certfile_load(const char *path, struct cert **out,
    struct error *err);
