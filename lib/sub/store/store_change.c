/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "sub/store/store.h"

void
store_forget_last(struct store_change *change)
{
	struct store_saved *saved = &change->saved[--change->count];

	folder_release(&saved->folder);
	folder_file_release(&saved->file);
	buffer_release(&saved->link);
}

void
store_change_release(struct store_change *change)
{
	while (change->count > 0)
		store_forget_last(change);
	buffer_release(&change->before);
}

bool
store_is_changed(const struct store_change *change)
{
	return change->count > 0 || change->put_back != NULL;
}

/* Whatever failed may have failed before the name was touched. */
static bool
is_untouched(const struct store_saved *saved)
{
	const struct folder *folder = &saved->folder;
	char link[PATH_MAX];
	struct stat now;

	if (saved->link.size > 0)
		return readlinkat(folder->fd, folder->name, link,
		    sizeof(link)) == (ssize_t)saved->link.size - 1 &&
		    memcmp(link, saved->link.data,
		    saved->link.size - 1) == 0;
	return saved->file.fd >= 0 && fstatat(folder->fd, folder->name, &now,
	    AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_dev == saved->file.st.st_dev &&
	    now.st_ino == saved->file.st.st_ino;
}

static enum err
restore(const struct store_saved *saved, struct error *err)
{
	const struct folder *folder = &saved->folder;

	if (is_untouched(saved))
		return ERR_OK;
	if (saved->moved_from[0] != '\0')
		TRY(folder_rename(folder, folder->name, saved->moved_from,
		    err));
	if (saved->file.fd >= 0)
		return folder_replace(folder,
		    span_of_buffer(&saved->file.content), &saved->file, 0644,
		    err);
	TRY(folder_remove(folder, folder->name, err));
	if (saved->link.size == 0)
		return ERR_OK;
	return symlinkat((const char *)saved->link.data, folder->fd,
	    folder->name) == 0 ? ERR_OK :
	    file_fail(err, folder->name, "link");
}

enum err
store_undo(const struct store_change *change, struct error *err)
{
	enum err code = ERR_OK;

	if (change->put_back != NULL)
		return change->put_back(change->store,
		    span_of_buffer(&change->before), change->installed, err);
	for (size_t i = change->count; i > 0; i--) {
		enum err one = restore(&change->saved[i - 1], err);

		if (one != ERR_OK)
			code = one;
	}
	return code;
}
