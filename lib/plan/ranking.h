/* SPDX-License-Identifier: ISC */
/* Lists that keep only what ranks first.  Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Make room at a place of a list, where everything from there on moves; of a
 * full list the last one falls out.  False if nothing is to be put in, for
 * what has the place behind a full list falls out itself.
 *
 * capacity  of the list, in elements of `size` octets
 * at        0..*count
 * left_out  how many fell out
 */
bool ranking_make_room(void *list, size_t size, size_t capacity, size_t at,
    size_t *count, size_t *left_out);
