/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "root/export/sealing.h"

static const char *
event_detail(const struct ledger_event *event, const char *key)
{
	for (size_t i = 0; i < COUNT_OF(event->details) &&
	    event->details[i].key != NULL; i++) {
		if (strcmp(event->details[i].key, key) == 0)
			return event->details[i].value;
	}
	return NULL;
}

/* Has the line that text, or as the event none? */
static bool
has_same(const struct history_line *line, const struct ledger_event *event,
    const char *key)
{
	const char *want = event_detail(event, key);
	const char *have = history_line_detail(line, key);

	return want == NULL || have == NULL ? want == have :
	    strcmp(want, have) == 0;
}

/* An order that was made here was sealed with all the keys of then. */
static bool
is_the_order(const struct history_line *line,
    const struct ledger_event *event)
{
	return history_line_is(line, "reset-order") &&
	    event_detail(event, "order_sha256") != NULL &&
	    has_same(line, event, "nonce") && has_same(line, event, "sha256");
}

/* Which keys the ledger has for this bundle or order already. */
static void
find_entered(const struct history *history, const struct ledger_event *event,
    const struct sealkeys_secret *secrets, bool entered[SEALKEYS_MAX])
{
	const struct history_line *line = history_lines(history, event->root);

	for (; line != NULL; line = line->next) {
		const char *by = history_line_detail(line, "sealed_by");
		bool is_ordered = is_the_order(line, event);

		if (!is_ordered && (by == NULL ||
		    !has_same(line, event, "sha256") ||
		    !has_same(line, event, "order_sha256")))
			continue;
		for (size_t k = 0; k < secrets->count; k++) {
			char key[MINISIGN_PUBLIC_LINE_SIZE];

			minisign_public_line(&secrets->keys[k].public, key);
			entered[k] = entered[k] || is_ordered ||
			    strstr(by, key) != NULL;
		}
	}
}

void
seal_record_keys(const struct sealkeys_secret *secrets,
    const bool listed[SEALKEYS_MAX], char out[SEAL_RECORD_KEYS_SIZE])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t k = 0; k < secrets->count; k++) {
		if (listed != NULL && !listed[k])
			continue;
		if (used > 0)
			out[used - 1] = ' ';
		minisign_public_line(&secrets->keys[k].public, out + used);
		used += MINISIGN_PUBLIC_LINE_SIZE;
	}
}

enum err
seal_record(struct history *history, const struct ledger_event *event,
    const struct sealkeys_secret *secrets, const bool wanted[SEALKEYS_MAX],
    struct notices *notices, struct error *err)
{
	char keys[SEAL_RECORD_KEYS_SIZE];
	bool listed[SEALKEYS_MAX];
	bool entered[SEALKEYS_MAX] = {false};
	struct ledger_event line = *event;
	size_t last = 0;

	find_entered(history, event, secrets, entered);
	for (size_t k = 0; k < secrets->count; k++)
		listed[k] = wanted[k] || !entered[k];
	seal_record_keys(secrets, listed, keys);
	while (line.details[last].key != NULL)
		last++;
	line.details[last] = (struct ledger_detail){"sealed_by", keys};
	return keys[0] == '\0' ? ERR_OK :
	    history_append(history, &line, notices, err);
}
