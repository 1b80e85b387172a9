/* SPDX-License-Identifier: ISC */
/*
 * OpenSSL's hash directory: <hash of the issuer's name>.rN, one PEM CRL a
 * file, N from 0 without gaps, since the reader stops at the first that is
 * missing or cannot be loaded.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pki/pem.h"
#include "sub/store_file.h"

#define SLOTS_MAX 256

/* The file <hash>.r<number>. */
struct slot {
	unsigned int number;
	enum store_owner owner;
};

struct slots {
	struct slot list[SLOTS_MAX];
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

/* "5ad8a5d6.r12" of this root's hash, as OpenSSL spells it. */
static bool
parse_name(const struct store *store, const char *name, unsigned int *out)
{
	char canonical[32];
	char *end;

	snprintf(canonical, sizeof(canonical), "%08x.r",
	    store->root->subject_hash);
	if (strncmp(name, canonical, 10) != 0 || name[10] < '0' ||
	    name[10] > '9' || strlen(name) > 15)
		return false;
	*out = (unsigned int)strtoul(name + 10, &end, 10);
	return *end == '\0' && (name[10] != '0' || name[11] == '\0');
}

static int
by_number(const void *a, const void *b)
{
	const struct slot *one = a;
	const struct slot *two = b;

	return (one->number > two->number) - (one->number < two->number);
}

static enum err
list_slots(const struct store *store, struct slots *out, struct error *err)
{
	DIR *dir = opendir(store->config->path);
	const struct dirent *entry;
	enum err code = ERR_OK;

	out->count = 0;
	if (dir == NULL)
		return err_fail(err, ERR_STORE,
		    "%s: want a folder that can be listed, have: %s",
		    store->config->path, strerror(errno));
	while (code == ERR_OK && (entry = readdir(dir)) != NULL) {
		unsigned int number;

		if (!parse_name(store, entry->d_name, &number))
			continue;
		if (out->count == SLOTS_MAX)
			code = err_fail(err, ERR_STORE, "%s: want at most %d "
			    "CRLs of one hash, have more",
			    store->config->path, SLOTS_MAX);
		else
			out->list[out->count++] = (struct slot){
			    .number = number, .owner = STORE_GARBAGE};
	}
	closedir(dir);
	qsort(out->list, out->count, sizeof(out->list[0]), by_number);
	return code;
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

static enum err
hashdir_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	enum store_owner owner;
	struct slots slots;
	char detail[64];
	enum err code;
	size_t i;

	store_reading_start(store, out);
	code = list_slots(store, &slots, err);
	for (i = 0; code == ERR_OK && i < slots.count; i++) {
		/* Behind a gap OpenSSL does not look. */
		if (slots.list[i].number != i)
			break;
		code = judge_slot(store, slots.list[i].number, out, &owner,
		    err);
		if (code != ERR_OK || owner != STORE_GARBAGE)
			continue;
		if (!out->place.is_valid) {
			snprintf(detail, sizeof(detail),
			    "%08x.r%zu is no PEM CRL", store->root->subject_hash,
			    i);
			store_reading_spoil(out, detail);
		}
		break;
	}
	return code;
}

/* The slot that the CRL goes into: the root's own, garbage, or a free one. */
static unsigned int
choose_slot(const struct slots *slots)
{
	unsigned int number = 0;
	size_t i;

	for (i = 0; i < slots->count; i++) {
		if (slots->list[i].owner != STORE_OTHER)
			return slots->list[i].number;
	}
	for (i = 0; i < slots->count && slots->list[i].number == number; i++)
		number++;
	return number;
}

/* Move the last file into a gap, until there is none. */
static enum err
close_gaps(const struct store *store, struct store_change *change,
    struct error *err)
{
	struct slots slots;
	enum err code;
	size_t gap;

	for (;;) {
		RELEASE_BUFFER struct buffer file = {0};
		char from[4096];
		char to[4096];
		bool found;

		code = list_slots(store, &slots, err);
		if (code != ERR_OK)
			return code;
		for (gap = 0; gap < slots.count &&
		    slots.list[gap].number == gap; gap++)
			continue;
		if (gap == slots.count)
			return ERR_OK;
		code = slot_path(store, slots.list[slots.count - 1].number,
		    from, sizeof(from), err);
		if (code == ERR_OK)
			code = slot_path(store, (unsigned int)gap, to,
			    sizeof(to), err);
		if (code == ERR_OK)
			code = store_read_file(store, from, &file, &found,
			    err);
		if (code == ERR_OK)
			code = store_put(store, to, span_of_buffer(&file),
			    change, err);
		if (code == ERR_OK)
			code = store_drop(store, from, change, err);
		if (code != ERR_OK)
			return code;
	}
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
		code = judge_slot(store, slots->list[i].number, &reading,
		    &slots->list[i].owner, err);
	return code;
}

static enum err
hashdir_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	struct slots slots;
	unsigned int chosen;
	char path[4096];
	enum err code;
	size_t i;

	code = judge_slots(store, &slots, err);
	if (code != ERR_OK)
		return code;
	chosen = choose_slot(&slots);
	code = slot_path(store, chosen, path, sizeof(path), err);
	if (code == ERR_OK)
		code = store_put(store, path, crl->pem, change, err);
	for (i = 0; code == ERR_OK && i < slots.count; i++) {
		if (slots.list[i].owner == STORE_OTHER ||
		    slots.list[i].number == chosen)
			continue;
		code = slot_path(store, slots.list[i].number, path,
		    sizeof(path), err);
		if (code == ERR_OK)
			code = store_drop(store, path, change, err);
	}
	return code == ERR_OK ? close_gaps(store, change, err) : code;
}

static enum err
hashdir_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	enum err code;

	code = hashdir_read(store, &reading, err);
	if (code == ERR_OK && (!reading.place.is_valid ||
	    !span_equals(span_of_buffer(&reading.der), crl->der)))
		return err_fail(err, ERR_STORE, "%s: want the CRL that was "
		    "installed, have something else", store->config->path);
	return code;
}

const struct store_type store_hashdir = {
    .name = "hashdir", .read = hashdir_read, .install = hashdir_install,
    .confirm = hashdir_confirm, .describe = store_describe,
};
