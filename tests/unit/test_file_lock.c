/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "folder_fixture.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

/* A child that holds the lock until it dies, or for a while. */
static pid_t
start_holder(unsigned int hold_ms)
{
	const struct timespec hold = { .tv_sec = hold_ms / 1000,
	    .tv_nsec = hold_ms % 1000 * 1000000L };
	int ready[2];
	char octet;
	pid_t pid;
	int fd;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(HANG_S);
		if (file_lock("lock", 0, &fd, NULL) != ERR_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		nanosleep(&hold, NULL);
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &octet, 1), 1);
	close(ready[0]);
	return pid;
}

TEST(a_lock_is_held_by_one_process)
{
	pid_t pid = start_holder(HANG_S * 1000);
	struct error err = {0};
	int fd = -1;

	REFUSED(file_lock("lock", 0, &fd, &err), ERR_LOCKED);
	assert_int_equal(fd, -1);
	assert_non_null(strstr(err.what, "another process holds the lock"));
	REFUSED(file_lock("lock", 1, &fd, &err), ERR_LOCKED);
	/* However its holder ends, the lock is free. */
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	FINE(file_lock("lock", 0, &fd, &err));
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	file_close(&fd);
	FINE(file_lock("lock", 0, &fd, &err));
	file_close(&fd);
}

TEST(a_lock_is_waited_for)
{
	pid_t pid = start_holder(300);
	CLOSE_FD int fd = -1;

	assert_int_equal(file_lock("lock", HANG_S, &fd, NULL), ERR_OK);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

TEST(a_lock_is_a_file_of_its_own)
{
	struct error err = {0};
	int fd = -1;

	fixture_write_text(".", "elsewhere", "");
	assert_int_equal(symlink("elsewhere", "lock"), 0);
	assert_int_not_equal(file_lock("lock", 0, &fd, &err), ERR_OK);
	REFUSED(file_lock("no/lock", 0, &fd, &err), ERR_MISSING);
	assert_int_equal(fd, -1);
	assert_true(err.what[0] != '\0');
}
