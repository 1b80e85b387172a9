/* SPDX-License-Identifier: ISC */
/* Places that no import here writes to: replicas, and what a CDP delivers. */
#include "standing_fixture.h"
#include "test.h"

/* #12 was accepted.  The store holds it, and so does the copy. */
static void
second_is(struct scene *scene, enum standing_copy copy, const char *kind,
    const char *path)
{
	struct standing_place *place = &scene->places[1];

	accept_the_same(scene);
	memset(scene->facts.accepted_sha256, 0, SHA256_SIZE);
	place->copy = copy;
	strcpy(place->kind, kind);
	strcpy(place->path, path);
}

static void
replica(struct scene *scene)
{
	second_is(scene, COPY_REPLICA, "ldap", "ldap://dc2/CN=r");
}

static void
published(struct scene *scene)
{
	second_is(scene, COPY_PUBLISHED, "url", "http://pki/r.crl");
}

static void
make_older(struct standing_place *place)
{
	place->number = number_from_u64(11);
	place->this_update_s = instant("2026-05-22");
	place->next_update_s = instant("2026-12-22");
}

static void
replica_is_older(struct scene *scene)
{
	replica(scene);
	make_older(&scene->places[1]);
}

static void
published_is_older(struct scene *scene)
{
	published(scene);
	make_older(&scene->places[1]);
}

static void
replica_lacks_it(struct scene *scene)
{
	replica(scene);
	scene->places[1].is_present = scene->places[1].is_valid = false;
}

static void
replica_lacks_it_without_number(struct scene *scene)
{
	replica_lacks_it(scene);
	scene->facts.accepted_has_number = false;
}

static void
replica_lacks_what_nobody_accepted(struct scene *scene)
{
	replica_lacks_it(scene);
	scene->facts.has_accepted = false;
}

static void
published_lacks_it(struct scene *scene)
{
	published(scene);
	scene->places[1].is_present = scene->places[1].is_valid = false;
}

static void
published_lacks_what_nobody_accepted(struct scene *scene)
{
	published_lacks_it(scene);
	scene->facts.has_accepted = false;
}

static void
published_is_invalid(struct scene *scene)
{
	published(scene);
	scene->places[1].is_valid = false;
	strcpy(scene->places[1].detail, "HTTP status 404");
}

static void
published_has_a_remedy(struct scene *scene)
{
	published_is_invalid(scene);
	scene->places[1].remedy = "ask its webmaster";
}

static void
replica_is_unreadable(struct scene *scene)
{
	replica_lacks_it(scene);
	scene->places[1].is_unreadable = true;
	scene->places[1].remedy = "";
	strcpy(scene->places[1].detail, "ldap ldap://dc2/CN=r: cannot be "
	    "reached");
}

/* Nobody knows what was accepted, and the copy ends first. */
static void
published_ends_first(struct scene *scene)
{
	published_is_older(scene);
	scene->facts.has_accepted = false;
}

/* The copy is listed first. */
static void
both_are_behind(struct scene *scene)
{
	struct standing_place first;

	published_is_older(scene);
	make_older(&scene->places[0]);
	first = scene->places[0];
	scene->places[0] = scene->places[1];
	scene->places[1] = first;
}

/* What is said of the store is not when the copy ends. */
static void
copy_ends_before_it(struct scene *scene)
{
	both_are_behind(scene);
	scene->places[1].next_update_s += DAY_S;
}

static void
copy_comes_first(struct scene *scene)
{
	struct standing_place first;

	published(scene);
	first = scene->places[0];
	scene->places[0] = scene->places[1];
	scene->places[1] = first;
}

static void
published_alone(struct scene *scene)
{
	published(scene);
	scene->places[0] = scene->places[1];
	scene->facts.place_count = 1;
}

#define REPLICATE ": see why it does not replicate (Active Directory: " \
	"repadmin /syncall)"
#define PUBLISH ": publish the newest CRL there, corp-root-g1.crl of the " \
	"bundle; a cache in between may keep an older one"

