/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"
#include "site/mailbox/orderbox.h"
#include "site/medium_file.h"

_Static_assert(ORDER_SEALS_MAX <= MEDIUM_SEALS_MAX, "they fit");

#define SEAL_BYTES 1024	/* more than a seal over an order has */

/* The order's folder beneath a medium, and what its names begin with. */
struct place {
	char beneath[MANIFEST_NAME_SIZE];
	char json[MANIFEST_NAME_SIZE];
};

static void
place_init(const char *root, const char *subordinate, struct place *out)
{
	bundle_root_folder(root, out->beneath);
	snprintf(out->json, sizeof(out->json), "reset-%s.json", subordinate);
}

/* "reset-<sub>.json.minisig" or "reset-<sub>.json.<whatever>.minisig" */
static bool
is_seal(const struct place *place, const char *name)
{
	const size_t stem = strlen(place->json);
	const size_t suffix = strlen(MEDIUM_SEAL_SUFFIX);
	const size_t size = strlen(name);

	return size >= stem + suffix && strncmp(name, place->json, stem) ==
	    0 && name[stem] == '.' &&
	    strcmp(name + size - suffix, MEDIUM_SEAL_SUFFIX) == 0;
}

/* Or what a writer that was killed left of one: ".reset-<sub>.json..." */
static bool
is_to_go(int folder, const void *context, const char *name)
{
	const struct place *place = context;

	return is_seal(place, name) || (bundle_is_temporary_name(name) &&
	    strncmp(name + 1, place->json, strlen(place->json)) == 0);
}

enum err
orderbox_check_room(const char *medium, size_t seal_count, struct error *err)
{
	uint64_t sizes[ORDER_SEALS_MAX + 1] = {ORDER_MAX_BYTES};

	for (size_t i = 1; i <= seal_count; i++)
		sizes[i] = SEAL_BYTES;
	return medium_check_room(medium, sizes, seal_count + 1, err);
}

enum err
orderbox_write(const char *medium, const struct order *order,
    const struct minisign_secret *secrets, size_t secret_count, char *path,
    size_t capacity, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	RELEASE_MEDIUM_SEALS struct medium_seals seals = {.count = 0};
	RELEASE_BUFFER struct buffer json = {0};
	char comment[MINISIGN_COMMENT_SIZE];
	struct place place;
	struct medium_sealed sealed = {.name = place.json,
	    .comment = comment, .has_plain_name = true};
	struct medium_content files[MEDIUM_PUT_MAX];

	place_init(order->root, order->subordinate, &place);
	order_comment(order, comment, sizeof(comment));
	TRY(order_encode(order, &json, err));
	sealed.content = span_of_buffer(&json);
	files[0] = (struct medium_content){place.json, sealed.content};
	TRY(medium_seals_make(&sealed, secrets, secret_count, &seals,
	    files + 1, err));
	TRY(medium_folder_make(medium, place.beneath, &folder, err));
	/* Without its seals an earlier order is none: they go for good. */
	TRY(medium_folder_remove_all(&folder, is_to_go, &place, err));
	/* The new ones come last: they are the commit. */
	TRY(medium_put_all(&folder, files, 1 + seals.count, err));
	return file_join(path, capacity, folder.path, place.json, err);
}

/* One more seal, if there is one of that name. */
static enum err
load_seal(const struct medium_folder *folder, const char *name,
    struct orderbox *box, struct error *err)
{
	bool found;

	if (box->seal_count == ORDERBOX_SEALS_MAX)
		return ERR_OK;
	TRY(bundle_member_find(folder, name, MINISIGN_FILE_MAX,
	    &box->seals[box->seal_count], &found, err));
	box->seal_count += found;
	return ERR_OK;
}

static enum err
load_seals(const struct medium_folder *folder, const struct place *place,
    const struct minisign_public *trusted, size_t trusted_count,
    struct orderbox *box, struct error *err)
{
	char name[MANIFEST_NAME_SIZE];

