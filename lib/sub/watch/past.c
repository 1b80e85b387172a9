/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/listing.h"
#include "pki/crl.h"
#include "pki/pem.h"
#include "site/state.h"
#include "sub/import/accepted.h"
#include "sub/watch/past.h"

/* What is read of one root, and into what. */
struct reading {
	const struct config *config;
	const struct cert *cert;
	struct report_root *out;
};

static void
add_places(const struct standing *standing, struct report_root *out)
{
	for (size_t i = 0; i < standing->facts->place_count; i++) {
		const struct standing_place *place =
		    &standing->facts->places[i];
		struct report_crl past = {.has_number = place->has_number,
		    .number = place->number,
		    .this_update_s = place->this_update_s,
		    .has_next_update = place->has_next_update,
		    .next_update_s = place->next_update_s};

		if (!place->is_present || !place->is_valid)
			continue;
		snprintf(past.place, sizeof(past.place), "%s %s", place->kind,
		    place->path);
		report_add_crl(out, &past);
	}
}

/* One that does not verify, or is another root's, is none. */
static void
add_der(const struct reading *reading, struct span der, const char *place)
{
	RELEASE_CRL struct crl crl = {0};
	struct window window;
	struct report_crl past = {0};

	window_init_memory(&window, der);
	if (crl_open(&window, &crl, NULL) != ERR_OK ||
	    crl_verify(&crl, reading->cert, NULL) != ERR_OK)
		return;
	past.has_number = crl.has_number;
	past.number = crl.number;
	past.this_update_s = crl.this_update.at_s;
	past.has_next_update = crl.has_next_update;
	past.next_update_s = crl.next_update.at_s;
	snprintf(past.place, sizeof(past.place), "%.*s",
	    (int)sizeof(past.place) - 1, place);
	report_add_crl(reading->out, &past);
}

static enum err
add_file(const struct reading *reading, const char *path, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	struct pem_block block;
	size_t at = 0;

	TRY(file_read(path, FILE_OURS, reading->config->max_crl_bytes, &file,
	    err));
	if (pem_is_der(span_of_buffer(&file)))
		add_der(reading, span_of_buffer(&file), path);
	while (pem_next(span_of_buffer(&file), &at, &block)) {
		RELEASE_BUFFER struct buffer der = {0};

		if (pem_is_label(PEM_CRL, block.label) &&
		    pem_decode(&block, &der, NULL) == ERR_OK)
			add_der(reading, span_of_buffer(&der), path);
	}
	return ERR_OK;
}

/* A file that cannot be read leaves a gap, and is no failure. */
static void
tell(const struct reading *reading, const char *why)
{
	snprintf(reading->out->unknown, sizeof(reading->out->unknown),
	    "Not all that imports have replaced can be shown: %.400s", why);
}

static enum err
add_folder(const struct reading *reading, const char *folder,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	const char *name;
	enum err code = ERR_OK;

	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		char path[STATE_PATH_SIZE];
		struct error why;

		TRY(file_join(path, sizeof(path), folder, name, err));
		if (add_file(reading, path, &why) != ERR_OK)
			tell(reading, why.what);
	}
	return code;
}

/* A folder for each store, and beside it where its CRL stood. */
static enum err
add_replaced(const struct reading *reading, const char *root,
    struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	char folder[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
	const char *name;
	enum err code = ERR_OK;

	TRY(state_path(reading->config, root, "previous", folder, err));
	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		const size_t size = strlen(name);

		if (size > 5 && strcmp(name + size - 5, ".path") == 0)
			continue;
		TRY(file_join(path, sizeof(path), folder, name, err));
		TRY(add_folder(reading, path, err));
	}
	return code;
}

enum err
sub_past_read(const struct config *config, const struct config_root *root,
    const struct cert *cert, const struct standing *standings, size_t count,
    struct report_root *out, struct error *err)
{
	const struct reading reading = {config, cert, out};
	RELEASE_BUFFER struct buffer der = {0};
	char path[STATE_PATH_SIZE];
	struct crl_facts facts;
	struct error why;

	snprintf(out->unknown, sizeof(out->unknown), "A subordinate knows what "
	    "its stores hold, what was accepted last, and what that replaced; "
	    "older CRLs are in the root's archive.");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(standings[i].facts->root, root->name) == 0)
			add_places(&standings[i], out);
	}
	if (accepted_load_crl(config, root->name, cert, &der, &facts, &why) !=
	    ERR_OK)
		tell(&reading, why.what);
	TRY(state_path(config, root->name, "accepted.crl", path, err));
	add_der(&reading, span_of_buffer(&der), path);
	if (add_replaced(&reading, root->name, &why) != ERR_OK)
		tell(&reading, why.what);
	return ERR_OK;
}
