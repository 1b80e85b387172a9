/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/process/process.h"
#include "base/process/program.h"
#include "sub/import/install.h"

#define HOOK_TIMEOUT_S 120

/* Run a hook, "reload" or "verify"; its exit status must be 0. */
static enum err
run_hook(const struct store *store, const char *which,
    const struct config_words *argv, struct error *err)
{
	const struct process process = {.argv = argv->words, .input = -1,
	    .timeout_s = store_timeout_s(store, HOOK_TIMEOUT_S)};
	struct process_result result;

	if (argv->count == 0)
		return ERR_OK;
	TRY(process_run(&process, &result, err));
	if (result.status != 0)
		return err_fail(err, ERR_HOOK,
		    "%s: %s %s: ended with status %d%s%.200s",
		    store->config->path, which, argv->words[0], result.status,
		    result.output[0] == '\0' ? "" : ": ", result.output);
	return ERR_OK;
}

static bool
is_interpreter(const char *name)
{
	static const char *const names[] = {"sh", "bash", "dash", "ksh",
	    "zsh", "perl", "python", "python3"};
	const char *slash = strrchr(name, '/');

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(slash == NULL ? name : slash + 1, names[i]) == 0)
			return true;
	}
	return false;
}

/* Of { "sh", "/etc/x/reload" } the second word is what is run; or NULL. */
static const char *
find_script(const struct config_words *argv)
{
	if (!is_interpreter(argv->words[0]))
		return NULL;
	for (size_t i = 1; i < argv->count; i++) {
		const char *word = argv->words[i];

		if (word[0] != '-')
			return strchr(word, '/') == NULL ? NULL : word;
		/* That is the program itself. */
		if (word[1] != '-' && strchr(word, 'c') != NULL)
			return NULL;
	}
	return NULL;
}

/* A hook that others can change is not run, so nothing is changed for it. */
static enum err
check_hook(const struct store *store, const char *which,
    const struct config_words *argv, struct error *err)
{
	const char *script = argv->count == 0 ? NULL : find_script(argv);
	char path[PATH_MAX];
	struct error why = {0};

	if (argv->count == 0 || (program_find(argv->words[0], path, &why) !=
	    ERR_PERMISSIONS && (script == NULL ||
	    program_find(script, path, &why) != ERR_PERMISSIONS)))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_PERMISSIONS, "%s: %s %s",
	    store->config->path, which, why.what), "%s", why.remedy);
}

/*
 * After a failure: the previous content, and a reload so that a program that
 * was told of the new one reads it; what fails on top of that can only be
 * said.
 */
static void
put_back(const struct store *store, const struct store_change *change,
    bool was_told, struct notices *notices)
{
	char line[ERROR_LINE_SIZE];
	struct error why;

	if (!store_is_changed(change))
		return;
	if (store_undo(change, &why) != ERR_OK || (was_told &&
	    run_hook(store, "reload", &store->config->reload, &why) != ERR_OK))
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

/* *was_told: a program may have read what it holds now. */
static enum err
change_store(const struct store *store, const struct installing *installing,
    struct store_change *change, bool *was_told, struct error *err)
{
	const struct config_words *reload = &store->config->reload;
	const struct config_words *verify = &store->config->verify;

	TRY(check_hook(store, "reload", reload, err));
	TRY(check_hook(store, "verify", verify, err));
	TRY(store->type->install(store, installing->crl, change, err));
	/* A program is told only of what it can load. */
	if (store_is_changed(change) && reload->count + verify->count > 0)
		TRY(store->type->confirm(store, installing->crl, err));
	if (store_is_changed(change) || installing->is_reload_due) {
		*was_told = true;
		TRY(run_hook(store, "reload", reload, err));
		TRY(run_hook(store, "verify", verify, err));
	}
	TRY(store->type->confirm(store, installing->crl, err));
	return store_record(store, change, err);
}

static enum err
install_one(struct pair_store *pair, const struct installing *installing,
    struct notices *notices, struct error *err)
{
	const struct store *store = &pair->store;
	RELEASE_CHANGE struct store_change change = {.count = 0};
	bool was_told = false;
	enum err code;

	code = change_store(store, installing, &change, &was_told, err);
	if (code != ERR_OK)
		put_back(store, &change, was_told, notices);
	else
		tell_losses(store, &change, notices);
	pair->outcome = code != ERR_OK ? NOTE_FAILED :
	    store_is_changed(&change) ? NOTE_INSTALLED : NOTE_SAME;
	return code;
}

/* A store that is shared has failed, or changed, if it did so for anyone. */
static void
count_outcomes(struct pair_stores *stores, struct installing *installing)
{
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];

		if (store_is_read_only(&pair->store))
			continue;
		pair->first->is_changed |= pair->outcome == NOTE_INSTALLED;
		pair->first->has_failed |= pair->outcome == NOTE_FAILED;
	}
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];

		if (pair->first != pair || store_is_read_only(&pair->store))
			continue;
		installing->count++;
		installing->changed += pair->is_changed;
		installing->failed += pair->has_failed;
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

		if (store_is_read_only(&pair->store))
			continue;
		/* One store: it was put back, and that was said. */
		if (pair->first != pair &&
		    pair->first->outcome == NOTE_FAILED) {
			pair->outcome = NOTE_FAILED;
			continue;
		}
		if (install_one(pair, installing, notices, &why) == ERR_OK)
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
			notice(notices, "%s: not installed: %s", place,
			    error_line(&why, line));
	}
	count_outcomes(stores, installing);
	/* The system said no, not a rule of ours, and others were changed. */
	if (is_denied && installing->changed > 0)
		result = err->code = ERR_STORE;
	return result;
}
