/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/ceremony/agreed.h"
#include "root/history/calendar.h"
#include "root/issue/issue_preview.h"

enum err
agreed_add(struct sha256 *hash, const struct preview_entry *entry,
    struct error *err)
{
	RELEASE_BUFFER struct buffer line = {0};
	struct preview_entry listed = *entry;

	if (entry->change == PREVIEW_REMOVED)
		return ERR_OK;
	listed.change = PREVIEW_KEPT;
	/* The CRL has none to compare with. */
	listed.subject[0] = '\0';
	TRY(preview_entry_text(&listed, &line, err));
	return sha256_update(hash, span_of_buffer(&line), err);
}

static enum err
digest_crl(struct crl *crl, char out[SHA256_HEX_SIZE], struct error *err)
{
	FREE_SHA256 struct sha256 *hash = NULL;
	uint8_t sha256[SHA256_SIZE];
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry = true;

	TRY(sha256_new(&hash, err));
	crl_entries_start(&entries, crl);
	while (has_entry) {
		struct preview_entry listed;

		TRY(crl_entries_next(&entries, &entry, &has_entry, err));
		if (!has_entry)
			break;
		listed = preview_entry_of(&entry);
		TRY(agreed_add(hash, &listed, err));
	}
	TRY(sha256_final(hash, sha256, err));
	sha256_hex(sha256, out);
	return ERR_OK;
}

/* Does the CRL have the entries, and the mark, that were agreed to? */
static enum err
check_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	char digest[SHA256_HEX_SIZE], number[NUMBER_TEXT_SIZE];
	struct calendar calendar;
	bool found;

	TRY(ceremony_open_root(c, root, &cert, &last, &found, err));
	TRY(digest_crl(&last.crl, digest, err));
	calendar_read(&c->history, root, &last.number,
	    last.crl.this_update.at_s, &calendar);
	if (strcmp(digest, kept->agreed) == 0 &&
	    calendar.is_emergency == kept->preview.is_emergency)
		return ERR_OK;
	/* Nothing of it stands any more: all is to be asked anew. */
	journal_forget_step(&c->journal, "review");
	kept->is_agreed = false;
	number_format(&last.number, 0, number);
	TRY(ceremony_record(c, JOURNAL_DEVIATION, err, "%s: CRL #%s was issued "
	    "outside this ceremony; all are asked anew.", root->name, number));
	TRY(journal_save(&c->journal, c->io->now(c->io->context), err));
	return err_fail(err, ERR_DECLINED, "%s: CRL #%s, which was issued "
	    "outside this ceremony, is not the one that was agreed to",
	    root->name, number);
}

enum err
agreed_check_signed(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};

	while (ceremony_next_root(c, &at)) {
		bool is_issued = false;

		TRY(ceremony_is_issued(c, at.root, &is_issued, err));
		if (is_issued)
			TRY(check_root(c, at.root, at.kept, err));
	}
	return ERR_OK;
}

/* Of one root: forget the consent to what has expired. */
static enum err
renew_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, bool *has_ended, struct error *err)
{
	char end[UTC_TEXT_SIZE];
	struct ceremony_crl crl;
	bool is_issued;

	TRY(ceremony_is_issued(c, root, &is_issued, err));
	if (!is_issued)
		return ERR_OK;
	TRY(ceremony_read_crl(c, root, &crl, err));
	if (crl.next_update_s > c->dated_s)
		return ERR_OK;
	*has_ended = true;
	kept->is_agreed = false;
	utc_format(crl.next_update_s, end);
	return ceremony_record(c, JOURNAL_DEVIATION, err, "%s: CRL #%s, "
	    "which this ceremony has signed, expired on %s before it was "
	    "carried anywhere: the next one is signed.", root->name,
	    crl.digits, end);
}

enum err
agreed_renew_ended(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	bool has_ended = false;

	while (ceremony_next_root(c, &at))
		TRY(renew_root(c, at.root, at.kept, &has_ended, err));
	if (has_ended)
		journal_forget_step(&c->journal, "review");
	return ERR_OK;
}
