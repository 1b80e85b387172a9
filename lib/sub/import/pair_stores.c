/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "site/certfile.h"
#include "site/state.h"
#include "sub/import/pair_stores.h"

static enum err
load_certificates(struct pair_stores *out, struct notices *notices,
    struct error *err)
{
	const struct config_root *root = out->root;
	char line[ERROR_LINE_SIZE];
	struct error why;

	TRY(certfile_load(root->certificate, &out->cert, err));
	cert_note_key(out->cert, root->certificate, notices);
	TRY(err_about(err, cert_check_signs_crls(out->cert, err),
	    root->certificate));
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const char *path = root->subordinates[i].certificate;
		const bool is_retired = root->subordinates[i].is_retired;
		enum err code = ERR_MISSING;

		if (path != NULL)
			code = certfile_load(path, &out->subordinates[i],
			    &why);
		/* It may be gone with the subordinate. */
		if (path == NULL || (code == ERR_MISSING && is_retired))
			continue;
		/* Nobody trusts one that others can change. */
		if (code != ERR_OK && code != ERR_PERMISSIONS &&
		    out->is_lenient) {
			out->unloaded[i] = why;
			continue;
		}
		if (code != ERR_OK)
			return err_copy(err, &why);
		if (!is_retired)
			certfile_note_weak(path, out->subordinates[i],
			    notices);
		out->serials[i] = out->subordinates[i]->serial;
		out->known[out->known_count++] = out->subordinates[i];
		TRY(err_about(err, verified_check_issued(out->verified,
		    out->subordinates[i], out->cert, err), path));
		if (cert_check_aki(out->subordinates[i], out->cert, &why) !=
		    ERR_OK)
			notice_safety(notices, "%s: %s", path,
			    error_line(&why, line));
	}
	/* A key that signs CRLs alone may be pinned, but certifies nobody. */
	return out->known_count == 0 ? ERR_OK : err_about(err,
	    cert_check_root(out->cert, err), root->certificate);
}

/* "pem-1a2b3c4d": the type, and the path's digest. */
static enum err
name_previous(const struct config *config, const char *root,
    const struct config_store *store, char out[STATE_PATH_SIZE],
    struct error *err)
{
	uint8_t digest[SHA256_SIZE];
	char name[64];
	char hex[9];

	TRY(sha256(span_of_text(store->path), digest, err));
	hex_encode((struct span){digest, 4}, hex, sizeof(hex));
	snprintf(name, sizeof(name), "previous/%s-%s", store->type, hex);
	return state_path(config, root, name, out, err);
}

static enum err
add_store(const struct config *config, struct pair_stores *out,
    size_t subordinate, const struct config_store *store, int64_t now_s,
    struct error *err)
{
	struct pair_store *pair = &out->stores[out->count++];

	pair->subordinate = &out->root->subordinates[subordinate];
	pair->store = (struct store){
	    .type = store_type_find(store->type),
	    .config = store,
	    .root = out->cert,
	    .root_name = out->root->name,
	    .root_path = out->root->certificate,
	    .published_as = out->root->published_as,
	    .wanted = out->subordinates[subordinate] == NULL ? NULL :
		&out->serials[subordinate],
	    .max_crl_bytes = config->max_crl_bytes,
	    .previous = pair->previous,
	    .verified = out->verified,
	    .now_s = now_s,
	    .asks_consumer = out->asks_consumers,
	    .subordinate = out->subordinates[subordinate],
	    .subordinates = out->known,
	    .subordinate_count = out->known_count};
	return name_previous(config, out->root->name, store, pair->previous,
	    err);
}

static enum err
allocate(const struct config_root *root, struct pair_stores *out,
    struct error *err)
{
	size_t stores = 0;

	for (size_t i = 0; i < root->subordinate_count; i++)
		stores += root->subordinates[i].store_count;
	out->root = root;
	out->subordinates = calloc(root->subordinate_count + 1,
	    sizeof(struct cert *));
	out->known = calloc(root->subordinate_count + 1,
	    sizeof(struct cert *));
	out->serials = calloc(root->subordinate_count + 1,
	    sizeof(struct span));
	out->unloaded = calloc(root->subordinate_count + 1,
	    sizeof(struct error));
	out->stores = calloc(stores + 1, sizeof(struct pair_store));
	if (out->subordinates == NULL || out->known == NULL ||
	    out->serials == NULL || out->unloaded == NULL ||
	    out->stores == NULL)
		return err_no_memory(err);
	return ERR_OK;
}

/*
 * The path without links and dots, of a file that is not there yet that of its
 * folder; any other place as it is configured.
 */
