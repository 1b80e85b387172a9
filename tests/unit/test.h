/* SPDX-License-Identifier: ISC */
/*
 * What every unit test includes: cmocka, tests that enter themselves into the
 * list of their program, and assertions about errors.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/error.h"

/* What blocks this long dies of SIGALRM, and fails.  (meson waits longer.) */
#define HANG_S 100

void tests_add(const char *name, CMUnitTestFunction run);
void tests_around_all(CMFixtureFunction set_up, CMFixtureFunction tear_down);
void tests_around_each(CMFixtureFunction set_up, CMFixtureFunction tear_down);

/* Run the tests of this program: what main returns. */
int tests_run(void);

#define TESTS_BEFORE_MAIN(name, call) \
	__attribute__((constructor)) static void \
	name(void) \
	{ \
		call; \
	}

/* TEST(name) { ... } is run with the others of its file, in their order. */
#define TEST(name) \
	static void name(void **state); \
	TESTS_BEFORE_MAIN(add_##name, tests_add(#name, name)) \
	static void name(void **state)

/* What is done before the first test and after the last; NULL for nothing. */
#define AROUND_ALL(set_up, tear_down) \
	TESTS_BEFORE_MAIN(around_all, tests_around_all(set_up, tear_down))

/* What is done before and after each test; NULL for nothing. */
#define AROUND_EACH(set_up, tear_down) \
	TESTS_BEFORE_MAIN(around_each, tests_around_each(set_up, tear_down))

/* A call that has &err must succeed. */
#define FINE(call) \
	do { \
		enum err fine_code = (call); \
\
		if (fine_code != ERR_OK) \
			fail_msg("%s: %s: %s", #call, \
			    error_token(fine_code), err.what); \
	} while (0)

/* A call that has &err must fail with this code, and say why. */
#define REFUSED(call, want) \
	do { \
		enum err refused_code; \
\
		err = (struct error){0}; \
		refused_code = (call); \
		if (refused_code != (want) || err.code != (want) || \
		    err.what[0] == '\0') \
			fail_msg("%s: want %s, have %s: \"%s\"", #call, \
			    error_token(want), error_token(refused_code), \
			    err.what); \
	} while (0)
