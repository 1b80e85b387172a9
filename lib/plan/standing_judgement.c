/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "plan/standing_judgement.h"

bool
standing_place_counts(const struct standing_place *place)
{
	return place->is_present && place->is_valid && place->has_next_update;
}

bool
standing_is_on_root(const struct standing_facts *facts)
{
	return facts->place_count > 0 &&
	    strcmp(facts->places[0].kind, "archive") == 0;
}

bool
standing_is_last(const struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;

	return facts->has_root_not_after &&
	    standing->next_ceremony_s >= facts->root_not_after_s;
}

bool
standing_is_lagging(const struct standing *standing)
{
	const struct standing_facts *facts = standing->facts;

	for (size_t i = 0; i < facts->place_count; i++) {
		const struct standing_place *place = &facts->places[i];

		if (standing_place_counts(place) &&
		    place->next_update_s > standing->next_update_s)
			return true;
	}
	return facts->other[0] != '\0' && standing->has_next_update &&
	    facts->other_next_update_s > standing->next_update_s;
}

bool
standing_is_unreplicated(const struct standing_facts *facts,
    const struct standing_place *place)
{
	return facts->has_accepted && place->copy == COPY_REPLICA &&
	    !place->is_present && !place->is_unreadable;
}

int
standing_compare_accepted(const struct standing_facts *facts,
    const struct standing_place *place)
{
	if (facts->accepted_has_number && place->has_number)
		return number_compare(&place->number,
		    &facts->accepted_number);
	return (place->this_update_s > facts->accepted_this_update_s) -
	    (place->this_update_s < facts->accepted_this_update_s);
}

bool
standing_accepted_has_ended(const struct standing_facts *facts, int64_t now_s)
{
	return facts->has_accepted && facts->accepted_has_next_update &&
	    now_s >= facts->accepted_next_update_s;
}
