/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "sub/reader/verdict.h"

static bool
is_instant(int64_t at_s)
{
	return at_s >= UTC_MIN_S && at_s <= UTC_MAX_S;
}

static bool
are_texts(const struct verdict *verdict)
{
	uint32_t i;

	for (i = 0; i < verdict->seal_count; i++) {
		if (!text_is_printable(verdict->seals[i],
		    sizeof(verdict->seals[i])) ||
		    verdict->which[i] >= VERDICT_SEALS_MAX)
			return false;
	}
	return text_is_printable(verdict->why, sizeof(verdict->why)) &&
	    text_is_printable(verdict->published_as,
	    sizeof(verdict->published_as)) &&
	    text_is_printable(verdict->algorithm,
	    sizeof(verdict->algorithm));
}

static bool
are_pairs(const struct verdict *verdict)
{
	uint32_t i;

	for (i = 0; i < verdict->pair_count; i++) {
		const struct verdict_pair *pair = &verdict->pairs[i];

		if (pair->is_revoked > 1 || pair->reason < -1 ||
		    pair->reason > 10 || !is_instant(pair->revoked_at_s))
			return false;
	}
	return true;
}

enum err
verdict_check(const struct verdict *verdict, size_t pair_count,
    struct error *err)
{
	TRY(confined_check(&verdict->answer, err));
	if (verdict->seal_count > VERDICT_SEALS_MAX ||
	    verdict->pair_count > VERDICT_PAIRS_MAX ||
	    verdict->is_decoded > 1 || verdict->has_manifest > 1 ||
	    verdict->has_next_ceremony > 1 || verdict->is_emergency > 1 ||
	    verdict->has_number > 1 || verdict->is_respelt > 1 ||
	    verdict->has_newer_root > 1 ||
	    !is_instant(verdict->newer_root_end_s) ||
	    !number_fits(&verdict->number) ||
	    !is_instant(verdict->created_s) ||
	    !is_instant(verdict->next_ceremony_s) ||
	    !is_instant(verdict->this_update_s) ||
	    !is_instant(verdict->next_update_s) ||
	    !is_instant(verdict->next_publish_s) ||
	    verdict->size_bytes > INT64_MAX ||
	    verdict->revoked_count > INT64_MAX ||
	    verdict->dropped_count > INT64_MAX || !are_texts(verdict) ||
	    !are_pairs(verdict))
		return err_fail(err, ERR_FORMAT, "reader: the verdict is "
		    "out of its bounds");
	if (verdict->answer.error.code == ERR_OK &&
	    verdict->pair_count != pair_count)
		return err_fail(err, ERR_FORMAT, "reader: want %zu "
		    "subordinates judged, have %u", pair_count,
		    verdict->pair_count);
	return ERR_OK;
}

struct crl_facts
verdict_facts(const struct verdict *verdict)
{
	struct crl_facts facts = {
	    .has_number = verdict->has_number == 1,
	    .number = verdict->number,
	    .this_update_s = verdict->this_update_s,
	    .has_next_update = true,
	    .next_update_s = verdict->next_update_s,
	    .next_publish_s = verdict->next_publish_s,
	    .size_bytes = verdict->size_bytes,
	    .revoked_count = verdict->revoked_count,
	    .is_respelt = verdict->is_respelt == 1};

	memcpy(facts.sha256, verdict->sha256, SHA256_SIZE);
	return facts;
}
