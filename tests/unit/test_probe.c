/* SPDX-License-Identifier: ISC */
/* The findings of a probe: their order, their bound, and how they are shown. */
#include "test.h"
#include "view/probe.h"

static struct probe_report report;

static int
start(void **state)
{
	(void)state;
	report = (struct probe_report){.target = "[::1]:443", .root = "r"};
	return 0;
}

AROUND_EACH(start, NULL)

TEST(the_worst_is_first_and_of_those_the_earliest)
{
	static const char *const want[] = {"c1", "c2", "u1", "w1", "w2", "o1"};

	(void)probe_find(&report, SEVERITY_WARNING, "w1", "w");
	(void)probe_find(&report, SEVERITY_OK, "o1", "o");
	(void)probe_find(&report, SEVERITY_CRITICAL, "c1", "c");
	(void)probe_find(&report, SEVERITY_WARNING, "w2", "w");
	(void)probe_find(&report, SEVERITY_UNKNOWN, "u1", "u");
	(void)probe_find(&report, SEVERITY_CRITICAL, "c2", "c");
	assert_int_equal(report.finding_count, 6);
	for (size_t i = 0; i < report.finding_count; i++)
		assert_string_equal(report.findings[i].id, want[i]);
	assert_int_equal(probe_severity(&report), SEVERITY_CRITICAL);
}

TEST(without_findings_all_is_well)
{
	assert_int_equal(probe_severity(&report), SEVERITY_OK);
}

TEST(without_room_the_least_bad_is_left_out_and_counted)
{
	for (size_t i = 0; i < PROBE_FINDINGS_MAX; i++)
		assert_non_null(probe_find(&report, SEVERITY_WARNING, "w",
		    "%zu", i));
	probe_advise(probe_find(&report, SEVERITY_WARNING, "x", "x"), "none");
	assert_int_equal(report.finding_count, PROBE_FINDINGS_MAX);
	assert_int_equal(report.left_out, 1);
	assert_string_equal(report.findings[PROBE_FINDINGS_MAX - 1].id, "w");
	probe_advise(probe_find(&report, SEVERITY_CRITICAL, "c", "c"), "do");
	assert_int_equal(report.left_out, 2);
	assert_string_equal(report.findings[0].remedy, "do");
	assert_string_equal(report.findings[PROBE_FINDINGS_MAX - 1].text,
	    "46");
}

TEST(what_ended_an_hour_ago_has_less_than_no_days_left)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct probe_certificate *leaf = &report.certificates[0];

	report.certificate_count = 1;
	leaf->role = "leaf";
	leaf->key = "ECDSA";
	leaf->revocation = "none";
	leaf->not_after_s = 10 * DAY_S;
	assert_int_equal(probe_days_left(leaf, 10 * DAY_S), 0);
	assert_int_equal(probe_days_left(leaf, 10 * DAY_S + 1), -1);
	probe_find(&report, SEVERITY_CRITICAL, "expired", "over");
	assert_int_equal(probe_text(&report, 10 * DAY_S + 3600, &out, NULL),
	    ERR_OK);
	assert_int_equal(buffer_append(&out, "", 1, NULL), ERR_OK);
	assert_non_null(strstr((const char *)out.data, " | leaf=-1;"));
	assert_non_null(strstr((const char *)out.data, "from 1970-01-01, "
	    "ended 1970-01-11 00:00 UTC (60 minutes ago); "));
}

TEST(no_text_begins_performance_data_or_breaks_a_line)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct probe_certificate *leaf = &report.certificates[0];

	report.certificate_count = 1;
	leaf->role = "leaf";
	leaf->key = "ECDSA";
	leaf->revocation = "none";
	leaf->not_after_s = 10 * DAY_S + 5;
	leaf->warning_s = 30 * DAY_S;
	leaf->critical_s = 7 * DAY_S;
	strcpy(leaf->subject, "CN=a|b\nc\033[1m");
	probe_advise(probe_find(&report, SEVERITY_CRITICAL, "c", "a|b\nc"),
	    "d|e");
	assert_int_equal(probe_text(&report, 0, &out, NULL), ERR_OK);
	assert_int_equal(buffer_append(&out, "", 1, NULL), ERR_OK);
	assert_ptr_equal(strstr((const char *)out.data, "CRLFERRY CRITICAL - "
	    "[::1]:443: a?b?c: d?e | leaf=10;30:;7:\nnot sent, leaf: "),
	    out.data);
	assert_null(strchr(strchr((const char *)out.data, '|') + 1, '|'));
	assert_non_null(strstr((const char *)out.data, "CN=a?b?c?[1m;"));
}
