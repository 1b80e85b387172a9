/* SPDX-License-Identifier: ISC */
/* Run another program: an argument vector, a time limit, never a shell. */
#pragma once

#include "base/error.h"

#define PROCESS_OUTPUT_MAX 4096

/* How it ended, and the beginning of what it printed. */
struct process_result {
	int status;	/* exit status, or 128 + signal */
	char output[PROCESS_OUTPUT_MAX];	/* both streams, printable */
};

/*
 * Run argv[0] from PATH with only descriptors 0..2.
 *
 * argv       NULL-terminated, at least one element
 * input      its standard input; -1 for none
 * timeout_s  then its process group is killed, 1..3600
 *
 * ERR_PERMISSIONS if others could change the program (program_find);
 * ERR_HOOK if it cannot be started or runs out of time; an exit status
 * other than 0 is the caller's to judge.
 */
MUST_CHECK enum err process_run(const char *const argv[], int input,
    unsigned int timeout_s, struct process_result *out, struct error *err);
