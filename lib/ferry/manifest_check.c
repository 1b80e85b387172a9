/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "ferry/manifest.h"
#include "ferry/value.h"

const struct manifest_file *
manifest_find(const struct manifest *manifest, const char *name)
{
	size_t i;

	for (i = 0; i < manifest->file_count; i++)
		if (strcmp(manifest->files[i].name, name) == 0)
			return &manifest->files[i];
	return NULL;
}

static enum err
check_file_name(const char *name, struct error *err)
{
	if (name[0] == '.' || strstr(name, "..") != NULL ||
	    !value_consists_of(name, MANIFEST_NAME_SIZE,
	    "abcdefghijklmnopqrstuvwxyz0123456789-._"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return err_fail(err, ERR_FORMAT, "manifest: file name \"%s\" "
		    "is not 1 to %d of [A-Za-z0-9._-] without a leading dot "
		    "or \"..\"", name, MANIFEST_NAME_SIZE - 1);
	return ERR_OK;
}

enum err
manifest_check_dropped(const struct manifest_dropped *dropped,
    struct error *err)
{
	if (!value_consists_of(dropped->serial, sizeof(dropped->serial),
	    VALUE_HEX) || strlen(dropped->serial) % 2 != 0)
		return err_fail(err, ERR_FORMAT, "manifest: dropped serial "
		    "\"%s\" is not pairs of lower-case hex digits",
		    dropped->serial);
	if (dropped->why[0] == '\0' ||
	    !text_is_printable(dropped->why, sizeof(dropped->why)))
		return err_fail(err, ERR_FORMAT, "manifest: dropped serial "
		    "%s: why is empty or not printable", dropped->serial);
	return value_check_number("manifest: dropped serial", dropped->serial,
	    &dropped->number, err);
}

enum err
manifest_check_answer(const char *nonce, struct error *err)
{
	return value_check_hex("manifest", "answers", nonce,
	    MANIFEST_NONCE_DIGITS + 1, err);
}

static enum err
check_texts(const struct manifest *manifest, struct error *err)
{
	const char *name = manifest->published_as;

	TRY(value_check_name("manifest", "root", manifest->root,
	    sizeof(manifest->root), err));
	if (!text_is_printable(manifest->why, sizeof(manifest->why)) ||
	    (manifest->why[0] != '\0' && !manifest->is_emergency))
		return err_fail(err, ERR_FORMAT,
		    "manifest: why: \"%s\" is "
		    "not printable UTF-8, or this is no emergency",
		    manifest->why);
	if (name[0] == '\0' || name[0] == '.' ||
	    !text_is_printable(name, sizeof(manifest->published_as)) ||
	    strpbrk(name, "/\\") != NULL)
		return err_fail(err, ERR_FORMAT,
		    "manifest: published_as: \"%s\" is no file name", name);
	return manifest->ledger_head[0] == '\0' ? ERR_OK : value_check_hex(
	    "manifest", "ledger_head", manifest->ledger_head,
	    sizeof(manifest->ledger_head), err);
}

/*
 * A seal key does not say what the calendar is: the ceremony comes before the
 * CRL ends, and after it was signed.  Only an emergency CRL may come after the
 * date of the ceremony that it does not replace.
 */
static enum err
check_next_ceremony(const struct manifest *manifest, struct error *err)
{
	char have[UTC_TEXT_SIZE], want[UTC_TEXT_SIZE];
	const int64_t at_s = manifest->next_ceremony_s;

	TRY(value_check_time("manifest", "next_ceremony", at_s, err));
	if (utc_day_start(at_s) != at_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony is "
		    "not a date: it has a time of day");
	utc_format_date(at_s, have);
	utc_format(manifest->next_update_s, want);
	if (at_s > manifest->next_update_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony: "
		    "want a date by the end of its CRL, %s, have %s", want,
		    have);
	utc_format(manifest->this_update_s, want);
	if (at_s <= manifest->this_update_s && !manifest->is_emergency)
		return err_fail(err, ERR_FORMAT, "manifest: next_ceremony: "
		    "want a date after its CRL's thisUpdate, %s, have %s",
		    want, have);
	return ERR_OK;
}

static enum err
check_times(const struct manifest *manifest, struct error *err)
{
	char this_update[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];

	TRY(value_check_time("manifest", "created", manifest->created_s, err));
	TRY(value_check_time("manifest", "this_update",
	    manifest->this_update_s, err));
	TRY(value_check_time("manifest", "next_update",
	    manifest->next_update_s, err));
	utc_format(manifest->this_update_s, this_update);
	utc_format(manifest->next_update_s, next_update);
	if (manifest->next_update_s <= manifest->this_update_s)
		return err_fail(err, ERR_FORMAT, "manifest: next_update: want "
		    "a time after %s, have %s", this_update, next_update);
	return manifest->has_next_ceremony ?
	    check_next_ceremony(manifest, err) : ERR_OK;
}

static enum err
check_files(const struct manifest *manifest, struct error *err)
{
	size_t i;

	if (manifest->file_count > MANIFEST_FILES_MAX)
		return err_fail(err, ERR_FORMAT, "manifest: files: want at "
		    "most %d, have %zu", MANIFEST_FILES_MAX,
		    manifest->file_count);
	for (i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		TRY(check_file_name(file->name, err));
		if (manifest_find(manifest, file->name) != file)
			return err_fail(err, ERR_FORMAT, "manifest: files: "
			    "%s is listed twice", file->name);
		if (file->size_bytes > INT64_MAX)
			return err_fail(err, ERR_FORMAT, "manifest: %s: size: "
			    "more than 2^63-1", file->name);
	}
	return ERR_OK;
}

static enum err
check_lists(const struct manifest *manifest, struct error *err)
{
	size_t i;

	if (manifest->dropped_count > MANIFEST_DROPPED_MAX ||
	    manifest->answer_count > MANIFEST_ANSWERS_MAX)
		return err_fail(err, ERR_FORMAT, "manifest: want at most %d "
		    "dropped and %d answers, have %zu and %zu",
		    MANIFEST_DROPPED_MAX, MANIFEST_ANSWERS_MAX,
		    manifest->dropped_count, manifest->answer_count);
	for (i = 0; i < manifest->dropped_count; i++) {
		const struct manifest_dropped *dropped = &manifest->dropped[i];

		TRY(manifest_check_dropped(dropped, err));
		if (number_compare(&dropped->number, &manifest->number) > 0)
			return err_fail(err, ERR_FORMAT, "manifest: dropped "
			    "serial %s: its number is higher than this CRL's",
			    dropped->serial);
	}
	for (i = 0; i < manifest->answer_count; i++)
		TRY(manifest_check_answer(manifest->answers[i], err));
	return ERR_OK;
}

enum err
manifest_check(const struct manifest *manifest, struct error *err)
{
	TRY(value_check_number("manifest", "number", &manifest->number, err));
	if (manifest->revoked_count > INT64_MAX)
		return err_fail(err, ERR_FORMAT,
		    "manifest: revoked_count: more than 2^63-1");
	TRY(check_texts(manifest, err));
	TRY(check_times(manifest, err));
	TRY(check_files(manifest, err));
	return check_lists(manifest, err);
}