	medium_seal_name(place->json, NULL, name);
	TRY(load_seal(folder, name, box, err));
	for (size_t i = 0; i < trusted_count; i++) {
		medium_seal_name(place->json, &trusted[i], name);
		TRY(load_seal(folder, name, box, err));
	}
	return ERR_OK;
}

/* Under its own name: "reset-<sub>.json.<16 hex digits>.minisig"? */
static bool
is_key_seal(const struct place *place, const char *name)
{
	const size_t digits = MINISIGN_KEY_ID_HEX_SIZE - 1;
	const char *id = name + strlen(place->json) + 1;

	return is_seal(place, name) &&
	    strspn(id, "0123456789abcdef") == digits &&
	    strcmp(id + digits, MEDIUM_SEAL_SUFFIX) == 0;
}

static enum err
load_all_seals(const struct medium_folder *folder, const struct place *place,
    struct orderbox *box, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char plain[MANIFEST_NAME_SIZE];
	const char *name;
	enum err code = ERR_OK;

	medium_seal_name(place->json, NULL, plain);
	TRY(listing_open_at(folder->fd, folder->path, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (strcmp(name, plain) != 0 && !is_key_seal(place, name))
			continue;
		if (box->seal_count == ORDERBOX_SEALS_MAX)
			return err_fail(err, ERR_FORMAT, "%s/%s: is one seal "
			    "more than the %d that an order may have: remove "
			    "it", folder->path, name, ORDERBOX_SEALS_MAX);
		TRY(load_seal(folder, name, box, err));
	}
	return code;
}

enum err
orderbox_load(const char *medium, const char *root, const char *subordinate,
    const struct minisign_public *trusted, size_t trusted_count,
    struct orderbox *out, bool *found, struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	struct place place;

	*found = false;
	place_init(root, subordinate, &place);
	TRY(medium_folder_find(medium, place.beneath, &folder, err));
	TRY(file_join(out->path, sizeof(out->path), folder.path, place.json,
	    err));
	if (folder.fd < 0)
		return ERR_OK;
	TRY(trusted == NULL ? load_all_seals(&folder, &place, out, err) :
	    load_seals(&folder, &place, trusted, trusted_count, out, err));
	if (out->seal_count == 0)
		return ERR_OK;
	/* Its seals are held: without one, it is no order. */
	TRY(bundle_member_find(&folder, place.json, ORDER_MAX_BYTES,
	    &out->json, found, err));
	TRY(bundle_member_map(&out->json, &out->json_text, err));
	for (size_t i = 0; i < out->seal_count; i++)
		TRY(bundle_member_map(&out->seals[i], &out->seal_texts[i],
		    err));
	return ERR_OK;
}

enum err
orderbox_add_seal(const char *medium, const struct order *order,
    struct span json, const struct minisign_secret *secret,
    struct error *err)
{
	RELEASE_MEDIUM struct medium_folder folder = MEDIUM_FOLDER_NONE;
	char comment[MINISIGN_COMMENT_SIZE];
	struct place place;
	const struct medium_sealed sealed = {
	    .name = place.json, .content = json, .comment = comment};

	place_init(order->root, order->subordinate, &place);
	order_comment(order, comment, sizeof(comment));
	TRY(medium_folder_find(medium, place.beneath, &folder, err));
	if (folder.fd < 0)
		return err_fail(err, ERR_MISSING,
		    "%s: the folder of the order is missing", folder.path);
	return medium_seals_put(&folder, &sealed, secret, 1, err);
}

void
orderbox_release(struct orderbox *box)
{
	bundle_member_unmap(&box->json_text);
	bundle_member_release(&box->json);
	for (size_t i = 0; i < box->seal_count; i++) {
		bundle_member_unmap(&box->seal_texts[i]);
		bundle_member_release(&box->seals[i]);
	}
	box->seal_count = 0;
}
