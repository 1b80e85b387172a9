/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "ferry/seals.h"

size_t
seals_key(struct span text, struct span seal,
    const struct minisign_public *keys, size_t key_count,
    char comment[MINISIGN_COMMENT_SIZE], struct error *why)
{
	size_t k;

	for (k = 0; k < key_count; k++) {
		if (minisign_verify(&keys[k], text, seal, comment, why) ==
		    ERR_OK)
			break;
	}
	return k;
}

static enum err
fail_few(const struct seals_given *given, size_t required, uint32_t count,
    const char *why, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_SEAL, "%s: want seals by %zu "
	    "trusted key%s, have %u%s%s", given->name, required,
	    required == 1 ? "" : "s", count, why[0] == '\0' ? "" : ": ", why),
	    count == 0 ? "have it written and sealed again; if its seal is "
	    "by an officer's new key, add the .pub file to seal.trusted; if "
	    "nobody knows that key, it is forged" :
	    "let another officer add a seal: crlferry-root seal MEDIUM; if "
	    "one has, add the .pub file to seal.trusted");
}

enum err
seals_count(const struct seals_given *given, const struct seals_trust *trust,
    struct seals *out, char comments[SEALS_MAX][MINISIGN_COMMENT_SIZE],
    struct error *err)
{
	const size_t key_count = trust->key_count < SEALS_MAX ?
	    trust->key_count : SEALS_MAX;
	bool has_sealed[SEALS_MAX] = {false};
	char comment[MINISIGN_COMMENT_SIZE];
	struct seals seals = {.count = 0};
	struct error why = {0};
	size_t k;

	for (size_t i = 0; i < given->count; i++) {
		k = seals_key(given->text, given->seals[i], trust->keys,
		    key_count, comment, &why);
		if (k == key_count || has_sealed[k])
			continue;
		has_sealed[k] = true;
		memcpy(comments[seals.count], comment, sizeof(comment));
		seals.which[seals.count] = (uint32_t)i;
		minisign_key_id_text(trust->keys[k].key_id,
		    seals.key_ids[seals.count++]);
	}
	if (seals.count < trust->required)
		return fail_few(given, trust->required, seals.count, why.what,
		    err);
	*out = seals;
	return ERR_OK;
}

enum err
seals_check_comment(const char *want, const char *have, struct error *err)
{
	return strcmp(want, have) == 0 ? ERR_OK : err_fail(err, ERR_SEAL,
	    "seal: trusted comment: want \"%s\", have \"%.160s\"", want, have);
}

void
seals_list_id(char *list, size_t capacity, const char *key_id)
{
	const size_t used = strlen(list);

	if (used + (used > 0) + strlen(key_id) < capacity)
		snprintf(list + used, capacity - used, "%s%s",
		    used > 0 ? " " : "", key_id);
}

void
seals_list_key(char *list, size_t capacity, const struct minisign_public *key)
{
	char key_id[MINISIGN_KEY_ID_HEX_SIZE];

	minisign_key_id_text(key->key_id, key_id);
	seals_list_id(list, capacity, key_id);
}
