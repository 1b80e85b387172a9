/* SPDX-License-Identifier: ISC */
/*
 * racer SWAPS NAME OTHER...: exchange NAME, of the folder it stands in, with
 * each OTHER in turn, as fast as it can, until SWAPS of them are done and
 * nobody holds its standard input open any more.  Prints how many it did.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Whoever wants to be raced still holds the other end. */
static int
is_wanted(void)
{
	struct pollfd input = {.fd = 0, .events = POLLIN};

	return poll(&input, 1, 0) == 0;
}

int
main(int argc, char *argv[])
{
	unsigned long least, swaps = 0, missed = 0;
	int next = 3;

	if (argc < 4)
		return 64;
	least = strtoul(argv[1], NULL, 10);
	while (swaps < least || ((swaps & 63) == 0 && is_wanted()) ||
	    (swaps & 63) != 0) {
		if (renameat2(AT_FDCWD, argv[2], AT_FDCWD, argv[next],
		    RENAME_EXCHANGE) == 0)
			swaps++;
		else if (errno != ENOENT)
			return 74;
		else if (++missed > least * 100)
			return 66;	/* a name is gone for good */
		next = next + 1 == argc ? 3 : next + 1;
	}
	printf("%lu\n", swaps);
	return 0;
}
