/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "pki/pem.h"
#include "root/adopt.h"
#include "root/archive.h"
#include "root/ledger.h"
#include "site/certfile.h"

static enum err
verify_file(const char *path, const struct cert *cert, struct span der,
    struct number *number, struct notices *notices, struct error *err)
{
	RELEASE_CRL struct crl crl = {0};
	struct crl_survey survey;
	struct window window;
	enum err code;

	window_init_memory(&window, der);
	code = crl_open(&window, &crl, err);
	if (code == ERR_OK)
		code = crl_verify(&crl, cert, err);
	if (code == ERR_WEAK) {
		notice(notices, "%s: is signed with MD5 or SHA-1: issue a new "
		    "one", path);
		code = ERR_OK;
	}
	if (code == ERR_OK)
		code = crl_survey(&crl, NULL, &survey, err);
	if (code != ERR_OK)
		return code;
	*number = crl.number;
	if (!crl.has_number)
		notice(notices, "%s: has no CRL number: it counts as 0", path);
	return ERR_OK;
}

static enum err
archive_file(const struct config *config, const struct config_root *root,
    struct span der, const struct number *number, struct error *err)
{
	char waiting[4096];
	char path[4096];
	enum err code;

	code = archive_waiting_path(config, root->name, waiting,
	    sizeof(waiting), err);
	if (code == ERR_OK)
		code = file_replace(waiting, der, 0644, err);
	if (code == ERR_OK)
		code = archive_admit(config, root->name, number, path,
		    sizeof(path), err);
	return code;
}

/* The file's DER and number, once it is known to be the root's. */
static enum err
load_file(const struct config *config, const char *path,
    const struct cert *cert, struct buffer *der, struct number *number,
    struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer file = {0};
	enum err code;

	code = file_read(path, FILE_PUBLIC, 2 * config->max_crl_bytes, &file,
	    err);
	if (code != ERR_OK)
		return code;
	code = pem_or_der(span_of_buffer(&file), PEM_CRL, der, err);
	if (code == ERR_OK)
		code = verify_file(path, cert, span_of_buffer(der), number,
		    notices, err);
	return code == ERR_OK ? code : err_about(err, path);
}

enum err
adopt_check(const struct config *config, const char *path,
    const struct cert *cert, struct error *err)
{
	RELEASE_BUFFER struct buffer der = {0};
	RELEASE_NOTICES struct notices unsaid = {0};
	struct number number;

	return load_file(config, path, cert, &der, &number, &unsaid, err);
}

enum err
adopt_first(const struct config *config, const struct config_root *root,
    const char *path, int64_t now_s, const char *who, struct number *out,
    struct notices *notices, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	RELEASE_BUFFER struct buffer der = {0};
	FREE_CERT struct cert *cert = NULL;
	struct number number = {0};
	const struct ledger_event event = {
	    .event = "adopt", .root = root->name, .number = &number,
	    .at_s = now_s, .who = who, .details = {{"file", path}}};
	bool found;
	enum err code;

	code = certfile_load(root->certificate, &cert, err);
	if (code == ERR_OK)
		code = load_file(config, path, cert, &der, &number, notices,
		    err);
	if (code == ERR_OK)
		code = archive_open_last(config, root->name, cert, &last,
		    &found, notices, err);
	if (code != ERR_OK)
		return code;
	if (found)
		return err_fail(err, ERR_USAGE, "%s: want an empty archive "
		    "to begin with, have %s: nothing is left to adopt",
		    root->name, last.path);
	code = archive_file(config, root, span_of_buffer(&der), &number, err);
	if (code == ERR_OK)
		code = ledger_append(config, &event, notices, err);
	if (code == ERR_OK)
		*out = number;
	return code;
}
