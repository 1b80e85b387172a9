/* SPDX-License-Identifier: ISC */
/* What a file is that no private key can be read from. */
#pragma once

#include "ca/keyfile/key_file.h"

/* ERR_KEY, with what it is, and the command that converts it if one can. */
enum err key_form_fail(const struct key_file *file, struct error *err);

/*
 * Is it something that anybody may read, such as a certificate?  The octets
 * are followed by a NUL.
 */
bool key_form_is_public(struct span content);
