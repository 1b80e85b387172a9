/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/process/process.h"
#include "base/process/program.h"
#include "base/text.h"

#define OWN_FDS 3		/* 0, 1 and 2 */
#define FREE_FD (OWN_FDS + PROCESS_PASSED_MAX + 1)
#define ENVIRONMENT_MAX 16
#define PIPE_BYTES (64 * 1024)	/* what a pipe has room for */
#define HEAD_SIZE 1024		/* of much output, before what is left out */
#define TAIL_AT (HEAD_SIZE + sizeof(PROCESS_LEFT_OUT) - 1)

/* One program that is being started. */
struct starting {
	const struct process *process;
	const char *path;
	const char *environment[ENVIRONMENT_MAX];
	int output;
	int errors;
	int trouble;	/* the errno of what failed before it ran */
	pid_t parent;
};

/* The part of our environment that a program needs. */
static const char *const kept[] = {"PATH", "HOME", "USER", "LOGNAME", "TZ",
    "TMPDIR", "KRB5CCNAME", "KRB5_CONFIG", "KRB5_CLIENT_KTNAME"};

static void
choose_environment(const struct process *process,
    const char *out[ENVIRONMENT_MAX])
{
	size_t count = 0;

	out[count++] = "LC_ALL=C.UTF-8";
	if (process->setting != NULL)
		out[count++] = process->setting;
	for (size_t i = 0; environ != NULL && environ[i] != NULL; i++) {
		const size_t size = strcspn(environ[i], "=");

		for (size_t k = 0; k < COUNT_OF(kept); k++) {
			if (count + 1 < ENVIRONMENT_MAX &&
			    strlen(kept[k]) == size &&
			    memcmp(environ[i], kept[k], size) == 0)
				out[count++] = environ[i];
		}
	}
	out[count] = NULL;
}

/* The descriptors become 3 and so on, in whatever order they stand. */
static bool
pass_on(const struct process *process)
{
	int moved[PROCESS_PASSED_MAX];

	for (size_t i = 0; i < process->passed_count; i++) {
		moved[i] = fcntl(process->passed[i], F_DUPFD, FREE_FD);
		if (moved[i] < 0)
			return false;
	}
	for (size_t i = 0; i < process->passed_count; i++) {
		if (dup2(moved[i], OWN_FDS + (int)i) < 0)
			return false;
	}
	return true;
}

/*
 * Nothing but the streams and what is passed goes along.  Behind them *trouble,
 * where the program does not see it.
 */
static bool
settle_descriptors(const struct starting *starting, int *trouble)
{
	const struct process *process = starting->process;
	const int last = OWN_FDS + (int)process->passed_count;
	int input = process->input;

	*trouble = fcntl(starting->trouble, F_DUPFD_CLOEXEC, FREE_FD);
	if (input < 0)
		input = open("/dev/null", O_RDONLY);
	if (*trouble < 0 || input < 0 || dup2(input, 0) < 0 ||
	    dup2(starting->output, 1) < 0 ||
	    dup2(starting->errors, 2) < 0 || !pass_on(process) ||
	    dup3(*trouble, last, O_CLOEXEC) < 0)
		return false;
	*trouble = last;
	close_range((unsigned int)last + 1, ~0U, 0);
	return true;
}

