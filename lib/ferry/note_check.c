/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "ferry/note_check.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define HEX_CHARACTERS "0123456789abcdef"

static enum err
check_name(const char *key, const char *name, struct error *err)
{
	if (name[0] == '\0' || name[strspn(name, NAME_CHARACTERS)] != '\0')
		return err_fail(err, ERR_FORMAT, "note: %s: want 1 to %d of "
		    "[a-z0-9-], have \"%s\"", key, SITE_NAME_SIZE - 1, name);
	return ERR_OK;
}

static enum err
check_stamps(const struct note *note, struct error *err)
{
	if (note->sequence < 1 || note->sequence > INT64_MAX)
		return err_fail(err, ERR_FORMAT, "note: sequence: want 1 to "
		    "2^63-1, have %llu", (unsigned long long)note->sequence);
	if (note->at_s < UTC_MIN_S || note->at_s > UTC_MAX_S)
		return err_fail(err, ERR_FORMAT, "note: time: want a year 0 "
		    "to 9999, have %lld s", (long long)note->at_s);
	if (strlen(note->nonce) != sizeof(note->nonce) - 1 ||
	    note->nonce[strspn(note->nonce, HEX_CHARACTERS)] != '\0')
		return err_fail(err, ERR_FORMAT, "note: nonce: want %d "
		    "lower-case hex digits, have \"%s\"",
		    NOTE_NONCE_SIZE - 1, note->nonce);
	return ERR_OK;
}

static enum err
check_number(const struct note *note, struct error *err)
{
	if (note->has_number && !number_fits(&note->number))
		return err_fail(err, ERR_FORMAT, "note: number: want at most "
		    "2^159-1 (RFC 5280 5.2.3), have more");
	return ERR_OK;
}

/* It is shown on the root's terminal. */
static enum err
check_store(const struct note_store *store, struct error *err)
{
	if (store->type[0] == '\0' ||
	    store->type[strspn(store->type, NAME_CHARACTERS)] != '\0')
		return err_fail(err, ERR_FORMAT, "note: stores: type: want "
		    "[a-z0-9-], have \"%s\"", store->type);
	if (store->path[0] == '\0' ||
	    !text_is_printable(store->path, sizeof(store->path)))
		return err_fail(err, ERR_FORMAT, "note: stores: path: want "
		    "text without control characters, have \"%.200s\"",
		    store->path);
	return ERR_OK;
}

/* The CRL itself the root has: its digest tells which it is. */
static enum err
check_installed(const struct note *note, struct error *err)
{
	size_t i;

	if (note->crl.size > 0 || note->manifest.size > 0 ||
	    note->seal_count > 0)
		return err_fail(err, ERR_FORMAT, "note: want no CRL, manifest "
		    "or seals in a receipt, have some");
	if (note->this_update_s < UTC_MIN_S ||
	    note->this_update_s > UTC_MAX_S ||
	    note->next_update_s < UTC_MIN_S ||
	    note->next_update_s > UTC_MAX_S)
		return err_fail(err, ERR_FORMAT, "note: this_update, "
		    "next_update: want years 0 to 9999, have others");
	if (note_store_count(note) > NOTE_STORES_MAX)
		return err_fail(err, ERR_FORMAT, "note: stores: want at most "
		    "%d, have %zu", NOTE_STORES_MAX, note_store_count(note));
	for (i = 0; i < note_store_count(note); i++)
		TRY(check_store(note_store_at(note, i), err));
	return ERR_OK;
}

/* A manifest without its seals, or without its CRL, would prove nothing. */
static enum err
check_held(const struct note *note, struct error *err)
{
	size_t i;

	if (note->stores.size > 0)
		return err_fail(err, ERR_FORMAT, "note: want no stores in a "
		    "request, have %zu", note_store_count(note));
	if (note->manifest.size > MANIFEST_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "note: manifest: want at "
		    "most %d octets, have %zu", MANIFEST_MAX_BYTES,
		    note->manifest.size);
	if (note->manifest.size > 0 && note->crl.size == 0)
		return err_fail(err, ERR_FORMAT, "note: manifest: want the "
		    "CRL that it is about, have none");
	if ((note->manifest.size > 0) != (note->seal_count > 0))
		return err_fail(err, ERR_FORMAT, "note: want manifest and "
		    "seals together, have %s alone",
		    note->seal_count > 0 ? "seals" : "a manifest");
	if (note->seal_count > NOTE_SEALS_MAX)
		return err_fail(err, ERR_FORMAT, "note: seals: want at most "
		    "%d, have %zu", NOTE_SEALS_MAX, note->seal_count);
	for (i = 0; i < note->seal_count; i++) {
		if (note->seals[i].size == 0 ||
		    note->seals[i].size > MINISIGN_FILE_MAX)
			return err_fail(err, ERR_FORMAT, "note: seals: want 1 "
			    "to %d octets each, have %zu", MINISIGN_FILE_MAX,
			    note->seals[i].size);
	}
	return ERR_OK;
}

enum err
note_check(const struct note *note, struct error *err)
{
	TRY(check_name("root", note->root, err));
	TRY(check_name("subordinate", note->subordinate, err));
	TRY(check_stamps(note, err));
	TRY(check_number(note, err));
	return note->kind == NOTE_RECEIPT ? check_installed(note, err) :
	    check_held(note, err);
}
