/* SPDX-License-Identifier: ISC */
/* Run another program: an argument vector, a time limit, never a shell. */
#pragma once

#include "base/bytes.h"

#define PROCESS_OUTPUT_MAX 4096

/* What is run, and what it is given; start from {.input = -1}. */
struct process {
	const char *const *argv;	/* NULL-terminated, at least one */
	int input;		/* its standard input; -1 for none */
	const int *passed;	/* further descriptors: they become its 3, */
	size_t passed_count;	/* 4 and so on; at most PROCESS_PASSED_MAX */
	bool has_environment;	/* ours, whole */
	const char *setting;	/* "NAME=value", in its environment; or NULL */
	unsigned int timeout_s;	/* then its process group is killed, 1..3600 */
	/*
	 * Its standard output is appended here; NULL: it is not told from its
	 * standard error.  Then no file that it or a program of its own
	 * writes may be longer: that kills it (SIGXFSZ).
	 */
	struct buffer *output;
	uint64_t output_max;	/* octets, of output */
};

#define PROCESS_PASSED_MAX 8
#define PROCESS_LEFT_OUT " [...] "	/* in place of what was too much */

/* How it ended, and what it printed. */
struct process_result {
	int status;	/* exit status, or 128 + signal */
	int signal;	/* that killed it; 0: none did */
	bool is_late;	/* it was killed because its time ran out */
	bool is_cut;	/* it printed more than output_max */
	/* Both streams, printable; of much the beginning and the end. */
	char output[PROCESS_OUTPUT_MAX];
};

#define PROCESS_WORDS_SIZE 320

/*
 * Run argv[0] from PATH.  It is killed if the caller's thread ends before it
 * does, but what it started itself is not.
 *
 * Without has_environment, nothing of ours goes along but what says who and
 * where we are (PATH, HOME, USER, LOGNAME, TZ, TMPDIR and Kerberos' KRB5...),
 * and LC_ALL=C.UTF-8.
 *
 * ERR_PERMISSIONS if others could change the program (program_find);
 * ERR_HOOK if it cannot be started or runs out of time; an exit status
 * other than 0 is the caller's to judge.
 */
MUST_CHECK enum err process_run(const struct process *process,
    struct process_result *out, struct error *err);

/*
 * What it printed, for a message: all of it, if it is short, or else how it
 * begins and, where programs say what is wrong, how it ends.
 */
void process_words(const struct process_result *result,
    char out[PROCESS_WORDS_SIZE]);

#define PROCESS_END_SIZE 400

/*
 * How it ended, for a message, behind the name of the program: "ended with
 * status 1" or "was killed by signal 9 (Killed)", and process_words.
 */
void process_end(const struct process_result *result,
    char out[PROCESS_END_SIZE]);

/*
 * Hold octets in memory for a program to read from their beginning, as its
 * input or one that is passed; the caller closes *out.
 */
MUST_CHECK enum err process_hold(const char *name, struct span octets,
    int *out, struct error *err);
