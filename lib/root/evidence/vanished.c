/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/evidence/vanished.h"

/* The CRL of a line that says that the archive holds it. */
static enum err
expect(const struct history *history, const struct history_line *line,
    struct vanished *out, struct error *err)
{
	const char *sha256 = history_line_detail(line, "sha256");
	char number[NUMBER_TEXT_SIZE];

	*out = (struct vanished){.number = line->number};
	TRY(history_line_time(history, line, line->at_s, &out->this_update_s,
	    err));
	number_format(&out->number, 0, number);
	if (sha256 != NULL) {
		snprintf(out->sha256, sizeof(out->sha256), "%s", sha256);
		snprintf(out->id, sizeof(out->id), "archive-crl-%.16s",
		    sha256);
	} else {
		snprintf(out->id, sizeof(out->id), "archive-crl-number-%s",
		    number);
	}
	return ERR_OK;
}

/* Did an operator let it go, one way or the other? */
static bool
is_let_go(const struct vanished *crl, const struct history_line *line)
{
	if (history_line_is(line, DISCARD_EVENT))
		return history_line_says(line, "id", crl->id);
	return history_line_is(line, "reset-order") &&
	    history_line_says(line, "accepted_sha256", crl->sha256);
}

/* Which CRL should be the archive's last one?  *found is false for none. */
static enum err
find_expected(const struct history *history, const char *root,
    struct vanished *out, bool *found, struct error *err)
{
	const struct history_line *line = history_lines(history, root);

	*found = false;
	for (; line != NULL; line = line->next) {
		if (!history_line_is(line, "issue") &&
		    !history_line_is(line, "adopt")) {
			*found = *found && !is_let_go(out, line);
			continue;
		}
		if (!line->has_number || (*found &&
		    number_compare(&line->number, &out->number) < 0))
			continue;
		TRY(expect(history, line, out, err));
		/* One without a number is known by its time alone. */
		*found = !number_is_zero(&line->number) ||
		    history_line_detail(line, "this_update") != NULL;
	}
	return ERR_OK;
}

/* One that came later was judged by this one, or was adopted in its place. */
static bool
is_followed(const struct vanished *crl, const struct archived *last)
{
	int order = last == NULL ? -1 :
	    number_compare(&last->number, &crl->number);

	return order > 0 || (order == 0 && number_is_zero(&crl->number) &&
	    last->crl.this_update.at_s > crl->this_update_s);
}

enum err
vanished_find(const struct history *history, const char *root,
    const struct archived *last, struct vanished *out, struct error *err)
{
	char hex[SHA256_HEX_SIZE];
	uint8_t sha256[SHA256_SIZE];
	bool found;

	*out = (struct vanished){.is_gone = false};
	TRY(find_expected(history, root, out, &found, err));
	if (!found || is_followed(out, last))
		return ERR_OK;
	TRY(archive_digest(history->config, root, &out->number,
	    out->this_update_s, &found, sha256, err));
	if (found)
		sha256_hex(sha256, hex);
	out->has_twin = found && out->sha256[0] != '\0' &&
	    strcmp(hex, out->sha256) != 0;
	out->is_gone = !found || out->has_twin;
	return ERR_OK;
}

void
vanished_text(const struct vanished *vanished, char out[VANISHED_TEXT_SIZE])
{
	char number[NUMBER_TEXT_SIZE], date[UTC_TEXT_SIZE];

	number_format(&vanished->number, 0, number);
	utc_format(vanished->this_update_s, date);
	snprintf(out, VANISHED_TEXT_SIZE, "CRL #%s of %s, which the ledger "
	    "has, is gone from the archive", number, date);
}

enum err
vanished_fail(const struct vanished *vanished, const struct config *config,
    const struct config_root *root, const struct archived *last,
    bool is_adopting, struct error *err)
{
	const char *option = config_option(config);
	const bool is_signing = root->signing != NULL && !is_adopting;
	char what[VANISHED_TEXT_SIZE], have[NUMBER_TEXT_SIZE] = "none";
	char name[NUMBER_TEXT_SIZE];

	vanished_text(vanished, what);
	number_format(&vanished->number, NUMBER_NAME_DIGITS, name);
	if (last != NULL)
		number_format(&last->number, 0, have);
	return err_fail(err, ERR_REGRESSED, "%s: %s (%s%s%s): find it, on a "
	    "stick as crlferry/%s/%s/%s.crl, at a subordinate as "
	    "accepted.crl, or by `collect` of its request: crlferry-root "
	    "adopt%s %s FILE (if nobody has it: crlferry-root %s%s %s%s "
	    "--discard-evidence %s --why TEXT)", root->name, what,
	    vanished->has_twin ? "another lies there as " : "its last: ",
	    last == NULL ? "" : "#", have, root->name, name, root->name,
	    option, root->name, is_signing ? "issue" : "adopt", option,
	    root->name,
	    !is_signing ? " FILE" : last == NULL ? " --first" : "",
	    vanished->id);
}

enum err
vanished_check(const struct history *history,
    const struct config_root *root, const struct archived *last,
    const struct config_words *discarded, struct error *err)
{
	struct vanished vanished;

	TRY(vanished_find(history, root->name, last, &vanished, err));
	if (!vanished.is_gone || config_words_has(discarded, vanished.id))
		return ERR_OK;
	return vanished_fail(&vanished, history->config, root, last, false,
	    err);
}
