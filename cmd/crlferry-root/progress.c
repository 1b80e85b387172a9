/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define MIB (1024 * 1024)
#define WORTH_MIB 4		/* less is done before anybody looks */
#define WIDTH 40		/* columns that the line may take */

static void
show(void *context, const char *doing, uint64_t done_bytes,
    uint64_t total_bytes)
{
	const uint64_t done_mib = done_bytes / MIB;
	struct progress *progress = context;
	char line[WIDTH + 1];

	if (total_bytes / MIB < WORTH_MIB ||
	    (progress->is_shown && done_mib == progress->shown_mib))
		return;
	snprintf(line, sizeof(line), "%llu of %llu MiB %s",
	    (unsigned long long)done_mib,
	    (unsigned long long)(total_bytes / MIB), doing);
	fprintf(stderr, "\r%-*s", WIDTH, line);
	fflush(stderr);
	progress->shown_mib = done_mib;
	progress->is_shown = true;
}

const struct medium_progress *
progress_start(const struct invocation *invocation, struct progress *out)
{
	*out = (struct progress){.listener = {show, out}};
	return invocation->is_quiet || invocation->is_json ||
	    isatty(STDERR_FILENO) == 0 ? NULL : &out->listener;
}

void
progress_clear(struct progress *progress)
{
	if (progress->is_shown)
		fprintf(stderr, "\r%*s\r", WIDTH, "");
	progress->is_shown = false;
}
