/* SPDX-License-Identifier: ISC */
/* What certificates call for, beside a CRL that is fresh. */
#include "standing_fixture.h"
#include "test.h"

static void
root_ends(struct scene *scene)
{
	scene->facts.has_root_not_after = true;
	scene->facts.root_not_after_s = instant("2027-11-30");
}

static void
root_ends_at_home(struct scene *scene)
{
	root_ends(scene);
	scene->facts.can_reissue = true;
	scene->facts.option = " --config x.cfg";
}

static void
root_ends_and_was_reissued(struct scene *scene)
{
	root_ends_at_home(scene);
	scene->facts.is_reissued = true;
}

static void
root_ends_and_is_retired(struct scene *scene)
{
	root_ends(scene);
	scene->facts.is_retired = true;
}

static void
subordinate_ends(struct scene *scene)
{
	scene->facts.has_subordinate_not_after = true;
	scene->facts.subordinate_not_after_s = instant("2027-11-30");
}

static void
subordinate_ends_told_late(struct scene *scene)
{
	subordinate_ends(scene);
	scene->schedule.renew = (struct duration){.months = 6};
}

static void
subordinate_is_weak(struct scene *scene)
{
	strcpy(scene->facts.subordinate_weak, "sha1WithRSAEncryption");
}

static void
root_is_weak(struct scene *scene)
{
	strcpy(scene->facts.root_weak, "md5WithRSAEncryption");
}

static void
root_is_weak_at_home(struct scene *scene)
{
	root_is_weak(scene);
	scene->facts.can_reissue = true;
}

static const struct {
	const char *name;
	arrange *arrange;
	const char *edge;
	enum severity before, at;	/* of the concern; OK without one */
	const char *text;	/* a part of it at the edge; NULL: none */
} rows[] = {
    {"root, from a year before", root_ends, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_WARNING, "2027-11-30 (in 365 days)"},
    {"root, critical", root_ends, "2027-10-31T00:00:00Z",
	SEVERITY_WARNING, SEVERITY_CRITICAL, "2027-11-30 (in 30 days)"},
    {"root, seen by a subordinate", root_ends, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_WARNING, "ask the root's operator for a new "
	"one"},
    {"root, on its machine", root_ends_at_home, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_WARNING, "with it: crlferry-root reissue "
	"--config x.cfg corp-root-g1 --output FILE"},
    {"root, reissued", root_ends_and_was_reissued, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_WARNING, "with it; a new one is made: set "
	"`certificate` of root corp-root-g1 to it"},
    {"root, retired", root_ends_and_is_retired, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_OK, NULL},
    {"subordinate, from a year before", subordinate_ends,
	"2026-11-30T00:00:00Z", SEVERITY_OK, SEVERITY_WARNING,
	"the certificate of issuing-1 ends on 2027-11-30"},
    {"subordinate, as the schedule says", subordinate_ends_told_late,
	"2026-11-30T00:00:00Z", SEVERITY_OK, SEVERITY_OK, NULL},
    {"a weak subordinate", subordinate_is_weak, "2026-11-30T00:00:00Z",
	SEVERITY_WARNING, SEVERITY_WARNING, "sha1WithRSAEncryption"},
    {"a weak root is mentioned", root_is_weak, "2026-11-30T00:00:00Z",
	SEVERITY_OK, SEVERITY_OK, "md5WithRSAEncryption"},
    {"a weak root, on its machine", root_is_weak_at_home,
	"2026-11-30T00:00:00Z", SEVERITY_OK, SEVERITY_OK, "no harm; to be "
	"rid of it: crlferry-root reissue corp-root-g1 --output FILE"},
};

static void
assert_concern(const struct standing *standing, enum severity want)
{
	assert_int_equal(standing->concern_count == 0 ? SEVERITY_OK :
	    standing->concerns[0].severity, want);
	if (!standing->facts->is_retired)
		assert_int_equal(standing->severity,
		    severity_worse(standing->state_severity, want));
}

TEST(certificates_are_told_of)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const int64_t edge_s = instant(rows[i].edge);
		struct standing standing;
		struct scene scene;

		print_message("%s\n", rows[i].name);
		set_scene(&scene);
		rows[i].arrange(&scene);
		standing_decide(&scene.facts, edge_s - 1, &standing);
		assert_concern(&standing, rows[i].before);
		standing_decide(&scene.facts, edge_s, &standing);
		assert_concern(&standing, rows[i].at);
		assert_int_equal(standing.concern_count,
		    rows[i].text != NULL);
		if (rows[i].text != NULL)
			assert_non_null(strstr(standing.concerns[0].text,
			    rows[i].text));
	}
}
