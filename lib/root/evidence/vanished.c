/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/evidence/vanished.h"
#include "root/history/discards.h"
#include "root/history/ledger.h"

/* A walk over the ledger: which CRL should be the archive's last one? */
struct search {
	const char *root;
	struct vanished *crl;
	bool has_crl;
};

static enum err
expect(struct search *search, const struct ledger_line *line,
    struct error *err)
{
	const char *sha256 = ledger_line_detail(line, "sha256");
	const char *time = ledger_line_detail(line, "this_update");
	struct vanished *crl = search->crl;
	char number[NUMBER_TEXT_SIZE];

	if (!line->has_number || (search->has_crl &&
	    number_compare(&line->number, &crl->number) < 0))
		return ERR_OK;
	/* Without a number it is told by its time alone. */
	search->has_crl = time != NULL || !number_is_zero(&line->number);
	*crl = (struct vanished){.number = line->number,
	    .this_update_s = line->at_s};
	if (time != NULL && !utc_parse(time, &crl->this_update_s))
		return err_fail(err, ERR_FORMAT, "want this_update as a time, "
		    "have \"%.40s\"", time);
	snprintf(crl->sha256, sizeof(crl->sha256), "%s",
	    sha256 == NULL ? "" : sha256);
	number_format(&crl->number, 0, number);
	if (sha256 != NULL)
		snprintf(crl->id, sizeof(crl->id), "archive-crl-%.16s",
		    sha256);
	else
		snprintf(crl->id, sizeof(crl->id), "archive-crl-number-%s",
		    number);
	return ERR_OK;
}

static bool
is_same(const char *have, const char *want)
{
	return have != NULL && strcmp(have, want) == 0;
}

/* Did an operator let it go, one way or the other? */
static bool
is_let_go(const struct search *search, const struct ledger_line *line)
{
	const struct vanished *crl = search->crl;

	if (strcmp(line->event, DISCARD_EVENT) == 0)
		return is_same(ledger_line_detail(line, "id"), crl->id);
	return strcmp(line->event, "reset-order") == 0 && is_same(
	    ledger_line_detail(line, "accepted_sha256"), crl->sha256);
}

static enum err
take_line(void *context, const struct ledger_line *line, struct error *err)
{
	struct search *search = context;

	if (strcmp(line->root, search->root) != 0)
		return ERR_OK;
	if (strcmp(line->event, "issue") == 0 ||
	    strcmp(line->event, "adopt") == 0)
		return expect(search, line, err);
	if (search->has_crl && is_let_go(search, line))
		search->has_crl = false;
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
vanished_find(const struct config *config, const char *root,
    const struct archived *last, struct vanished *out, struct error *err)
{
	struct search search = {.root = root, .crl = out};
	char hex[SHA256_HEX_SIZE];
	uint8_t sha256[SHA256_SIZE];
	struct ledger_summary summary;
	bool found;

	*out = (struct vanished){.is_gone = false};
	TRY(ledger_read(config, take_line, &search, &summary, err));
	if (!search.has_crl || is_followed(out, last))
		return ERR_OK;
	TRY(archive_digest(config, root, &out->number, out->this_update_s,
	    &found, sha256, err));
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
vanished_fail(const struct vanished *vanished,
    const struct config_root *root, const struct archived *last,
    bool is_adopting, struct error *err)
{
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
	    "adopt %s FILE (if nobody has it: crlferry-root %s %s%s "
	    "--discard-evidence %s --why TEXT)", root->name, what,
	    vanished->has_twin ? "another lies there as " : "its last: ",
	    last == NULL ? "" : "#", have, root->name, name, root->name,
	    root->name, is_signing ? "issue" : "adopt", root->name,
	    !is_signing ? " FILE" : last == NULL ? " --first" : "",
	    vanished->id);
}

enum err
vanished_check(const struct config *config, const struct config_root *root,
    const struct archived *last, const struct config_words *discarded,
    struct error *err)
{
	struct vanished vanished;

	TRY(vanished_find(config, root->name, last, &vanished, err));
	if (!vanished.is_gone || config_words_has(discarded, vanished.id))
		return ERR_OK;
	return vanished_fail(&vanished, root, last, false, err);
}
