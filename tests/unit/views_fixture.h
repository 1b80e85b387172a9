/* SPDX-License-Identifier: ISC */
/* Pairs that the views show. */
#pragma once

#include "instant.h"
#include "plan/standing.h"
#include "test.h"

#define NOW "2026-11-23T00:00:00Z"

/*
 * Three pairs: fresh in one store; in its cushion in one of two stores, with
 * awkward paths; missing, without a subordinate.
 */
struct scene {
	struct schedule schedule;
	struct standing_place places[4];
	struct standing_facts facts[3];
	struct standing standings[3];
	int64_t now_s;
};

static inline void
set_place(struct standing_place *place, const char *kind, const char *path,
    const char *next_update)
{
	strcpy(place->kind, kind);
	strcpy(place->path, path);
	place->is_present = place->is_valid = true;
	place->has_number = place->has_next_update = true;
	place->number = number_from_u64(12);
	place->this_update_s = instant("2026-11-22");
	place->next_update_s = instant(next_update);
}

static inline void
set_scene(struct scene *scene)
{
	const struct schedule_text text = {.every = "6 months",
	    .from = "2026-05", .on = "first tuesday",
	    .validity = "7 months", .cushion = "3 weeks"};
	struct standing_facts *facts = scene->facts;
	struct error err = {0};
	size_t i;

	*scene = (struct scene){0};
	scene->now_s = instant(NOW);
	FINE(schedule_parse("test", &text, &scene->schedule, &err));
	set_place(&scene->places[0], "hashdir", "/etc/ssl/crls",
	    "2027-06-22");
	set_place(&scene->places[1], "pem", "/a \"b\"\\c|d\n\xff",
	    "2026-12-05");
	set_place(&scene->places[2], "der", "/var/r.crl", "2027-06-22");
	scene->places[2].has_number = false;
	strcpy(scene->places[3].kind, "der");
	strcpy(scene->places[3].path, "/missing");
	for (i = 0; i < 3; i++) {
		strcpy(facts[i].root, "corp-root-g1");
		facts[i].schedule = &scene->schedule;
		facts[i].place_count = 1;
	}
	strcpy(facts[0].subordinate, "issuing-1");
	facts[0].places = &scene->places[0];
	facts[0].has_root_not_after = true;
	facts[0].root_not_after_s = instant("2036-01-01");
	strcpy(facts[1].subordinate, "issuing-2");
	facts[1].places = &scene->places[1];
	facts[1].place_count = 2;
	facts[2].places = &scene->places[3];
	for (i = 0; i < 3; i++)
		standing_decide(&facts[i], scene->now_s,
		    &scene->standings[i]);
}

/* The buffer as a string. */
static inline const char *
text_of(struct buffer *out)
{
	struct error err = {0};

	FINE(buffer_append(out, "", 1, &err));
	return (const char *)out->data;
}
