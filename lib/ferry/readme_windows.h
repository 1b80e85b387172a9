/* SPDX-License-Identifier: ISC */
/* The section of a bundle's README.txt on Windows. */
#pragma once

#include "ferry/manifest.h"

/* Append it, with CRLF line ends. */
MUST_CHECK enum err readme_windows(const struct manifest *manifest,
    struct buffer *out, struct error *err);
