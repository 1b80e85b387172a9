/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <libudev.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/medium.h"

#define LAYERS_MAX 8		/* crypt on volume on RAID on partition ... */

/* All that matters of one device. */
struct traits {
	bool is_read_only;
	bool is_removable;
	bool is_usb;
	bool is_optical;
};

static void
unref_udev(struct udev **udev)
{
	udev_unref(*udev);
}

static void
unref_device(struct udev_device **device)
{
	udev_device_unref(*device);
}

#define UNREF_UDEV __attribute__((cleanup(unref_udev)))
#define UNREF_DEVICE __attribute__((cleanup(unref_device)))

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

static enum err device_traits(struct udev *udev, struct udev_device *device,
    unsigned int layer, struct traits *out, struct error *err);

static enum err
add_below(struct udev *udev, const char *name, unsigned int layer,
    struct traits *all, struct error *err)
{
	UNREF_DEVICE struct udev_device *below =
	    udev_device_new_from_subsystem_sysname(udev, "block", name);
	struct traits traits = {0};

	if (below != NULL)
		TRY(device_traits(udev, below, layer - 1, &traits, err));
	all->is_read_only = all->is_read_only || traits.is_read_only;
	all->is_removable = all->is_removable && traits.is_removable;
	all->is_usb = all->is_usb && traits.is_usb;
	all->is_optical = all->is_optical && traits.is_optical;
	return ERR_OK;
}

/* Find what it is itself or, if it lies on others, what all of those are. */
static enum err
device_traits(struct udev *udev, struct udev_device *device,
    unsigned int layer, struct traits *out, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	struct traits all = {false, true, true, true};
	bool has_below = false;
	const char *name;
	char folder[4096];
	enum err code = ERR_OK;

	*out = disk_traits(device);
	if (layer == 0)
		return ERR_OK;
	TRY(file_join(folder, sizeof(folder),
	    udev_device_get_syspath(device), "slaves", err));
	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		TRY(add_below(udev, name, layer, &all, err));
		has_below = true;
	}
	all.is_read_only = all.is_read_only || out->is_read_only;
	if (has_below)
		*out = all;
	return code;
}

enum err
medium_device_find(dev_t number, struct medium_facts *out, struct error *err)
{
	UNREF_UDEV struct udev *udev = udev_new();
	UNREF_DEVICE struct udev_device *device = udev == NULL ? NULL :
	    udev_device_new_from_devnum(udev, 'b', number);
	struct traits traits;
	const char *backing;

	if (device == NULL)
		return ERR_OK;
	snprintf(out->device, sizeof(out->device), "%s",
	    udev_device_get_sysname(device));
	backing = udev_device_get_sysattr_value(device, "loop/backing_file");
	snprintf(out->backing_file, sizeof(out->backing_file), "%s",
	    backing == NULL ? "" : backing);
	TRY(device_traits(udev, device, LAYERS_MAX, &traits, err));
	out->is_device_read_only = traits.is_read_only;
	out->is_removable = traits.is_removable;
	out->is_usb = traits.is_usb;
	out->is_optical = traits.is_optical;
	return ERR_OK;
}
