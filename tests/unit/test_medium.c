/* SPDX-License-Identifier: ISC */
/*
 * Which folder may be written to, decided over what is known of its mount and
 * its device, and what is found out of this machine's.
 */
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/file.h"
#include "rooms_fixture.h"
#include "folder_fixture.h"
#include "site/medium.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

#define ON_STICK .mount_point = "/media/stick", .source = "/dev/sdb1", \
    .type = "vfat", .has_device = true, .device = "sdb1"
#define AWAY ", but must be on a removable or USB device: "

static const struct {
	const char *name;
	struct medium_facts facts;
	const char *plainly;	/* refused without, NULL: fine */
	const char *allowed;	/* with --allow-fixed-disk */
} judged[] = {
	{ "a USB stick", { ON_STICK, .is_removable = true, .is_usb = true },
	    NULL, NULL },
	{ "a USB disk, which says it is fixed", { ON_STICK, .is_usb = true },
	    NULL, NULL },
	{ "a card", { ON_STICK, .is_removable = true }, NULL, NULL },
	{ "a disc that can be written", { ON_STICK, .is_optical = true },
	    NULL, NULL },
	{ "a fixed disk", { ON_STICK }, "MEDIUM: is on a fixed disk" AWAY
	    "/dev/sdb1 (vfat) on /media/stick", NULL },
	{ "the root's", { ON_STICK, .is_on_root = true },
	    "MEDIUM: is on the root filesystem" AWAY
	    "/dev/sdb1 (vfat) on /media/stick", NULL },
	{ "the root's, on a stick", { ON_STICK, .is_on_root = true,
	    .is_removable = true, .is_usb = true },
	    "MEDIUM: is on the root filesystem" AWAY, NULL },
	{ "the root's, on no disk", { .is_on_root = true },
	    "MEDIUM: is on the root filesystem" AWAY
	    "its mount is not known", NULL },
	{ "tmpfs", { .mount_point = "/run", .source = "none",
	    .type = "tmpfs" }, "MEDIUM: is on no disk" AWAY "none (tmpfs) on "
	    "/run", NULL },
	{ "no mount", { .has_device = false }, "MEDIUM: is on no disk" AWAY
	    "its mount is not known", NULL },
	{ "no mount, a stick", { .has_device = true, .is_usb = true }, NULL,
	    NULL },
	{ "a loop device", { ON_STICK, .backing_file = "/root/image" },
	    "MEDIUM: is on the file /root/image as a disk" AWAY, NULL },
	{ "nobody knows the device", { .has_device = true }, "MEDIUM: is on a "
	    "fixed disk" AWAY, NULL },
	/* No permission helps against these. */
	{ "mounted read-only", { ON_STICK, .is_usb = true,
	    .is_mount_read_only = true, .is_filesystem_read_only = true },
	    "it is mounted read-only", "it is mounted read-only" },
	{ "write-protected", { ON_STICK, .is_usb = true,
	    .is_mount_read_only = true, .is_filesystem_read_only = true,
	    .is_device_read_only = true }, "the device is "
	    "write-protected", "the device is write-protected" },
	{ "write-protected, mounted rw all the same", { ON_STICK,
	    .is_usb = true, .is_device_read_only = true },
	    "the device is write-protected",
	    "the device is write-protected" },
	{ "went read-only", { ON_STICK, .is_usb = true,
	    .is_filesystem_read_only = true }, "its filesystem went "
	    "read-only", "its filesystem went read-only" },
	{ "a burnt disc", { ON_STICK, .is_optical = true, .is_removable = true,
	    .is_device_read_only = true, .is_mount_read_only = true,
	    .is_filesystem_read_only = true }, "it is an optical disc",
	    "it is an optical disc" },
	{ "read-only, on a fixed disk", { ON_STICK,
	    .is_mount_read_only = true, .is_filesystem_read_only = true },
	    "MEDIUM: is on a fixed disk" AWAY, "it is mounted read-only" },
};

TEST(folders_are_judged)
{
	for (size_t i = 0; i < COUNT_OF(judged); i++) {
		for (int is_allowed = 0; is_allowed < 2; is_allowed++) {
			const char *want = is_allowed ? judged[i].allowed :
			    judged[i].plainly;
			struct error err = {0};
			enum err code = medium_judge("MEDIUM",
			    &judged[i].facts, is_allowed, &err);

			if (want == NULL)
				assert_fine(judged[i].name, code, &err);
			else
				assert_refusal(judged[i].name, ERR_MEDIUM,
				    want, code, &err);
		}
	}
}

