/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "root/history/archive.h"
#include "site/certfile.h"
#include "site/state.h"

bool
archive_parse_name(const char *name, struct number *out)
{
	char canonical[NUMBER_TEXT_SIZE];
	char digits[NUMBER_TEXT_SIZE];
	size_t size = strlen(name);

	if (size < 5 || size - 4 >= sizeof(digits) ||
	    strcmp(name + size - 4, ".crl") != 0)
		return false;
	memcpy(digits, name, size - 4);
	digits[size - 4] = '\0';
	if (!number_from_decimal(digits, out))
		return false;
	number_format(out, NUMBER_NAME_DIGITS, canonical);
	return strcmp(canonical, digits) == 0;
}

static enum err
find_highest(const char *folder, const struct number *below, bool *found,
    struct number *highest, struct error *err)
{
	RELEASE_LISTING struct listing listing = LISTING_NONE;
	struct number number;
	const char *name;
	enum err code = ERR_OK;

	*found = false;
	TRY(listing_open(folder, &listing, err));
	while (listing_next(&listing, &name, &code, err)) {
		if (!archive_parse_name(name, &number) || (below != NULL &&
		    number_compare(&number, below) >= 0))
			continue;
		if (!*found || number_compare(&number, highest) > 0)
			*highest = number;
		*found = true;
	}
	return code;
}

enum err
archive_path_in(const struct config *config, const char *root,
    const char *folder, const struct number *number, char *out,
    size_t capacity, struct error *err)
{
	char digits[NUMBER_TEXT_SIZE];
	char name[NUMBER_TEXT_SIZE + sizeof(".crl")];
	char path[STATE_PATH_SIZE];

	number_format(number, NUMBER_NAME_DIGITS, digits);
	snprintf(name, sizeof(name), "%s.crl", digits);
	TRY(state_path(config, root, folder, path, err));
	return file_join(out, capacity, path, name, err);
}

static enum err
archive_path(const struct config *config, const char *root,
    const struct number *number, char *out, size_t capacity,
    struct error *err)
{
	return archive_path_in(config, root, "archive", number, out, capacity,
	    err);
}

enum err
archived_open(const char *path, const struct cert *cert,
    struct archived *out, struct error *err)
{
	enum err code;

	code = file_open(path, FILE_OURS, &out->fd, err);
	if (code == ERR_OK)
		code = window_init_file(&out->window, out->fd, err);
	if (code == ERR_OK)
		code = crl_open(&out->window, &out->crl, err);
	if (code == ERR_OK)
		code = crl_verify(&out->crl, cert, err);
	return code == ERR_OK || code == ERR_MISSING ? code :
	    err_about(err, code, path);
}

/* A CRL under another's name is not the one that was archived there. */
static enum err
check_number(const struct archived *archived, enum err code,
    struct error *err)
{
	char have[NUMBER_TEXT_SIZE];

	if (!archived->crl.has_number || number_compare(
	    &archived->crl.number, &archived->number) == 0)
		return code;
	number_format(&archived->crl.number, 0, have);
	return err_fail(err, ERR_FORMAT, "%s: the CRL in it has number %s",
	    archived->path, have);
}

enum err
archive_open_below(const struct config *config, const char *root,
    const struct cert *cert, const struct number *below,
    struct archived *out, bool *found, struct notices *notices,
    struct error *err)
{
	char folder[STATE_PATH_SIZE];
	enum err code;

	TRY(state_check_root(config, root, err));
	TRY(state_path(config, root, "archive", folder, err));
	TRY(find_highest(folder, below, found, &out->number, err));
	if (!*found)
		return ERR_OK;
	code = archive_path(config, root, &out->number, out->path,
	    sizeof(out->path), err);
	if (code == ERR_OK)
		code = archived_open(out->path, cert, out, err);
	if (code == ERR_OK || code == ERR_WEAK)
		code = check_number(out, code, err);
	if (code != ERR_WEAK)
		return code;
	/* It is signed already, and its entries count all the same. */
	notice_safety(notices, "%s: is signed with MD5 or SHA-1: issue a new "
	    "one", out->path);
	return ERR_OK;
}

enum err
archive_open_last(const struct config *config, const char *root,
    const struct cert *cert, struct archived *out, bool *found,
    struct notices *notices, struct error *err)
{
	return archive_open_below(config, root, cert, NULL, out, found,
	    notices, err);
}

enum err
root_open(const struct config *config, const struct config_root *root,
    struct cert **cert, struct archived *last, bool *found,
    struct notices *notices, struct error *err)
{
	TRY(certfile_load(root->certificate, cert, err));
	return archive_open_last(config, root->name, *cert, last, found,
	    notices, err);
}

void
archived_release(struct archived *archived)
{
	crl_release(&archived->crl);
	window_release(&archived->window);
	file_close(&archived->fd);
}

/* thisUpdate of a CRL that lies in the archive. */
static enum err
read_this_update(const char *path, int64_t *out_s, struct error *err)
{
	RELEASE_ARCHIVED struct archived archived = ARCHIVED_NONE;
	enum err code;

	code = file_open(path, FILE_OURS, &archived.fd, err);
	if (code == ERR_OK)
		code = window_init_file(&archived.window, archived.fd, err);
	if (code == ERR_OK)
		code = crl_open(&archived.window, &archived.crl, err);
	if (code != ERR_OK)
		return err_about(err, code, path);
	*out_s = archived.crl.this_update.at_s;
	return ERR_OK;
}

