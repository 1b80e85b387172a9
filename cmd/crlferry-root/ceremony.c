/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "issue_arguments.h"
#include "progress.h"
#include "root/ceremony/ceremony.h"
#include "root/ceremony/rehearsal.h"
#include "root_verbs.h"
#include "site/medium.h"
#include "site/state.h"
#include "terminal.h"

const struct cli_option ceremony_options[] = {
    {"rehearse", NULL, "a rehearsal with throw-away keys"},
    ISSUE_OPTIONS,
    {"confirm-date", "YYYY-MM-DD", "must be the date that is typed"},
    {"allow-fixed-disk", NULL, "MEDIUM may be any folder, not only a stick"},
    {"dry-run", NULL, "end before the question, and write nothing"},
    {NULL},
};

/* Made up for this once, so that typing it can be practised. */
static enum err
ask_throwaway(const struct invocation *invocation,
    const struct ceremony_io *io, struct secret *out, struct error *err)
{
	if (invocation->passphrases.fd < 0)
		TRY(io->say(io->context, "This rehearsal makes keys of its "
		    "own, and destroys them. Make up a passphrase\nfor them, "
		    "not a real one; Enter alone is for none. It is asked for "
		    "again when it\nsigns.\n", err));
	return passphrase_obtain(&invocation->passphrases,
	    "throw-away passphrase of the rehearsal", out, err);
}

static enum err
rehearse(const struct invocation *invocation,
    const struct ceremony_options *options, const struct ceremony_io *io,
    struct error *err)
{
	RELEASE_REHEARSAL struct rehearsal rehearsal = REHEARSAL_NONE;
	RELEASE_SECRET struct secret passphrase = {0};
	const char *parent = getenv("TMPDIR");
	const struct rehearsal_options how = {
	    .parent = parent == NULL ? "/tmp" : parent,
	    .medium = options->is_dry_run ? NULL : options->medium,
	    .passphrase = &passphrase};
	struct ceremony_options rehearsed = *options;

	TRY(medium_check_writable(options->medium,
	    options->is_fixed_disk_allowed, err));
	if (access(options->medium, W_OK) != 0)
		return file_fail(err, options->medium, "write to");
	if (!options->is_dry_run)
		TRY(ask_throwaway(invocation, io, &passphrase, err));
	TRY(rehearsal_prepare(invocation->config, &how, &rehearsal, err));
	TRY(state_prepare(rehearsal.config, err));
	rehearsed.medium = rehearsal.medium;
	rehearsed.is_fixed_disk_allowed = true;
	rehearsed.real = invocation->config;
	rehearsed.real_medium = options->medium;
	return ceremony_hold(rehearsal.config, &rehearsed, io, err);
}

enum err
cmd_ceremony(struct invocation *invocation, struct error *err)
{
	CLOSE_TERMINAL struct terminal terminal = TERMINAL_NONE;
	struct issue_arguments arguments;
	CLEAR_PROGRESS struct progress progress = {.is_shown = false};
	struct ceremony_options options = {
	    .medium = invocation->arguments.words[0],
	    .progress = progress_start(invocation, &progress),
	    .is_fixed_disk_allowed = cli_flag(invocation,
		"allow-fixed-disk"),
	    .is_dry_run = cli_flag(invocation, "dry-run")};
	struct ceremony_io io;

	TRY(issue_arguments_take(invocation, &arguments, &options.issue, err));
	TRY(cli_time(invocation, "confirm-date", -1, &options.issue.confirmed_s,
	    err));
	TRY(terminal_open(&terminal, &io, err));
	return cli_flag(invocation, "rehearse") ?
	    rehearse(invocation, &options, &io, err) :
	    ceremony_hold(invocation->config, &options, &io, err);
}
