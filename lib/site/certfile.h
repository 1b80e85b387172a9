/* SPDX-License-Identifier: ISC */
/* The certificate files that the configuration names. */
#pragma once

#include "base/file.h"
#include "base/notice.h"
#include "pki/cert.h"

/*
 * Load one that only its owner may write.  ERR_FORMAT says what a file is that
 * is not one certificate (kind_take); errors name the path; new/free as
 * cert_parse.
 */
MUST_CHECK enum err certfile_load(const char *path, struct cert **out,
    struct error *err);

/* The same of one that somebody hands over, as loose as privacy lets it be. */
MUST_CHECK enum err certfile_read(const char *path, enum file_privacy privacy,
    struct cert **out, struct error *err);

/* Say so if a subordinate's is signed with MD5 or SHA-1, or for a short key. */
void certfile_note_weak(const char *path, const struct cert *cert,
    struct notices *notices);
