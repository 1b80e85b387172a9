/* SPDX-License-Identifier: ISC */
/* A block device, as udev and the kernel know it.  Inside site/medium only. */
#pragma once

#include "site/medium.h"

/* What the device is; all false where nobody knows. */
void medium_device_find(dev_t number, struct medium_facts *out);
