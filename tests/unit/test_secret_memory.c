/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "test.h"

static int
start(void **state)
{
	alarm(60);
	return secret_start(NULL) == ERR_OK ? 0 : -1;
}

AROUND_ALL(start, NULL)

TEST(memory_is_zeroed_and_wiped)
{
	RELEASE_SECRET struct secret secret = {0};
	uint8_t octets[64], zeros[64] = {0};

	assert_int_equal(secret_new(sizeof(zeros), &secret, NULL), ERR_OK);
	assert_int_equal(secret.size, sizeof(zeros));
	assert_memory_equal(secret.data, zeros, sizeof(zeros));
	assert_int_equal(secret.data[secret.size], 0);
	memset(octets, 'x', sizeof(octets));
	secret_wipe(octets, sizeof(octets));
	assert_memory_equal(octets, zeros, sizeof(zeros));
}

TEST(too_much_memory_is_an_error)
{
	struct secret secret = {0};
	struct error err = {0};

	REFUSED(secret_new(SIZE_MAX / 2, &secret, &err), ERR_IO);
	assert_null(secret.data);
	assert_non_null(strstr(err.what, "out of memory"));
}

/* Without the right to lock as much as one likes, which root has. */
static bool
lock_nothing(void)
{
	const struct rlimit none = {0, 0};
	struct secret secret = {0};
	struct error err = {0};

	return setrlimit(RLIMIT_MEMLOCK, &none) == 0 &&
	    (getuid() != 0 || setuid(65534) == 0) &&
	    secret_new(64, &secret, &err) == ERR_IO && secret.data == NULL &&
	    strstr(err.what, "can be locked") != NULL;
}

TEST(memory_that_cannot_be_locked_is_an_error)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(lock_nothing() ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

TEST(random_octets_differ)
{
	uint8_t one[32], two[32], zeros[32] = {0};

	secret_random(one, sizeof(one));
	secret_random(two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
	assert_memory_not_equal(one, zeros, sizeof(one));
}

/* How a child ended that ran work() and then, where that returned, aborted. */
static int
status_of_child(bool (*work)(void))
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		/* A sanitizer would catch it. */
		signal(SIGABRT, SIG_DFL);
		alarm(HANG_S);
		if (!work())
			_exit(1);
		abort();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool
harden(void)
{
	struct rlimit limit;

	return secret_harden_process(NULL) == ERR_OK &&
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	    getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 &&
	    limit.rlim_max == 0;
}

TEST(a_hardened_process_leaves_no_core)
{
	int status = status_of_child(harden);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_false(WCOREDUMP(status));
}

static bool
read_beyond(void)
{
	struct secret secret;
	struct rlimit none = {0, 0};

	signal(SIGSEGV, SIG_DFL);
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    secret_new(32, &secret, NULL) != ERR_OK)
		return false;
	/* The NUL is the last octet before the fence. */
	return ((volatile uint8_t *)secret.data)[secret.size + 1] < 255;
}

TEST(memory_is_fenced)
{
	int status = status_of_child(read_beyond);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}
