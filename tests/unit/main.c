/* SPDX-License-Identifier: ISC */
/* For tests that have no main of their own. */
#include "test.h"

int
main(void)
{
	return tests_run();
}
