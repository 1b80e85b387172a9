/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/number.h"

struct number
number_from_u64(uint64_t value)
{
	struct number number = {0};

	for (int i = NUMBER_OCTETS - 1; value > 0; i--, value >>= 8)
		number.octets[i] = (uint8_t)value;
	return number;
}

bool
number_from_octets(struct span octets, struct number *out)
{
	while (octets.size > 0 && octets.data[0] == 0) {
		octets.data++;
		octets.size--;
	}
	if (octets.size > NUMBER_OCTETS)
		return false;
	*out = (struct number){0};
	if (octets.size > 0)
		memcpy(out->octets + NUMBER_OCTETS - octets.size, octets.data,
		    octets.size);
	return true;
}

/* number * factor + addend; false on overflow. */
static bool
multiply_add(struct number *number, unsigned int factor, unsigned int addend)
{
	unsigned int carry = addend;

	for (int i = NUMBER_OCTETS - 1; i >= 0; i--) {
		carry += number->octets[i] * factor;
		number->octets[i] = (uint8_t)carry;
		carry >>= 8;
	}
	return carry == 0;
}

bool
number_from_decimal(const char *text, struct number *out)
{
	struct number number = {0};
	size_t digits = strlen(text);

	if (digits == 0 || digits > 49)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' ||
		    !multiply_add(&number, 10, (unsigned int)(*text - '0')))
			return false;
	}
	*out = number;
	return true;
}

bool
number_from_hex(struct span text, struct number *out)
{
	uint8_t octets[NUMBER_OCTETS];
	char even[2 * NUMBER_OCTETS + 1];
	size_t size;

	while (text.size > 1 && text.data[0] == '0') {
		text.data++;
		text.size--;
	}
	if (text.size == 0 || text.size > 2 * NUMBER_OCTETS)
		return false;
	even[0] = '0';
	memcpy(even + text.size % 2, text.data, text.size);
	if (!hex_decode((struct span){(uint8_t *)even,
	    text.size + text.size % 2}, octets, sizeof(octets), &size))
		return false;
	return number_from_octets((struct span){octets, size}, out);
}

/* number / 10; returns the remainder. */
static unsigned int
divide_by_ten(struct number *number)
{
	unsigned int rest = 0;

	for (size_t i = 0; i < NUMBER_OCTETS; i++) {
		rest = rest << 8 | number->octets[i];
		number->octets[i] = (uint8_t)(rest / 10);
		rest %= 10;
	}
	return rest;
}

void
number_format(const struct number *number, unsigned int min_digits,
    char out[NUMBER_TEXT_SIZE])
{
	struct number rest = *number;
	char reversed[NUMBER_TEXT_SIZE];
	size_t digits = 0;

	do {
		reversed[digits++] = (char)('0' + divide_by_ten(&rest));
	} while (!number_is_zero(&rest) || digits < min_digits);
	for (size_t i = 0; i < digits; i++)
		out[i] = reversed[digits - 1 - i];
	out[digits] = '\0';
}

void
number_format_hex(const struct number *number, char out[NUMBER_TEXT_SIZE])
{
	size_t first = 0;
	char *c;

	while (first < NUMBER_OCTETS - 1 && number->octets[first] == 0)
		first++;
	hex_encode((struct span){number->octets + first,
	    NUMBER_OCTETS - first}, out, NUMBER_TEXT_SIZE);
	for (c = out; *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
	}
}

struct span
number_der_content(const struct number *number,
    uint8_t out[NUMBER_OCTETS + 1])
{
	size_t first = 0;

	out[0] = 0;
	memcpy(out + 1, number->octets, NUMBER_OCTETS);
	/* One leading zero stays if the next octet has its top bit set. */
	while (first < NUMBER_OCTETS && out[first] == 0 &&
	    (out[first + 1] & 0x80) == 0)
		first++;
	return (struct span){out + first, NUMBER_OCTETS + 1 - first};
}

int
number_compare(const struct number *a, const struct number *b)
{
	return memcmp(a->octets, b->octets, NUMBER_OCTETS);
}

bool
number_is_zero(const struct number *number)
{
	static const struct number zero;

	return number_compare(number, &zero) == 0;
}

bool
number_fits(const struct number *number)
{
	return (number->octets[0] & 0x80) == 0;
}

bool
number_increment(struct number *number)
{
	struct number next = *number;

	if (!multiply_add(&next, 1, 1) || !number_fits(&next))
		return false;
	*number = next;
	return true;
}

struct number
number_difference(const struct number *high, const struct number *low)
{
	struct number result = {0};
	int borrow = 0;

	for (int i = NUMBER_OCTETS - 1; i >= 0; i--) {
		int octet = high->octets[i] - low->octets[i] - borrow;

		borrow = octet < 0;
		result.octets[i] = (uint8_t)octet;
	}
	return result;
}
