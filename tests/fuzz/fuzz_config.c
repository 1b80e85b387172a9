/* SPDX-License-Identifier: ISC */
/*
 * A configuration, libconfig's parser with it.  Every refusal must say why;
 * what is taken must be fit for use: nothing that is required is missing,
 * names are names and tell apart what they name, lists end where they say.
 */
#include <string.h>

#include "folder.h"
#include "libconfig_leak.h"
#include "must.h"
#include "site/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The schedule of a root that names none. */
static const char semiannual[] = "every = \"6 months\"; from = \"2026-01\"; "
    "validity = \"7 months\"; cushion = \"3 weeks\";";

static void
check_text(const char *text)
{
	must(text != NULL && text[0] != '\0');
}

static void
check_path(const char *path, bool may_be_absent)
{
	must(path != NULL ? path[0] == '/' || strncmp(path, "pkcs11:", 7) ==
	    0 : may_be_absent);
}

static void
check_words(const struct config_words *words)
{
	size_t i;

	must(words->words != NULL || words->count == 0);
	for (i = 0; i < words->count; i++)
		check_text(words->words[i]);
	must(words->words == NULL || words->words[words->count] == NULL);
}

/* As many as the count says: each of them is whole. */
static void
check_stores(const struct config_subordinate *subordinate)
{
	const struct config_store *store = subordinate->stores;
	size_t i;

	for (i = 0; i < subordinate->store_count; i++, store++) {
		check_text(store->type);
		check_path(store->path, false);
		check_words(&store->reload);
		check_words(&store->verify);
	}
}

static void
check_subordinates(const struct config_root *root)
{
	const struct config_subordinate *list = root->subordinates;
	size_t i, k;

	for (i = 0; i < root->subordinate_count; i++) {
		must(list[i].name != NULL && config_is_name(list[i].name));
		for (k = 0; k < i; k++)
			must(strcmp(list[i].name, list[k].name) != 0);
		check_path(list[i].certificate, true);
		check_path(list[i].note_secret, true);
		must(list[i].note_key == NULL || list[i].note_key[0] != '\0');
		check_stores(&list[i]);
	}
}

static void
check_signing(const struct config_signing *signing)
{
	if (signing == NULL)
		return;
	check_path(signing->key, false);
	check_path(signing->index, false);
	check_path(signing->crlnumber, false);
	must(signing->digest == NULL || signing->digest[0] != '\0');
	must(utc_subtract(UTC_MAX_S, &signing->backdate) <= UTC_MAX_S);
}

static void
check_root(const struct config *config, const struct config_root *root)
{
	char path[4096];
	struct error err = {0};

	must(root->name != NULL && config_is_name(root->name));
	must(config_find_root(config, root->name) == root);
	check_path(root->certificate, false);
	check_path(root->schedule_path, false);
	check_text(root->profile);
	must(root->schedule.every_months > 0);
	must(config_find_schedule(config, root, path, sizeof(path), &err) ==
	    ERR_OK && strcmp(path, root->schedule_path) == 0);
	check_text(root->published_as);
	must(strchr(root->published_as, '/') == NULL);
	check_signing(root->signing);
	check_subordinates(root);
}

static void
check(const struct config *config)
{
	size_t i;

	check_path(config->state, false);
	check_words(&config->air_gap_allow);
	check_words(&config->seal.secret);
	check_words(&config->seal.trusted);
	must(config->seal.required >= 1 && config->seal.required <= 16);
	must(config->max_crl_bytes > 0);
	must(config->air_gap >= AIR_GAP_REQUIRE &&
	    config->air_gap <= AIR_GAP_OFF);
	must(config->sandbox >= SANDBOX_TRY && config->sandbox <= SANDBOX_OFF);
	for (i = 0; i < config->root_count; i++)
		check_root(config, &config->roots[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FREE_CONFIG struct config *config = NULL;
	char path[sizeof(folder) + 16];
	struct error err = {0};

	if (folder_enter()) {
		must(mkdirat(folder_fd, "schedules", 0755) == 0);
		folder_put("schedules/semiannual.cfg",
		    span_of_text(semiannual));
	}
	folder_put("x.cfg", (struct span){ data, size });
	snprintf(path, sizeof(path), "%s/x.cfg", folder);
	if (!is_refused(config_load(path, &config, &err), &err))
		check(config);
	return 0;
}