/* Whatever a file tells of itself fits the one line. */
TEST(long_names_fit)
{
	struct medium_facts facts = {.has_device = true};
	struct error err = {0};

	memset(facts.mount_point, 'm', sizeof(facts.mount_point) - 1);
	memset(facts.source, 's', sizeof(facts.source) - 1);
	memset(facts.type, 't', sizeof(facts.type) - 1);
	memset(facts.backing_file, 'b', sizeof(facts.backing_file) - 1);
	assert_refusal("long", ERR_MEDIUM, "must be on a removable",
	    medium_judge("MEDIUM", &facts, false, &err), &err);
}

TEST(this_folder_is_on_its_device)
{
	struct medium_facts facts = {0};
	struct stat here, system;
	struct error err = {0};

	assert_int_equal(stat(folder, &here), 0);
	assert_int_equal(stat("/", &system), 0);
	FINE(medium_find(folder, &facts, &err));
	assert_true(facts.mount_point[0] == '/');
	assert_true(facts.source[0] != '\0');
	assert_true(facts.type[0] != '\0');
	if (here.st_dev == system.st_dev)
		assert_true(facts.is_on_root);
	assert_false(facts.is_filesystem_read_only);
}

TEST(what_is_no_folder)
{
	struct medium_facts facts;
	struct error err = {0};

	assert_refusal("none", ERR_MISSING, "none", medium_find("none",
	    &facts, &err), &err);
	fixture_write_text(folder, "file", "x");
	assert_refusal("file", ERR_MEDIUM, "is a file, not a folder",
	    medium_find("file", &facts, &err), &err);
	assert_refusal("below", ERR_MISSING, "file/x",
	    medium_check_writable("file/x", true, &err), &err);
}

TEST(mounts_are_told_apart)
{
	struct medium_facts facts = {0};
	struct error err = {0};

	assert_int_equal(mkdir("a b", 0755), 0);
	if (mount("some where", "a b", "tmpfs", 0, "size=64k") != 0)
		skip();
	/* Two on one folder: what is seen is the upper. */
	assert_int_equal(mount("upper", "a b", "tmpfs", 0, "size=64k"), 0);
	assert_int_equal(mkdir("a b/c", 0755), 0);
	assert_int_equal(mount(NULL, "a b", NULL, MS_REMOUNT | MS_BIND |
	    MS_RDONLY, NULL), 0);
	FINE(medium_find("a b/c", &facts, &err));
	assert_int_equal(umount("a b"), 0);
	assert_string_equal(facts.source, "upper");
	assert_true(facts.is_mount_read_only);
	assert_true(facts.is_filesystem_read_only);
	FINE(medium_find("a b", &facts, &err));
	assert_int_equal(umount("a b"), 0);
	assert_string_equal(facts.source, "some where");
	assert_string_equal(facts.type, "tmpfs");
	assert_string_equal(strrchr(facts.mount_point, '/'), "/a b");
	assert_false(facts.is_mount_read_only);
	assert_false(facts.is_filesystem_read_only);
	assert_false(facts.has_device);
	assert_false(facts.is_on_root);
}

/* The same folder by another way is still on its device. */
TEST(bind_mounts_change_nothing)
{
	struct medium_facts direct, bound;
	struct error err = {0};
	enum err code;

	assert_int_equal(mkdir("a", 0755), 0);
	assert_int_equal(mkdir("b", 0755), 0);
	if (mount("a", "b", NULL, MS_BIND, NULL) != 0)
		skip();
	code = medium_find("b", &bound, &err);
	assert_int_equal(umount("b"), 0);
	assert_fine("bound", code, &err);
	FINE(medium_find("a", &direct, &err));
	assert_string_equal(strrchr(bound.mount_point, '/'), "/b");
	assert_int_equal(bound.is_on_root, direct.is_on_root);
	assert_int_equal(bound.has_device, direct.has_device);
	assert_string_equal(bound.device, direct.device);
	assert_int_equal(bound.is_removable, direct.is_removable);
}
