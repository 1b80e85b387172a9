/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/array.h"
#include "base/file.h"
#include "site/bundle.h"
#include "site/mailbox/mailbox.h"
#include "site/medium_file.h"

/* The note's folder beneath a medium, and the names in it. */
struct mailbox {
	char beneath[MANIFEST_NAME_SIZE];
	char json[MANIFEST_NAME_SIZE];
	char seal[MANIFEST_NAME_SIZE];
};

static void
mailbox_name(const char *root, const char *stem, struct mailbox *out)
{
	bundle_root_folder(root, out->beneath);
	snprintf(out->json, sizeof(out->json), "%s.json", stem);
	medium_seal_name(out->json, NULL, out->seal);
}

enum err
mailbox_write(const char *medium, const char *root, const char *stem,
    struct span json, struct span seal, char *path, size_t capacity,
    struct error *err)
{
	const uint64_t sizes[] = {json.size, seal.size};
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	struct mailbox mailbox;
	bool was_there;
	const struct medium_content files[] = {
	    {mailbox.json, json}, {mailbox.seal, seal}};

	mailbox_name(root, stem, &mailbox);
	TRY(medium_check_room(medium, sizes, COUNT_OF(sizes), err));
	TRY(medium_folder_make(medium, mailbox.beneath, &folder, err));
	/* Without its seal an earlier note is none: that goes for good. */
	TRY(medium_folder_remove(&folder, mailbox.seal, &was_there, err));
	TRY(medium_folder_sync(&folder, err));
	TRY(medium_put_all(&folder, files, COUNT_OF(files), err));
	return file_join(path, capacity, folder.path, mailbox.json, err);
}

static enum err
read_file(const struct medium_folder *folder, const char *name,
    uint64_t max_bytes, struct buffer *out, bool *found, struct error *err)
{
	RELEASE_BUNDLE_MEMBER struct bundle_member member = BUNDLE_MEMBER_NONE;

	TRY(bundle_member_find(folder, name, max_bytes, &member, found, err));
	return *found ? bundle_member_read(&member, out, err) : ERR_OK;
}

enum err
mailbox_read(const char *medium, const char *root, const char *stem,
    uint64_t max_bytes, struct buffer *json, struct buffer *seal, bool *found,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	struct mailbox mailbox;

	*found = false;
	mailbox_name(root, stem, &mailbox);
	TRY(medium_folder_find(medium, mailbox.beneath, &folder, err));
	if (folder.fd < 0)
		return ERR_OK;
	TRY(read_file(&folder, mailbox.seal, MINISIGN_FILE_MAX, seal, found,
	    err));
	return *found ? read_file(&folder, mailbox.json, max_bytes, json,
	    found, err) : ERR_OK;
}
