/* SPDX-License-Identifier: ISC */
/* What stdout can show. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 20
#define WIDTH_MAX 1000

size_t
cli_terminal_width(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) == 0 ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

size_t
cli_width(void)
{
	const char *columns = getenv("COLUMNS");
	unsigned long width = cli_terminal_width();

	if (width == 0 && columns != NULL)
		width = strtoul(columns, NULL, 10);
	if (width == 0 || width > WIDTH_MAX)
		width = WIDTH_DEFAULT;
	return width < WIDTH_MIN ? WIDTH_MIN : width;
}

bool
cli_has_colours(void)
{
	const char *unwanted = getenv("NO_COLOR");
	const char *kind = getenv("TERM");

	/* https://no-color.org: if it is there and not empty */
	return isatty(STDOUT_FILENO) != 0 &&
	    (unwanted == NULL || *unwanted == '\0') && kind != NULL &&
	    *kind != '\0' && strcmp(kind, "dumb") != 0;
}
