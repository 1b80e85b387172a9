/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <libmount/libmount.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "site/medium.h"

/* A folder, the mount it is in, and the device below. */
struct place {
	struct stat st;
	struct libmnt_fs *mount;	/* borrowed; NULL: not known */
	dev_t device;			/* 0: none */
};

/*
 * The mount of a folder, by the kernel's number, since paths may lie over
 * others; NULL if the kernel does not tell.
 */
static enum err
find_mount(struct libmnt_table *table, const char *path,
    struct libmnt_fs **out, struct error *err)
{
	struct libmnt_iter *iter;
	struct libmnt_fs *fs = NULL;
	struct statx at;

	*out = NULL;
	if (statx(AT_FDCWD, path, 0, STATX_MNT_ID, &at) != 0)
		return file_fail(err, path, "look at");
	if (table == NULL || (at.stx_mask & STATX_MNT_ID) == 0)
		return ERR_OK;
	iter = mnt_new_iter(MNT_ITER_BACKWARD);
	while (iter != NULL && *out == NULL &&
	    mnt_table_next_fs(table, iter, &fs) == 0) {
		if ((uint64_t)mnt_fs_get_id(fs) == at.stx_mnt_id)
			*out = fs;
	}
	mnt_free_iter(iter);
	return ERR_OK;
}

/*
 * The block device, by its number.  btrfs gives each subvolume a number of its
 * own, which is no device's: there the source says.  A FUSE program may call
 * its source anything.
 */
static enum err
find_device(const struct place *place, dev_t *out, struct error *err)
{
	const char *source, *type;
	struct stat st;

	*out = place->st.st_dev;
	if (major(place->st.st_dev) != 0)
		return ERR_OK;
	*out = 0;
	if (place->mount == NULL)
		return ERR_OK;
	source = mnt_fs_get_source(place->mount);
	type = mnt_fs_get_fstype(place->mount);
	if (source == NULL || source[0] != '/' || type == NULL ||
	    strncmp(type, "fuse", 4) == 0)
		return ERR_OK;
	if (stat(source, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_OK :
		    file_fail(err, source, "look at");
	if (S_ISBLK(st.st_mode))
		*out = st.st_rdev;
	return ERR_OK;
}

static enum err
find_place(struct libmnt_table *table, const char *path, struct place *out,
    struct error *err)
{
	if (stat(path, &out->st) != 0)
		return file_fail(err, path, "open");
	TRY(find_mount(table, path, &out->mount, err));
	return find_device(out, &out->device, err);
}

static void
copy_text(const char *text, char *out, size_t capacity)
{
	snprintf(out, capacity, "%s", text == NULL ? "" : text);
}

static void
describe_mount(struct libmnt_fs *mount, struct medium_facts *out)
{
	const char *options = mnt_fs_get_vfs_options(mount);

	copy_text(mnt_fs_get_target(mount), out->mount_point,
	    sizeof(out->mount_point));
	copy_text(mnt_fs_get_source(mount), out->source, sizeof(out->source));
	copy_text(mnt_fs_get_fstype(mount), out->type, sizeof(out->type));
	out->is_mount_read_only = options != NULL &&
	    mnt_optstr_get_option(options, "ro", NULL, NULL) == 0;
}

static void
release_table(struct libmnt_table **table)
{
	mnt_unref_table(*table);
}

enum err
medium_find(const char *path, struct medium_facts *out, struct error *err)
{
	__attribute__((cleanup(release_table))) struct libmnt_table *table =
	    mnt_new_table_from_file("/proc/self/mountinfo");
	struct place medium = {.mount = NULL}, system = {.mount = NULL};
	struct medium_facts facts = {.has_device = false};
	struct statvfs filesystem;

	TRY(find_place(table, path, &medium, err));
	TRY(find_place(table, "/", &system, err));
	if (!S_ISDIR(medium.st.st_mode))
		return err_fail(err, ERR_MEDIUM,
		    "%s: is a file, not a folder", path);
	if (statvfs(path, &filesystem) != 0)
		return file_fail(err, path, "look at");
	facts.is_filesystem_read_only = (filesystem.f_flag & ST_RDONLY) != 0;
	if (medium.mount != NULL)
		describe_mount(medium.mount, &facts);
	facts.is_on_root = medium.st.st_dev == system.st.st_dev ||
	    (medium.device != 0 && medium.device == system.device);
	facts.has_device = medium.device != 0;
	if (facts.has_device)
		TRY(medium_device_find(medium.device, &facts, err));
	*out = facts;
	return ERR_OK;
}

/* "/dev/sdb1 (vfat) on /media/stick" */
static void
describe(const struct medium_facts *facts, char *out, size_t capacity)
{
	if (facts->mount_point[0] == '\0')
		snprintf(out, capacity, "its mount is not known");
	else
		snprintf(out, capacity, "%.100s (%s) on %.200s",
		    facts->source, facts->type, facts->mount_point);
}

/* Is that no place for a medium?  Then out says what it is. */
static bool
is_wrong_place(const struct medium_facts *facts, char *out, size_t capacity)
{
	if (facts->is_on_root)
		snprintf(out, capacity, "the root filesystem");
	else if (!facts->has_device)
		snprintf(out, capacity, "no disk");
	else if (facts->is_removable || facts->is_usb || facts->is_optical)
		return false;
	else if (facts->backing_file[0] != '\0')
		snprintf(out, capacity, "the file %.200s as a disk",
		    facts->backing_file);
	else
		snprintf(out, capacity, "a fixed disk");
	return true;
}

/* Why nothing can be written there, or NULL, and what to do about it. */
static enum err
find_protection(const struct medium_facts *facts, const char **reason,
    struct buffer *remedy, struct error *err)
{
	const char *advice = "take a medium that can be written to";

	*reason = NULL;
	if (!facts->is_filesystem_read_only && !facts->is_mount_read_only &&
	    !facts->is_device_read_only)
		return ERR_OK;
	if (facts->is_optical) {
		*reason = "it is an optical disc";
	} else if (facts->is_device_read_only) {
		*reason = "the device is write-protected";
		advice = "check its write-protect switch";
	} else if (facts->is_mount_read_only) {
		*reason = "it is mounted read-only";
		TRY(buffer_append_text(remedy, "mount -o remount,rw ", err));
		return shell_word_append(remedy, facts->mount_point, err);
	} else {
		*reason = "its filesystem went read-only";
		advice = "check its filesystem for damage, or take another "
		    "medium";
	}
	return buffer_append_text(remedy, advice, err);
}

enum err
medium_judge(const char *path, const struct medium_facts *facts,
    bool is_fixed_disk_allowed, struct error *err)
{
	RELEASE_BUFFER struct buffer remedy = {0};
	const char *protection;
	char place[256], mount[400];

	describe(facts, mount, sizeof(mount));
	if (!is_fixed_disk_allowed &&
	    is_wrong_place(facts, place, sizeof(place)))
		return err_fail(err, ERR_MEDIUM, "%s: is on %s, but must be on "
		    "a removable or USB device: %s", path, place, mount);
	TRY(find_protection(facts, &protection, &remedy, err));
	if (protection == NULL)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_MEDIUM, "%s: cannot be "
	    "written to: %s: %s", path, protection, mount), "%.*s",
	    (int)remedy.size, (const char *)remedy.data);
}

enum err
medium_check_writable(const char *path, bool is_fixed_disk_allowed,
    struct error *err)
{
	struct medium_facts facts;

	TRY(medium_find(path, &facts, err));
	return medium_judge(path, &facts, is_fixed_disk_allowed, err);
}
