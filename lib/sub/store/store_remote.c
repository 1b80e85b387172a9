/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/process/program.h"
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"
#include "sub/store/store_remote.h"

#define COPY_NAME "before.crl"

unsigned int
store_timeout_s(const struct store *store, unsigned int default_s)
{
	const int64_t timeout_s = utc_add(0, &store->config->timeout);

	return timeout_s > 0 ? (unsigned int)timeout_s : default_s;
}

enum err
remote_run(const struct store *store, struct process *process,
    const char *package, struct process_result *out, struct error *err)
{
	char found[PATH_MAX];
	struct error why = {0};
	enum err code;

	process->timeout_s = store_timeout_s(store, REMOTE_TIMEOUT_S);
	code = process_run(process, out, &why);
	if (code != ERR_HOOK)
		return code == ERR_OK ? ERR_OK : err_copy(err, &why);
	code = err_fail(err, ERR_STORE, "%s", why.what);
	if (out->is_late)
		return err_remedy(err, code, "see why it takes so long, or "
		    "set `timeout` of the store to more than %u s",
		    process->timeout_s);
	if (package != NULL && program_find(process->argv[0], found, NULL) !=
	    ERR_OK)
		return err_remedy(err, code, "apt-get install %s", package);
	if (package == NULL && why.remedy[0] == '\0')
		return err_remedy(err, code, "correct that command in line %u "
		    "of the configuration", store->config->line);
	return err_remedy(err, code, "%s", why.remedy);
}

enum err
remote_judge(const struct store *store, struct span der,
    struct store_reading *reading, struct error *err)
{
	struct lookup none = {.is_off = true};
	enum store_owner owner;

	if (der.size == 0)
		return ERR_OK;
	TRY(store_judge(store, der, reading, &owner, err));
	if (owner == STORE_GARBAGE)
		store_reading_spoil(reading, "holds no CRL in DER");
	if (owner != STORE_OTHER)
		return consumer_choose(store, &none, NULL, reading, err);
	store_reading_spoil(reading, "holds %s", store_name_other(reading));
	reading->place.remedy = "correct the store in the configuration";
	return ERR_OK;
}

/* A copy that outlives this run, for people. */
static enum err
save_copy(const struct store *store, struct span before, struct error *err)
{
	char path[PATH_MAX];

	if (store->previous == NULL || before.size == 0)
		return ERR_OK;
	TRY(file_make_folder(store->previous, 0700, err));
	TRY(file_join(path, sizeof(path), store->previous, COPY_NAME, err));
	return file_replace(path, before, 0600, err);
}

enum err
remote_begin(const struct store *store, struct span before,
    const struct store_crl *crl, struct store_change *change, bool *is_same,
    struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	enum store_owner owner = STORE_VALID;

	*is_same = span_equals(before, crl->der);
	if (*is_same)
		return ERR_OK;
	store_reading_start(store, &reading);
	if (before.size > 0)
		TRY(store_judge(store, before, &reading, &owner, err));
	/* A place that is configured wrong must not cost others theirs. */
	if (!store_is_ours(owner))
		return err_remedy(err, err_fail(err, ERR_STORE, "not replaced: "
		    "it holds %s", owner == STORE_OTHER ? "another CA's CRL" :
		    "something that is no CRL"),
		    "correct the store in the configuration, or remove what "
		    "is there");
	TRY(save_copy(store, before, err));
	change->store = store;
	change->installed = crl->der;
	return buffer_append(&change->before, before.data, before.size, err);
}
