/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <sys/stat.h>

#include <libudev.h>

#include "base/file.h"
#include "site/medium.h"

/* Does the kernel call the disk behind a device removable, or is it on USB? */
static bool
is_removable(dev_t number)
{
	struct udev *udev = udev_new();
	struct udev_device *device, *disk;
	const char *removable;
	bool result = false;

	if (udev == NULL)
		return false;
	device = udev_device_new_from_devnum(udev, 'b', number);
	if (device != NULL) {
		/* A partition's disk is its parent; the parent is borrowed. */
		disk = udev_device_get_parent_with_subsystem_devtype(device,
		    "block", "disk");
		removable = udev_device_get_sysattr_value(
		    disk == NULL ? device : disk, "removable");
		result = (removable != NULL &&
		    strcmp(removable, "1") == 0) ||
		    udev_device_get_parent_with_subsystem_devtype(device,
		    "usb", "usb_device") != NULL;
		udev_device_unref(device);
	}
	udev_unref(udev);
	return result;
}

enum err
medium_check_writable(const char *path, bool is_fixed_disk_allowed,
    struct error *err)
{
	struct stat medium, system;

	if (stat(path, &medium) != 0)
		return file_fail(err, path, "open");
	if (!S_ISDIR(medium.st_mode))
		return err_fail(err, ERR_MEDIUM,
		    "%s: want a folder, have a file", path);
	if (is_fixed_disk_allowed)
		return ERR_OK;
	if (stat("/", &system) != 0)
		return file_fail(err, "/", "stat");
	if (medium.st_dev == system.st_dev)
		return err_fail(err, ERR_MEDIUM, "%s: want a mounted stick, "
		    "have a folder of the root filesystem", path);
	if (!is_removable(medium.st_dev))
		return err_fail(err, ERR_MEDIUM, "%s: want a removable or "
		    "USB device, have a fixed one", path);
	return ERR_OK;
}
