/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/process/process.h"
#include "base/process/program.h"
#include "sub/import/hooks.h"

#define HOOK_TIMEOUT_S 120

static const char *const words_of[] = {
    [HOOK_RELOAD] = "reload", [HOOK_VERIFY] = "verify"};

static const struct config_words *
argv_of(const struct pair_store *pair, enum hook which)
{
	const struct config_store *config = pair->store.config;

	return which == HOOK_RELOAD ? &config->reload : &config->verify;
}

static bool
is_same(const struct config_words *a, const struct config_words *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (strcmp(a->words[i], b->words[i]) != 0)
			return false;
	}
	return a->count == b->count;
}

/* Nothing, or what another that shares the store has as well. */
static bool
is_passed_over(const struct pair_store *first, const struct pair_store *pair,
    enum hook which)
{
	const struct config_words *argv = argv_of(pair, which);

	while (argv->count > 0 && first != pair) {
		if (is_same(argv_of(first, which), argv))
			return true;
		first = first->next;
	}
	return argv->count == 0;
}

bool
hooks_are_set(const struct pair_store *first, enum hook which)
{
	while (first != NULL && argv_of(first, which)->count == 0)
		first = first->next;
	return first != NULL;
}

static enum err
run(const struct store *store, enum hook which,
    const struct config_words *argv, struct error *err)
{
	const struct process process = {.argv = argv->words, .input = -1,
	    .timeout_s = store_timeout_s(store, HOOK_TIMEOUT_S)};
	struct process_result result;
	struct error why = {0};
	char end[PROCESS_END_SIZE];
	enum err code;

	code = process_run(&process, &result, &why);
	if (code == ERR_OK && result.status == 0)
		return ERR_OK;
	if (code == ERR_OK) {
		process_end(&result, end);
		return err_fail(err, ERR_HOOK, "%s %.140s: %s",
		    words_of[which], argv->words[0], end);
	}
	/* That begins with the name of the program. */
	code = err_fail(err, code, "%s %s", words_of[which], why.what);
	if (result.is_late)
		return err_remedy(err, code, "see why it takes so long, or "
		    "set `timeout` of the store to more than %u s, then run "
		    "this again", process.timeout_s);
	return err_remedy(err, code, "%s", why.remedy);
}

enum err
hooks_run(const struct pair_store *first, enum hook which,
    struct notices *notices, struct error *err)
{
	const struct store *store = &first->store;
	enum err result = ERR_OK;
	char line[ERROR_LINE_SIZE];
	struct error why;

	/* One that fails must not keep the others from what is there. */
	for (const struct pair_store *pair = first; pair != NULL;
	    pair = pair->next) {
		if (is_passed_over(first, pair, which) || run(&pair->store,
		    which, argv_of(pair, which), &why) == ERR_OK)
			continue;
		if (result == ERR_OK)
			result = err_copy(err, &why);
		else
			notice(notices, "%s %s: %s", store->type->name,
			    store->config->path, error_line(&why, line));
	}
	return result;
}

static enum err
check(enum hook which, const struct config_words *argv, struct error *err)
{
	char path[PATH_MAX];
	struct error why = {0};

	if (program_find(argv->words[0], path, &why) != ERR_PERMISSIONS &&
	    program_check_script(argv->words, &why) == ERR_OK)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_PERMISSIONS, "%s %s",
	    words_of[which], why.what), "%s", why.remedy);
}

/* One that others can change is not run, so nothing is changed for it. */
enum err
hooks_check(const struct pair_store *first, enum hook which,
    struct error *err)
{
	for (const struct pair_store *pair = first; pair != NULL;
	    pair = pair->next) {
		if (!is_passed_over(first, pair, which))
			TRY(check(which, argv_of(pair, which), err));
	}
	return ERR_OK;
}
