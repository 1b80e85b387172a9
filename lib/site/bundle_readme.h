/* SPDX-License-Identifier: ISC */
/* README.txt of a bundle: importing by hand, on Linux and on Windows. */
#pragma once

#include "ferry/manifest.h"

/* CRLF line ends, so that any editor shows it; appended. */
MUST_CHECK enum err bundle_readme(const struct manifest *manifest,
    struct buffer *out, struct error *err);