/* "000000.crl" to "000000-20260101T000000Z.crl", which is no number's name. */
static enum err
dated_path(const char *path, int64_t this_update_s, char *out,
    size_t capacity, struct error *err)
{
	char time[UTC_TEXT_SIZE];
	char digits[UTC_TEXT_SIZE];
	size_t i, count = 0;

	utc_format(this_update_s, time);
	for (i = 0; time[i] != '\0'; i++) {
		if (time[i] != '-' && time[i] != ':')
			digits[count++] = time[i];
	}
	if ((size_t)snprintf(out, capacity, "%.*s-%.*s.crl",
	    (int)(strlen(path) - strlen(".crl")), path, (int)count, digits) >=
	    capacity)
		return err_fail(err, ERR_FORMAT, "%s: the path is too long",
		    path);
	return ERR_OK;
}

/* Where the CRL of this number, or else of this thisUpdate, lies. */
static enum err
find_admitted(const struct config *config, const char *root,
    const struct number *number, int64_t this_update_s,
    char path[STATE_PATH_SIZE], bool *found, struct error *err)
{
	char dated[STATE_PATH_SIZE];
	int64_t have_s;
	bool is_dated;

	TRY(archive_path(config, root, number, path, STATE_PATH_SIZE, err));
	TRY(file_find(path, found, err));
	if (!*found || !number_is_zero(number))
		return ERR_OK;
	TRY(dated_path(path, this_update_s, dated, sizeof(dated), err));
	TRY(file_find(dated, &is_dated, err));
	if (is_dated)
		return file_join(path, STATE_PATH_SIZE, "", dated, err);
	TRY(read_this_update(path, &have_s, err));
	*found = have_s == this_update_s;
	return ERR_OK;
}

enum err
archive_holds(const struct config *config, const char *root,
    const struct number *number, int64_t this_update_s, bool *out,
    struct error *err)
{
	char path[STATE_PATH_SIZE];

	return find_admitted(config, root, number, this_update_s, path, out,
	    err);
}

enum err
archive_digest(const struct config *config, const char *root,
    const struct number *number, int64_t this_update_s, bool *found,
    uint8_t sha256[SHA256_SIZE], struct error *err)
{
	RELEASE_ARCHIVED struct archived archived = ARCHIVED_NONE;
	char path[STATE_PATH_SIZE];

	TRY(find_admitted(config, root, number, this_update_s, path, found,
	    err));
	if (!*found)
		return ERR_OK;
	TRY(file_open(path, FILE_OURS, &archived.fd, err));
	TRY(window_init_file(&archived.window, archived.fd, err));
	return window_sha256(&archived.window, sha256, err);
}

/*
 * Numbers do not tell CRLs without one apart: the one that is replaced stays
 * beside it.  If it is there already, a run was cut short after this.
 */
static enum err
keep_replaced(const char *folder, const char *path, struct error *err)
{
	char dated[STATE_PATH_SIZE];
	int64_t this_update_s;

	TRY(read_this_update(path, &this_update_s, err));
	TRY(dated_path(path, this_update_s, dated, sizeof(dated), err));
	if (link(path, dated) != 0 && errno != EEXIST)
		return file_fail(err, dated, "keep");
	return file_sync_folder(folder, err);
}

enum err
archive_waiting_path(const struct config *config, const char *root,
    char *out, size_t capacity, struct error *err)
{
	char folder[STATE_PATH_SIZE];

	TRY(state_folder(config, root, "archive", folder, err));
	TRY(state_path(config, root, "unverified.crl", folder, err));
	return file_join(out, capacity, "", folder, err);
}

enum err
archive_admit(const struct config *config, const char *root,
    const struct number *number, char *path, size_t capacity,
    struct error *err)
{
	char waiting[STATE_PATH_SIZE];
	char folder[STATE_PATH_SIZE];
	bool found;

	TRY(state_path(config, root, "unverified.crl", waiting, err));
	TRY(state_path(config, root, "archive", folder, err));
	TRY(archive_path(config, root, number, path, capacity, err));
	TRY(file_find(path, &found, err));
	if (found)
		TRY(keep_replaced(folder, path, err));
	if (rename(waiting, path) != 0)
		return file_fail(err, path, "archive");
	return file_sync_folder(folder, err);
}

enum err
archive_set_aside(const struct config *config, const char *root,
    const struct number *above, bool *found, struct number *number,
    char *path, size_t capacity, uint8_t sha256[SHA256_SIZE],
    struct error *err)
{
	char folder[STATE_PATH_SIZE], from[STATE_PATH_SIZE];
	int64_t this_update_s;

	TRY(state_path(config, root, "archive", folder, err));
	TRY(find_highest(folder, NULL, found, number, err));
	*found = *found && number_compare(number, above) > 0;
	if (!*found)
		return ERR_OK;
	TRY(archive_path(config, root, number, from, sizeof(from), err));
	TRY(read_this_update(from, &this_update_s, err));
	TRY(archive_digest(config, root, number, this_update_s, found,
	    sha256, err));
	TRY(dated_path(from, this_update_s, path, capacity, err));
	if (rename(from, path) != 0)
		return file_fail(err, path, "set aside");
	return file_sync_folder(folder, err);
}
