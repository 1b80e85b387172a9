/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "site/bundle_folder.h"
#include "site/mailbox.h"
#include "site/medium_seals.h"

/* The note's folder, and the names in it. */
struct mailbox {
	char beneath[MANIFEST_NAME_SIZE];	/* "crlferry/<root>" */
	char folder[4096];
	char json[MANIFEST_NAME_SIZE];
	char seal[MANIFEST_NAME_SIZE];
};

static enum err
mailbox_name(const char *medium, const char *root, const char *stem,
    struct mailbox *out, struct error *err)
{
	snprintf(out->beneath, sizeof(out->beneath), BUNDLE_FOLDER "/%s",
	    root);
	snprintf(out->json, sizeof(out->json), "%s.json", stem);
	medium_seal_name(out->json, NULL, out->seal);
	return file_join(out->folder, sizeof(out->folder), medium,
	    out->beneath, err);
}

/* -1 in *out_fd, with ERR_OK, where there is no such folder. */
static enum err
open_folder(const char *medium, const struct mailbox *mailbox, int *out_fd,
    struct error *err)
{
	CLOSE_FD int fd = open(medium, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return file_fail(err, medium, "open");
	*out_fd = bundle_open_beneath(fd, mailbox->beneath,
	    O_RDONLY | O_DIRECTORY);
	if (*out_fd < 0 && errno != ENOENT)
		return err_fail(err, ERR_FORMAT,
		    "%s: want a folder, have: %s", mailbox->folder,
		    strerror(errno));
	return ERR_OK;
}

enum err
mailbox_write(const char *medium, const char *root, const char *stem,
    struct span json, struct span seal, char *path, size_t capacity,
    struct error *err)
{
	const uint64_t sizes[] = {json.size, seal.size};
	RELEASE_MEDIUM_FOLDER struct medium_folder folder =
	    MEDIUM_FOLDER_NONE;
	struct mailbox mailbox;
	const struct medium_content files[] = {
	    {mailbox.json, json}, {mailbox.seal, seal}};
	enum err code;

	code = mailbox_name(medium, root, stem, &mailbox, err);
	if (code == ERR_OK)
		code = medium_check_room(medium, sizes, COUNT_OF(sizes),
		    err);
	if (code == ERR_OK)
		code = medium_folder_make(medium, mailbox.beneath, &folder,
		    err);
	/* Without its seal an earlier note is none: that goes for good. */
	if (code == ERR_OK)
		code = medium_folder_remove(&folder, mailbox.seal, err);
	if (code == ERR_OK)
		code = medium_folder_sync(&folder, err);
	if (code == ERR_OK)
		code = medium_put_all(&folder, files, COUNT_OF(files), err);
	return code == ERR_OK ? file_join(path, capacity, mailbox.folder,
	    mailbox.json, err) : code;
}

static enum err
read_file(int folder, const struct mailbox *mailbox, const char *name,
    uint64_t max_bytes, struct buffer *out, struct error *err)
{
	struct bundle_member member = {.fd = -1};
	enum err code;

	code = bundle_load_named(folder, mailbox->folder, name, max_bytes,
	    &member, err);
	if (code == ERR_OK)
		code = bundle_member_read(&member, out, err);
	file_close(&member.fd);
	return code;
}

enum err
mailbox_read(const char *medium, const char *root, const char *stem,
    uint64_t max_bytes, struct buffer *json, struct buffer *seal, bool *found,
    struct error *err)
{
	struct mailbox mailbox;
	CLOSE_FD int folder = -1;
	struct error why;
	enum err code;

	*found = false;
	code = mailbox_name(medium, root, stem, &mailbox, err);
	if (code == ERR_OK)
		code = open_folder(medium, &mailbox, &folder, err);
	if (code != ERR_OK || folder < 0)
		return code;
	code = read_file(folder, &mailbox, mailbox.seal, MINISIGN_FILE_MAX,
	    seal, &why);
	if (code == ERR_OK)
		code = read_file(folder, &mailbox, mailbox.json, max_bytes,
		    json, &why);
	*found = code == ERR_OK;
	if (code == ERR_OK || code == ERR_MISSING)
		return ERR_OK;
	return err_fail(err, code, "%s", why.what);
}
