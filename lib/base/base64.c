/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Values of the alphabet's characters plus one; 0 for all others. */
static const uint8_t values[256] = {
    ['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
    ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
    ['+'] = 63, ['/'] = 64,
};

enum err
base64_encode(struct span in, struct buffer *out, struct error *err)
{
	uint8_t *to;

	TRY(buffer_reserve(out, in.size / 3 * 4 + 4, err));
	to = out->data + out->size;
	for (size_t i = 0; i < in.size; i += 3) {
		size_t left = in.size - i;
		uint32_t bits = (uint32_t)in.data[i] << 16;

		if (left > 1)
			bits |= (uint32_t)in.data[i + 1] << 8;
		if (left > 2)
			bits |= in.data[i + 2];
		*to++ = (uint8_t)alphabet[bits >> 18];
		*to++ = (uint8_t)alphabet[bits >> 12 & 63];
		*to++ = left > 1 ? (uint8_t)alphabet[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? (uint8_t)alphabet[bits & 63] : '=';
	}
	out->size = (size_t)(to - out->data);
	return ERR_OK;
}

static bool
is_space(uint8_t octet)
{
	return octet == '\n' || octet == '\r' || octet == ' ' ||
	    octet == '\t';
}

/* Four characters are 24 bits; what is unfinished stays here. */
struct quantum {
	uint32_t bits;
	unsigned int characters;
	unsigned int padding;
};

/* False for a character that may not stand here. */
static bool
quantum_add(struct quantum *quantum, uint8_t octet)
{
	if (octet == '=') {
		quantum->padding++;
		quantum->bits <<= 6;
		quantum->characters++;
		return quantum->characters > 2;
	}
	if (values[octet] == 0 || quantum->padding > 0)
		return false;
	quantum->bits = quantum->bits << 6 | (values[octet] - 1U);
	quantum->characters++;
	return true;
}

/* Move a full quantum's octets out; false if unused bits are set. */
static bool
quantum_flush(struct quantum *quantum, uint8_t **to)
{
	uint32_t bits = quantum->bits;

	if ((quantum->padding == 1 && (bits & 0xff) != 0) ||
	    (quantum->padding == 2 && (bits & 0xffff) != 0))
		return false;
	*(*to)++ = (uint8_t)(bits >> 16);
	if (quantum->padding < 2)
		*(*to)++ = (uint8_t)(bits >> 8);
	if (quantum->padding < 1)
		*(*to)++ = (uint8_t)bits;
	quantum->bits = 0;
	quantum->characters = 0;
	return true;
}

enum err
base64_decode(struct span text, bool skip_space, struct buffer *out,
    struct error *err)
{
	struct quantum quantum = {0};
	uint8_t *to;
	size_t i;

	TRY(buffer_reserve(out, text.size / 4 * 3 + 3, err));
	to = out->data + out->size;
	for (i = 0; i < text.size; i++) {
		uint8_t octet = text.data[i];

		if (skip_space && is_space(octet))
			continue;
		/* After a padded quantum there is nothing more to say. */
		if (quantum.characters == 0 && quantum.padding > 0)
			break;
		if (!quantum_add(&quantum, octet))
			break;
		if (quantum.characters == 4 && !quantum_flush(&quantum, &to))
			break;
	}
	if (i < text.size || quantum.characters != 0)
		return err_fail(err, ERR_FORMAT,
		    "base64: a stray character, or its end, at octet %zu (RFC "
		    "4648)",
		    i);
	out->size = (size_t)(to - out->data);
	return ERR_OK;
}
