/* SPDX-License-Identifier: ISC */
/* What may be the matter with the pair of standing_fixture.h. */
#pragma once

#include "standing_fixture.h"

static inline void
no_stores(struct scene *scene)
{
	scene->facts.place_count = 0;
	scene->facts.places = NULL;
}

static inline void
without_next_update(struct scene *scene)
{
	scene->places[1].has_next_update = false;
}

/* After the end of the CRL: no ceremony is overdue before that. */
static inline void
manifest_names_july(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-07-06");
}

static inline void
manifest_names_june(struct scene *scene)
{
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-06-15");
}

/* The manifest names the one of May all the same. */
static inline void
monthly(struct scene *scene)
{
	scene->schedule.every_months = 1;
	scene->facts.has_next_ceremony = true;
	scene->facts.next_ceremony_s = instant("2027-05-04");
}

static inline void
without_grace(struct scene *scene)
{
	scene->schedule.grace = (struct duration){0};
}

static inline void
told_of_nothing(struct scene *scene)
{
	scene->schedule.remind = (struct duration){0};
}

static inline void
root_ends_with_it(struct scene *scene)
{
	manifest_names_july(scene);
	scene->facts.has_root_not_after = true;
	scene->facts.root_not_after_s = scene->places[0].next_update_s;
	scene->schedule.renew = (struct duration){0};
}

static inline void
missing_elsewhere(struct scene *scene)
{
	missing_everywhere(scene);
	scene->facts.option = " --config a.cfg";
}

/* Its dates must not count. */
static inline void
invalid_and_ended(struct scene *scene)
{
	second_is_invalid(scene);
	scene->places[1].next_update_s = instant("2026-01-01");
	scene->places[1].this_update_s = instant("2025-01-01");
}

static inline void
behind_by_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(13);
	scene->facts.accepted_next_update_s = instant("2028-01-04");
}

static inline void
ahead_by_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_number = number_from_u64(11);
}

static inline void
behind_and_all_ended(struct scene *scene)
{
	behind_by_number(scene);
	scene->facts.accepted_next_update_s = instant("2027-06-24");
}

static inline void
accepted_but_not_in_one(struct scene *scene)
{
	accept_the_same(scene);
	second_is_missing(scene);
}

static inline void
accepted_but_nowhere(struct scene *scene)
{
	accept_the_same(scene);
	missing_everywhere(scene);
}

static inline void
behind_by_date(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_has_number = false;
	scene->facts.accepted_this_update_s++;
}

static inline void
same_date_without_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->places[0].has_number = false;
	scene->places[1].has_number = false;
}

static inline void
another_of_that_number(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_sha256[31] = 1;
	scene->places[1].sha256[31] = 1;
}

static inline void
another_of_that_date(struct scene *scene)
{
	another_of_that_number(scene);
	scene->facts.accepted_has_number = false;
}

/* What is higher need not be the same. */
static inline void
another_ahead(struct scene *scene)
{
	another_of_that_number(scene);
	scene->facts.accepted_number = number_from_u64(11);
}

static inline void
unreadable_store(struct scene *scene)
{
	scene->places[0].is_present = false;
	scene->places[0].is_unreadable = true;
	strcpy(scene->places[0].detail, "cannot read hashdir /etc/ssl/crls as "
	    "nobody: Permission denied");
}

static inline void
unreadable_and_accepted(struct scene *scene)
{
	accept_the_same(scene);
	scene->facts.accepted_next_update_s = instant("2027-05-30");
	unreadable_store(scene);
}

static inline void
all_unreadable(struct scene *scene)
{
	unreadable_store(scene);
	scene->places[1] = scene->places[0];
}

static inline void
unreadable_by_mode(struct scene *scene)
{
	unreadable_store(scene);
	scene->facts.place_count = 1;
	scene->places[0].remedy = "";
	strcpy(scene->places[0].detail, "hashdir /etc/ssl/crls: others can "
	    "write it: chmod go-w /etc/ssl");
}

static inline void
unreadable_and_missing(struct scene *scene)
{
	unreadable_store(scene);
	second_is_missing(scene);
}

static inline void
mended_by_hand_only(struct scene *scene)
{
	second_is_invalid(scene);
	scene->places[1].remedy = "mend or remove that block";
}

static inline void
revoked_and_retired(struct scene *scene)
{
	revoked(scene);
	scene->facts.is_retired = true;
}

static inline void
revoked_behind_and_broken(struct scene *scene)
{
	behind_by_number(scene);
	second_is_invalid(scene);
	revoked(scene);
}

static inline void
behind_and_missing(struct scene *scene)
{
	behind_by_number(scene);
	second_is_missing(scene);
}

static inline void
later_in_another_pair(struct scene *scene)
{
	strcpy(scene->facts.other, "issuing-2");
	scene->facts.other_next_update_s = instant("2027-06-23");
}
