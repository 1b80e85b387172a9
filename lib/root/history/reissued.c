/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "root/history/reissued.h"
#include "site/certfile.h"

void
reissued_serial(const struct cert *cert, char out[REISSUED_SERIAL_SIZE])
{
	hex_encode(cert->serial, out, REISSUED_SERIAL_SIZE);
}

enum err
reissued_path(const struct config *config, const char *root,
    const char *serial, char out[STATE_PATH_SIZE], struct error *err)
{
	char name[sizeof("certificates/.crt") + REISSUED_SERIAL_SIZE];

	snprintf(name, sizeof(name), "certificates/%s.crt", serial);
	return state_path(config, root, name, out, err);
}

enum err
reissued_waiting_path(const struct config *config, const char *root,
    char out[STATE_PATH_SIZE], struct error *err)
{
	char folder[STATE_PATH_SIZE];

	TRY(state_folder(config, root, "certificates", folder, err));
	return file_join(out, STATE_PATH_SIZE, folder, "unverified.crt", err);
}

enum err
reissued_admit(const struct config *config, const char *root,
    const struct cert *cert, char path[STATE_PATH_SIZE], struct error *err)
{
	char serial[REISSUED_SERIAL_SIZE], folder[STATE_PATH_SIZE];
	char waiting[STATE_PATH_SIZE];

	reissued_serial(cert, serial);
	TRY(reissued_waiting_path(config, root, waiting, err));
	TRY(reissued_path(config, root, serial, path, err));
	if (rename(waiting, path) != 0)
		return file_fail(err, path, "write");
	TRY(file_folder(folder, sizeof(folder), path, err));
	return file_sync_folder(folder, err);
}

enum err
reissued_keep(const struct config *config, const char *root,
    const struct cert *cert, char path[STATE_PATH_SIZE], struct error *err)
{
	char serial[REISSUED_SERIAL_SIZE], folder[STATE_PATH_SIZE];

	reissued_serial(cert, serial);
	TRY(state_folder(config, root, "certificates", folder, err));
	TRY(reissued_path(config, root, serial, path, err));
	return file_update(path, span_of_buffer(&cert->der), 0644, err);
}

static bool
ends_later(const struct history_line *line, const struct cert *configured)
{
	const char *text = history_line_detail(line, "not_after");
	int64_t not_after_s;

	return text != NULL && utc_parse(text, &not_after_s) &&
	    not_after_s > configured->not_after_s;
}

/*
 * The last line of one that was made after the configured certificate, or ends
 * later; NULL if there is none.
 */
static const struct history_line *
find_line(const struct history *history, const char *root,
    const struct cert *configured, const char *sha256, bool *is_known)
{
	const struct history_line *line = history_lines(history, root);
	const struct history_line *newest = NULL;
	bool is_after = false;

	*is_known = false;
	for (; line != NULL; line = line->next) {
		if (!history_line_is(line, REISSUE_EVENT))
			continue;
		is_after = is_after ||
		    history_line_says(line, "replaces", sha256);
		if (history_line_says(line, "sha256", sha256)) {
			*is_known = is_after = true;
			newest = NULL;
		} else if (is_after || ends_later(line, configured)) {
			newest = line;
		}
	}
	return newest;
}

/* A serial that may be part of a path. */
static bool
is_serial(const char *serial)
{
	return serial != NULL && serial[0] != '\0' &&
	    strlen(serial) < REISSUED_SERIAL_SIZE &&
	    strspn(serial, "0123456789abcdef") == strlen(serial);
}

/* The certificate of a line, if it is where it was put, and still that one. */
static enum err
load(const struct history *history, const struct history_line *line,
    struct reissued *out, struct error *err)
{
	const char *serial = history_line_detail(line, "serial");
	char digest[SHA256_HEX_SIZE];

	if (!is_serial(serial))
		return history_about(history, line, err_fail(err, ERR_FORMAT,
		    "its serial is not hexadecimal"), err);
	TRY(reissued_path(history->config, line->root, serial, out->path,
	    err));
	TRY(certfile_load(out->path, &out->cert, err));
	TRY(sha256_text(span_of_buffer(&out->cert->der), digest, err));
	return history_line_says(line, "sha256", digest) ? ERR_OK :
	    err_fail(err, ERR_DIGEST, "%s: not the certificate that line %llu "
	    "of the ledger records", out->path,
	    (unsigned long long)line->sequence);
}

enum err
reissued_find(const struct history *history, const struct config_root *root,
    const struct cert *configured, struct reissued *out,
    struct notices *notices, struct error *err)
{
	RELEASE_REISSUED struct reissued found = {.cert = NULL};
	const struct history_line *line;
	char digest[SHA256_HEX_SIZE], text[ERROR_LINE_SIZE];
	struct error why;

	*out = (struct reissued){.cert = NULL};
	TRY(sha256_text(span_of_buffer(&configured->der), digest, err));
	line = find_line(history, root->name, configured, digest,
	    &out->is_known);
	if (line == NULL)
		return ERR_OK;
	if (load(history, line, &found, &why) != ERR_OK) {
		notice_safety(notices, "%s: the certificate that `reissue` "
		    "made last cannot be read, so %s is taken instead: %s",
		    root->name, root->certificate, error_line(&why, text));
		return ERR_OK;
	}
	/* The root of this name may have had another key then. */
	if (!cert_is_same_ca(found.cert, configured))
		return ERR_OK;
	*out = found;
	out->is_known = true;
	found.cert = NULL;
	return ERR_OK;
}

void
reissued_release(struct reissued *reissued)
{
	cert_free(reissued->cert);
}
