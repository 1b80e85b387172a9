/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "sub/watch/survey_others.h"

void
survey_others(const struct pair_stores *stores,
    const struct config_subordinate *subordinate,
    struct standing_facts *facts)
{
	for (size_t i = 0; i < stores->count; i++) {
		const struct pair_store *pair = &stores->stores[i];
		const struct standing_place *place = &pair->reading.place;

		if (pair->subordinate == subordinate || !pair->is_readable ||
		    !standing_place_counts(place) ||
		    (facts->other[0] != '\0' &&
		    place->next_update_s <= facts->other_next_update_s))
			continue;
		facts->other_next_update_s = place->next_update_s;
		snprintf(facts->other, sizeof(facts->other), "%s",
		    pair->subordinate->name);
	}
}
