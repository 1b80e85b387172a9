/* SPDX-License-Identifier: ISC */
#include "../config_text.h"
#include "init_notes.h"
#include "root/evidence/survey.h"
#include "root/issue/issue_preview.h"

void
init_note_revoked(const struct index *index, const char *path,
    const char *word, const struct cert *cert, struct notices *notices)
{
	struct index_search search = {0};
	size_t at;

	if (index_find(index, &search, cert->serial, &at))
		notice_safety(notices, "--subordinate %s: ITS CERTIFICATE IS "
		    "REVOKED in %s: set \"retired\" for it if it is out of "
		    "use", word, path);
}

void
init_note_root(struct invocation *invocation, const char *path,
    const struct cert *cert)
{
	struct notices *notices = &invocation->notices;

	config_text_note_dates(path, cert, "its CRLs are of no use: give it "
	    "a new one for the same key by crlferry-root reissue",
	    invocation->now_s, notices);
	cert_note_key(cert, path, notices);
	if (!cert->is_self_issued)
		notice(notices, "%s (%s) is not self-signed: another CA has "
		    "issued it", path, cert->subject_text);
}

enum err
init_note_refusal(struct invocation *invocation, const struct config *config,
    const struct cert *cert, struct error *err)
{
	const struct issue_options options = {
	    .now_s = invocation->now_s,
	    .utc_offset_s = invocation->utc_offset_s,
	    .confirmed_s = utc_day_start(invocation->now_s),
	    .is_first = true, .who = invocation->who};
	RELEASE_HISTORY struct history history = {0};
	struct preview preview;
	struct error why;
	enum err code;
	char line[ERROR_LINE_SIZE];

	if (config->roots[0].signing == NULL)
		return ERR_OK;
	code = history_read(config, &history, &why);
	if (code == ERR_OK)
		code = issue_preview(&history, &config->roots[0], &options,
		    NULL, NULL, &preview, NULL, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	/* init_note_root has said that it has ended, or not begun. */
	if (code != ERR_OK && code != ERR_EXPIRED &&
	    (code != ERR_CLOCK || cert->not_before_s <= invocation->now_s))
		notice_safety(&invocation->notices, "as it stands, `issue` "
		    "refuses to sign: %s: %s", error_token(code),
		    error_line(&why, line));
	return ERR_OK;
}

enum err
init_look(const struct config *config, int64_t now_s, bool *has_last,
    struct notices *notices, struct error *err)
{
	RELEASE_ROOT_SURVEY struct root_survey survey = {0};

	TRY(root_survey(config, now_s, &survey, NULL, err));
	*has_last = survey.places[0].is_present;
	for (size_t i = 0; i < survey.count; i++) {
		const struct standing_facts *facts = &survey.facts[i];

		if (facts->is_revoked)
			notice_safety(notices, "%s/%s: ITS CERTIFICATE IS "
			    "REVOKED on the last CRL (%s)", facts->root,
			    facts->subordinate, facts->revoked_reason_name);
	}
	return ERR_OK;
}
