/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "ca/index_line.h"

#define MARK_EVERY 64

/*
 * The head of a record.  The serial follows it, then the hold instruction and
 * the invalidity date.
 */
struct record {
	uint8_t serial_size;
	uint8_t hold_size;
	int8_t reason;
	uint8_t has_invalidity;
	uint8_t revoked_at[5];	/* seconds from year 0 on, big-endian */
};

struct key {
	uint32_t prefix;	/* of the serial */
	uint32_t offset;	/* of the record */
};

static struct span
serial_at(const uint8_t *records, size_t offset)
{
	return (struct span){records + offset + sizeof(struct record),
	    records[offset]};
}

static int
compare_keys(const void *a, const void *b, void *records)
{
	const struct key *one = a;
	const struct key *two = b;

	if (one->prefix != two->prefix)
		return one->prefix < two->prefix ? -1 : 1;
	return serial_order(serial_at(records, one->offset),
	    serial_at(records, two->offset));
}

static struct record
record_of(const struct index_line *line)
{
	const struct revocation *revocation = &line->revocation;
	uint64_t seconds = (uint64_t)(revocation->revoked_at_s - UTC_MIN_S);
	struct record record = {
	    .serial_size = (uint8_t)line->serial_size,
	    .hold_size = (uint8_t)revocation->hold.size,
	    .reason = (int8_t)revocation->reason,
	    .has_invalidity = revocation->has_invalidity};

	for (int i = 4; i >= 0; i--, seconds >>= 8)
		record.revoked_at[i] = (uint8_t)seconds;
	return record;
}

static enum err
add_record(struct index *index, const struct index_line *line,
    struct buffer *keys, struct error *err)
{
	const struct revocation *revocation = &line->revocation;
	const struct span serial = {line->serial, line->serial_size};
	const struct key key = {
	    serial_prefix(serial), (uint32_t)index->records.size};
	const struct record record = record_of(line);

	if (index->records.size > UINT32_MAX - 1024)
		return err_fail(err, ERR_FORMAT,
		    "there are more revocations than fit in 4 GiB");
	TRY(buffer_append(keys, &key, sizeof(key), err));
	TRY(buffer_append(&index->records, &record, sizeof(record), err));
	TRY(buffer_append(&index->records, serial.data, serial.size, err));
	TRY(buffer_append(&index->records, revocation->hold.data,
	    revocation->hold.size, err));
	if (revocation->has_invalidity)
		TRY(buffer_append(&index->records, &revocation->invalidity_s,
		    sizeof(revocation->invalidity_s), err));
	return ERR_OK;
}

static size_t
record_size(const uint8_t *records, size_t offset)
{
	struct record record;

	memcpy(&record, records + offset, sizeof(record));
	return sizeof(record) + record.serial_size + record.hold_size +
	    (record.has_invalidity != 0 ? sizeof(int64_t) : 0);
}

static bool
is_sorted(const struct index *index, const struct key *keys)
{
	for (size_t i = 1; i < index->count; i++) {
		if (compare_keys(&keys[i - 1], &keys[i],
		    index->records.data) >= 0)
			return false;
	}
	return true;
}

static enum err
check_doubles(const char *path, const struct index *index,
    const struct key *keys, struct error *err)
{
	char hex[SERIAL_TEXT_SIZE];

	for (size_t i = 1; i < index->count; i++) {
		if (compare_keys(&keys[i - 1], &keys[i],
		    index->records.data) != 0)
			continue;
		serial_format(serial_at(index->records.data,
		    keys[i].offset), hex);
		return err_remedy(err, err_fail(err, ERR_FORMAT,
		    "%s: serial %s is revoked twice", path, hex),
		    "remove one of its two lines from %s", path);
	}
	return ERR_OK;
}

/* The records anew in the order of the keys, so that a walk is a walk. */
static enum err
reorder(struct index *index, const struct key *keys, struct error *err)
{
	struct buffer *old = &index->records;
	RELEASE_BUFFER struct buffer sorted = {0};

	TRY(buffer_reserve(&sorted, old->size, err));
	for (size_t i = 0; i < index->count; i++) {
		size_t size = record_size(old->data, keys[i].offset);

		memcpy(sorted.data + sorted.size, old->data + keys[i].offset,
		    size);
		sorted.size += size;
	}
	buffer_release(old);
	*old = sorted;
	sorted = (struct buffer){0};
	return ERR_OK;
}

