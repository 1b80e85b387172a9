/* SPDX-License-Identifier: ISC */
/* The certificate files that the configuration names. */
#pragma once

#include "base/notice.h"
#include "pki/cert.h"

/*
 * Load one that only its owner may write.  Errors name the path; new/free as
 * cert_parse.
 */
MUST_CHECK enum err certfile_load(const char *path, struct cert **out,
    struct error *err);

/* Say so if a subordinate's certificate is signed with MD5 or SHA-1. */
void certfile_note_weak(const char *path, const struct cert *cert,
    struct notices *notices);