static enum err
find_place(struct pair_store *pair, struct error *err)
{
	const struct config_store *config = pair->store.config;
	const bool is_path = config->url == NULL && config->install.count == 0;
	const char *path = config->path;
	char folder[PATH_MAX], resolved[PATH_MAX], joined[PATH_MAX];

	if (is_path && strncmp(path, "sql:", 4) == 0)
		path += 4;
	if (is_path && realpath(path, resolved) != NULL) {
		path = resolved;
	} else if (is_path && file_folder(folder, sizeof(folder), path,
	    NULL) == ERR_OK && realpath(folder, resolved) != NULL &&
	    strrchr(path, '/') != NULL && file_join(joined, sizeof(joined),
	    resolved, strrchr(path, '/') + 1, NULL) == ERR_OK) {
		path = joined;
	}
	pair->place = strdup(path);
	return pair->place == NULL ? err_no_memory(err) : ERR_OK;
}

/* 0: the same place, and both write there, or neither does. */
static int
compare_stores(const struct pair_store *one, const struct pair_store *two)
{
	int order = strcmp(one->store.config->type, two->store.config->type);

	if (order == 0)
		order = strcmp(one->place, two->place);
	return order != 0 ? order : one->store.config->is_replica -
	    two->store.config->is_replica;
}

static int
compare_places(const void *a, const void *b)
{
	const struct pair_store *one = *(struct pair_store *const *)a;
	const struct pair_store *two = *(struct pair_store *const *)b;
	int order = compare_stores(one, two);

	if (order != 0)
		return order;
	return one < two ? -1 : one > two;
}

static void
free_sorted(struct pair_store ***sorted)
{
	free(*sorted);
}

/* Two subordinates may share a store. */
static enum err
find_shared(struct pair_stores *out, struct error *err)
{
	__attribute__((cleanup(free_sorted))) struct pair_store **sorted =
	    calloc(out->count + 1, sizeof(*sorted));
	struct pair_store *first = NULL;

	if (sorted == NULL)
		return err_no_memory(err);
	/* One alone is shared with nobody, however it is spelt. */
	if (out->count == 1) {
		out->stores[0].first = &out->stores[0];
		return ERR_OK;
	}
	for (size_t i = 0; i < out->count; i++) {
		sorted[i] = &out->stores[i];
		TRY(find_place(sorted[i], err));
	}
	qsort(sorted, out->count, sizeof(*sorted), compare_places);
	for (size_t i = 0; i < out->count; i++) {
		if (first == NULL || compare_stores(first, sorted[i]) != 0)
			first = sorted[i];
		else
			sorted[i - 1]->next = sorted[i];
		sorted[i]->first = first;
	}
	return ERR_OK;
}

/* Fetch once for all who share it, and wait for a server once. */
static void
read_stores(struct pair_stores *out)
{
	for (size_t i = 0; i < out->count; i++) {
		struct pair_store *pair = &out->stores[i];
		const bool is_networked = pair->store.config->url != NULL;

		pair->store.shared = &pair->first->fetched;
		if (out->is_offline && is_networked) {
			pair->is_readable = true;
			continue;
		}
		/* The first of them stands before the others. */
		if (is_networked && pair != pair->first &&
		    !pair->first->is_readable) {
			pair->why = pair->first->why;
			continue;
		}
		pair->is_readable = !out->is_unread &&
		    pair->store.type->read(&pair->store, &pair->reading,
		    &pair->why) == ERR_OK;
	}
}

enum err
pair_stores_open(const struct config *config, const struct config_root *root,
    int64_t now_s, struct pair_stores *out, struct notices *notices,
    struct error *err)
{
	TRY(allocate(root, out, err));
	TRY(load_certificates(out, notices, err));
	for (size_t i = 0; i < root->subordinate_count; i++) {
		const struct config_subordinate *subordinate =
		    &root->subordinates[i];

		for (size_t k = 0; k < subordinate->store_count; k++)
			TRY(add_store(config, out, i, &subordinate->stores[k],
			    now_s, err));
	}
	TRY(find_shared(out, err));
	read_stores(out);
	return ERR_OK;
}

void
pair_stores_tell_chains(const struct pair_stores *stores,
    struct notices *notices)
{
	const struct config_subordinate *told = NULL;

	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];
		const struct config_subordinate *subordinate =
		    pair->subordinate;
		const char *why;

		/* Its stores stand together. */
		if (subordinate == told || subordinate->is_retired)
			continue;
		told = subordinate;
		if (store_chain_error(&pair->store, &why, NULL) == ERR_OK &&
		    why != NULL)
			notice(notices, "%s/%s: OpenSSL does not verify %s, "
			    "whatever the CRL: %s; programs refuse it until "
			    "that is mended", stores->root->name,
			    subordinate->name, subordinate->certificate, why);
	}
}

void
pair_stores_release(struct pair_stores *stores)
{
	for (size_t i = 0; i < stores->count; i++) {
		store_reading_release(&stores->stores[i].reading);
		fetched_release(&stores->stores[i].fetched);
		free(stores->stores[i].place);
	}
	for (size_t i = 0; stores->subordinates != NULL &&
	    i < stores->root->subordinate_count; i++)
		cert_free(stores->subordinates[i]);
	cert_free(stores->cert);
	free(stores->subordinates);
	free(stores->known);
	free(stores->serials);
	free(stores->unloaded);
	free(stores->stores);
}
