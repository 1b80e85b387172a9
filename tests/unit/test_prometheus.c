/* SPDX-License-Identifier: ISC */
/* What a pair has no sample of, and what else one needs a sample for. */
#include "test.h"
#include "view/prometheus.h"
#include "views_fixture.h"

#define CORP "{root=\"corp-root-g1\",subordinate="

static const char *
metrics_of(struct scene *scene, struct buffer *out)
{
	struct error err = {0};
	size_t i;

	for (i = 0; i < COUNT_OF(scene->standings); i++)
		standing_decide(&scene->facts[i], scene->now_s,
		    &scene->standings[i]);
	FINE(prometheus_standings(scene->standings,
	    COUNT_OF(scene->standings), scene->now_s, out, &err));
	return text_of(out);
}

/* How often does it stand in the text? */
static size_t
count_of(const char *text, const char *wanted)
{
	size_t count = 0;

	for (; (text = strstr(text, wanted)) != NULL; text++)
		count++;
	return count;
}

/* Rather than one of 0, which would be the CRL of 1970. */
TEST(a_missing_crl_has_no_sample)
{
	static const char *const wanted[] = {
	    "\ncrlferry_crl_next_update_timestamp_seconds{",
	    "\ncrlferry_crl_this_update_timestamp_seconds{",
	    "\ncrlferry_crl_number{",
	};
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	scene.places[0].is_valid = false;
	scene.places[2].is_unreadable = true;
	scene.places[2].is_present = false;
	text = metrics_of(&scene, &out);
	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		assert_int_equal(count_of(text, wanted[i]), 1);
	assert_int_equal(count_of(text, "store="), 3);
	assert_int_equal(count_of(text, "store=\"pem:"), 3);
}

TEST(a_retired_pair_has_no_sample)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	scene.facts[1].is_retired = true;
	text = metrics_of(&scene, &out);
	assert_int_equal(count_of(text, "issuing-2"), 0);
	assert_true(count_of(text, "issuing-1") > 0);
}

/* A scrape with the same series twice would be refused whole. */
TEST(a_store_that_is_configured_twice_is_told_of_once)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;

	set_scene(&scene);
	scene.places[2] = scene.places[1];
	assert_int_equal(count_of(metrics_of(&scene, &out),
	    "store=\"pem:"), 3);
}

TEST(both_certificates_have_their_end)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	scene.facts[1].has_subordinate_not_after = true;
	scene.facts[1].subordinate_not_after_s = instant("2031-01-01");
	text = metrics_of(&scene, &out);
	assert_int_equal(count_of(text,
	    "\ncrlferry_certificate_not_after_timestamp_seconds{"), 2);
	assert_int_equal(count_of(text,
	    "\ncrlferry_certificate_not_after_timestamp_seconds" CORP
	    "\"issuing-2\",certificate=\"subordinate\"} 1924992000\n"), 1);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern{"),
	    0);
}

TEST(no_ceremony_has_no_sample)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	scene.facts[0].root_not_after_s = instant("2027-05-04");
	text = metrics_of(&scene, &out);
	assert_int_equal(count_of(text,
	    "\ncrlferry_next_ceremony_timestamp_seconds" CORP
	    "\"issuing-1\"} "), 0);
	assert_int_equal(count_of(text,
	    "\ncrlferry_next_ceremony_timestamp_seconds" CORP
	    "\"issuing-2\"} "), 1);
}

/* As check judges them, by the schedule's `renew` and `renew_critical`. */
TEST(concerns_have_the_severity_of_check)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct scene scene;
	const char *text;

	set_scene(&scene);
	scene.facts[0].root_not_after_s = scene.now_s + 20 * DAY_S;
	strcpy(scene.facts[0].root_weak, "sha1WithRSAEncryption");
	scene.facts[1].has_subordinate_not_after = true;
	scene.facts[1].subordinate_not_after_s = scene.now_s + 300 * DAY_S;
	strcpy(scene.facts[1].subordinate_weak, "md5WithRSAEncryption");
	text = metrics_of(&scene, &out);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern{"),
	    4);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern" CORP
	    "\"issuing-1\",certificate=\"root\",concern=\"not-after\"} 2\n"),
	    1);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern" CORP
	    "\"issuing-1\",certificate=\"root\",concern=\"weak-digest\"} 0\n"),
	    1);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern" CORP
	    "\"issuing-2\",certificate=\"subordinate\","
	    "concern=\"not-after\"} 1\n"), 1);
	assert_int_equal(count_of(text, "\ncrlferry_certificate_concern" CORP
	    "\"issuing-2\",certificate=\"subordinate\","
	    "concern=\"weak-digest\"} 1\n"), 1);
}
