/* SPDX-License-Identifier: ISC */
/* The removable stick, seen as the folder it is mounted on. */
#pragma once

#include "base/bytes.h"

/*
 * May a bundle be written to this folder?
 *
 * is_fixed_disk_allowed  a plain folder will do: --allow-fixed-disk
 *
 * ERR_MISSING where there is no such folder; ERR_MEDIUM where it lies on the
 * root filesystem's device (the stick is not mounted), or on a device that is
 * neither removable nor on USB.
 */
MUST_CHECK enum err medium_check_writable(const char *path,
    bool is_fixed_disk_allowed, struct error *err);
