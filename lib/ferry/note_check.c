/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "ferry/note.h"
#include "ferry/value.h"

/* It is shown on the root's terminal. */
static enum err
check_store(const struct note_store *store, struct error *err)
{
	TRY(value_check_name("note", "stores: type", store->type,
	    sizeof(store->type), err));
	if (store->path[0] == '\0' ||
	    !text_is_printable(store->path, sizeof(store->path)))
		return err_fail(err, ERR_FORMAT, "note: stores: path: "
		    "\"%.200s\" is empty or not printable", store->path);
	return ERR_OK;
}

/* The CRL itself the root has: its digest tells which it is. */
static enum err
check_installed(const struct note *note, struct error *err)
{
	size_t i;

	if (note->crl.size > 0 || note->manifest.size > 0 ||
	    note->seal_count > 0)
		return err_fail(err, ERR_FORMAT, "note: a receipt with a CRL, "
		    "a manifest or seals, which only a request may hold");
	TRY(value_check_time("note", "this_update", note->this_update_s, err));
	TRY(value_check_time("note", "next_update", note->next_update_s, err));
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
		return err_fail(err, ERR_FORMAT, "note: a request with %zu "
		    "stores, which only a receipt may name",
		    note_store_count(note));
	if (note->manifest.size > MANIFEST_MAX_BYTES)
		return err_fail(err, ERR_FORMAT, "note: manifest: want at "
		    "most %d octets, have %zu", MANIFEST_MAX_BYTES,
		    note->manifest.size);
	if (note->manifest.size > 0 && note->crl.size == 0)
		return err_fail(err, ERR_FORMAT, "note: manifest: the CRL "
		    "that it is about is missing");
	if ((note->manifest.size > 0) != (note->seal_count > 0))
		return err_fail(err, ERR_FORMAT, note->seal_count > 0 ?
		    "note: seals without a manifest" :
		    "note: a manifest without seals");
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
	TRY(value_check_name("note", "root", note->root, sizeof(note->root),
	    err));
	TRY(value_check_name("note", "subordinate", note->subordinate,
	    sizeof(note->subordinate), err));
	TRY(value_check_sequence("note", note->sequence, err));
	TRY(value_check_time("note", "time", note->at_s, err));
	TRY(value_check_hex("note", "nonce", note->nonce, sizeof(note->nonce),
	    err));
	if (note->has_number)
		TRY(value_check_number("note", "number", &note->number, err));
	return note->kind == NOTE_RECEIPT ? check_installed(note, err) :
	    check_held(note, err);
}
