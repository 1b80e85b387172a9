/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "root/index.h"
#include "root/lost.h"

/* Without the leading zeros, which are spelling only. */
static const char *
significant(const char *hex)
{
	return hex + strspn(hex, "0");
}

/* Did the operator name this serial? */
static bool
is_acknowledged(const struct config_words *words, const char *hex)
{
	size_t i;

	for (i = 0; words != NULL && i < words->count; i++) {
		if (strcasecmp(significant(words->words[i]),
		    significant(hex)) == 0)
			return true;
	}
	return false;
}

/* Why an entry may be left out; NULL in *why where it may not. */
static enum err
judge(const struct lost *lost, struct span serial, const char *hex,
    const char **why, struct error *err)
{
	int64_t not_after_s;
	bool found;
	enum err code;

	*why = NULL;
	if (is_acknowledged(lost->acknowledged, hex)) {
		*why = "acknowledged";
		return ERR_OK;
	}
	if (lost->index == NULL)
		return ERR_OK;
	code = index_expiry(lost->index, serial, &found, &not_after_s, err);
	if (code == ERR_OK && found && not_after_s < lost->last_s)
		*why = "certificate expired";
	return code;
}

static void
count_lost(struct lost *lost, const char *hex)
{
	const size_t used = strlen(lost->more);

	if (lost->count++ == 0)
		snprintf(lost->first, sizeof(lost->first), "%s", hex);
	else if (used + strlen(hex) + 2 < sizeof(lost->more))
		snprintf(lost->more + used, sizeof(lost->more) - used,
		    ", %s", hex);
}

enum err
lost_add(void *context, const struct crl_entry *entry, struct error *err)
{
	struct lost *lost = context;
	struct ledger_drop drop = {.why = ""};
	const char *why = NULL;
	enum err code = ERR_OK;

	hex_encode(entry->serial, drop.serial, sizeof(drop.serial));
	/* One that may not go is enough: for the rest no index is searched. */
	if (lost->count == 0)
		code = judge(lost, entry->serial, drop.serial, &why, err);
	else if (is_acknowledged(lost->acknowledged, drop.serial))
		return ERR_OK;
	if (code != ERR_OK)
		return code;
	if (why == NULL) {
		count_lost(lost, drop.serial);
		return ERR_OK;
	}
	snprintf(drop.why, sizeof(drop.why), "%s", why);
	return buffer_append(&lost->drops, &drop, sizeof(drop), err);
}

enum err
lost_check(const struct lost *lost, struct error *err)
{
	if (lost->count == 0)
		return ERR_OK;
	return err_fail(err, ERR_SHRUNK, "%s: want every revocation of the "
	    "last CRL, have lost %s%s (up to %llu in all)", lost->subject,
	    lost->first, lost->more, (unsigned long long)lost->count);
}

void
lost_release(struct lost *lost)
{
	buffer_release(&lost->drops);
}
