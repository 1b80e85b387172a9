/* SPDX-License-Identifier: ISC */
/* Distinguished names: when two are equal, and how one is shown. */
#pragma once

#include "base/bytes.h"

#define NAME_TEXT_SIZE 256

struct X509_name_st;		/* X509_NAME */

/*
 * Are two Names, in DER, equal by RFC 5280 7.1, as OpenSSL compares them: the
 * same RDNs in the same order, in strings of any type, whatever the case of
 * ASCII letters and however much white space?
 */
bool name_equals(struct span a, struct span b);

/*
 * RFC 2253, printable: whole characters of UTF-8 as far as they fit.  False if
 * a string in it is broken.
 */
bool name_print(const struct X509_name_st *name, char out[NAME_TEXT_SIZE]);

/* The same of a Name in DER; "a broken name", "an empty name" if it is that. */
void name_text(struct span name, char out[NAME_TEXT_SIZE]);

/*
 * Who it is, for people: the organisation that a Name in DER names, else its
 * last common name, else what name_text says.
 */
void name_owner(struct span name, char out[NAME_TEXT_SIZE]);
