/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "ca/index_serial.h"

bool
index_serial_parse(struct span text, uint8_t out[INDEX_SERIAL_MAX],
    size_t *size)
{
	uint8_t octets[INDEX_SERIAL_MAX];
	size_t count, first = 0;

	if (text.size < 2 ||
	    !hex_decode(text, octets + 1, sizeof(octets) - 1, &count))
		return false;
	octets[0] = 0;
	while (first < count && octets[first] == 0 &&
	    (octets[first + 1] & 0x80) == 0)
		first++;
	*size = count + 1 - first;
	memcpy(out, octets + first, *size);
	return true;
}

void
index_serial_format(struct span serial, char out[INDEX_SERIAL_TEXT_SIZE])
{
	char *at;

	/* The octet that keeps the INTEGER positive is no part of it. */
	if (serial.size > 1 && serial.data[0] == 0) {
		serial.data++;
		serial.size--;
	}
	hex_encode(serial, out, INDEX_SERIAL_TEXT_SIZE);
	for (at = out; *at != '\0'; at++) {
		if (*at >= 'a' && *at <= 'f')
			*at = (char)(*at - 'a' + 'A');
	}
}
