/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's hash directory: <hash of the issuer's name>.rN, one PEM CRL a
 * file, N from 0 without gaps, since the reader stops at the first that is
 * missing or cannot be loaded.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "pki/pem.h"
#include "sub/store_consumer.h"
#include "sub/store_file.h"
#include "sub/store_judge.h"

#define SLOTS_MAX 256

/* Whose the CRL in <hash>.rN is, by N. */
struct slots {
	enum store_owner owners[SLOTS_MAX];
	size_t count;
};

static enum err
slot_path(const struct store *store, unsigned int number, char *out,
    size_t capacity, struct error *err)
{
	char name[32];

	snprintf(name, sizeof(name), "%08x.r%u", store->root->subject_hash,
	    number);
	return file_join(out, capacity, store->config->path, name, err);
}

/*
 * The slots from 0 up to the first that is missing: what stands behind a gap,
 * OpenSSL does not look at either.
 */
static enum err
list_slots(const struct store *store, struct slots *out, struct error *err)
{
	char path[4096];
	struct stat st;
	bool found;
	enum err code;

	errno = 0;
	if (stat(store->config->path, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    access(store->config->path, R_OK | X_OK) != 0)
		return err_fail(err, errno == EACCES ? ERR_PERMISSIONS :
		    ERR_STORE, "%s: want a folder that can be read, have %s",
		    store->config->path,
		    errno == 0 ? "something else" : strerror(errno));
	for (out->count = 0; out->count < SLOTS_MAX; out->count++) {
		code = slot_path(store, (unsigned int)out->count, path,
		    sizeof(path), err);
		if (code != ERR_OK)
			return code;
		TRY(file_find(path, &found, err));
		if (!found)
			return ERR_OK;
		out->owners[out->count] = STORE_GARBAGE;
	}
	return err_fail(err, ERR_STORE,
	    "%s: want at most %d CRLs of one hash, have more",
	    store->config->path, SLOTS_MAX);
}

/* Whose CRL is in a slot?  Not one PEM CRL is garbage to OpenSSL. */
static enum err
judge_slot(const struct store *store, unsigned int number,
    struct store_reading *reading, enum store_owner *owner,
    struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	RELEASE_BUFFER struct buffer der = {0};
	struct pem_block block;
	char path[4096];
	size_t at = 0;
	bool found;
	enum err code;

	*owner = STORE_GARBAGE;
	code = slot_path(store, number, path, sizeof(path), err);
	if (code == ERR_OK)
		code = store_read_file(store, path, &file, &found, err);
	if (code != ERR_OK || !found)
		return code;
	do {
		if (!pem_next(span_of_buffer(&file), &at, &block))
			return ERR_OK;
	} while (strcmp(block.label, PEM_CRL) != 0);
	if (pem_decode(&block, &der, NULL) != ERR_OK)
		return ERR_OK;
	return store_judge(store, span_of_buffer(&der), reading, owner, err);
}

/*
 * Read a slot as OpenSSL does.  *is_last: it gives up there.
 */
static enum err
read_slot(const struct store *store, unsigned int number,
    struct store_reading *reading, bool *is_last, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct consumer_view view;
	char detail[64];
	char path[4096];
	bool found;

	snprintf(reading->where, sizeof(reading->where), "%08x.r%u",
	    store->root->subject_hash, number);
	TRY(slot_path(store, number, path, sizeof(path), err));
	TRY(store_read_file(store, path, &file, &found, err));
	TRY(consumer_read(store, span_of_buffer(&file), CONSUMER_SLOT,
	    reading, &view, err));
	*is_last = view.is_damaged || view.is_hidden || view.crl_count == 0;
	if (view.is_hidden)
		store_reading_spoil(reading, view.what);
	if (!*is_last || reading->has_crl)
		return ERR_OK;
	snprintf(detail, sizeof(detail), "%s is no PEM CRL", reading->where);
	store_reading_spoil(reading, detail);
	return ERR_OK;
}

static enum err
hashdir_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	struct slots slots;
	bool is_last = false;
	size_t i;

	store_reading_start(store, out);
	TRY(list_slots(store, &slots, err));
	for (i = 0; !is_last && i < slots.count; i++)
		TRY(read_slot(store, (unsigned int)i, out, &is_last, err));
	return consumer_choose(store, out, err);
}

static enum err
judge_slots(const struct store *store, struct slots *slots,
    struct error *err)
{
	RELEASE_READING struct store_reading reading;
	enum err code;
	size_t i;

	store_reading_start(store, &reading);
	code = list_slots(store, slots, err);
	for (i = 0; code == ERR_OK && i < slots->count; i++)
		code = judge_slot(store, (unsigned int)i, &reading,
		    &slots->owners[i], err);
	return code;
}

/* The slot that the CRL goes into: the root's own, garbage, or a new one. */
static size_t
choose_slot(const struct slots *slots)
{
	size_t i;

	for (i = 0; i < slots->count; i++) {
		if (slots->owners[i] != STORE_OTHER)
			return i;
	}
	return slots->count;
}

/* Take a file out and put the last one in its place, so that no gap stays. */
static enum err
remove_slot(const struct store *store, size_t slot, size_t last,
    struct store_change *change, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	char from[4096];
	char to[4096];
	bool found;
	enum err code;

	code = slot_path(store, (unsigned int)last, from, sizeof(from), err);
	if (code == ERR_OK)
		code = slot_path(store, (unsigned int)slot, to, sizeof(to),
		    err);
	if (code == ERR_OK && slot != last) {
		code = store_read_file(store, from, &file, &found, err);
		if (code == ERR_OK)
			code = store_put(store, to, span_of_buffer(&file),
			    change, err);
	}
	return code == ERR_OK ? store_drop(store, from, change, err) : code;
}

/*
 * Everything else of this root goes, and garbage with it: an older CRL, or
 * what a new file in a gap has brought into view.
 */
static enum err
remove_others(const struct store *store, size_t chosen,
    struct store_change *change, struct error *err)
{
	struct slots slots;
	enum err code;
	size_t i;

	code = judge_slots(store, &slots, err);
	/* The chosen one is the first that is not another's. */
	for (i = slots.count; code == ERR_OK && i > chosen + 1; i--) {
		if (slots.owners[i - 1] == STORE_OTHER)
			continue;
		slots.count--;
		/* From the top down, the last is one that stays. */
		code = remove_slot(store, i - 1, slots.count, change, err);
	}
	return code;
}

static enum err
hashdir_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	struct slots slots;
	char path[4096];
	size_t chosen;
	enum err code;

	code = judge_slots(store, &slots, err);
	if (code != ERR_OK)
		return code;
	chosen = choose_slot(&slots);
	code = slot_path(store, (unsigned int)chosen, path, sizeof(path),
	    err);
	if (code == ERR_OK)
		code = store_put(store, path, crl->pem, change, err);
	return code == ERR_OK ? remove_others(store, chosen, change, err) :
	    code;
}

static enum err
hashdir_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};

	TRY(hashdir_read(store, &reading, err));
	return consumer_confirm(store, &reading, crl, err);
}

const struct store_type store_hashdir = {
    .name = "hashdir", .read = hashdir_read, .install = hashdir_install,
    .confirm = hashdir_confirm, .describe = store_describe,
};
