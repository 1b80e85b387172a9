/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/printable.h"
#include "issue_arguments.h"

#define WHY_MAX 200	/* octets */

/* Would it be shown as it is written? */
enum err
why_check(const char *why, struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0};

	if (why[0] == '\0' || strlen(why) > WHY_MAX)
		return err_fail(err, ERR_USAGE, "--why takes 1 to %d octets "
		    "of text, not %zu", WHY_MAX, strlen(why));
	TRY(printable_append(&shown, why, PRINTABLE_LINE, "", err));
	if (!span_equals(span_of_buffer(&shown), span_of_text(why)))
		return err_fail(err, ERR_USAGE, "--why takes one line of "
		    "printable text, not \"%s\"", why);
	return ERR_OK;
}

static enum err
take_why(const struct invocation *invocation, struct issue_options *out,
    struct error *err)
{
	const bool is_wanted = out->is_emergency ||
	    out->discarded->count > 0;

	out->why = cli_value(invocation, "why");
	if (is_wanted && out->why == NULL)
		return err_fail(err, ERR_USAGE, "%s needs --why TEXT",
		    out->is_emergency ? "--emergency" :
		    "--discard-evidence");
	if (!is_wanted && out->why != NULL)
		return err_fail(err, ERR_USAGE, "--why goes with --emergency "
		    "or --discard-evidence");
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

enum err
discarded_take(const struct invocation *invocation, const char **ids,
    struct config_words *words, const char **why, struct error *err)
{
	*words = cli_values(invocation, "discard-evidence", ids);
	*why = cli_value(invocation, "why");
	if ((words->count > 0) != (*why != NULL))
		return err_fail(err, ERR_USAGE, "--discard-evidence ID and "
		    "--why TEXT go together");
	return *why != NULL ? why_check(*why, err) : ERR_OK;
}
