/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static const struct {
	int status;
	const char *token;
	const char *remedy;
} errors[ERR_COUNT] = {
#define X(name, status, token, remedy) [ERR_##name] = {status, token, remedy},
    ERRORS(X)
#undef X
};

int
error_status(enum err code)
{
	return errors[code].status;
}

const char *
error_token(enum err code)
{
	return errors[code].token;
}

const char *
error_remedy(enum err code)
{
	return errors[code].remedy;
}

const char *
error_advice(const struct error *error)
{
	return error->remedy[0] != '\0' ? error->remedy :
	    errors[error->code].remedy;
}

const char *
error_line(const struct error *error, char out[ERROR_LINE_SIZE])
{
	snprintf(out, ERROR_LINE_SIZE, "%s%s%s", error->what,
	    error->remedy[0] == '\0' ? "" : ": ", error->remedy);
	return out;
}

bool
error_is_known(unsigned int code)
{
	return code < ERR_COUNT;
}

enum err
err_fail(struct error *err, enum err code, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return code;
	err->code = code;
	err->number = 0;
	err->remedy[0] = '\0';
	va_start(args, fmt);
	vsnprintf(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	text_make_printable(err->what, '?');
	return code;
}

enum err
err_remedy(struct error *err, enum err code, const char *fmt, ...)
{
	va_list args;

	if (err == NULL || code == ERR_OK)
		return code;
	va_start(args, fmt);
	vsnprintf(err->remedy, sizeof(err->remedy), fmt, args);
	va_end(args);
	text_make_printable(err->remedy, '?');
	return code;
}

enum err
err_copy(struct error *err, const struct error *why)
{
	if (err != NULL)
		*err = *why;
	return why->code;
}

enum err
err_no_memory(struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_IO, "out of memory"),
	    "free some, then run the same command again");
}

enum err
err_about(struct error *err, enum err code, const char *subject)
{
	struct error before;

	if (err == NULL || code == ERR_OK)
		return code;
	before = *err;
	err_fail(err, code, "%s: %s", subject, before.what);
	err->number = before.number;
	memcpy(err->remedy, before.remedy, sizeof(err->remedy));
	return code;
}
