/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

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
	va_start(args, fmt);
	vsnprintf(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	text_make_printable(err->what, '?');
	return code;
}

enum err
err_about(struct error *err, enum err code, const char *subject)
{
	char what[sizeof(err->what)];

	if (err == NULL || code == ERR_OK)
		return code;
	memcpy(what, err->what, sizeof(what));
	return err_fail(err, code, "%s: %s", subject, what);
}
