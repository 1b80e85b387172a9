/* SPDX-License-Identifier: ISC */
/* The removable stick, seen as the folder it is mounted on. */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/* All that is known of a folder's mount and of the device below it. */
struct medium_facts {
	/* as /proc/self/mountinfo has them; empty if it has none */
	char mount_point[256];
	char source[256];		/* "/dev/sdb1", "tmpfs" */
	char type[64];			/* "vfat" */
	bool is_mount_read_only;	/* mount -o ro */
	bool is_filesystem_read_only;	/* whichever way it came to be */
	bool is_on_root;		/* the device that / is on */
	bool has_device;		/* it is on a block device */
	char device[64];		/* the kernel's name of that: "sdb1" */
	char backing_file[256];		/* of a loop device, else empty */
	bool is_device_read_only;	/* its switch, or its kind */
	bool is_removable;		/* the medium can be taken out */
	bool is_usb;
	bool is_optical;
};

/*
 * Find them out.  A device under others (dm-crypt, LVM, RAID) is what all of
 * those are.
 *
 * ERR_MISSING if there is no such folder, ERR_MEDIUM if it is a file.
 */
MUST_CHECK enum err medium_find(const char *path, struct medium_facts *out,
    struct error *err);

/*
 * Inside site/medium only: find what the device is; all false if nobody knows.
 * ERR_IO if not all that lies below it could be seen.
 */
MUST_CHECK enum err medium_device_find(dev_t number,
    struct medium_facts *out, struct error *err);

/*
 * May a bundle be written there?
 *
 * is_fixed_disk_allowed  a plain folder will do: --allow-fixed-disk
 *
 * ERR_MEDIUM if the folder lies on the root filesystem's device (the stick
 * is not mounted), or on one that is neither removable nor on USB, or on none;
 * and, whatever is allowed, if it is read-only.  Pure.
 */
MUST_CHECK enum err medium_judge(const char *path,
    const struct medium_facts *facts, bool is_fixed_disk_allowed,
    struct error *err);

/*
 * Both at once.  Whether there is room is seen when it is known how much is
 * to be written.
 */
MUST_CHECK enum err medium_check_writable(const char *path,
    bool is_fixed_disk_allowed, struct error *err);
