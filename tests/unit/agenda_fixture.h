/* SPDX-License-Identifier: ISC */
/* Agendas in one line each. */
#pragma once

#include "plan/agenda.h"
#include "standing_fixture.h"

static inline void
on_the_root(struct scene *scene)
{
	strcpy(scene->places[0].kind, "archive");
	scene->facts.place_count = 1;
}

static inline void
missing_in_one_store(struct scene *scene)
{
	scene->places[0].is_present = false;
}

static inline void
unreadable(struct scene *scene)
{
	scene->places[1].is_present = false;
	scene->places[1].is_unreadable = true;
}

static inline void
retired(struct scene *scene)
{
	scene->facts.is_retired = true;
}

static inline void
set_live(struct scene *scene)
{
	set_scene(scene);
	strcpy(scene->facts.subordinate, "live");
}

static inline void
put(char *out, size_t capacity, const char *before, const char *text)
{
	size_t used = strlen(out);

	snprintf(out + used, capacity - used, "%s%s", before, text);
}

static inline void
put_date(char *out, size_t capacity, const char *before, int64_t at_s)
{
	char date[UTC_TEXT_SIZE];

	utc_format_date(at_s, date);
	put(out, capacity, before, date);
}

static inline void
agenda_text(const struct agenda *agenda, char *out, size_t capacity)
{
	char count[24];
	size_t i;

	put(out, capacity, "", agenda->is_blind ? "blind; " : "");
	for (i = 0; i < agenda->mend_count; i++) {
		put(out, capacity, "first ", agenda->mends[i].subordinate);
		put(out, capacity, " ",
		    pair_state_word(agenda->mends[i].state));
		put(out, capacity, "; ", "");
	}
	put(out, capacity, "", agenda->is_last ? "last; " : "");
	put(out, capacity, "", agenda_word(agenda->what));
	if (agenda->what != AGENDA_NOTHING && agenda->what != AGENDA_ENDED)
		put_date(out, capacity, " by ", agenda->by_s);
	snprintf(count, sizeof(count), "%zu:", agenda->missed_count);
	if (agenda->missed_count > 0)
		put(out, capacity, ", missed ", count);
	for (i = 0; i < agenda->missed_count && i < AGENDA_MISSED_MAX; i++)
		put_date(out, capacity, " ", agenda->missed[i]);
	for (i = 0; i < agenda->stop_count; i++) {
		put(out, capacity, "; ", agenda->stops[i].subordinate);
		put_date(out, capacity, " ", agenda->stops[i].on_s);
		if (agenda->stops[i].has_stopped)
			put(out, capacity, " stopped", "");
	}
}