static const struct {
	const char *name;
	arrange *arrange;
	const char *now;
	enum pair_state want;
	bool is_elsewhere;
	const char *detail;
} rows[] = {
    {"a replica that has it", replica, "2026-11-22", PAIR_FRESH, false, NULL},
    {"a CDP that delivers it", published, "2026-11-22", PAIR_FRESH, false,
	NULL},
    {"a replica that is behind", replica_is_older, "2026-11-22",
	PAIR_BEHIND, true, "ldap ldap://dc2/CN=r holds CRL #11, but CRL #12 "
	"was accepted already and has not replicated yet; whoever reads it "
	"there stops on 2026-12-22 (in 30 days)" REPLICATE},
    {"a replica that lacks it", replica_lacks_it, "2026-11-22", PAIR_BEHIND,
	true, "ldap ldap://dc2/CN=r lacks CRL #12, which was accepted: it has "
	"not replicated yet, and whoever reads it there has stopped"
	REPLICATE},
    {"the same, without a number", replica_lacks_it_without_number,
	"2026-11-22", PAIR_BEHIND, true, "ldap ldap://dc2/CN=r lacks the CRL "
	"of 2026-11-22T00:00:00Z, which was accepted: it has not replicated "
	"yet, and whoever reads it there has stopped" REPLICATE},
    {"a replica without one, and none was accepted",
	replica_lacks_what_nobody_accepted, "2026-11-22", PAIR_MISSING, true,
	"ldap ldap://dc2/CN=r holds no CRL of corp-root-g1, and whoever reads "
	"it there needs one" REPLICATE},
    {"a replica that does not answer", replica_is_unreadable, "2026-11-22",
	PAIR_UNREADABLE, true, "by CRL #12, which was accepted, issuing-1 "
	"stops on 2027-06-22 (in 212 days); ldap ldap://dc2/CN=r: cannot be "
	"reached"},
    {"a CDP that is behind", published_is_older, "2026-11-22", PAIR_BEHIND,
	true, "url http://pki/r.crl delivers CRL #11, but CRL #12 was "
	"accepted already; whoever fetches it there stops on 2026-12-22 (in "
	"30 days)" PUBLISH},
    {"the same, and it has ended", published_is_older, "2026-12-25",
	PAIR_BEHIND, true, "url http://pki/r.crl delivers CRL #11, but CRL "
	"#12 was accepted already; whoever fetches it there stopped on "
	"2026-12-22 (3 days ago)" PUBLISH},
    {"the same, and all have ended", published_is_older, "2027-06-25",
	PAIR_BEHIND, true, "url http://pki/r.crl delivers CRL #11, but CRL "
	"#12 was accepted already; whoever fetches it there stopped on "
	"2026-12-22 (185 days ago): hold a ceremony at once and import its "
	"bundle"},
    {"a CDP that delivers none", published_lacks_it, "2026-11-22",
	PAIR_MISSING, true, "url http://pki/r.crl delivers no CRL of "
	"corp-root-g1, and whoever fetches it there has stopped" PUBLISH},
    {"the same, and none was accepted",
	published_lacks_what_nobody_accepted, "2026-11-22", PAIR_MISSING,
	true, "url http://pki/r.crl delivers no CRL of corp-root-g1, and "
	"whoever fetches it there needs one" PUBLISH},
    {"a CDP that delivers something else", published_is_invalid,
	"2026-11-22", PAIR_INVALID, true, "url http://pki/r.crl is of no use "
	"to whoever fetches it there, who may have stopped: HTTP status 404"
	PUBLISH},
    {"a remedy of its own", published_has_a_remedy, "2026-11-22",
	PAIR_INVALID, true, "url http://pki/r.crl is of no use to whoever "
	"fetches it there, who may have stopped: HTTP status 404: ask its "
	"webmaster"},
    {"a CDP that lags, and its end is near", published_ends_first,
	"2026-12-21T12:00:00Z", PAIR_CRITICAL, true, "CRL #11 in url "
	"http://pki/r.crl ends on 2026-12-22 00:00 UTC (in 12 hours), and "
	"another store holds a later one; whoever fetches it there stops then"
	PUBLISH},
    {"a CDP that lags, and it has ended", published_ends_first, "2026-12-25",
	PAIR_EXPIRED, true, "CRL #11 in url http://pki/r.crl ended on "
	"2026-12-22 (3 days ago), and another store holds a later one; "
	"whoever fetches it there has stopped" PUBLISH},
    {"what an import mends comes first", both_are_behind, "2026-11-22",
	PAIR_BEHIND, false, "hashdir /etc/ssl/crls holds CRL #11, but CRL #12 "
	"was accepted already; issuing-1 stops on 2026-12-22 (in 30 days): "
	"import the newest bundle: crlferry-sub import MEDIUM"},
    {"each with its own end", copy_ends_before_it, "2026-11-22",
	PAIR_BEHIND, false, "hashdir /etc/ssl/crls holds CRL #11, but CRL #12 "
	"was accepted already; issuing-1 stops on 2026-12-23 (in 31 days): "
	"import the newest bundle: crlferry-sub import MEDIUM"},
    {"all end together", copy_comes_first, "2027-06-22", PAIR_EXPIRED, false,
	"CRL #12 ended on 2027-06-22 00:00 UTC (now) and issuing-1 has "
	"stopped; the ceremony of 2027-05-04 is overdue since 2027-05-07: "
	"hold a ceremony at once and import its bundle"},
    {"a CDP alone", published_alone, "2027-06-22", PAIR_EXPIRED, true,
	"CRL #12 ended on 2027-06-22 00:00 UTC (now) and issuing-1 has "
	"stopped; the ceremony of 2027-05-04 is overdue since 2027-05-07: "
	"hold a ceremony at once and import its bundle"},
};

TEST(copies_are_told_apart)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing standing;
		struct scene scene;

		print_message("%s\n", rows[i].name);
		set_scene(&scene);
		rows[i].arrange(&scene);
		standing_decide(&scene.facts, instant(rows[i].now),
		    &standing);
		assert_string_equal(pair_state_word(standing.state),
		    pair_state_word(rows[i].want));
		assert_int_equal(standing.is_elsewhere,
		    rows[i].is_elsewhere);
		if (rows[i].detail != NULL)
			assert_string_equal(standing.detail, rows[i].detail);
	}
}
