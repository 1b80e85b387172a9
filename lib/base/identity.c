/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/identity.h"

#define BIT(capability) (1U << (capability))

/* Those that open, search or change files against their modes and owners. */
#define FILE_CAPABILITIES (BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | \
	BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | \
	BIT(CAP_LINUX_IMMUTABLE) | BIT(CAP_MKNOD))

/* Both words of a set; the upper one has nothing about files. */
struct capabilities {
	struct __user_cap_data_struct words[2];
};

static bool
get_capabilities(struct capabilities *out)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};

	memset(out, 0, sizeof(*out));
	return syscall(SYS_capget, &header, out->words) == 0;
}

static bool
set_effective(unsigned int effective)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct capabilities now;

	if (!get_capabilities(&now))
		return false;
	if (now.words[0].effective == effective)
		return true;
	now.words[0].effective = effective;
	return syscall(SYS_capset, &header, now.words) == 0;
}

void
identity_of_user(uid_t uid, struct identity *out)
{
	const struct passwd *entry = getpwuid(uid);
	int count = IDENTITY_GROUPS_MAX;

	*out = (struct identity){.uid = uid, .gid = IDENTITY_NOBODY};
	if (entry == NULL)
		return;
	out->gid = entry->pw_gid;
	if (getgrouplist(entry->pw_name, entry->pw_gid, out->groups,
	    &count) < 0)
		count = IDENTITY_GROUPS_MAX;
	out->group_count = count < 0 ? 0 : (size_t)count;
}

void
identity_of_group(gid_t gid, struct identity *out)
{
	*out = (struct identity){.uid = IDENTITY_NOBODY, .gid = gid};
}

void
identity_name(uid_t uid, char out[IDENTITY_NAME_SIZE])
{
	const struct passwd *entry = getpwuid(uid);

	if (entry != NULL)
		snprintf(out, IDENTITY_NAME_SIZE, "%s", entry->pw_name);
	else
		snprintf(out, IDENTITY_NAME_SIZE, "user %u", uid);
}

bool
identity_is_trusted(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

bool
identity_is_privileged(void)
{
	struct capabilities now;

	return geteuid() == 0 || !get_capabilities(&now) ||
	    (now.words[0].effective & FILE_CAPABILITIES) != 0;
}

/* setfsuid and setfsgid tell nothing: ask what came of them. */
static bool
set_ids(uid_t uid, gid_t gid)
{
	setfsgid(gid);
	setfsuid(uid);
	return (gid_t)setfsgid((gid_t)-1) == gid &&
	    (uid_t)setfsuid((uid_t)-1) == uid;
}

/*
 * It is always allowed, and can only fail for want of memory: what the caller
 * writes afterwards would be another's.
 */
static bool
come_back(uid_t uid, gid_t gid)
{
	bool is_back = false;

	for (int tries = 0; tries < 10 && !is_back; tries++)
		is_back = set_ids(uid, gid);
	return is_back;
}

/* The system call is about this thread; glibc's function is about all. */
static bool
set_groups(size_t count, const gid_t *groups)
{
	return syscall(SYS_setgroups, count, groups) == 0;
}

static enum err
fail(struct error *err, const char *user)
{
	return err_fail(err, ERR_PERMISSIONS, "cannot look at files with the "
	    "rights of %s, which takes root, or CAP_SETUID and CAP_SETGID",
	    user);
}

enum err
identity_take(const struct identity *identity,
    struct identity_before *before, struct error *err)
{
	char name[IDENTITY_NAME_SIZE];
	struct capabilities now;
	int count = getgroups(IDENTITY_GROUPS_MAX, before->groups);

	if (count < 0 || !get_capabilities(&now))
		return err_fail(err, ERR_IO, "cannot read the rights of this "
		    "process: %s", strerror(errno));
	before->group_count = (size_t)count;
	before->effective = now.words[0].effective;
	before->uid = geteuid();
	before->gid = getegid();
	if (set_groups(identity->group_count, identity->groups) &&
	    set_ids(identity->uid, identity->gid) &&
	    set_effective(before->effective & ~FILE_CAPABILITIES))
		return ERR_OK;
	TRY(identity_give_back(before, err));
	identity_name(identity->uid, name);
	return fail(err, name);
}

enum err
identity_give_back(const struct identity_before *before, struct error *err)
{
	/* Leaving root takes capabilities away, and coming back brings all. */
	const bool has_ids = come_back(before->uid, before->gid);
	const bool has_rights = set_effective(before->effective);
	gid_t groups[IDENTITY_GROUPS_MAX];
	int count = getgroups(IDENTITY_GROUPS_MAX, groups);

	if (count < 0 || (size_t)count != before->group_count ||
	    memcmp(groups, before->groups, (size_t)count *
	    sizeof(*groups)) != 0)
		count = set_groups(before->group_count, before->groups) ?
		    (int)before->group_count : -1;
	return has_ids && has_rights && count >= 0 ? ERR_OK :
	    fail(err, "the caller again");
}
