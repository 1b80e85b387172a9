/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <linux/limits.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/array.h"
#include "base/attributes.h"
#include "base/file.h"
#include "base/text.h"

#define ACL "system.posix_acl_access"

static bool
is_kept(const char *name)
{
	static const char *const left_out[] = {"security.capability",
	    "security.evm", "security.ima"};

	for (size_t i = 0; i < COUNT_OF(left_out); i++) {
		if (strcmp(name, left_out[i]) == 0)
			return false;
	}
	return text_begins_with(name, "user.") ||
	    text_begins_with(name, "security.") || strcmp(name, ACL) == 0;
}

/* Some filesystems keep none at all, and in others this file has none. */
static bool
is_none(int number)
{
	return number == ENOTSUP || number == ENOSYS || number == ENODATA;
}

static enum err
fail(struct error *err, const char *path, const char *name)
{
	return err_about(err, file_fail(err, path, "keep an attribute of"),
	    name);
}

static enum err
read_value(int fd, const char *name, struct buffer *out, bool *found,
    struct error *err)
{
	ssize_t size;

	TRY(buffer_reserve(out, XATTR_SIZE_MAX, err));
	size = fgetxattr(fd, name, out->data, out->capacity);
	*found = size >= 0;
	out->size = size < 0 ? 0 : (size_t)size;
	return *found || is_none(errno) ? ERR_OK :
	    file_fail(err, name, "read");
}

static enum err
copy_one(int from, int to, const char *path, const char *name,
    struct error *err)
{
	RELEASE_BUFFER struct buffer value = {0};
	RELEASE_BUFFER struct buffer has = {0};
	bool found, is_there;

	TRY(read_value(from, name, &value, &found, err));
	if (!found)
		return ERR_OK;
	/* A label that the policy gave already need not be allowed again. */
	TRY(read_value(to, name, &has, &is_there, err));
	if (is_there && span_equals(span_of_buffer(&value),
	    span_of_buffer(&has)))
		return ERR_OK;
	return fsetxattr(to, name, value.data, value.size, 0) == 0 ? ERR_OK :
	    fail(err, path, name);
}

enum err
attributes_copy(int from, int to, const char *path, struct error *err)
{
	RELEASE_BUFFER struct buffer names = {0};
	const char *name;
	ssize_t size;

	/* One that the folder has given it by default. */
	if (fremovexattr(to, ACL) != 0 && !is_none(errno))
		return fail(err, path, ACL);
	size = flistxattr(from, NULL, 0);
	if (size == 0 || (size < 0 && is_none(errno)))
		return ERR_OK;
	TRY(buffer_reserve(&names, XATTR_LIST_MAX, err));
	size = flistxattr(from, (char *)names.data, names.capacity);
	if (size < 0)
		return fail(err, path, "list");
	for (name = (const char *)names.data;
	    name < (const char *)names.data + size; name += strlen(name) + 1) {
		if (is_kept(name))
			TRY(copy_one(from, to, path, name, err));
	}
	return ERR_OK;
}
