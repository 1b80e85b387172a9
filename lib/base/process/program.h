/* SPDX-License-Identifier: ISC */
/* Which file a program's name means, and whether others could change it. */
#pragma once

#include <limits.h>

#include "base/error.h"

/*
 * Find the program, in PATH if its name has no slash, as execvp does.  The
 * file and every folder on its way belong to root or the caller, and neither
 * group nor others may write them: nobody else decides what is run.  The
 * interpreter that a script names is not looked at.
 *
 * out  its path as it was found, with a slash: links on it are root's or the
 *      caller's too, so that nobody else can change what it means afterwards
 *
 * ERR_HOOK if there is none; ERR_PERMISSIONS, with the file or folder and the
 * way out.
 */
MUST_CHECK enum err program_find(const char *name, char out[PATH_MAX],
    struct error *err);

/*
 * The same of the script that an interpreter is given: of { "sh",
 * "/etc/x/reload" } the second word is what is run.  ERR_PERMISSIONS; a script
 * that is not there is for the interpreter to say.
 */
MUST_CHECK enum err program_check_script(const char *const argv[],
    struct error *err);
