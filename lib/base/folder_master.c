/* SPDX-License-Identifier: ISC */
/* Who can change what names in a folder mean, and what is to be done then. */
#include <endian.h>
#include <grp.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/array.h"
#include "base/folder_parts.h"

#define ACL_ENTRIES_MAX 64

/* A folder's ACL; 0 if there is none, or it cannot be read. */
static size_t
read_acl(int fd, struct posix_acl_xattr_entry out[ACL_ENTRIES_MAX])
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[ACL_ENTRIES_MAX];
	} acl;
	char link[40];
	ssize_t size;
	size_t count;

	/* An O_PATH descriptor has no attributes but by its link. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = getxattr(link, "system.posix_acl_access", &acl, sizeof(acl));
	if (size < (ssize_t)sizeof(acl.header) ||
	    le32toh(acl.header.a_version) != POSIX_ACL_XATTR_VERSION)
		return 0;
	count = ((size_t)size - sizeof(acl.header)) / sizeof(*out);
	for (size_t i = 0; i < count; i++)
		out[i] = acl.entries[i];
	return count;
}

/*
 * If the bits of the group are an ACL's mask, it may be one user, or one
 * group, that may write.  False if it is several: then it is whoever those
 * bits say.
 */
static bool
find_in_acl(int fd, const struct stat *st, struct identity *out)
{
	struct posix_acl_xattr_entry entries[ACL_ENTRIES_MAX];
	const size_t count = read_acl(fd, entries);
	size_t writers = 0;

	for (size_t i = 0; i < count; i++) {
		const unsigned int tag = le16toh(entries[i].e_tag);
		const unsigned int id = le32toh(entries[i].e_id);

		if ((le16toh(entries[i].e_perm) & ACL_WRITE) == 0 ||
		    (tag == ACL_USER && identity_is_trusted(id)))
			continue;
		if (tag == ACL_USER)
			identity_of_user(id, out);
		else if (tag == ACL_GROUP || tag == ACL_GROUP_OBJ)
			identity_of_group(tag == ACL_GROUP ? id : st->st_gid,
			    out);
		else
			continue;
		writers++;
	}
	return writers == 1;
}

void
folder_find_master(int fd, const struct stat *st, struct identity *out)
{
	const mode_t writers = st->st_mode & (S_IWGRP | S_IWOTH);

	if (identity_is_trusted(st->st_uid) && writers == S_IWGRP &&
	    find_in_acl(fd, st, out))
		return;
	if (!identity_is_trusted(st->st_uid))
		identity_of_user(st->st_uid, out);
	else
		identity_of_group((writers & S_IWOTH) != 0 ?
		    IDENTITY_NOBODY : st->st_gid, out);
	if (writers == S_IWGRP)
		out->gid = st->st_gid;
}

void
folder_who(const struct identity *master, char out[IDENTITY_NAME_SIZE])
{
	const struct group *group;

	if (master->uid != IDENTITY_NOBODY) {
		identity_name(master->uid, out);
		return;
	}
	group = getgrgid(master->gid);
	if (master->gid == IDENTITY_NOBODY)
		snprintf(out, IDENTITY_NAME_SIZE, "everybody");
	else if (group != NULL)
		snprintf(out, IDENTITY_NAME_SIZE, "the group %.50s",
		    group->gr_name);
	else
		snprintf(out, IDENTITY_NAME_SIZE, "the group %u",
		    master->gid);
}

/* Past the words of folder_who that no command takes. */
static const char *
bare_name(const char *who)
{
	static const char *const words[] = {"the group ", "user "};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strncmp(who, words[i], strlen(words[i])) == 0)
			return who + strlen(words[i]);
	}
	return who;
}

void
folder_remedy(const struct folder *folder, const char *path,
    const char *rights, char out[FOLDER_REMEDY_SIZE])
{
	const struct identity *master = &folder->master;
	const struct shell_word shared = shell_word(folder->path,
	    folder->shared_size);
	const struct shell_word word = shell_word(path, strlen(path));
	char who[IDENTITY_NAME_SIZE];
	char give[3 * sizeof(struct shell_word)] = "";

	folder_who(master, who);
	if (master->uid != IDENTITY_NOBODY)
		snprintf(give, sizeof(give), "chown %s %s; or, ",
		    bare_name(who), word.text);
	else if (master->gid != IDENTITY_NOBODY)
		snprintf(give, sizeof(give), "chgrp %s %s && chmod g+%s "
		    "%s; or, ", bare_name(who), word.text, rights, word.text);
	snprintf(out, FOLDER_REMEDY_SIZE, "%sif it can be root's alone, "
	    "chown root %s && chmod go-w %s", give, shared.text,
	    shared.text);
}
