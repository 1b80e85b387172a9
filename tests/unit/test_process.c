/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process/process.h"
#include "exists_fixture.h"
#include "folder_fixture.h"
#include "test.h"

AROUND_EACH(enter_folder, leave_folder)

static enum err
run_words(const char *const argv[], int input, unsigned int timeout_s,
    struct process_result *out, struct error *err)
{
	const struct process process = { .argv = argv, .input = input,
	    .timeout_s = timeout_s };

	return process_run(&process, out, err);
}

static double
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static const struct {
	const char *name;
	const char *argv[4];
	int status;
	const char *output;
} run_rows[] = {
	{ "nothing to say", { "true" }, 0, "" },
	{ "a status", { "sh", "-c", "exit 3" }, 3, "" },
	{ "the largest but one", { "sh", "-c", "exit 126" }, 126, "" },
	{ "a program that a shell does not find", { "sh", "-c",
	    "exec 2>&-; crlferry-no-such-program" }, 127, "" },
	{ "beyond it", { "sh", "-c", "exit 255" }, 255, "" },
	{ "a signal", { "sh", "-c", "kill -TERM $$" }, 143, "" },
	{ "stdout", { "echo", "one  two" }, 0, "one  two" },
	{ "stderr", { "sh", "-c", "echo out; echo err >&2" }, 0, "out err" },
	{ "output and a status", { "sh", "-c", "echo no; exit 1" }, 1, "no" },
	{ "no shell in between", { "printf", "%s", "$HOME `id` ; *" }, 0,
	    "$HOME `id` ; *" },
	{ "an empty argument", { "printf", "[%s]", "" }, 0, "[]" },
	{ "control characters", { "printf", "a\\033[2J\\tb\\n\\nc\\177" }, 0,
	    "a [2J b  c" },
	{ "a path", { "/bin/sh", "-c", "echo $0" }, 0, "/bin/sh" },
};

TEST(status_and_output_are_kept)
{
	for (size_t i = 0; i < COUNT_OF(run_rows); i++) {
		struct process_result result = { .status = 99 };
		struct error err = {0};

		if (run_words(run_rows[i].argv, -1, 30, &result, &err) !=
		    ERR_OK)
			fail_msg("%s: %s", run_rows[i].name, err.what);
		assert_int_equal(result.signal, result.status == 143 ?
		    SIGTERM : 0);
		if (result.status != run_rows[i].status ||
		    strcmp(result.output, run_rows[i].output) != 0)
			fail_msg("%s: want %d \"%s\", have %d \"%s\"",
			    run_rows[i].name, run_rows[i].status,
			    run_rows[i].output, result.status, result.output);
	}
}

static const struct {
	const char *program;
	const char *want;
} missing_rows[] = {
	{ "crlferry-no-such-program", "No such file or directory" },
	{ "/no/such/program", "No such file or directory" },
	{ "./plain", "Permission denied" },
	{ "./lost", "No such file or directory" },
	{ ".", "Permission denied" },
};

TEST(a_program_that_cannot_be_run_is_a_failed_hook)
{
	fixture_write_text(".", "plain", "#!/bin/sh\n");
	assert_int_equal(chmod("plain", 0600), 0);
	/* It is there, but its interpreter is not. */
	fixture_write_text(".", "lost", "#!/no/such/shell\n");
	assert_int_equal(chmod("lost", 0700), 0);
	for (size_t i = 0; i < COUNT_OF(missing_rows); i++) {
		const char *const argv[] = { missing_rows[i].program, NULL };
		struct process_result result;
		struct error err = {0};

		REFUSED(run_words(argv, -1, 30, &result, &err), ERR_HOOK);
		assert_non_null(strstr(err.what, missing_rows[i].program));
		assert_non_null(strstr(err.what, missing_rows[i].want));
	}
}

/* The whole of it: what it started in its group dies as well. */
TEST(time_runs_out_for_the_whole_group)
{
	const char *const argv[] = { "sh", "-c",
	    "(sleep 3; touch late) & echo started; sleep 30", NULL };
	struct process_result result;
	struct error err = {0};
	double before = now();

	REFUSED(run_words(argv, -1, 1, &result, &err), ERR_HOOK);
	assert_string_equal(err.what, "sh: still running after 1 s, so it "
	    "was killed; it had printed: started");
	assert_true(result.is_late);
	assert_true(now() - before >= 0.9);
	assert_true(now() - before < 10);
	/* It is gone, and no zombie either. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	sleep(4);
	assert_false(file_exists("late"));
}

/* Until all who could write to it have closed it. */
static bool
is_closed(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char scratch[16];

	while (poll(&poll_fd, 1, timeout_ms) == 1) {
		if (read(fd, scratch, sizeof(scratch)) <= 0)
			return true;
	}
	return false;
}

/* It is in a process group of its own: no signal to ours reaches it. */
TEST(it_ends_with_who_runs_it)
{
	const char *const argv[] = { "sh", "-c", "echo up >&3; exec sleep 20",
	    NULL };
	struct process_result result;
	char up[3];
	int ends[2];
	pid_t runner;

	assert_int_equal(pipe(ends), 0);
	runner = fork();
	if (runner == 0) {
		const struct process process = { .argv = argv, .input = -1,
		    .timeout_s = 30, .passed = &ends[1], .passed_count = 1 };

		_exit(process_run(&process, &result, NULL) == ERR_OK);
	}
	assert_true(runner > 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], up, sizeof(up)), sizeof(up));
	assert_int_equal(kill(runner, SIGTERM), 0);
	assert_int_equal(waitpid(runner, NULL, 0), runner);
	assert_true(is_closed(ends[0], 10000));
	close(ends[0]);
}

