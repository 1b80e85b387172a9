/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "pki/serial.h"

static bool
is_negative(struct span serial)
{
	return serial.size > 0 && (serial.data[0] & 0x80) != 0;
}

/* Leading octets that only repeat the sign go (X.690 8.3.2). */
static struct span
shortest(struct span content)
{
	while (content.size > 1 &&
	    ((content.data[0] == 0 && (content.data[1] & 0x80) == 0) ||
	    (content.data[0] == 0xff && (content.data[1] & 0x80) != 0))) {
		content.data++;
		content.size--;
	}
	return content;
}

/* Two's complement. */
static void
negate(uint8_t *octets, size_t size)
{
	unsigned int carry = 1;

	while (size-- > 0) {
		carry += (uint8_t)~octets[size];
		octets[size] = (uint8_t)carry;
		carry >>= 8;
	}
}

/* The content octets of its magnitude; in place, unless it is negative. */
static struct span
magnitude(struct span serial, uint8_t octets[SERIAL_OCTETS_MAX + 1])
{
	if (!is_negative(serial) || serial.size > SERIAL_OCTETS_MAX)
		return serial;
	octets[0] = 0xff;
	memcpy(octets + 1, serial.data, serial.size);
	negate(octets, serial.size + 1);
	return shortest((struct span){octets, serial.size + 1});
}

bool
serial_parse(struct span text, uint8_t out[SERIAL_OCTETS_MAX],
    size_t *size)
{
	const bool has_sign = text.size > 0 && text.data[0] == '-';
	uint8_t octets[SERIAL_OCTETS_MAX] = {0};
	struct span content;
	size_t count;

	if (has_sign) {
		text.data++;
		text.size--;
	}
	if (text.size < 2 ||
	    !hex_decode(text, octets + 1, sizeof(octets) - 1, &count))
		return false;
	if (has_sign)
		negate(octets, count + 1);
	content = shortest((struct span){octets, count + 1});
	*size = content.size;
	memcpy(out, content.data, content.size);
	return true;
}

void
serial_format(struct span serial, char out[SERIAL_TEXT_SIZE])
{
	uint8_t octets[SERIAL_OCTETS_MAX + 1];
	struct span digits = magnitude(serial, octets);
	size_t at = 0;

	if (digits.data != serial.data)
		out[at++] = '-';
	/* The octet that keeps the INTEGER positive is no part of it. */
	if (digits.size > 1 && digits.data[0] == 0) {
		digits.data++;
		digits.size--;
	}
	hex_encode(digits, out + at, SERIAL_TEXT_SIZE - at);
	for (; out[at] != '\0'; at++) {
		if (out[at] >= 'a' && out[at] <= 'f')
			out[at] = (char)(out[at] - 'a' + 'A');
	}
}

/* A serial whose magnitude is read octet by octet, however long it is. */
struct digits {
	struct span serial;
	size_t size;		/* of the magnitude */
	size_t last;		/* octet of the serial that is not 0 */
};

static struct digits
digits_of(struct span serial)
{
	struct digits out = {serial, serial.size, serial.size};

	if (!is_negative(serial))
		return out;
	while (serial.data[--out.last] == 0)
		continue;
	/* The magnitude of -2^(8n-1) takes an octet more, 0. */
	out.size += out.last == 0 && serial.data[0] == 0x80;
	return out;
}

static uint8_t
digits_at(const struct digits *digits, size_t at)
{
	const size_t more = digits->size - digits->serial.size;
	uint8_t octet;

	if (at < more)
		return 0;
	at -= more;
	octet = digits->serial.data[at];
	if (!is_negative(digits->serial) || at > digits->last)
		return octet;
	return (uint8_t)(at == digits->last ? -octet : ~octet);
}

int
serial_order(struct span a, struct span b)
{
	struct digits x, y;

	if (!is_negative(a) && !is_negative(b))
		return span_compare(a, b);
	x = digits_of(a);
	y = digits_of(b);
	if (x.size != y.size)
		return x.size < y.size ? -1 : 1;
	for (size_t i = 0; i < x.size; i++) {
		int order = digits_at(&x, i) - digits_at(&y, i);

		if (order != 0)
			return order;
	}
	return is_negative(a) - is_negative(b);
}

uint32_t
serial_prefix(struct span serial)
{
	uint8_t octets[SERIAL_OCTETS_MAX + 1];
	const struct span value = magnitude(serial, octets);
	uint32_t prefix = (uint32_t)value.size << 24;

	for (size_t i = 0; i < value.size && i < 3; i++)
		prefix |= (uint32_t)value.data[i] << (16 - 8 * i);
	return prefix;
}

bool
serial_fits(struct span serial)
{
	return serial.size > 0 && serial.size < SERIAL_OCTETS_MAX;
}
