/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "config_check.h"
#include "site/certfile.h"
#include "site/state.h"

#define PROOF_YEARS 30	/* as `plan` proves a schedule */

/* A verb that writes takes a state folder of an earlier one only like this. */
static enum err
check_state(const struct config *config, struct error *err)
{
	CLOSE_FD int fd = -1;
	bool found;

	TRY(file_find(config->state, &found, err));
	if (!found)
		return ERR_OK;
	fd = open(config->state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_fail(err, config->state, "open");
	TRY(file_check_privacy(fd, config->state, FILE_OURS, err));
	return state_check(config, &found, err);
}

/* `plan` refuses a schedule that leaves a gap. */
static enum err
check_schedule(const struct config_root *root, int64_t now_s,
    struct error *err)
{
	FREE_CERT struct cert *cert = NULL;
	int64_t from_s;

	TRY(certfile_load(root->certificate, &cert, err));
	if (!schedule_last(&root->schedule, now_s, &from_s))
		from_s = now_s;
	return err_about(err, schedule_prove_until(&root->schedule, from_s,
	    PROOF_YEARS, cert->not_after_s, err), root->schedule_path);
}

enum err
config_check(const struct config *config, int64_t now_s, struct error *err)
{
	TRY(check_state(config, err));
	return check_schedule(&config->roots[0], now_s, err);
}

bool
config_is_same_file(const char *one, const char *other)
{
	/* One that cannot be looked at is known by its path alone. */
	CLOSE_FD int a = open(one, O_PATH | O_CLOEXEC);
	CLOSE_FD int b = open(other, O_PATH | O_CLOEXEC);
	struct stat here, there;

	return strcmp(one, other) == 0 || (a >= 0 && b >= 0 &&
	    fstat(a, &here) == 0 && fstat(b, &there) == 0 &&
	    here.st_dev == there.st_dev && here.st_ino == there.st_ino);
}

static enum err
check_number(const struct config *config, const struct config_root *root,
    const char *name, const char *path, struct error *err)
{
	const struct config_signing *signing = root->signing;

	if (path == NULL || !config_is_same_file(signing->crlnumber, path))
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_CONFIG, "%s:%u: %s: crlnumber "
	    "and %s are one file, %s", config->path, signing->crlnumber_line,
	    root->name, name, path), "name the file of the next CRL's number "
	    "there, beside the index it is called crlnumber");
}

/* Against the files of one root, its own or another. */
static enum err
check_number_with(const struct config *config, const struct config_root *root,
    const struct config_root *other, struct error *err)
{
	if (other->signing != NULL) {
		TRY(check_number(config, root, "key", other->signing->key,
		    err));
		TRY(check_number(config, root, "index", other->signing->index,
		    err));
	}
	TRY(check_number(config, root, "certificate", other->certificate,
	    err));
	for (size_t i = 0; i < other->subordinate_count; i++)
		TRY(check_number(config, root, "a subordinate's certificate",
		    other->subordinates[i].certificate, err));
	return ERR_OK;
}

enum err
config_check_files(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->root_count; i++) {
		if (config->roots[i].signing == NULL)
			continue;
		TRY(check_number(config, &config->roots[i],
		    "this configuration", config->path, err));
		for (size_t k = 0; k < config->root_count; k++)
			TRY(check_number_with(config, &config->roots[i],
			    &config->roots[k], err));
	}
	return ERR_OK;
}

void
config_note_folder(const char *path, struct notices *notices)
{
	CLOSE_FD int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	struct error why;

	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & S_ISVTX) == 0 &&
	    file_check_privacy(fd, path, FILE_OURS, &why) == ERR_PERMISSIONS)
		notice_safety(notices, "the configuration's folder is not safe "
		    "from others: %s", why.what);
}
