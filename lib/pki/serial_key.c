/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "pki/crl_parts.h"

struct span
serial_key_content(const struct serial_key *key)
{
	return (struct span){key->octets, key->size};
}

static enum err
key_make(struct span serial, uint64_t offset, struct serial_key *out,
    struct error *err)
{
	char hex[SERIAL_TEXT_SIZE];

	if (serial.size > SERIAL_KEY_MAX) {
		serial_format(serial, hex);
		return err_remedy(err, err_fail(err, ERR_FORMAT, "serial %s "
		    "has %zu octets, RFC 5280 4.1.2.2 allows 20; one of more "
		    "than %d is read only if the list is in serial order",
		    hex, serial.size, SERIAL_KEY_MAX), "have the CA sort the "
		    "list, as openssl ca -gencrl does, or sign with "
		    "crlferry-root issue");
	}
	*out = (struct serial_key){
	    .offset = offset, .size = (uint8_t)serial.size};
	memcpy(out->octets, serial.data, serial.size);
	return ERR_OK;
}

static int
key_compare(const void *a, const void *b)
{
	return serial_order(serial_key_content(a), serial_key_content(b));
}

enum err
serial_keys_collect(struct crl *crl, uint64_t count, struct buffer *out,
    struct error *err)
{
	struct crl_entries entries;
	struct crl_entry entry;
	struct serial_key key;

	if (count > SIZE_MAX / sizeof(key))
		return err_fail(err, ERR_IO, "out of memory for %llu serials",
		    (unsigned long long)count);
	TRY(buffer_reserve(out, (size_t)count * sizeof(key), err));
	crl_entries_start(&entries, crl);
	for (;;) {
		uint64_t offset = entries.offset;
		bool has_entry;

		TRY(crl_entries_next(&entries, &entry, &has_entry, err));
		if (!has_entry)
			break;
		TRY(key_make(entry.serial, offset, &key, err));
		TRY(buffer_append(out, &key, sizeof(key), err));
	}
	if (out->size > 0)
		qsort(out->data, out->size / sizeof(key), sizeof(key),
		    key_compare);
	return ERR_OK;
}

enum err
serial_find_twice(struct crl *crl, struct crl_survey *survey,
    struct error *err)
{
	RELEASE_BUFFER struct buffer keys = {0};
	const struct serial_key *key;
	size_t count;

	if (survey->is_sorted || survey->has_certificate_issuer ||
	    crl->is_unrepeated)
		return ERR_OK;
	TRY(serial_keys_collect(crl, survey->count, &keys, err));
	key = (const void *)keys.data;
	count = keys.size / sizeof(*key);
	for (size_t i = 1; i < count; i++)
		if (key_compare(&key[i - 1], &key[i]) == 0 &&
		    survey->repeated_count++ == 0)
			serial_format(serial_key_content(&key[i]),
			    survey->twice);
	crl->is_unrepeated = survey->twice[0] == '\0';
	return ERR_OK;
}
