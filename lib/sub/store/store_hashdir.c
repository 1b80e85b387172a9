/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's hash directory: <hash of the issuer's name>.rN, one PEM CRL a
 * file, N from 0 without gaps, since the reader stops at the first that is
 * missing or cannot be loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_openssl.h"

#define SLOTS_MAX 256

static void
slot_name(const struct store *store, size_t number, char out[32])
{
	snprintf(out, 32, "%08x.r%zu", store->root->subject_hash, number);
}

static enum err
open_folder(const struct store *store, enum folder_use use,
    struct folder *out, struct error *err)
{
	const char *path = store->config->path;

	return store_trouble(err, folder_open_whole(path, use, out, err),
	    path);
}

/*
 * Is it a link that leads nowhere, a folder or a socket?  OpenSSL fails to open
 * it, and a FIFO it would wait at.
 */
static enum err
is_dead(const struct folder *folder, const char *name, bool *out,
    struct error *err)
{
	struct stat st;

	*out = true;
	if (fstatat(folder->fd, name, &st, 0) != 0)
		return errno == ENOENT || errno == ELOOP || errno == ENOTDIR ?
		    ERR_OK : file_fail(err, name, "open");
	*out = S_ISDIR(st.st_mode) || S_ISSOCK(st.st_mode);
	return ERR_OK;
}

/*
 * The slots from 0 up to the first that is missing, or dead: what stands behind
 * it, OpenSSL does not look at either.
 *
 * *dead  is there a dead one?
 */
static enum err
count_slots(const struct store *store, const struct folder *folder,
    size_t *out, bool *dead, struct error *err)
{
	bool found = true;
	char name[32];

	for (*out = 0; *out < SLOTS_MAX; ++*out) {
		slot_name(store, *out, name);
		TRY(store_trouble(err, folder_find(folder, name, &found, err),
		    store->config->path));
		*dead = false;
		if (found)
			TRY(store_trouble(err, is_dead(folder, name, dead,
			    err), store->config->path));
		if (!found || *dead)
			return ERR_OK;
	}
	return err_remedy(err, err_fail(err, ERR_STORE, "%s holds %d CRLs of "
	    "one hash, and no more are read", store->config->path, SLOTS_MAX),
	    "remove those that nobody needs");
}

/* How to get rid of what is no file at all: a link, a folder or a device. */
static enum err
advise_remove(struct error *err, enum err code, const struct folder *folder,
    const char *name)
{
	char path[PATH_MAX], old[PATH_MAX + 4];
	struct shell_word from;
	struct stat st;

	if (code != ERR_STORE || fstatat(folder->fd, name, &st,
	    AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(st.st_mode))
		return code;
	TRY(folder_join(folder, name, path, err));
	snprintf(old, sizeof(old), "%s.old", path);
	from = shell_word(path, strlen(path));
	return S_ISDIR(st.st_mode) ? err_remedy(err, code, "mv %s %s",
	    from.text, shell_word(old, strlen(old)).text) :
	    err_remedy(err, code, "rm %s", from.text);
}

/* Read a slot as OpenSSL does.  *is_last: it gives up there. */
static enum err
read_slot(const struct store *store, const struct folder *folder,
    size_t number, struct lookup *lookup, struct store_reading *reading,
    bool *is_last, struct error *err)
{
	RELEASE_TARGET struct store_target target = STORE_TARGET_NONE;
	struct consumer_view view;
	enum store_owner owner;
	bool keeps;

	slot_name(store, number, reading->where);
	TRY(advise_remove(err, store_target_open_in(store, folder,
	    reading->where, &target, err), folder, reading->where));
	TRY(consumer_read(store, store_target_content(&target),
	    CONSUMER_SLOT, reading, &view, err));
	TRY(lookup_keep(lookup, store_target_content(&target), view.is_plain,
	    err));
	*is_last = view.is_damaged || view.is_hidden || view.crl_count == 0;
	if (view.is_hidden) {
		store_reading_spoil(reading, "%s", view.what);
		reading->place.remedy = view.remedy;
	}
	if (!*is_last || reading->has_crl)
		return ERR_OK;
	store_reading_spoil(reading, "%s is not a PEM CRL%s%.105s",
	    reading->where, view.is_damaged ? ": " : "",
	    view.is_damaged ? view.what : "");
	reading->place.remedy = view.remedy;
	TRY(store_judge_text(store, store_target_content(&target), 0, reading,
	    &owner, err));
	if (owner == STORE_GARBAGE)
		store_advise_garbage(store, &target, &keeps, reading);
	return ERR_OK;
}

/* A slot of the folder that is being changed. */
struct slot {
	struct store_target target;
	enum store_owner owner;
	bool keeps;	/* something of others, besides CRLs */
	char name[32];
};

#define SLOT_NONE {.target = STORE_TARGET_NONE}
#define RELEASE_SLOT __attribute__((cleanup(release_slot)))

static void
release_slot(struct slot *slot)
{
	store_target_release(&slot->target);
}

static enum err
open_slot(const struct store *store, const struct folder *folder, size_t i,
    struct slot *out, struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};

	release_slot(out);
	*out = (struct slot)SLOT_NONE;
	slot_name(store, i, out->name);
	store_reading_start(store, &reading);
	TRY(advise_remove(err, store_target_open_in(store, folder, out->name,
	    &out->target, err), folder, out->name));
	/* A file without a PEM CRL is garbage to OpenSSL. */
	return store_judge_text(store, store_target_content(&out->target), 0,
	    &reading, &out->owner, err);
}

