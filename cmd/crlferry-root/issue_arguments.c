/* SPDX-License-Identifier: ISC */
#include "issue_arguments.h"
#include "why.h"

static enum err
take_why(const struct invocation *invocation, struct issue_options *out,
    struct error *err)
{
	const bool is_wanted = out->is_emergency ||
	    out->discarded->count > 0;

	out->why = cli_value(invocation, "why");
	if (is_wanted && out->why == NULL)
		return err_fail(err, ERR_USAGE, "%s: want --why TEXT with it, "
		    "have none", out->is_emergency ? "--emergency" :
		    "--discard-evidence");
	if (!is_wanted && out->why != NULL)
		return err_fail(err, ERR_USAGE, "--why: want --emergency or "
		    "--discard-evidence with it, have neither");
	return is_wanted ? why_check(out->why, err) : ERR_OK;
}

enum err
issue_arguments_take(const struct invocation *invocation,
    struct issue_arguments *arguments, struct issue_options *out,
    struct error *err)
{
	arguments->discarded_words = cli_values(invocation,
	    "discard-evidence", arguments->discarded);
	*out = (struct issue_options){
	    .now_s = invocation->now_s,
	    .utc_offset_s = invocation->utc_offset_s,
	    .confirmed_s = -1,
	    .is_first = cli_flag(invocation, "first"),
	    .is_emergency = cli_flag(invocation, "emergency"),
	    .discarded = &arguments->discarded_words,
	    .acknowledged = &arguments->acknowledged_words,
	    .passphrases = &invocation->passphrases,
	    .who = invocation->who};
	TRY(cli_serials(invocation, arguments->acknowledged,
	    &arguments->acknowledged_words, err));
	return take_why(invocation, out, err);
}
