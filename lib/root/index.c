/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "root/index.h"
#include "root/index_line.h"

/*
 * Serials order by length, then by octets, which for positive DER INTEGERs is
 * their value.  The prefix holds the length and the first seven octets.
 */
struct index_key {
	uint64_t prefix;
	uint32_t offset;	/* of the record */
};

/* What precedes the serial in a record; hold and serial follow. */
struct record {
	int64_t revoked_at_s;
	int64_t invalidity_s;
	int8_t reason;
	bool has_invalidity;
	uint8_t hold_size;
	uint8_t serial_size;
};

static struct span
serial_at(const uint8_t *records, uint32_t offset)
{
	struct record record;

	memcpy(&record, records + offset, sizeof(record));
	return (struct span){records + offset + sizeof(record),
	    record.serial_size};
}

static uint64_t
prefix_of(struct span serial)
{
	uint64_t prefix = (uint64_t)serial.size << 56;
	size_t i;

	for (i = 0; i < serial.size && i < 7; i++)
		prefix |= (uint64_t)serial.data[i] << (48 - 8 * i);
	return prefix;
}

static int
compare_keys(const void *a, const void *b, void *records)
{
	const struct index_key *one = a;
	const struct index_key *two = b;

	if (one->prefix != two->prefix)
		return one->prefix < two->prefix ? -1 : 1;
	return span_compare(serial_at(records, one->offset),
	    serial_at(records, two->offset));
}

static enum err
add_record(struct index *index, const struct index_line *line,
    struct buffer *keys, struct error *err)
{
	const struct revocation *revocation = &line->revocation;
	const struct span serial = {line->serial, line->serial_size};
	const struct index_key key = {
	    prefix_of(serial), (uint32_t)index->records.size};
	const struct record record = {
	    .revoked_at_s = revocation->revoked_at_s,
	    .invalidity_s = revocation->invalidity_s,
	    .reason = (int8_t)revocation->reason,
	    .has_invalidity = revocation->has_invalidity,
	    .hold_size = (uint8_t)revocation->hold.size,
	    .serial_size = (uint8_t)serial.size};
	enum err code;

	if (index->records.size > UINT32_MAX - 1024)
		return err_fail(err, ERR_FORMAT,
		    "want fewer revocations, have more than fit in 4 GiB");
	code = buffer_append(keys, &key, sizeof(key), err);
	if (code == ERR_OK)
		code = buffer_append(&index->records, &record, sizeof(record),
		    err);
	if (code == ERR_OK)
		code = buffer_append(&index->records, serial.data, serial.size,
		    err);
	if (code == ERR_OK)
		code = buffer_append(&index->records, revocation->hold.data,
		    revocation->hold.size, err);
	return code;
}

static enum err
read_lines(struct index_lines *lines, struct index *index,
    struct buffer *keys, struct error *err)
{
	struct index_line line;
	bool has_line;
	enum err code;

	do {
		code = index_lines_next(lines, &line, &has_line, err);
		if (code == ERR_OK && has_line && line.status == 'R')
			code = add_record(index, &line, keys, err);
	} while (code == ERR_OK && has_line);
	return code;
}

/* Sort by serial, unless the file was in order, and refuse doubles. */
static enum err
sort_keys(const char *path, struct index *index, struct error *err)
{
	bool is_sorted = true;
	size_t i;

	for (i = 1; is_sorted && i < index->count; i++)
		is_sorted = compare_keys(&index->order[i - 1],
		    &index->order[i], index->records.data) < 0;
	if (is_sorted)
		return ERR_OK;
	qsort_r(index->order, index->count, sizeof(*index->order),
	    compare_keys, index->records.data);
	for (i = 1; i < index->count; i++) {
		char hex[2 * INDEX_SERIAL_MAX + 1];

		if (compare_keys(&index->order[i - 1], &index->order[i],
		    index->records.data) != 0)
			continue;
		hex_encode(serial_at(index->records.data,
		    index->order[i].offset), hex, sizeof(hex));
		return err_fail(err, ERR_FORMAT,
		    "%s: want each serial revoked once, have %s twice", path,
		    hex);
	}
	return ERR_OK;
}

static enum err
open_lines(const char *path, struct window *window, int *fd,
    struct index_lines *out, struct error *err)
{
	enum err code;

	code = file_open(path, FILE_TRUSTED, fd, err);
	if (code == ERR_OK)
		code = window_init_file(window, *fd, err);
	if (code == ERR_OK)
		*out = (struct index_lines){.path = path, .window = window};
	return code;
}

enum err
index_load(const char *path, struct index *out, struct error *err)
{
	__attribute__((cleanup(window_release))) struct window window = {
	    .fd = -1};
	RELEASE_INDEX struct index index = {0};
	RELEASE_BUFFER struct buffer keys = {0};
	struct index_lines lines = {0};
	CLOSE_FD int fd = -1;
	enum err code;

	code = open_lines(path, &window, &fd, &lines, err);
	if (code == ERR_OK)
		code = read_lines(&lines, &index, &keys, err);
	if (code != ERR_OK)
		return code;
	index.count = keys.size / sizeof(struct index_key);
	index.order = (struct index_key *)(void *)keys.data;
	keys = (struct buffer){0};
	code = sort_keys(path, &index, err);
	if (code != ERR_OK)
		return code;
	*out = index;
	index = (struct index){0};
	return ERR_OK;
}

void
index_release(struct index *index)
{
	buffer_release(&index->records);
	free(index->order);
	*index = (struct index){0};
}

struct revocation
index_at(const struct index *index, size_t i)
{
	const uint8_t *at = index->records.data + index->order[i].offset;
	struct record record;

	memcpy(&record, at, sizeof(record));
	return (struct revocation){
	    .serial = {at + sizeof(record), record.serial_size},
	    .revoked_at_s = record.revoked_at_s,
	    .reason = record.reason,
	    .has_invalidity = record.has_invalidity,
	    .invalidity_s = record.invalidity_s,
	    .hold = {at + sizeof(record) + record.serial_size,
		record.hold_size}};
}

bool
index_find(const struct index *index, struct span serial, size_t *out)
{
	const uint64_t prefix = prefix_of(serial);
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct index_key *key = &index->order[middle];
		int order;

		if (key->prefix != prefix)
			order = key->prefix < prefix ? -1 : 1;
		else
			order = span_compare(serial_at(index->records.data,
			    key->offset), serial);
		if (order == 0) {
			*out = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

enum err
index_expiry(const char *path, struct span serial, bool *found,
    int64_t *not_after_s, struct error *err)
{
	__attribute__((cleanup(window_release))) struct window window = {
	    .fd = -1};
	struct index_lines lines = {0};
	struct index_line line;
	CLOSE_FD int fd = -1;
	bool has_line = true;
	enum err code;

	*found = false;
	code = open_lines(path, &window, &fd, &lines, err);
	while (code == ERR_OK && !*found && has_line) {
		code = index_lines_next(&lines, &line, &has_line, err);
		if (code == ERR_OK && has_line && span_equals(serial,
		    (struct span){line.serial, line.serial_size})) {
			*found = true;
			*not_after_s = line.not_after_s;
		}
	}
	return code;
}
