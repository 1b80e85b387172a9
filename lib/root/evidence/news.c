/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "root/evidence/news.h"
#include "root/evidence/notes.h"
#include "root/history/archive.h"

struct news_reading {
	const struct config *config;
	const struct config_root *root;
	struct standing_news *news;
};

static enum err
take_receipt(const struct news_reading *reading, const struct note *note,
    struct standing_news *news, struct error *err)
{
	uint8_t sha256[SHA256_SIZE];
	bool found;

	TRY(archive_digest(reading->config, reading->root->name, &note->number,
	    note->this_update_s, &found, sha256, err));
	news->has_receipt = true;
	news->installed_s = note->at_s;
	news->installed_has_number = note->has_number;
	news->installed_number = note->number;
	news->is_installed_known = found &&
	    memcmp(sha256, note->sha256, SHA256_SIZE) == 0;
	news->stores = (unsigned int)note_store_count(note);
	news->stores_failed = (unsigned int)note_store_failures(note);
	return ERR_OK;
}

/* A number without its CRL was only claimed. */
static void
take_request(const struct note *note, struct standing_news *news)
{
	news->has_request = true;
	news->requested_s = note->at_s;
	news->requested_has_number = note->has_number && note->crl.size > 0;
	news->requested_number = note->number;
}

static enum err
take_note(void *context, const struct kept_note *kept, struct error *err)
{
	const struct news_reading *reading = context;

	for (size_t i = 0; i < reading->root->subordinate_count; i++) {
		if (strcmp(reading->root->subordinates[i].name,
		    kept->note.subordinate) != 0)
			continue;
		if (kept->note.kind == NOTE_RECEIPT)
			return take_receipt(reading, &kept->note,
			    &reading->news[i], err);
		take_request(&kept->note, &reading->news[i]);
	}
	return ERR_OK;
}

enum err
news_read(const struct config *config, const struct config_root *root,
    struct standing_news *news, struct notices *notices, struct error *err)
{
	struct news_reading reading = {config, root, news};
	struct error why;
	enum err code;

	code = notes_visit(config, root, take_note, &reading, notices, &why);
	if (code == ERR_IO)
		return err_copy(err, &why);
	if (code != ERR_OK)
		notice(notices, "%s: not all is known of what its "
		    "subordinates hold: %s", root->name, why.what);
	return ERR_OK;
}
