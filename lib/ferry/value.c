/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/utc.h"
#include "ferry/value.h"

bool
value_consists_of(const char *text, size_t size, const char *characters)
{
	const size_t length = strnlen(text, size);

	return length > 0 && length < size &&
	    strspn(text, characters) == length;
}

enum err
value_check_name(const char *document, const char *key, const char *text,
    size_t size, struct error *err)
{
	if (value_consists_of(text, size,
	    "abcdefghijklmnopqrstuvwxyz0123456789-"))
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: %s: \"%.*s\" is not 1 to %zu "
	    "of [a-z0-9-]", document, key, (int)size, text, size - 1);
}

enum err
value_check_hex(const char *document, const char *key, const char *text,
    size_t size, struct error *err)
{
	if (value_consists_of(text, size, VALUE_HEX) &&
	    strlen(text) == size - 1)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: %s: \"%.*s\" is not %zu "
	    "lower-case hex digits", document, key, (int)size, text,
	    size - 1);
}

enum err
value_check_number(const char *document, const char *key,
    const struct number *number, struct error *err)
{
	if (number_fits(number))
		return ERR_OK;
	return err_fail(err, ERR_FORMAT,
	    "%s: %s: more than 2^159-1 (RFC 5280 5.2.3)", document, key);
}

enum err
value_check_time(const char *document, const char *key, int64_t at_s,
    struct error *err)
{
	if (at_s >= UTC_MIN_S && at_s <= UTC_MAX_S)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: %s: %lld s is not in the years "
	    "0 to 9999", document, key, (long long)at_s);
}

enum err
value_check_sequence(const char *document, uint64_t sequence,
    struct error *err)
{
	if (sequence >= 1 && sequence <= INT64_MAX)
		return ERR_OK;
	return err_fail(err, ERR_FORMAT, "%s: sequence: %llu is not 1 to "
	    "2^63-1", document, (unsigned long long)sequence);
}
