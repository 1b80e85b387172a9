/* SPDX-License-Identifier: ISC */
/*
 * The rules of names, digits, numbers and times in all that travels.  Each is
 * ERR_FORMAT, with document and key in the message.  Inside of ferry only.
 */
#pragma once

#include "base/error.h"
#include "base/number.h"

#define VALUE_HEX "0123456789abcdef"

/* A text that ends within its size, and is made of these alone; not empty. */
bool value_consists_of(const char *text, size_t size, const char *characters);

/*
 * [a-z0-9-], at least one.
 *
 * size  of the array; the text need not end in it
 */
MUST_CHECK enum err value_check_name(const char *document, const char *key,
    const char *text, size_t size, struct error *err);

/* As many lower-case hex digits as the array has room for. */
MUST_CHECK enum err value_check_hex(const char *document, const char *key,
    const char *text, size_t size, struct error *err);

/* A CRL number is at most 2^159-1. */
MUST_CHECK enum err value_check_number(const char *document, const char *key,
    const struct number *number, struct error *err);
MUST_CHECK enum err value_check_time(const char *document, const char *key,
    int64_t at_s, struct error *err);

/* The sequence of a note: from 1, and one that JSON can hold. */
MUST_CHECK enum err value_check_sequence(const char *document,
    uint64_t sequence, struct error *err);
