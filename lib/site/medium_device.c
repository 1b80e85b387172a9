/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <libudev.h>

#include "site/medium_device.h"

#define LAYERS_MAX 8		/* crypt on volume on RAID on partition ... */

/* What matters of one device. */
struct traits {
	bool is_read_only;
	bool is_removable;
	bool is_usb;
	bool is_optical;
};

static bool
has_value(struct udev_device *device, const char *name, const char *want)
{
	const char *value = udev_device_get_sysattr_value(device, name);

	return value != NULL && strcmp(value, want) == 0;
}

/* The nearest above it of a kind, borrowed. */
static struct udev_device *
find_above(struct udev_device *device, const char *subsystem,
    const char *type)
{
	return udev_device_get_parent_with_subsystem_devtype(device,
	    subsystem, type);
}

/* A card of the SD kind; what is soldered in is of the MMC kind. */
static bool
is_card(struct udev_device *device)
{
	struct udev_device *card = find_above(device, "mmc", NULL);

	return card != NULL && has_value(card, "type", "SD");
}

/* Of a disk or one of its partitions. */
static struct traits
disk_traits(struct udev_device *device)
{
	/* A partition's disk is its parent. */
	struct udev_device *disk = find_above(device, "block", "disk");
	struct traits traits = {
	    .is_read_only = has_value(device, "ro", "1")};

	if (disk == NULL)
		disk = device;
	traits.is_read_only = traits.is_read_only ||
	    has_value(disk, "ro", "1");
	traits.is_optical =
	    strncmp(udev_device_get_sysname(disk), "sr", 2) == 0;
	traits.is_removable = has_value(disk, "removable", "1") ||
	    is_card(disk);
	traits.is_usb = find_above(disk, "usb", "usb_device") != NULL;
	return traits;
}

static struct traits device_traits(struct udev *udev,
    struct udev_device *device, unsigned int layer);

/* What all devices below it are; false where there is none below. */
static bool
find_below(struct udev *udev, struct udev_device *device,
    unsigned int layer, struct traits *out)
{
	const char *path = udev_device_get_syspath(device);
	struct traits all = {false, true, true, true};
	const struct dirent *entry;
	bool found = false;
	char folder[4096];
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/slaves", path);
	dir = layer == 0 ? NULL : opendir(folder);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct udev_device *below;
		struct traits traits = {0};

		if (entry->d_name[0] == '.')
			continue;
		below = udev_device_new_from_subsystem_sysname(udev, "block",
		    entry->d_name);
		if (below != NULL)
			traits = device_traits(udev, below, layer - 1);
		udev_device_unref(below);
		all.is_read_only = all.is_read_only || traits.is_read_only;
		all.is_removable = all.is_removable && traits.is_removable;
		all.is_usb = all.is_usb && traits.is_usb;
		all.is_optical = all.is_optical && traits.is_optical;
		found = true;
	}
	if (dir != NULL)
		closedir(dir);
	if (found)
		*out = all;
	return found;
}

static struct traits
device_traits(struct udev *udev, struct udev_device *device,
    unsigned int layer)
{
	struct traits own = disk_traits(device), below;

	if (!find_below(udev, device, layer, &below))
		return own;
	below.is_read_only = below.is_read_only || own.is_read_only;
	return below;
}

void
medium_device_find(dev_t number, struct medium_facts *out)
{
	struct udev *udev = udev_new();
	struct udev_device *device = udev == NULL ? NULL :
	    udev_device_new_from_devnum(udev, 'b', number);
	const char *backing;
	struct traits traits;

	if (device != NULL) {
		snprintf(out->device, sizeof(out->device), "%s",
		    udev_device_get_sysname(device));
		backing = udev_device_get_sysattr_value(device,
		    "loop/backing_file");
		snprintf(out->backing_file, sizeof(out->backing_file), "%s",
		    backing == NULL ? "" : backing);
		traits = device_traits(udev, device, LAYERS_MAX);
		out->is_device_read_only = traits.is_read_only;
		out->is_removable = traits.is_removable;
		out->is_usb = traits.is_usb;
		out->is_optical = traits.is_optical;
	}
	udev_device_unref(device);
	udev_unref(udev);
}
