/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "plan/supposed.h"

const struct standing *
supposed_make(const struct standing *standing, int64_t now_s,
    struct supposed *room)
{
	const struct standing_facts *facts = standing->facts;

	if (standing->has_next_update || !facts->has_accepted ||
	    !facts->accepted_has_next_update)
		return standing;
	room->place = (struct standing_place){.is_present = true,
	    .is_valid = true, .has_next_update = true,
	    .has_number = facts->accepted_has_number,
	    .number = facts->accepted_number,
	    .this_update_s = facts->accepted_this_update_s,
	    .next_update_s = facts->accepted_next_update_s};
	memcpy(room->place.sha256, facts->accepted_sha256, SHA256_SIZE);
	room->facts = *facts;
	room->facts.places = &room->place;
	room->facts.place_count = 1;
	standing_decide(&room->facts, now_s, &room->standing);
	return &room->standing;
}
