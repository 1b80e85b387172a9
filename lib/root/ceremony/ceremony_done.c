/* SPDX-License-Identifier: ISC */
#include "root/ceremony/step_people.h"

static enum err
say_next(struct ceremony *c, const struct config_root *root,
    struct error *err)
{
	char due[UTC_TEXT_SIZE], next_update[UTC_TEXT_SIZE];
	struct ceremony_crl crl;
	enum err code;

	code = ceremony_read_crl(c, root, &crl, err);
	if (code != ERR_OK || !crl.exists)
		return code;
	code = ceremony_next_date(c, root, &crl, due, err);
	if (code != ERR_OK)
		return code;
	utc_format(crl.next_update_s, next_update);
	return ceremony_say(c, err, "%s: #%s holds until %s; the next "
	    "ceremony is due on %s.\n", root->name, crl.digits, next_update,
	    due);
}

enum err
ceremony_done(struct ceremony *c, struct error *err)
{
	const struct config *files = c->options->real == NULL ? c->config :
	    c->options->real;
	enum err code = ERR_OK;
	size_t i;

	for (i = 0; code == ERR_OK && i < c->config->root_count; i++)
		code = say_next(c, &c->config->roots[i], err);
	if (code == ERR_OK)
		code = ceremony_say(c, err, "The minutes are in %s, in the "
		    "folder `minutes` of each root: print the page, initial "
		    "every step, sign it and file it.\n", files->state);
	if (code != ERR_OK)
		return code;
	ceremony_outcome(c, "The ceremony ended.");
	if (c->options->real != NULL)
		return ceremony_say(c, err, "\nThe rehearsal is over: nothing "
		    "of it was real, and its keys are destroyed.\n");
	return ceremony_say(c, err, "\nAll is written and was read back: "
	    "the stick may be removed.\n");
}