/* Sort by serial, unless the file was in order, and refuse doubles. */
static enum err
sort_records(const char *path, struct index *index, struct buffer *buffer,
    struct error *err)
{
	struct key *keys = (struct key *)(void *)buffer->data;

	if (is_sorted(index, keys))
		return ERR_OK;
	qsort_r(keys, index->count, sizeof(*keys), compare_keys,
	    index->records.data);
	TRY(check_doubles(path, index, keys, err));
	return reorder(index, keys, err);
}

static enum err
set_marks(struct index *index, struct error *err)
{
	size_t offset = 0;

	for (size_t i = 0; i < index->count; i++) {
		const uint32_t mark = (uint32_t)offset;

		if (i % MARK_EVERY == 0)
			TRY(buffer_append(&index->marks, &mark, sizeof(mark),
			    err));
		offset += record_size(index->records.data, offset);
	}
	return ERR_OK;
}

enum err
index_load(const char *path, struct index *out, struct error *err)
{
	RELEASE_INDEX_LINES struct index_lines lines = INDEX_LINES_NONE;
	RELEASE_INDEX struct index index = {0};
	RELEASE_BUFFER struct buffer keys = {0};
	struct index_line line;
	bool has_line;

	TRY(index_lines_open(path, &lines, err));
	do {
		TRY(index_lines_next(&lines, &line, &has_line, err));
		if (has_line && line.status == 'R')
			TRY(add_record(&index, &line, &keys, err));
	} while (has_line);
	index.count = keys.size / sizeof(struct key);
	TRY(sort_records(path, &index, &keys, err));
	TRY(set_marks(&index, err));
	*out = index;
	index = (struct index){0};
	return ERR_OK;
}

void
index_release(struct index *index)
{
	buffer_release(&index->records);
	buffer_release(&index->marks);
	*index = (struct index){0};
}

static int64_t
revoked_at(const struct record *record)
{
	uint64_t seconds = 0;

	for (int i = 0; i < 5; i++)
		seconds = seconds << 8 | record->revoked_at[i];
	return (int64_t)seconds + UTC_MIN_S;
}

bool
index_next(const struct index *index, size_t *offset,
    struct revocation *out)
{
	struct record record;
	const uint8_t *at;

	if (*offset == index->records.size)
		return false;
	at = index->records.data + *offset;
	memcpy(&record, at, sizeof(record));
	at += sizeof(record);
	*out = (struct revocation){
	    .serial = {at, record.serial_size},
	    .hold = {at + record.serial_size, record.hold_size},
	    .revoked_at_s = revoked_at(&record),
	    .reason = record.reason,
	    .has_invalidity = record.has_invalidity != 0};
	at += record.serial_size + record.hold_size;
	if (out->has_invalidity) {
		memcpy(&out->invalidity_s, at, sizeof(out->invalidity_s));
		at += sizeof(out->invalidity_s);
	}
	*offset = (size_t)(at - index->records.data);
	return true;
}

/* The last mark whose record is not above the serial. */
static size_t
find_mark(const struct index *index, const uint32_t *marks,
    struct span serial)
{
	size_t low = 0, high = index->marks.size / sizeof(*marks);

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (serial_order(serial_at(index->records.data,
		    marks[middle]), serial) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Does the serial lie between the search's place and the next mark? */
static bool
is_near(const struct index *index, const struct index_search *search,
    const uint32_t *marks, struct span serial)
{
	size_t next = search->ordinal / MARK_EVERY + 1;

	return search->offset < index->records.size &&
	    serial_order(serial_at(index->records.data,
	    search->offset), serial) <= 0 &&
	    next < index->marks.size / sizeof(*marks) &&
	    serial_order(serial_at(index->records.data,
	    marks[next]), serial) > 0;
}

bool
index_find(const struct index *index, struct index_search *search,
    struct span serial, size_t *ordinal)
{
	const uint32_t *marks = (const void *)index->marks.data;
	const uint8_t *records = index->records.data;

	if (index->count == 0)
		return false;
	if (!is_near(index, search, marks, serial)) {
		size_t mark = find_mark(index, marks, serial);

		search->ordinal = mark * MARK_EVERY;
		search->offset = marks[mark];
	}
	while (search->offset < index->records.size) {
		int order = serial_order(serial_at(records,
		    search->offset), serial);

		if (order > 0)
			return false;
		*ordinal = search->ordinal;
		if (order == 0)
			return true;
		search->offset += record_size(records, search->offset);
		search->ordinal++;
	}
	return false;
}
