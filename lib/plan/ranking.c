/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "plan/ranking.h"

bool
ranking_make_room(void *list, size_t size, size_t capacity, size_t at,
    size_t *count, size_t *left_out)
{
	char *place = (char *)list + at * size;

	if (*count == capacity)
		(*left_out)++;
	else
		(*count)++;
	if (at == capacity)
		return false;
	memmove(place + size, place, (*count - at - 1) * size);
	return true;
}
