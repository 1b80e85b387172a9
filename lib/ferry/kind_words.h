/* SPDX-License-Identifier: ISC */
/* What octets are, in words.  Inside of kind only. */
#pragma once

#include "base/bytes.h"

/* "HTML", and the command around the file's name that makes more of it. */
struct kind_words {
	const char *noun;
	const char *before;	/* or NULL */
	const char *after;
};

/* Into a SEQUENCE, whose content may be cut off; false if it is none. */
bool kind_enter(struct span *der, uint64_t *size);

/* What DER, maybe cut off, is: "a certificate"; NULL if nobody knows. */
const char *kind_of_der(struct span der);

/* What begins as a known kind of text or archive; NULL if nobody knows. */
const struct kind_words *kind_of_beginning(struct span file);

/* What a file is that is neither DER nor PEM. */
struct kind_words kind_of_other(struct span file);
