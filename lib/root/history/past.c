/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "root/history/archive.h"
#include "root/history/calendar.h"
#include "root/history/past.h"

/* Looked at in all, so that a damaged archive is not read for hours. */
#define LOOKS_MAX (2 * REPORT_CRLS_MAX)

static void
add(const struct history *history, const struct config_root *root,
    const struct archived *archived, struct report_root *out)
{
	const struct crl *crl = &archived->crl;
	struct report_crl past = {.has_number = crl->has_number,
	    .number = crl->number, .this_update_s = crl->this_update.at_s,
	    .has_next_update = crl->has_next_update,
	    .next_update_s = crl->next_update.at_s};
	struct calendar calendar;

	if (history != NULL) {
		calendar_read(history, root, &archived->number,
		    past.this_update_s, &calendar);
		past.is_emergency = calendar.is_emergency;
	}
	snprintf(past.place, sizeof(past.place), "%.*s",
	    (int)sizeof(past.place) - 1, archived->path);
	report_add_crl(out, &past);
}

/* What is not known, of the damaged ones the newest. */
static void
tell(const struct history *history, const char *why, const char *damaged,
    bool has_more, struct report_root *out)
{
	if (damaged[0] != '\0')
		snprintf(out->unknown, sizeof(out->unknown), "Not all of the "
		    "archive can be shown: %.400s", damaged);
	else if (history == NULL)
		snprintf(out->unknown, sizeof(out->unknown), "Which of them "
		    "were emergencies is not known: %.400s", why);
	else if (has_more)
		snprintf(out->unknown, sizeof(out->unknown), "Older CRLs are "
		    "in the archive and are not shown.");
}

enum err
root_past_read(const struct config *config, const struct history *history,
    const char *why, const struct config_root *root, const struct cert *cert,
    struct report_root *out, struct error *err)
{
	char damaged[sizeof(((struct error *)NULL)->what)] = "";
	RELEASE_NOTICES struct notices notices = {0};
	const struct number *below = NULL;
	struct number last;
	bool found = true;

	for (size_t i = 0; i < LOOKS_MAX && out->crl_count < REPORT_CRLS_MAX;
	    i++) {
		RELEASE_ARCHIVED struct archived archived = ARCHIVED_NONE;
		struct error reason;
		enum err code = archive_open_below(config, root->name, cert,
		    below, &archived, &found, &notices, &reason);

		if (code == ERR_IO || (code != ERR_OK && !found))
			return err_copy(err, &reason);
		if (!found)
			break;
		if (code == ERR_OK)
			add(history, root, &archived, out);
		else if (damaged[0] == '\0')
			memcpy(damaged, reason.what, sizeof(damaged));
		last = archived.number;
		below = &last;
	}
	tell(history, why, damaged, found, out);
	return ERR_OK;
}
