/* SPDX-License-Identifier: ISC */
#include "sub/import/hooks.h"
#include "sub/import/install.h"

/*
 * After a failure: the previous content, and a reload so that a program that
 * was told of the new one reads it; what fails on top of that can only be
 * said.  `verify` is not asked again: there is nothing else to put there.
 */
static void
put_back(const struct pair_store *first, const struct store_change *change,
    bool was_told, struct notices *notices)
{
	const struct store *store = &first->store;
	char line[ERROR_LINE_SIZE];
	struct error why;

	if (!store_is_changed(change))
		return;
	if (store_undo(change, &why) != ERR_OK || (was_told &&
	    hooks_run(first, HOOK_RELOAD, notices, &why) != ERR_OK))
		notice(notices, "%s %s: while putting the previous content "
		    "back: %s", store->type->name, store->config->path,
		    error_line(&why, line));
}

/* Others may miss what is gone. */
static void
tell_losses(const struct store *store, const struct store_change *change,
    struct notices *notices)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct store_saved *saved = &change->saved[i];

		if (saved->lost[0] != '\0')
			notice(notices, "%s %s: replaced in %s: %s; a copy of "
			    "the file is %s/%s", store->type->name,
			    store->config->path, saved->folder.name,
			    saved->lost, store->previous, saved->copy);
	}
}

/* As the consumer of each subordinate that shares it would read it. */
static enum err
confirm(const struct pair_store *first, const struct store_crl *crl,
    struct error *err)
{
	for (const struct pair_store *pair = first; pair != NULL;
	    pair = pair->next)
		TRY(pair->store.type->confirm(&pair->store, crl, err));
	return ERR_OK;
}

/* *was_told: a program may have read what it holds now. */
static enum err
change_store(const struct pair_store *first,
    const struct installing *installing, struct store_change *change,
    bool *was_told, struct notices *notices, struct error *err)
{
	const struct store *store = &first->store;
	const struct store_crl *crl = installing->crl;

	/* A server that hangs is waited for once. */
	if (store->config->url != NULL && !first->is_readable)
		return err_copy(err, &first->why);
	TRY(hooks_check(first, HOOK_RELOAD, err));
	TRY(hooks_check(first, HOOK_VERIFY, err));
	TRY(store->type->install(store, crl, change, err));
	/* A program is told only of what it can load. */
	if (store_is_changed(change) && (hooks_are_set(first, HOOK_RELOAD) ||
	    hooks_are_set(first, HOOK_VERIFY)))
		TRY(confirm(first, crl, err));
	if (store_is_changed(change) || installing->is_reload_due) {
		*was_told = true;
		TRY(hooks_run(first, HOOK_RELOAD, notices, err));
		TRY(hooks_run(first, HOOK_VERIFY, notices, err));
	}
	TRY(confirm(first, crl, err));
	return store_record(store, change, err);
}

/* Written once, whoever shares it; each hears how it went. */
static enum err
install_one(struct pair_store *first, const struct installing *installing,
    struct notices *notices, struct error *err)
{
	RELEASE_CHANGE struct store_change change = {.count = 0};
	bool was_told = false;
	enum err code;

	code = change_store(first, installing, &change, &was_told, notices,
	    err);
	if (code != ERR_OK)
		put_back(first, &change, was_told, notices);
	else
		tell_losses(&first->store, &change, notices);
	for (struct pair_store *pair = first; pair != NULL; pair = pair->next)
		pair->outcome = code != ERR_OK ? NOTE_FAILED :
		    store_is_changed(&change) ? NOTE_INSTALLED : NOTE_SAME;
	return code;
}

static void
count_outcomes(const struct pair_stores *stores,
    struct installing *installing)
{
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];

		if (pair->first != pair || store_is_read_only(&pair->store))
			continue;
		installing->count++;
		installing->changed += pair->outcome == NOTE_INSTALLED;
		installing->failed += pair->outcome == NOTE_FAILED;
	}
}

enum err
install_all(struct pair_stores *stores, struct installing *installing,
    struct notices *notices, struct error *err)
{
	enum err result = ERR_OK;
	bool is_denied = false;
	char line[ERROR_LINE_SIZE];

	for (size_t i = 0; i < stores->count; i++) {
		struct pair_store *pair = &stores->stores[i];
		char place[600];
		struct error why;

		if (pair->first != pair || store_is_read_only(&pair->store) ||
		    install_one(pair, installing, notices, &why) ==
		    ERR_OK)
			continue;
		if (result == ERR_OK)
			is_denied = why.code == ERR_PERMISSIONS &&
			    why.number != 0;
		pair->store.type->describe(&pair->store, place,
		    sizeof(place));
		if (result == ERR_OK)
			result = err_remedy(err, err_fail(err, why.code,
			    "%s: not installed: %s", place, why.what), "%s",
			    why.remedy);
		else
			notice_safety(notices, "%s: not installed: %s", place,
			    error_line(&why, line));
	}
	count_outcomes(stores, installing);
	/* The system said no, not a rule of ours, and others were changed. */
	if (is_denied && installing->changed > 0)
		result = err->code = ERR_STORE;
	return result;
}