TEST(closing_the_output_does_not_stop_the_clock)
{
	const char *const argv[] = { "sh", "-c",
	    "exec sleep 30 >&- 2>&-", NULL };
	struct process_result result;
	struct error err = {0};

	REFUSED(run_words(argv, -1, 1, &result, &err), ERR_HOOK);
	assert_non_null(strstr(err.what, "still running"));
}

/* A daemon keeps the output open, in silence or not; it is left alone. */
static const struct {
	const char *name;
	const char *script;
	const char *output;	/* how it begins */
} daemon_rows[] = {
	{ "silent", "setsid sleep 12 & echo $! >pid; echo up; exit 4", "up" },
	{ "chatty", "setsid sh -c 'while sleep 0.01; do echo tick || exit; "
	    "done' & echo $! >pid; echo up; exit 4", "up" },
	{ "flooding", "setsid yes & echo $! >pid; exit 4", "" },
};

TEST(daemons_are_not_waited_for)
{
	for (size_t i = 0; i < COUNT_OF(daemon_rows); i++) {
		const char *const argv[] = { "sh", "-c",
		    daemon_rows[i].script, NULL };
		RELEASE_BUFFER struct buffer text = {0};
		struct process_result result;
		struct error err = {0};
		double before = now();

		if (run_words(argv, -1, 10, &result, &err) != ERR_OK)
			fail_msg("%s: %s", daemon_rows[i].name, err.what);
		assert_true(now() - before < 5);
		assert_int_equal(result.status, 4);
		assert_memory_equal(result.output, daemon_rows[i].output,
		    strlen(daemon_rows[i].output));
		fixture_read(".", "pid", &text);
		FINE(buffer_append(&text, "", 1, &err));
		kill((pid_t)atol((const char *)text.data), SIGKILL);
	}
}

/* What is wrong may be said at the end. */
TEST(of_much_output_the_beginning_and_the_end_are_kept)
{
	const char *const argv[] = { "sh", "-c",
	    "printf begin; head -c 1000000 /dev/zero | tr '\\0' x; "
	    "printf end; exit 5", NULL };
	struct process_result result;
	char words[PROCESS_WORDS_SIZE];

	assert_int_equal(run_words(argv, -1, 30, &result, NULL), ERR_OK);
	assert_int_equal(result.status, 5);
	assert_int_equal(strlen(result.output), PROCESS_OUTPUT_MAX - 1);
	assert_memory_equal(result.output, "beginxxxx", 9);
	assert_non_null(strstr(result.output, "xx [...] xx"));
	assert_string_equal(result.output + PROCESS_OUTPUT_MAX - 1 - 5,
	    "xxend");
	process_words(&result, words);
	assert_memory_equal(words, "beginxxxx", 9);
	assert_non_null(strstr(words, "xx [...] xx"));
	assert_string_equal(words + strlen(words) - 5, "xxend");
}

/* A word of it comes late, and in pieces. */
TEST(output_in_pieces_is_kept_in_order)
{
	const char *const argv[] = { "sh", "-c", "i=0; while [ $i -lt 3000 ]; "
	    "do echo $i; i=$((i + 1)); done", NULL };
	struct process_result result;

	assert_int_equal(run_words(argv, -1, 30, &result, NULL), ERR_OK);
	assert_memory_equal(result.output, "0 1 2 3 4 5 6 ", 14);
	assert_string_equal(strstr(result.output, " 2990 "),
	    " 2990 2991 2992 2993 2994 2995 2996 2997 2998 2999");
}

TEST(a_nul_in_the_output_is_no_harm)
{
	const char *const argv[] = { "printf", "a\\0b", NULL };
	struct process_result result;

	assert_int_equal(run_words(argv, -1, 30, &result, NULL), ERR_OK);
	assert_string_equal(result.output, "a b");
}

/* Passphrases may wait on ours. */
TEST(standard_input_is_not_passed_on)
{
	const char *const argv[] = { "cat", NULL };
	struct process_result result;
	int kept = dup(0);
	int pipes[2];

	assert_true(kept > 0);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "secret", 6), 6);
	close(pipes[1]);
	assert_int_equal(dup2(pipes[0], 0), 0);
	assert_int_equal(run_words(argv, -1, 30, &result, NULL), ERR_OK);
	assert_int_equal(dup2(kept, 0), 0);
	close(kept);
	close(pipes[0]);
	assert_int_equal(result.status, 0);
	assert_string_equal(result.output, "");
}

