/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "site/medium.h"

/* "/dev/sdb1, vfat, mounted on /media/stick" */
static void
describe(const struct medium_facts *facts, char *out, size_t capacity)
{
	if (facts->mount_point[0] == '\0')
		snprintf(out, capacity, "whose mount is not known");
	else
		snprintf(out, capacity, "%.100s (%s) on %.200s",
		    facts->source, facts->type, facts->mount_point);
}

static enum err
judge_place(const char *path, const struct medium_facts *facts,
    struct error *err)
{
	char mount[400];

	describe(facts, mount, sizeof(mount));
	if (facts->is_on_root)
		return err_fail(err, ERR_MEDIUM, "%s: want a mounted stick, "
		    "have a folder of the root filesystem, %s", path, mount);
	if (!facts->has_device)
		return err_fail(err, ERR_MEDIUM, "%s: want a removable or "
		    "USB device, have what is on no disk, %s", path, mount);
	if (facts->is_removable || facts->is_usb || facts->is_optical)
		return ERR_OK;
	if (facts->backing_file[0] != '\0')
		return err_fail(err, ERR_MEDIUM, "%s: want a removable or "
		    "USB device, have the file %.200s as a disk, %s", path,
		    facts->backing_file, mount);
	return err_fail(err, ERR_MEDIUM, "%s: want a removable or USB device, "
	    "have a fixed disk, %s", path, mount);
}

/* Why nothing can be written there, or NULL. */
static const char *
find_protection(const struct medium_facts *facts)
{
	const bool is_read_only = facts->is_filesystem_read_only ||
	    facts->is_mount_read_only || facts->is_device_read_only;

	if (!is_read_only)
		return NULL;
	if (facts->is_optical)
		return "an optical disc, which is for reading";
	if (facts->is_device_read_only)
		return "a device that is write-protected (has it a switch?)";
	if (facts->is_mount_read_only)
		return "it mounted read-only (mount -o remount,rw)";
	return "a filesystem that went read-only (check it for damage)";
}

enum err
medium_judge(const char *path, const struct medium_facts *facts,
    bool is_fixed_disk_allowed, struct error *err)
{
	const char *protection = find_protection(facts);
	char mount[400];

	if (!is_fixed_disk_allowed)
		TRY(judge_place(path, facts, err));
	if (protection == NULL)
		return ERR_OK;
	describe(facts, mount, sizeof(mount));
	return err_fail(err, ERR_MEDIUM, "%s: want a medium that can be "
	    "written to, have %s: %s", path, protection, mount);
}
