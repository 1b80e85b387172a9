/* SPDX-License-Identifier: ISC */
/* Every CRL that this root issued: STATE/<root>/archive/<number>.crl. */
#pragma once

#include "base/digest.h"
#include "base/notice.h"
#include "pki/cert.h"
#include "pki/crl.h"
#include "site/config.h"

/* A CRL in the archive, open; window and crl belong together. */
struct archived {
	char path[4096];
	struct number number;
	int fd;
	struct window window;
	struct crl crl;
};

#define RELEASE_ARCHIVED __attribute__((cleanup(archived_release)))
#define ARCHIVED_NONE {.fd = -1}

/*
 * Open a CRL of this root and verify it.  ERR_WEAK if it is signed with MD5
 * or SHA-1, with the CRL open all the same.
 */
MUST_CHECK enum err archived_open(const char *path, const struct cert *cert,
    struct archived *out, struct error *err);

/*
 * Open the one with the highest number, the root's current CRL, and verify
 * it.  *found is false, with ERR_OK, for an empty archive.  A weak signature of
 * the past is a notice.  ERR_FORMAT if the CRL has another number than its
 * name says.  out must be ARCHIVED_NONE and stay where it is.
 */
MUST_CHECK enum err archive_open_last(const struct config *config,
    const char *root, const struct cert *cert, struct archived *out,
    bool *found, struct notices *notices, struct error *err);
void archived_release(struct archived *archived);

/* The same of those with a lower number than `below`. */
MUST_CHECK enum err archive_open_below(const struct config *config,
    const char *root, const struct cert *cert, const struct number *below,
    struct archived *out, bool *found, struct notices *notices,
    struct error *err);

/* The same of a configured root, whose certificate is read first. */
MUST_CHECK enum err root_open(const struct config *config,
    const struct config_root *root, struct cert **cert, struct archived *last,
    bool *found, struct notices *notices, struct error *err);

/* "000012.crl": anything spelled otherwise is no CRL of ours. */
bool archive_parse_name(const char *name, struct number *out);

/*
 * Where a CRL of this number lies, or would lie, in a root's folder: "archive",
 * or another that names its CRLs alike.
 */
MUST_CHECK enum err archive_path_in(const struct config *config,
    const char *root, const char *folder, const struct number *number,
    char *out, size_t capacity, struct error *err);

/*
 * Was this CRL ever admitted?  One without a number is known by thisUpdate,
 * which rises from each to the next.
 */
MUST_CHECK enum err archive_holds(const struct config *config,
    const char *root, const struct number *number, int64_t this_update_s,
    bool *out, struct error *err);

/* The SHA-256 of such a CRL; *found is false, with ERR_OK, without it. */
MUST_CHECK enum err archive_digest(const struct config *config,
    const char *root, const struct number *number, int64_t this_update_s,
    bool *found, uint8_t sha256[SHA256_SIZE], struct error *err);

/*
 * Where a CRL waits until it is verified: STATE/<root>/unverified.crl.  Makes
 * the folders of both, which archive_admit wants to be there.
 */
MUST_CHECK enum err archive_waiting_path(const struct config *config,
    const char *root, char *out, size_t capacity, struct error *err);

/*
 * Move the waiting CRL into the archive, where it becomes the current one.
 * path receives its place.  A CRL without a number is number 0; what it
 * replaces is kept as 000000-<thisUpdate>.crl.
 */
MUST_CHECK enum err archive_admit(const struct config *config,
    const char *root, const struct number *number, char *path,
    size_t capacity, struct error *err);

/*
 * Take the CRL of the highest number out of the order, if that is above this
 * one: it is kept as <number>-<thisUpdate>.crl.
 *
 * number        its own
 * path, sha256  its new place, and of what is there
 */
MUST_CHECK enum err archive_set_aside(const struct config *config,
    const char *root, const struct number *above, bool *found,
    struct number *number, char *path, size_t capacity,
    uint8_t sha256[SHA256_SIZE], struct error *err);
