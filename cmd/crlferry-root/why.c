/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/printable.h"
#include "why.h"

#define WHY_MAX 200	/* octets */

/* Would it be shown as it is written? */
enum err
why_check(const char *why, struct error *err)
{
	RELEASE_BUFFER struct buffer shown = {0};

	if (why[0] == '\0' || strlen(why) > WHY_MAX)
		return err_fail(err, ERR_USAGE, "--why: want text of 1 to %d "
		    "octets, have %zu", WHY_MAX, strlen(why));
	TRY(printable_append(&shown, why, PRINTABLE_LINE, "", err));
	if (!span_equals(span_of_buffer(&shown), span_of_text(why)))
		return err_fail(err, ERR_USAGE, "--why: want one line of "
		    "printable text, have \"%s\"", why);
	return ERR_OK;
}
