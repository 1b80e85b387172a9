/* SPDX-License-Identifier: ISC */
#include "base/file.h"
#include "site/lock.h"

enum err
lock_state(const struct config *config, int *out_fd, struct error *err)
{
	char path[4096];

	TRY(file_join(path, sizeof(path), config->state, "lock", err));
	return file_lock(path, LOCK_WAIT_S, out_fd, err);
}
