/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "root/export/seal_record.h"

/* Which keys the ledger has for this bundle or order already. */
struct entered {
	const struct ledger_event *event;
	const struct sealkeys_secret *secrets;
	bool keys[SEALKEYS_MAX];
};

static const char *
event_detail(const struct ledger_event *event, const char *key)
{
	size_t i;

	for (i = 0; i < COUNT_OF(event->details) &&
	    event->details[i].key != NULL; i++) {
		if (strcmp(event->details[i].key, key) == 0)
			return event->details[i].value;
	}
	return NULL;
}

/* Has the line that text, or as the event none? */
static bool
has_same(const struct ledger_line *line, const struct ledger_event *event,
    const char *key)
{
	const char *want = event_detail(event, key);
	const char *have = ledger_line_detail(line, key);

	return want == NULL || have == NULL ? want == have :
	    strcmp(want, have) == 0;
}

/* An order that was made here was sealed with all the keys of then. */
static bool
is_the_order(const struct ledger_line *line,
    const struct ledger_event *event)
{
	return strcmp(line->event, "reset-order") == 0 &&
	    event_detail(event, "order_sha256") != NULL &&
	    has_same(line, event, "nonce") && has_same(line, event, "sha256");
}

static enum err
see_line(void *context, const struct ledger_line *line, struct error *err)
{
	struct entered *entered = context;
	const char *sealed_by = ledger_line_detail(line, "sealed_by");
	bool is_ordered = is_the_order(line, entered->event);
	size_t k;

	if (strcmp(line->root, entered->event->root) != 0 ||
	    (!is_ordered && (sealed_by == NULL ||
	    !has_same(line, entered->event, "sha256") ||
	    !has_same(line, entered->event, "order_sha256"))))
		return ERR_OK;
	for (k = 0; k < entered->secrets->count; k++) {
		char key[MINISIGN_PUBLIC_LINE_SIZE];

		minisign_public_line(&entered->secrets->keys[k].public, key);
		entered->keys[k] = entered->keys[k] || is_ordered ||
		    strstr(sealed_by, key) != NULL;
	}
	return ERR_OK;
}

void
seal_record_keys(const struct sealkeys_secret *secrets,
    const bool listed[SEALKEYS_MAX], char out[SEAL_RECORD_KEYS_SIZE])
{
	size_t used = 0;
	size_t k;

	out[0] = '\0';
	for (k = 0; k < secrets->count; k++) {
		if (listed != NULL && !listed[k])
			continue;
		if (used > 0)
			out[used - 1] = ' ';
		minisign_public_line(&secrets->keys[k].public, out + used);
		used += MINISIGN_PUBLIC_LINE_SIZE;
	}
}

enum err
seal_record(const struct config *config, const struct ledger_event *event,
    const struct sealkeys_secret *secrets, const bool wanted[SEALKEYS_MAX],
    struct notices *notices, struct error *err)
{
	char keys[SEAL_RECORD_KEYS_SIZE];
	bool listed[SEALKEYS_MAX];
	struct entered entered = {.event = event, .secrets = secrets};
	struct ledger_event line = *event;
	struct ledger_summary summary;
	size_t last = 0;
	size_t k;

	TRY(ledger_read(config, see_line, &entered, &summary, err));
	for (k = 0; k < secrets->count; k++)
		listed[k] = wanted[k] || !entered.keys[k];
	seal_record_keys(secrets, listed, keys);
	while (line.details[last].key != NULL)
		last++;
	line.details[last] = (struct ledger_detail){"sealed_by", keys};
	return keys[0] == '\0' ? ERR_OK :
	    ledger_append(config, &line, notices, err);
}
