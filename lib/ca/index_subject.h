/* SPDX-License-Identifier: ISC */
/* Subjects of the index, for people. */
#pragma once

#include "base/bytes.h"

/*
 * Append a subject of the index as it was typed: OpenSSL (X509_NAME_oneline)
 * writes "\xD0\x9F" for a letter beyond ASCII, which is shown as that letter;
 * so are the "\x04\x1F" of a BMPString, but for those beyond U+1FFF.  All that
 * would steer a terminal, and what is no character, stays or becomes "\xHH".
 */
MUST_CHECK enum err index_subject_show(struct span subject,
    struct buffer *out, struct error *err);

/* For a message: what fits of such a text, by whole characters. */
struct index_subject_words {
	char text[128];
};
struct index_subject_words index_subject_words(struct span shown);

/* The same from shortly before where such a text differs from another. */
struct index_subject_words index_subject_apart(struct span shown,
    struct span other);

/*
 * A subject of the index beside its serial, without the "/" in front; empty for
 * one that is not known.
 */
struct index_subject_words index_subject_name(struct span subject);
