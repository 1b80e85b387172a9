/* SPDX-License-Identifier: ISC */
/*
 * Inside of note: the rules that what is written and what is read both keep.
 * Only note*.c include this.
 */
#pragma once

#include "ferry/note.h"

#define NOTE_TYPE_PREFIX "crlferry-"
#define NOTE_TYPE_SIZE 32

/* "crlferry-request" */
void note_type(enum note_kind kind, char out[NOTE_TYPE_SIZE]);

/* ERR_FORMAT, naming the first value that is out of its range. */
MUST_CHECK enum err note_check(const struct note *note, struct error *err);
