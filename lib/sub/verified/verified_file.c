/* SPDX-License-Identifier: ISC */
/*
 * Whoever can write such a file can make a forged CRL pass, so it is used only
 * if nobody but root and the caller can write it, its folder, or the state
 * folder: a monitoring user takes root's word, and root never a monitoring
 * user's.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "ferry/manifest.h"
#include "sub/verified/verified.h"

#define FOLDER "verdicts"
#define FILE_BYTES_MAX (32 * 1024 * 1024)

/* A folder in another, or in the working one, that only we or root change. */
static int
open_ours(int parent, const char *name, int flags)
{
	CLOSE_FD int fd = openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	int out;

	if (fd < 0 || file_check_privacy(fd, name, FILE_OURS, NULL) != ERR_OK)
		return -1;
	out = fd;
	fd = -1;
	return out;
}

/* STATE/verdicts, made if it is wanted; or -1. */
static int
open_folder(const struct config *config, bool is_made)
{
	CLOSE_FD int state = open_ours(AT_FDCWD, config->state, 0);

	if (state < 0)
		return -1;
	if (is_made)
		(void)mkdirat(state, FOLDER, 0755);
	return open_ours(state, FOLDER, O_NOFOLLOW);
}

/* The text of a file in it, or nothing. */
static bool
read_file(int folder, const char *name, struct buffer *out)
{
	CLOSE_FD int path = openat(folder, name,
	    O_PATH | O_NOFOLLOW | O_CLOEXEC);
	CLOSE_FD int fd = path < 0 ? -1 : file_reopen(path, O_RDONLY);

	return fd >= 0 &&
	    file_check_privacy(fd, name, FILE_OURS, NULL) == ERR_OK &&
	    file_read_fd(fd, name, FILE_BYTES_MAX, out, NULL) == ERR_OK;
}

void
verified_load(const struct config *config, const char *root,
    struct verified *out)
{
	CLOSE_FD int folder = open_folder(config, false);
	RELEASE_BUFFER struct buffer text = {0};

	if (folder >= 0 && read_file(folder, root, &text))
		(void)verified_decode(span_of_buffer(&text), out);
}

/*
 * Not synced: what a crash leaves of it is whole or not understood, and
 * thousands of roots would have to wait for the disk.
 */
static bool
write_file(int fd, struct span text)
{
	return fchmod(fd, 0644) == 0 &&
	    file_write_all(fd, FOLDER, text, NULL) == ERR_OK;
}

void
verified_save(const struct config *config, const char *root,
    const struct verified *verified)
{
	RELEASE_BUFFER struct buffer text = {0};
	CLOSE_FD int folder = -1;
	CLOSE_FD int fd = -1;
	char temporary[SITE_NAME_SIZE + 16];

	if (verified->count == verified->loaded_count &&
	    verified->used_count == verified->loaded_count)
		return;
	snprintf(temporary, sizeof(temporary), ".%s.crlferry-new", root);
	folder = open_folder(config, true);
	if (folder < 0 ||
	    verified_encode(verified, &text, NULL) != ERR_OK ||
	    file_make_temporary(folder, temporary, root, &fd, NULL) != ERR_OK)
		return;
	if (!write_file(fd, span_of_buffer(&text)) ||
	    renameat(folder, temporary, folder, root) != 0)
		(void)unlinkat(folder, temporary, 0);
}

static bool
is_root(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->root_count; i++) {
		if (strcmp(config->roots[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A file that holds no verdicts is not ours to remove. */
static void
remove_stale(int folder, const char *name)
{
	RELEASE_VERIFIED struct verified verified = {0};
	RELEASE_BUFFER struct buffer text = {0};

	if (read_file(folder, name, &text) &&
	    verified_decode(span_of_buffer(&text), &verified))
		(void)unlinkat(folder, name, 0);
}

void
verified_prune(const struct config *config)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	CLOSE_FD int folder = open_folder(config, false);
	enum err code = ERR_OK;
	const char *name;

	if (folder < 0 || listing_open_at(folder, FOLDER, &listing, NULL) !=
	    ERR_OK)
		return;
	while (listing_next(&listing, &name, &code, NULL)) {
		if (name[0] != '.' && !is_root(config, name))
			remove_stale(folder, name);
	}
}
