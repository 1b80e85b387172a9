/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "sub/watch/probe.h"
#include "sub_verbs.h"

const struct cli_option probe_options[] = {
    {"servername", "NAME", "the name to ask for, if it is not HOST"},
    {"starttls", "PROTOCOL", "smtp, imap, pop3, ldap or postgres"},
    {NULL},
};

static void
free_report(struct probe_report **report)
{
	free(*report);
}

enum err
cmd_probe(struct invocation *invocation, struct error *err)
{
	__attribute__((cleanup(free_report))) struct probe_report *report =
	    calloc(1, sizeof(*report));
	struct probe_target target;

	if (report == NULL)
		return err_no_memory(err);
	TRY(probe_target_parse(invocation->arguments.words[0],
	    cli_value(invocation, "servername"),
	    cli_value(invocation, "starttls"), &target, err));
	TRY(probe(invocation->config, &target, invocation->now_s, report,
	    &invocation->notices, err));
	TRY(invocation->is_json ? probe_json(report, invocation->now_s,
	    &invocation->output, err) : probe_text(report, invocation->now_s,
	    &invocation->output, err));
	invocation->status = (int)probe_severity(report);
	return ERR_OK;
}
