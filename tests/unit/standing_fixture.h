/* SPDX-License-Identifier: ISC */
/* A pair whose standing is decided. */
#pragma once

#include "instant.h"
#include "plan/standing.h"
#include "test.h"

/*
 * A pair that is fresh on 2026-11-22: #12 in two stores, until 2027-06-22.
 * The next ceremony is on 2027-05-04, its deadline three days later.
 */
struct scene {
	struct schedule schedule;
	struct standing_place places[2];
	struct standing_facts facts;
};

typedef void arrange(struct scene *scene);

static inline void
set_scene(struct scene *scene)
{
	const struct schedule_text text = {.every = "6 months",
	    .from = "2026-05", .on = "first tuesday",
	    .validity = "7 months", .cushion = "3 weeks"};
	struct standing_place place = {.is_present = true, .is_valid = true,
	    .has_number = true, .has_next_update = true};
	struct error err = {0};

	*scene = (struct scene){0};
	FINE(schedule_parse("test", &text, &scene->schedule, &err));
	place.number = number_from_u64(12);
	place.this_update_s = instant("2026-11-22");
	place.next_update_s = instant("2027-06-22");
	strcpy(place.kind, "hashdir");
	strcpy(place.path, "/etc/ssl/crls");
	scene->places[0] = place;
	strcpy(place.kind, "der");
	strcpy(place.path, "/var/www/pki/r.crl");
	scene->places[1] = place;
	strcpy(scene->facts.root, "corp-root-g1");
	strcpy(scene->facts.subordinate, "issuing-1");
	scene->facts.schedule = &scene->schedule;
	scene->facts.places = scene->places;
	scene->facts.place_count = 2;
}

static inline void
second_is_missing(struct scene *scene)
{
	scene->places[1].is_present = false;
}

static inline void
second_is_invalid(struct scene *scene)
{
	scene->places[1].is_valid = false;
	strcpy(scene->places[1].detail, "signature: want the root's");
}

static inline void
accept_the_same(struct scene *scene)
{
	scene->facts.has_accepted = true;
	scene->facts.accepted_has_number = true;
	scene->facts.accepted_number = number_from_u64(12);
	scene->facts.accepted_this_update_s =
	    scene->places[0].this_update_s;
	scene->facts.accepted_has_next_update = true;
	scene->facts.accepted_next_update_s =
	    scene->places[0].next_update_s;
}

static inline void
nothing(struct scene *scene)
{
}

static inline void
manifest_names_march(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-03-02");
}

static inline void
shorter_in_one_store(struct scene *scene)
{
	scene->places[1].next_update_s = instant("2027-02-22");
	scene->places[1].number = number_from_u64(11);
}

static inline void
unpublished(struct scene *scene)
{
	scene->facts.unpublished = 3;
	scene->facts.unpublished_since_s = instant("2026-11-23T12:00:00Z");
}

static inline void
missing_everywhere(struct scene *scene)
{
	scene->places[0].is_present = false;
	scene->places[1].is_present = false;
}

static inline void
revoked(struct scene *scene)
{
	scene->facts.is_revoked = true;
	scene->facts.revoked_reason = 1;
	strcpy(scene->facts.revoked_reason_name, "keyCompromise");
}
