/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
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
