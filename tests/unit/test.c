/* SPDX-License-Identifier: ISC */
/* The tests of a program, as TEST() and AROUND_*() of test.h enter them. */
#include <errno.h>

#include "test.h"

#define TESTS_MAX 64

static struct CMUnitTest tests[TESTS_MAX];	/* cmocka skips empty ones */
static size_t test_count;
static struct around {
	CMFixtureFunction set_up;
	CMFixtureFunction tear_down;
} all, each;

void
tests_add(const char *name, CMUnitTestFunction run)
{
	if (test_count == TESTS_MAX)
		abort();
	tests[test_count++] = (struct CMUnitTest){ .name = name,
		.test_func = run };
}

void
tests_around_all(CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
	all = (struct around){ set_up, tear_down };
}

void
tests_around_each(CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
	each = (struct around){ set_up, tear_down };
}

int
tests_run(void)
{
	for (size_t i = 0; i < test_count; i++) {
		tests[i].setup_func = each.set_up;
		tests[i].teardown_func = each.tear_down;
	}
	return cmocka_run_group_tests_name(program_invocation_short_name,
	    tests, all.set_up, all.tear_down);
}
