/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/array.h"
#include "base/utc.h"

#define COUNT_MAX 1000000

static const struct {
	const char *word;
	int64_t months;
	int64_t seconds;
} units[] = {
    {"s", 0, 1}, {"sec", 0, 1}, {"secs", 0, 1}, {"second", 0, 1},
    {"seconds", 0, 1}, {"min", 0, 60}, {"mins", 0, 60}, {"minute", 0, 60},
    {"minutes", 0, 60}, {"h", 0, 3600}, {"hour", 0, 3600},
    {"hours", 0, 3600}, {"day", 0, DAY_S}, {"days", 0, DAY_S},
    {"week", 0, 7 * DAY_S}, {"weeks", 0, 7 * DAY_S}, {"month", 1, 0},
    {"months", 1, 0}, {"year", 12, 0}, {"years", 12, 0},
};

static const char *
skip_spaces(const char *text)
{
	return text + strspn(text, " \t");
}

/* "7 months" at *text, which moves behind it; added to *out, times sign. */
static bool
parse_term(const char **text, int sign, struct duration *out)
{
	const char *at = *text;
	int64_t count = 0;
	size_t size;

	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		count = count * 10 + (*at - '0');
		if (count > COUNT_MAX)
			return false;
	}
	at = skip_spaces(at);
	size = strspn(at, "abcdefghijklmnopqrstuvwxyz");
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (strlen(units[i].word) != size ||
		    memcmp(units[i].word, at, size) != 0)
			continue;
		out->months += sign * count * units[i].months;
		out->seconds += sign * count * units[i].seconds;
		*text = skip_spaces(at + size);
		return true;
	}
	return false;
}

enum err
duration_parse(const char *text, struct duration *out, struct error *err)
{
	struct duration sum = {0};
	const char *at = skip_spaces(text);
	unsigned int terms = 0;
	int sign = 1;

	do {
		if (terms > 0 && (*at == '+' || *at == '-')) {
			sign = *at == '-' ? -1 : 1;
			at = skip_spaces(at + 1);
		} else {
			sign = 1;
		}
		if (++terms > 16 || !parse_term(&at, sign, &sum))
			return err_fail(err, ERR_FORMAT,
			    "duration: \"%s\" is not one; write it like \"7 "
			    "months\" or \"12 months - 1 second\"",
			    text);
	} while (*at != '\0');
	*out = sum;
	return ERR_OK;
}
