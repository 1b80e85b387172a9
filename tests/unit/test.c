/* SPDX-License-Identifier: ISC */
/* The tests of a program, as TEST() and AROUND_*() of test.h enter them. */
#include <errno.h>

#include "openssl_fixture.h"
#include "test.h"

#define TESTS_MAX 64

static struct CMUnitTest tests[TESTS_MAX];	/* cmocka skips empty ones */
static size_t test_count;
static struct around {
	CMFixtureFunction set_up;
	CMFixtureFunction tear_down;
} all, each;
static size_t kept_folders;	/* made for all tests */

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

static int
call(CMFixtureFunction fixture, void **state)
{
	return fixture == NULL ? 0 : fixture(state);
}

static int
begin_all(void **state)
{
	int result = call(all.set_up, state);

	kept_folders = fixture_count_folders();
	return result;
}

static int
end_all(void **state)
{
	int result = call(all.tear_down, state);

	fixture_remove_folders(0);
	return result;
}

static int
begin_each(void **state)
{
	return call(each.set_up, state);
}

static int
end_each(void **state)
{
	int result = call(each.tear_down, state);

	fixture_remove_folders(kept_folders);
	return result;
}

int
tests_run(void)
{
	for (size_t i = 0; i < test_count; i++) {
		tests[i].setup_func = begin_each;
		tests[i].teardown_func = end_each;
	}
	return cmocka_run_group_tests_name(program_invocation_short_name,
	    tests, begin_all, end_all);
}