/* The file that OpenSSL cannot open is an error if it ends an empty list. */
static enum err
note_dead_end(const struct store *store, const struct folder *folder,
    size_t number, struct store_reading *reading, struct error *err)
{
	RELEASE_SLOT struct slot slot = SLOT_NONE;

	if (!reading->has_crl)
		return open_slot(store, folder, number, &slot, err);
	slot_name(store, number, slot.name);
	snprintf(reading->note, sizeof(reading->note), "%s in %.280s cannot be "
	    "opened: OpenSSL reads none of this hash behind it", slot.name,
	    folder->path);
	return ERR_OK;
}

static enum err
hashdir_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	RELEASE_FOLDER struct folder folder = FOLDER_NONE;
	RELEASE_LOOKUP struct lookup lookup = LOOKUP_OF(store);
	bool is_last = false, is_dead_end = false;
	size_t count;

	store_reading_start(store, out);
	TRY(open_folder(store, FOLDER_LOOK, &folder, err));
	TRY(count_slots(store, &folder, &count, &is_dead_end, err));
	for (size_t i = 0; !is_last && i < count; i++)
		TRY(read_slot(store, &folder, i, &lookup, out, &is_last, err));
	if (is_dead_end && !is_last)
		TRY(note_dead_end(store, &folder, count, out, err));
	return consumer_choose(store, &lookup, NULL, out, err);
}

/*
 * The slot that the CRL goes into: the root's own, one with garbage in which
 * it stood, or a new one.  Garbage in front of it, at which OpenSSL would
 * stop, is refused.
 */
static enum err
choose_slot(const struct store *store, const struct folder *folder,
    struct slot *out, size_t *chosen, struct error *err)
{
	size_t count;
	bool dead;

	TRY(count_slots(store, folder, &count, &dead, err));
	for (*chosen = 0; *chosen < count; ++*chosen) {
		TRY(open_slot(store, folder, *chosen, out, err));
		if (out->owner == STORE_GARBAGE)
			return store_check_garbage(store, &out->target,
			    &out->keeps, err);
		if (out->owner != STORE_OTHER)
			return ERR_OK;
	}
	return open_slot(store, folder, count, out, err);
}

/* May it go: this root's, or what stands where that stood? */
static enum err
may_go(const struct store *store, struct slot *slot, bool *out,
    struct error *err)
{
	*out = slot->owner != STORE_OTHER;
	if (slot->owner != STORE_GARBAGE ||
	    slot->target.file.content.size == 0)
		return ERR_OK;
	TRY(store_had_ours(store, &slot->target, out, err));
	*out = *out && store_check_garbage(store, &slot->target, NULL,
	    NULL) == ERR_OK;
	return ERR_OK;
}

