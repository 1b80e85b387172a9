/* SPDX-License-Identifier: ISC */
/* The files of a bundle, as they are written.  Inside site/bundle only. */
#pragma once

#include "site/bundle.h"
#include "site/medium_file.h"

/* Octets of the PEM form of a CRL. */
uint64_t bundle_pem_size(uint64_t der_size_bytes);

/* Write the CRL, as it is or as PEM, and list it in the manifest. */
MUST_CHECK enum err bundle_output_crl(const struct medium_folder *folder,
    struct manifest *manifest, int crl_fd, bool as_pem,
    struct medium_work *work, struct error *err);

/* Write another listed part, and list it. */
MUST_CHECK enum err bundle_output_part(const struct medium_folder *folder,
    struct manifest *manifest, enum bundle_part part, struct span content,
    struct error *err);

/*
 * README.txt: importing by hand, on Linux and on Windows.  CRLF line ends, so
 * that any editor shows it; appended.
 */
MUST_CHECK enum err bundle_readme(const struct manifest *manifest,
    struct buffer *out, struct error *err);

/* Write seals, durably, and read them back.  Errors of medium_put_all. */
MUST_CHECK enum err bundle_output_seals(const struct medium_folder *folder,
    const struct manifest *manifest, struct span json,
    const struct minisign_secret *secrets, size_t count, struct error *err);

/*
 * Remove every seal, and what a killed writer left, and sync the folder:
 * without its seals a bundle is none.
 */
MUST_CHECK enum err bundle_remove_seals(const struct medium_folder *folder,
    struct error *err);
