/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "ferry/manifest.h"
#include "sub/reader/sandbox.h"

#define READER_TIMEOUT_MS (10 * 60 * 1000)

/* gcc defines a macro for it, clang has a feature of that name. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(HAS_ADDRESS_SANITIZER)
#define HAS_ADDRESS_SANITIZER
#endif

/*
 * Memory, time and the end: what parsing needs.  write is added for one
 * descriptor.  Anything else kills the process.
 */
static const int allowed[] = {
    SCMP_SYS(brk), SCMP_SYS(clock_gettime), SCMP_SYS(exit_group),
    SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(getrandom),
    SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(munmap),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
#if defined(HAS_ADDRESS_SANITIZER)
    /* The sanitizers' own housekeeping. */
    SCMP_SYS(gettid), SCMP_SYS(mprotect), SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
#endif
};

/* No path can be opened, made or removed any more. */
static bool
confine_files(void)
{
	const struct landlock_ruleset_attr nothing = {
	    .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE |
		LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
		LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	long ruleset = syscall(SYS_landlock_create_ruleset, &nothing,
	    sizeof(nothing), 0);
	bool done;

	if (ruleset < 0)
		return false;
	done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close((int)ruleset);
	return done;
}

static bool
fill_filter(scmp_filter_ctx filter, int keep_fd)
{
	for (size_t i = 0; i < COUNT_OF(allowed); i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i],
		    0) != 0)
			return false;
	}
	/* Memory without a file behind it, and never executable. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)keep_fd)) == 0;
}

static bool
confine_calls(int keep_fd)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool done;

	if (filter == NULL)
		return false;
	done = fill_filter(filter, keep_fd) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return done;
}

/*
 * Give up every right but to compute, to write to one descriptor, and to end.
 * Returns false if the kernel lacks seccomp or Landlock; what it has is in
 * force then.
 */
static bool
confine(int keep_fd)
{
	const struct rlimit none = {0, 0};
	bool files, calls;

	if (keep_fd > 0)
		close_range(0, (unsigned int)keep_fd - 1, 0);
	close_range((unsigned int)keep_fd + 1, ~0U, 0);
	setrlimit(RLIMIT_FSIZE, &none);
	setrlimit(RLIMIT_NPROC, &none);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	files = confine_files();
	calls = confine_calls(keep_fd);
	return files && calls;
}

/* The child: confined before the first octet is looked at. */
static _Noreturn void
work_confined(const struct confined *confined, void *answer, size_t size,
    int to)
{
	struct confined_answer *head = answer;
	struct error err;

	memset(answer, 0, size);
	head->is_confined = confined->sandbox != SANDBOX_OFF && confine(to);
	if (confined->sandbox == SANDBOX_REQUIRE && head->is_confined == 0)
		(void)err_remedy(&head->error, err_fail(&head->error,
		    ERR_PERMISSIONS, "sandbox: this kernel lacks seccomp or "
		    "Landlock"), "use a kernel that has both, or set sandbox "
		    "= \"try\"");
	else
		confined->work(confined->context, answer);
	if (file_write_all(to, "verdict", (struct span){answer, size},
	    &err) != ERR_OK)
		_exit(1);
	_exit(0);
}

/*
 * Exactly one answer and then the end, none of them long in coming; false
 * otherwise.
 */
static bool
receive(int fd, void *out, size_t size)
{
	size_t got = 0;
	uint8_t more;

	for (;;) {
		const bool is_whole = got == size;
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int ready = poll(&poll_fd, 1, READER_TIMEOUT_MS);
		ssize_t part;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		part = is_whole ? read(fd, &more, sizeof(more)) :
		    read(fd, (uint8_t *)out + got, size - got);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0 || is_whole)
			return part == 0 && is_whole;
		got += (size_t)part;
	}
}

enum err
confined_run(const struct confined *confined, void *answer, size_t size,
    struct error *err)
{
	CLOSE_FD int reading = -1;
	int status = 0;
	int pipes[2];
	bool answered;
	pid_t pid;

	/* This opens a device on first use, which the child could not. */
	manifest_start();
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return file_fail(err, "reader", "open a pipe to");
	reading = pipes[0];
	pid = fork();
	if (pid == 0)
		work_confined(confined, answer, size, pipes[1]);
	close(pipes[1]);
	if (pid < 0)
		return file_fail(err, "reader", "start");
	answered = receive(reading, answer, size);
	if (!answered)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!answered || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_fail(err, ERR_FORMAT, "%s: the reader gave no "
		    "verdict: it ended with %s %d",
		    confined->subject,
		    WIFSIGNALED(status) ? "signal" : "status",
		    WIFSIGNALED(status) ? WTERMSIG(status) :
		    WEXITSTATUS(status));
	return ERR_OK;
}

enum err
confined_check(const struct confined_answer *answer, struct error *err)
{
	const struct error *error = &answer->error;

	if (!error_is_known(error->code) || answer->is_confined > 1 ||
	    !text_is_printable(error->what, sizeof(error->what)) ||
	    !text_is_printable(error->remedy, sizeof(error->remedy)))
		return err_fail(err, ERR_FORMAT, "reader: the verdict is "
		    "out of its bounds");
	if (error->code != ERR_OK && error->what[0] == '\0')
		return err_fail(err, ERR_FORMAT, "reader: the verdict is a "
		    "refusal that does not say why");
	return ERR_OK;
}

enum err
confined_conclude(const struct confined *confined,
    const struct confined_answer *answer, struct notices *notices,
    struct error *err)
{
	if (confined->sandbox == SANDBOX_TRY && answer->is_confined == 0)
		notice_safety(notices, "%s: the reader is not fully confined: "
		    "this kernel lacks seccomp or Landlock",
		    confined->subject);
	if (answer->error.code == ERR_OK)
		return ERR_OK;
	err_copy(err, &answer->error);
	/* It may say it already: "FILE is HTML, not a CRL". */
	return strncmp(answer->error.what, confined->subject,
	    strlen(confined->subject)) == 0 ? answer->error.code :
	    err_about(err, answer->error.code, confined->subject);
}