/*
 * A file in which others have something stays: with their CRL, or with the new
 * one, because OpenSSL ends the list at a file without any.
 */
static enum err
keep_rest(const struct store *store, struct slot *slot, struct span rest,
    struct span pem, struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer after = {0};

	if (openssl_loads(rest, true))
		return store_put(store, &slot->target, rest, change, err);
	TRY(store_replace_blocks(store, store_target_content(&slot->target),
	    pem, &after, slot->target.lost, err));
	return store_put(store, &slot->target, span_of_buffer(&after), change,
	    err);
}

/*
 * Take a slot's CRL away: the last slot takes its place, unless others have
 * something in the same file.
 */
static enum err
clear_slot(const struct store *store, const struct folder *folder,
    struct slot *slot, size_t *count, struct span pem,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer rest = {0};
	char last[32];

	TRY(store_replace_blocks(store, store_target_content(&slot->target),
	    (struct span){NULL, 0}, &rest, slot->target.lost, err));
	if (slot->owner != STORE_GARBAGE &&
	    !store_is_remark(span_of_buffer(&rest)))
		return keep_rest(store, slot, span_of_buffer(&rest), pem,
		    change, err);
	if (slot->target.lost[0] == '\0' &&
	    !store_is_blank(span_of_buffer(&rest)))
		snprintf(slot->target.lost, sizeof(slot->target.lost),
		    "text around a CRL of this root");
	/* From the top down, the last is one that stays. */
	slot_name(store, --*count, last);
	return store_drop(store, folder, slot->name, last, &slot->target,
	    change, err);
}

/* Does it lead to the file that the CRL went into? */
static enum err
is_same_file(const struct slot *slot, const struct store_change *change,
    bool *out, struct error *err)
{
	const struct folder *folder = &slot->target.folder;
	char path[PATH_MAX];

	TRY(folder_join(folder, folder->name, path, err));
	*out = strcmp(path, change->place) == 0;
	return ERR_OK;
}

/*
 * Everything else of this root goes: an older CRL, or what a new file in a gap
 * has brought into view.  Several links may lead to one file.
 */
static enum err
remove_others(const struct store *store, const struct folder *folder,
    size_t chosen, struct span pem, struct store_change *change,
    struct error *err)
{
	RELEASE_SLOT struct slot slot = SLOT_NONE;
	bool is_ours, is_same, dead;
	size_t count;

	TRY(count_slots(store, folder, &count, &dead, err));
	/* The chosen one is the first that is not another's. */
	for (size_t i = count; i > chosen + 1; i--) {
		TRY(open_slot(store, folder, i - 1, &slot, err));
		TRY(is_same_file(&slot, change, &is_same, err));
		TRY(may_go(store, &slot, &is_ours, err));
		if (is_ours && !is_same)
			TRY(clear_slot(store, folder, &slot, &count, pem,
			    change, err));
	}
	return ERR_OK;
}

static enum err
hashdir_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_FOLDER struct folder folder = FOLDER_NONE;
	RELEASE_SLOT struct slot slot = SLOT_NONE;
	RELEASE_BUFFER struct buffer after = {0};
	struct span before;
	size_t chosen;

	TRY(open_folder(store, FOLDER_CHANGE, &folder, err));
	TRY(choose_slot(store, &folder, &slot, &chosen, err));
	before = store_target_content(&slot.target);
	if (slot.owner == STORE_GARBAGE && !slot.keeps)
		before.size = 0;
	/* Anything else in a file of ours belongs to others. */
	TRY(store_replace_blocks(store, before, crl->pem, &after,
	    slot.target.lost, err));
	TRY(store_place(&slot.target, change, err));
	TRY(store_put(store, &slot.target, span_of_buffer(&after), change,
	    err));
	return remove_others(store, &folder, chosen, crl->pem, change, err);
}

const struct store_type store_hashdir = {
    .name = "hashdir", .is_folder = true, .read = hashdir_read,
    .install = hashdir_install, .confirm = consumer_confirm,
    .describe = store_describe,
};
