/* SPDX-License-Identifier: ISC */
/* A block device, as udev and the kernel know it.  Inside site/medium only. */
#pragma once

#include "site/medium.h"

/*
 * What the device is; all false if nobody knows.  ERR_IO if not all that lies
 * below it could be seen.
 */
MUST_CHECK enum err medium_device_find(dev_t number,
    struct medium_facts *out, struct error *err);
