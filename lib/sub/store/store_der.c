/* SPDX-License-Identifier: ISC */
/* One CRL in DER, for a web server that publishes it at the CDP. */
#include "sub/store/store_consumer.h"
#include "sub/store/store_file.h"
#include "sub/store/store_judge.h"

static enum err
der_read(const struct store *store, struct store_reading *out,
    struct error *err)
{
	struct lookup none = {.is_off = true};
	RELEASE_TARGET struct store_target file = STORE_TARGET_NONE;
	enum store_owner owner;
	bool found;

	store_reading_start(store, out);
	TRY(store_target_look(store, &file, &found, err));
	if (!found)
		return ERR_OK;
	TRY(store_judge(store, store_target_content(&file), out, &owner, err));
	if (owner == STORE_GARBAGE) {
		store_reading_spoil(out, "holds no CRL in DER");
		store_advise_garbage(store, &file, NULL, out);
	} else if (store_has_more(store_target_content(&file))) {
		out->place.remedy = STORE_MOVE_FILE;
	}
	/* Whoever fetches it has it alone. */
	if (owner != STORE_OTHER)
		return consumer_choose(store, &none, NULL, out, err);
	store_reading_spoil(out, "holds %s", store_name_other(out));
	out->place.remedy = STORE_MOVE_FILE;
	return ERR_OK;
}

static enum err
der_install(const struct store *store, const struct store_crl *crl,
    struct store_change *change, struct error *err)
{
	RELEASE_READING struct store_reading reading = {0};
	RELEASE_TARGET struct store_target target = STORE_TARGET_NONE;
	enum store_owner owner = STORE_GARBAGE;
	const char *path = store->config->path;

	store_reading_start(store, &reading);
	TRY(store_target_open(store, path, &target, err));
	TRY(store_judge(store, store_target_content(&target), &reading,
	    &owner, err));
	/* A path that is configured wrong must not cost others their file. */
	if (owner == STORE_OTHER)
		return store_advise_move(err, err_fail(err, ERR_STORE,
		    "%s: not replaced: it holds another CA's CRL, and none of "
		    "%s", path, store->root->subject_text), path);
	if (owner == STORE_GARBAGE)
		TRY(store_check_garbage(store, &target, NULL, err));
	else if (store_has_more(store_target_content(&target)))
		return store_advise_move(err, err_fail(err, ERR_STORE,
		    "%s: not replaced: it holds a CRL of this root in DER, "
		    "and other things behind it", path), path);
	if (owner == STORE_INVALID)
		store_note_invalid(&reading, target.lost);
	TRY(store_place(&target, change, err));
	return store_put(store, &target, crl->der, change, err);
}

static enum err
der_confirm(const struct store *store, const struct store_crl *crl,
    struct error *err)
{
	RELEASE_TARGET struct store_target file = STORE_TARGET_NONE;
	bool found;

	TRY(store_target_look(store, &file, &found, err));
	if (!found || !span_equals(store_target_content(&file), crl->der))
		return err_fail(err, ERR_STORE, "it holds something else than "
		    "the CRL that was installed");
	return consumer_confirm(store, crl, err);
}

const struct store_type store_der = {
    .name = "der", .read = der_read, .install = der_install,
    .confirm = der_confirm, .describe = store_describe,
};