/* From where it stands, and to its end. */
TEST(an_input_is_passed_on)
{
	const char *const argv[] = { "cat", NULL };
	struct process_result result;
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(write(fileno(file), "not this: hello", 15), 15);
	assert_int_equal(lseek(fileno(file), 10, SEEK_SET), 10);
	assert_int_equal(run_words(argv, fileno(file), 30, &result, NULL),
	    ERR_OK);
	fclose(file);
	assert_string_equal(result.output, "hello");
}

/* The key's file may be open, and a passphrase wait on a descriptor. */
TEST(only_three_descriptors_are_passed_on)
{
	const char *const argv[] = { "sh", "-c",
	    "ls /proc/self/fd | tr '\\n' ' '; cat <&7", NULL };
	struct process_result result;
	int fd = open("/dev/null", O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(dup2(fd, 7), 7);
	assert_int_equal(run_words(argv, -1, 30, &result, NULL), ERR_OK);
	close(7);
	close(fd);
	/* 3 is the folder that ls reads. */
	assert_memory_equal(result.output, "0 1 2 3 ", 8);
	assert_int_not_equal(result.status, 0);
}

/* Nobody's secrets, and nothing that changes how a program behaves. */
TEST(the_environment_is_not_passed_on)
{
	const char *const argv[] = { "env", NULL };
	RELEASE_BUFFER struct buffer output = {0};
	const struct process process = { .argv = argv, .input = -1,
	    .timeout_s = 30, .output = &output, .output_max = 65536 };
	struct process_result result;
	struct error err;

	assert_int_equal(setenv("LD_LIBRARY_PATH", "/x", 1), 0);
	assert_int_equal(setenv("SECRET", "x", 1), 0);
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	assert_int_equal(setenv("LC_ALL", "C", 1), 0);
	FINE(process_run(&process, &result, &err));
	FINE(buffer_append(&output, "", 1, &err));
	assert_non_null(strstr((char *)output.data, "LC_ALL=C.UTF-8\n"));
	assert_non_null(strstr((char *)output.data, "PATH=/"));
	assert_non_null(strstr((char *)output.data, "TZ=UTC\n"));
	assert_null(strstr((char *)output.data, "SECRET"));
	assert_null(strstr((char *)output.data, "LD_LIBRARY_PATH"));
}

TEST(a_setting_is_added_to_it)
{
	const char *const argv[] = { "sh", "-c", "echo $A/$LC_ALL", NULL };
	const struct process process = { .argv = argv, .input = -1,
	    .timeout_s = 30, .setting = "A=b c" };
	struct process_result result;
	struct error err;

	FINE(process_run(&process, &result, &err));
	assert_string_equal(result.output, "b c/C.UTF-8");
}

/* What is passed is 3 and 4 there, however it was numbered here. */
TEST(descriptors_are_passed_on)
{
	const char *const argv[] = { "sh", "-c", "cat <&4; cat <&3", NULL };
	struct process_result result;
	struct error err;
	int passed[2];
	const struct process process = { .argv = argv, .input = -1,
	    .timeout_s = 30, .passed = passed, .passed_count = 2 };

	FINE(process_hold("one", span_of_text("one"), &passed[0], &err));
	FINE(process_hold("two", span_of_text("two"), &passed[1], &err));
	for (int i = 0; i < 2; i++) {
		const int other = passed[0];

		FINE(process_run(&process, &result, &err));
		assert_string_equal(result.output, i == 0 ? "twoone" :
		    "onetwo");
		passed[0] = passed[1];
		passed[1] = other;
		assert_int_equal(lseek(passed[0], 0, SEEK_SET), 0);
		assert_int_equal(lseek(passed[1], 0, SEEK_SET), 0);
	}
	close(passed[0]);
	close(passed[1]);
}

static const struct {
	const char *name;
	const char *script;
	size_t size;
	bool is_cut;
} output_rows[] = {
	{ "nothing", ":", 0, false },
	{ "as much as is allowed", "head -c 1000 /dev/zero", 1000, false },
	{ "an octet more", "head -c 1001 /dev/zero", 1000, true },
	{ "a gigabyte", "head -c 1000000000 /dev/zero", 1000, true },
	{ "binary octets", "printf 'a\\0b'", 3, false },
};

TEST(output_is_kept_apart_up_to_its_limit)
{
	for (size_t i = 0; i < COUNT_OF(output_rows); i++) {
		const char *const argv[] = { "sh", "-c",
		    output_rows[i].script, NULL };
		RELEASE_BUFFER struct buffer output = {0};
		const struct process process = { .argv = argv, .input = -1,
		    .timeout_s = 30, .output = &output, .output_max = 1000 };
		struct process_result result;
		struct error err;

		FINE(process_run(&process, &result, &err));
		if (output.size != output_rows[i].size ||
		    result.is_cut != output_rows[i].is_cut)
			fail_msg("%s: %zu octets, %d", output_rows[i].name,
			    output.size, result.is_cut);
	}
}