static bool
limit_files(const struct process *process)
{
	const struct rlimit limit = {process->output_max + 1,
	    process->output_max + 1};

	return process->output == NULL ||
	    setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/* In the child. */
static _Noreturn void
start_program(const struct starting *starting)
{
	const struct process *process = starting->process;
	int trouble, number;

	setpgid(0, 0);
	/* A signal to our group does not reach it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != starting->parent)
		_exit(127);
	/*
	 * The path that was checked, not its descriptor: nobody else can
	 * change what it means, and a script finds its own name in $0.
	 */
	if (settle_descriptors(starting, &trouble) && limit_files(process))
		execvpe(starting->path,
		    (char *const *)(uintptr_t)process->argv,
		    process->has_environment ? environ :
		    (char *const *)(uintptr_t)starting->environment);
	number = errno;
	_exit(write(trouble, &number, sizeof(number)) < 0 ? 126 : 127);
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Has it ended?  It stays there to be waited for. */
static bool
has_ended(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
	    0 || info.si_pid == pid;
}

/* Keep it, and of what is too much the beginning and the end. */
static void
keep_output(struct process_result *out, size_t *used, const char *more,
    size_t size)
{
	const size_t room = sizeof(out->output) - 1 - *used;

	if (size > room) {
		const size_t away = size - room;

		memmove(out->output + TAIL_AT, out->output + TAIL_AT + away,
		    *used - TAIL_AT - away);
		memcpy(out->output + HEAD_SIZE, PROCESS_LEFT_OUT,
		    strlen(PROCESS_LEFT_OUT));
		*used -= away;
	}
	for (size_t i = 0; i < size; i++)
		out->output[*used + i] = more[i] == '\0' ? ' ' : more[i];
	*used += size;
	out->output[*used] = '\0';
}

/*
 * Keep what it prints until it closes its output, or ends: a daemon that it
 * started may hold the output open for good.  False if the time runs out first.
 */
static bool
collect_output(int fd, pid_t pid, int64_t deadline_ms,
    struct process_result *out)
{
	char scratch[512];
	size_t used = 0, behind = 0;

	for (;;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int64_t left_ms = deadline_ms - monotonic_ms();
		bool ended = has_ended(pid);
		ssize_t got;

		/* A daemon may go on to print: that is not waited for. */
		if (ended && behind >= PIPE_BYTES)
			return true;
		if (!ended && left_ms <= 0)
			return false;
		if (left_ms > 50)
			left_ms = 50;
		if (poll(&poll_fd, 1, ended ? 0 : (int)left_ms) <= 0) {
			if (ended)
				return true;
			continue;
		}
		got = read(fd, scratch, sizeof(scratch));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return true;
		keep_output(out, &used, scratch, (size_t)got);
		behind += ended ? (size_t)got : 0;
	}
}

/* Control characters become spaces, and the end is trimmed. */
static void
make_one_line(char *text)
{
	size_t size;

	text_make_printable(text, ' ');
	for (size = strlen(text); size > 0 && text[size - 1] == ' '; size--)
		text[size - 1] = '\0';
}

/* Wait for the end; false if the time runs out first. */
static bool
wait_until(pid_t pid, int64_t deadline_ms, int *status)
{
	const struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};

	for (;;) {
		pid_t done = waitpid(pid, status, WNOHANG);

		if (done == pid)
			return true;
		if (done < 0 && errno != EINTR)
			return false;
		if (monotonic_ms() >= deadline_ms)
			return false;
		nanosleep(&pause, NULL);
	}
}

enum err
process_hold(const char *name, struct span octets, int *out,
    struct error *err)
{
	CLOSE_FD int fd = memfd_create("crlferry", MFD_CLOEXEC);

	if (fd < 0 || fchmod(fd, 0600) != 0)
		return file_fail(err, name, "hold");
	TRY(file_write_all(fd, name, octets, err));
	if (lseek(fd, 0, SEEK_SET) != 0)
		return file_fail(err, name, "rewind");
	*out = fd;
	fd = -1;
	return ERR_OK;
}

/* What it printed into a file in memory. */
static enum err
take_output(const struct process *process, int fd, bool *is_cut,
    struct error *err)
{
	struct buffer *output = process->output;
	struct stat st;
	size_t size;

	if (output == NULL)
		return ERR_OK;
	if (fstat(fd, &st) != 0)
		return file_fail(err, process->argv[0], "read");
	size = (size_t)st.st_size;
	*is_cut = size > process->output_max;
	if (*is_cut)
		size = process->output_max;
	TRY(buffer_reserve(output, size, err));
	for (size_t got = 0; got < size;) {
		const ssize_t more = pread(fd, output->data + output->size,
		    size - got, (off_t)got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			return file_fail(err, process->argv[0], "read");
		output->size += (size_t)more;
		got += (size_t)more;
	}
	return ERR_OK;
}

/* Wait for it, and read its errors meanwhile. */
static enum err
attend(const struct process *process, pid_t pid, int errors,
    int64_t deadline_ms, struct process_result *out, struct error *err)
{
	char words[PROCESS_WORDS_SIZE];
	int status = 0;

	if (!collect_output(errors, pid, deadline_ms, out) ||
	    !wait_until(pid, deadline_ms, &status)) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		out->is_late = true;
		make_one_line(out->output);
		process_words(out, words);
		return err_fail(err, ERR_HOOK, "%s: still running after %u s, "
		    "so it was killed%s%s", process->argv[0],
		    process->timeout_s, words[0] == '\0' ? "" :
		    "; it had printed: ", words);
	}
	make_one_line(out->output);
	out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	return ERR_OK;
}

/*
 * It has ended: had it begun?  The end of the pipe was closed when it did.  A
 * status of 127 does not say: a shell ends with it too.
 */
static enum err
check_start(const char *name, int trouble, struct error *err)
{
	int number;

	if (read(trouble, &number, sizeof(number)) != sizeof(number))
		return ERR_OK;
	return err_fail(err, ERR_HOOK, "%s cannot be run: %s", name,
	    strerror(number));
}

static enum err
open_pipe(const char *name, int *reading, int *writing, struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return file_fail(err, name, "open a pipe to");
	*reading = ends[0];
	*writing = ends[1];
	return ERR_OK;
}

enum err
process_run(const struct process *process, struct process_result *out,
    struct error *err)
{
	const int64_t deadline_ms = monotonic_ms() +
	    (int64_t)process->timeout_s * 1000;
	struct starting starting = {.process = process};
	CLOSE_FD int reading = -1, printed = -1, trouble = -1;
	CLOSE_FD int writing = -1, telling = -1;
	char path[PATH_MAX];
	pid_t pid;

	memset(out, 0, sizeof(*out));
	TRY(program_find(process->argv[0], path, err));
	TRY(program_check_script(process->argv, err));
	if (process->output != NULL)
		TRY(process_hold(process->argv[0], (struct span){NULL, 0},
		    &printed, err));
	TRY(open_pipe(process->argv[0], &reading, &writing, err));
	TRY(open_pipe(process->argv[0], &trouble, &telling, err));
	starting.path = path;
	starting.errors = writing;
	starting.output = process->output == NULL ? writing : printed;
	starting.trouble = telling;
	starting.parent = getpid();
	choose_environment(process, starting.environment);
	pid = fork();
	if (pid == 0)
		start_program(&starting);
	if (pid < 0)
		return file_fail(err, process->argv[0], "start");
	file_close(&writing);
	file_close(&telling);
	TRY(attend(process, pid, reading, deadline_ms, out, err));
	TRY(check_start(process->argv[0], trouble, err));
	return take_output(process, printed, &out->is_cut, err);
}
