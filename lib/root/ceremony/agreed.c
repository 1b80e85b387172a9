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
	enum err code;

	if (entry->change == PREVIEW_REMOVED)
		return ERR_OK;
	listed.change = PREVIEW_KEPT;
	code = preview_entry_text(&listed, &line, err);
	return code == ERR_OK ?
	    sha256_update(hash, span_of_buffer(&line), err) : code;
}

static enum err
add_all(struct sha256 *hash, struct crl *crl, struct error *err)
{
	struct crl_entries entries;
	struct crl_entry entry;
	bool has_entry = true;
	enum err code = ERR_OK;

	crl_entries_start(&entries, crl);
	while (code == ERR_OK && has_entry) {
		struct preview_entry listed = {.change = PREVIEW_KEPT};

		code = crl_entries_next(&entries, &entry, &has_entry, err);
		if (code != ERR_OK || !has_entry)
			break;
		listed.revoked_at_s = entry.revoked_at.at_s;
		listed.reason = entry.reason;
		listed.reason_name = entry.reason == REASON_NONE ? NULL :
		    crl_reason_name(entry.reason);
		listed.has_invalidity = entry.has_invalidity;
		listed.invalidity_s = entry.invalidity_s;
		preview_put_serial(entry.serial, &listed);
		code = agreed_add(hash, &listed, err);
	}
	return code;
}

static enum err
digest_crl(struct crl *crl, char out[SHA256_HEX_SIZE], struct error *err)
{
	uint8_t sha256[SHA256_SIZE];
	struct sha256 *hash;
	enum err code;

	code = sha256_new(&hash, err);
	if (code != ERR_OK)
		return code;
	code = add_all(hash, crl, err);
	if (code == ERR_OK)
		code = sha256_final(hash, sha256, err);
	sha256_free(hash);
	if (code == ERR_OK)
		sha256_hex(sha256, out);
	return code;
}

/* Does the CRL have the entries, and the mark, that were agreed to? */
static enum err
is_agreed(struct ceremony *c, const struct config_root *root,
    const struct journal_root *kept, struct archived *last, bool *result,
    struct error *err)
{
	char digest[SHA256_HEX_SIZE];
	struct calendar calendar;
	enum err code;

	code = digest_crl(&last->crl, digest, err);
	if (code == ERR_OK)
		code = calendar_read(c->config, root, &last->number,
		    last->crl.this_update.at_s, &calendar, err);
	if (code == ERR_OK)
		*result = strcmp(digest, kept->agreed) == 0 &&
		    calendar.is_emergency == kept->preview.is_emergency;
	return code;
}

static enum err
check_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, struct error *err)
{
	RELEASE_ARCHIVED struct archived last = ARCHIVED_NONE;
	FREE_CERT struct cert *cert = NULL;
	char number[NUMBER_TEXT_SIZE];
	bool found, is_ours = false;
	enum err code;

	code = ceremony_open_root(c, root, &cert, &last, &found, err);
	if (code == ERR_OK)
		code = is_agreed(c, root, kept, &last, &is_ours, err);
	if (code != ERR_OK || is_ours)
		return code;
	/* Nothing of it stands any more: all is to be asked anew. */
	journal_forget_step(&c->journal, "review");
	kept->is_agreed = false;
	number_format(&last.number, 0, number);
	code = journal_save(&c->journal, c->io->now(c->io->context), err);
	return code == ERR_OK ? err_fail(err, ERR_DECLINED, "%s: want the CRL "
	    "that was agreed to, have #%s, which was issued outside this "
	    "ceremony since", root->name, number) : code;
}

enum err
agreed_check_signed(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	enum err code = ERR_OK;

	while (code == ERR_OK && ceremony_next_root(c, &at)) {
		bool is_issued = false;

		code = ceremony_is_issued(c, at.root, &is_issued, err);
		if (code == ERR_OK && is_issued)
			code = check_root(c, at.root, at.kept, err);
	}
	return code;
}

/* Of one root: forget the consent to what has ended. */
static enum err
renew_root(struct ceremony *c, const struct config_root *root,
    struct journal_root *kept, bool *has_ended, struct error *err)
{
	char end[UTC_TEXT_SIZE];
	struct ceremony_crl crl;
	bool is_issued;
	enum err code;

	code = ceremony_is_issued(c, root, &is_issued, err);
	if (code != ERR_OK || !is_issued)
		return code;
	code = ceremony_read_crl(c, root, &crl, err);
	if (code != ERR_OK || crl.next_update_s > c->dated_s)
		return code;
	*has_ended = true;
	kept->is_agreed = false;
	utc_format(crl.next_update_s, end);
	return ceremony_deviate(c, err, "%s: CRL #%s, which this ceremony has "
	    "signed, ended on %s: it is of no use any more, and the next one "
	    "is signed.", root->name, crl.digits, end);
}

enum err
agreed_renew_ended(struct ceremony *c, struct error *err)
{
	struct ceremony_root at = {0};
	bool has_ended = false;
	enum err code = ERR_OK;

	while (code == ERR_OK && ceremony_next_root(c, &at))
		code = renew_root(c, at.root, at.kept, &has_ended, err);
	if (code == ERR_OK && has_ended)
		journal_forget_step(&c->journal, "review");
	return code;
}
