/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/utc.h"
#include "ca/index_line.h"

#define PIECE_SIZE (64 * 1024)
#define TIME_SIZE 16
#define REVOKED_SIZE (TIME_SIZE + INDEX_REASON_SIZE)

/* One of the list, and its line in the index: 0 if it has none. */
struct wanted {
	const struct revocation *revocation;
	unsigned long line;
};

/*
 * A line that changes: its status, and its revocation field, which was empty
 * and begins `prefix` octets behind the line's first.
 */
struct edit {
	uint64_t offset;
	size_t prefix;
	const struct revocation *revocation;
};

struct change {
	const char *path;
	const struct index_certificate *certificate;	/* of added lines */
	struct wanted *wanted;		/* in serial order */
	size_t count;
	struct buffer edits;		/* struct edit each, in file order */
	struct stat before;		/* of the index, as it was opened */
	struct index_written written;
};

/* The new file, written in larger pieces. */
struct output {
	struct file_writer writer;
	struct buffer gathered;
};

static void
change_release(struct change *change)
{
	free(change->wanted);
	buffer_release(&change->edits);
}

static void
output_release(struct output *output)
{
	file_writer_abort(&output->writer);
	buffer_release(&output->gathered);
}

static int
compare_wanted(const void *a, const void *b)
{
	const struct wanted *one = a;
	const struct wanted *two = b;

	return serial_order(one->revocation->serial,
	    two->revocation->serial);
}

static enum err
change_prepare(struct change *change, const struct revocation *list,
    size_t count, struct error *err)
{
	char hex[SERIAL_TEXT_SIZE];

	change->wanted = calloc(count + 1, sizeof(*change->wanted));
	if (change->wanted == NULL)
		return err_no_memory(err);
	change->count = count;
	for (size_t i = 0; i < count; i++)
		change->wanted[i].revocation = &list[i];
	qsort(change->wanted, count, sizeof(*change->wanted),
	    compare_wanted);
	for (size_t i = 1; i < count; i++) {
		if (compare_wanted(&change->wanted[i - 1],
		    &change->wanted[i]) != 0)
			continue;
		serial_format(change->wanted[i].revocation->serial, hex);
		return err_fail(err, ERR_FORMAT, "serial %s is to be "
		    "revoked twice", hex);
	}
	return ERR_OK;
}

/* Keep in mind whether this line is to change. */
static enum err
survey_line(struct change *change, const struct index_lines *lines,
    const struct index_line *line, struct error *err)
{
	const struct revocation key = {
	    .serial = {line->serial, line->serial_size}};
	const struct wanted sought = {.revocation = &key};
	struct wanted *wanted = bsearch(&sought, change->wanted,
	    change->count, sizeof(*change->wanted), compare_wanted);
	const uint8_t *text = line->text.data;
	const uint8_t *tab;
	struct edit edit;

	if (wanted == NULL)
		return ERR_OK;
	if (wanted->line != 0)
		return index_lines_fail_double(lines, wanted->line, err);
	wanted->line = lines->number;
	if (line->status == 'R')
		return ERR_OK;
	/* Status and expiry are sound: two tabs there are. */
	tab = memchr(text + 2, '\t', line->text.size - 2);
	edit = (struct edit){
	    .offset = line->offset,
	    .prefix = (size_t)(tab - text) + 1,
	    .revocation = wanted->revocation};
	change->written.changed++;
	return buffer_append(&change->edits, &edit, sizeof(edit), err);
}

/* Write what is gathered, if it is more than `most` octets. */
static enum err
spill(struct output *output, size_t most, struct error *err)
{
	if (output->gathered.size <= most)
		return ERR_OK;
	TRY(file_writer_write(&output->writer,
	    span_of_buffer(&output->gathered), err));
	output->gathered.size = 0;
	return ERR_OK;
}

static enum err
put(struct output *output, const void *data, size_t size, struct error *err)
{
	TRY(buffer_append(&output->gathered, data, size, err));
	return spill(output, PIECE_SIZE, err);
}

/* The octets from *at up to end, as they are. */
static enum err
copy_until(struct output *output, struct window *window, uint64_t *at,
    uint64_t end, struct error *err)
{
	struct span view;

	while (*at < end) {
		TRY(window_view(window, *at, 1, &view, err));
		if (view.size > end - *at)
			view.size = (size_t)(end - *at);
		TRY(put(output, view.data, view.size, err));
		*at += view.size;
	}
	return ERR_OK;
}

/* UTCTime through 2049, then GeneralizedTime, as OpenSSL has it. */
static void
format_time(int64_t at_s, char out[TIME_SIZE])
{
	uint8_t der[17];
	size_t size = utc_to_der(at_s, der);

	snprintf(out, TIME_SIZE, "%.*s", (int)size - 2, (const char *)der + 2);
}

/* "260102030405Z,superseded" */
static enum err
format_revoked(const struct revocation *revocation, char out[REVOKED_SIZE],
    struct error *err)
{
	char reason[INDEX_REASON_SIZE], time[TIME_SIZE];

	TRY(index_reason_format(revocation, reason, err));
	format_time(revocation->revoked_at_s, time);
	snprintf(out, REVOKED_SIZE, "%s%s%s", time,
	    reason[0] == '\0' ? "" : ",", reason);
	return ERR_OK;
}

static enum err
put_added(const struct change *change, struct output *output,
    const struct revocation *revocation, struct error *err)
{
	/* The root signs nothing that ends later. */
	static const struct index_certificate unknown = {
	    UTC_MAX_S, {(const uint8_t *)INDEX_SUBJECT_UNKNOWN,
	    sizeof(INDEX_SUBJECT_UNKNOWN) - 1}};
	const struct index_certificate *certificate =
	    change->certificate == NULL ? &unknown : change->certificate;
	char hex[SERIAL_TEXT_SIZE];
	char revoked[REVOKED_SIZE];
	char end[TIME_SIZE];

	TRY(format_revoked(revocation, revoked, err));
	format_time(certificate->not_after_s, end);
	serial_format(revocation->serial, hex);
	TRY(buffer_appendf(&output->gathered, err,
	    "R\t%s\t%s\t%s\tunknown\t", end, revoked, hex));
	TRY(put(output, certificate->subject.data, certificate->subject.size,
	    err));
	return put(output, "\n", 1, err);
}

static enum err
put_all(const struct change *change, struct output *output,
    struct window *window, struct error *err)
{
	const struct edit *edits = (const void *)change->edits.data;
	char revoked[REVOKED_SIZE];
	uint64_t at = 0;

	for (size_t i = 0; i < change->written.changed; i++) {
		TRY(copy_until(output, window, &at, edits[i].offset, err));
		TRY(put(output, "R", 1, err));
		at++;
		TRY(copy_until(output, window, &at,
		    edits[i].offset + edits[i].prefix, err));
		TRY(format_revoked(edits[i].revocation, revoked, err));
		TRY(put(output, revoked, strlen(revoked), err));
	}
	TRY(copy_until(output, window, &at, window->size, err));
	for (size_t i = 0; i < change->count; i++) {
		if (change->wanted[i].line == 0)
			TRY(put_added(change, output,
			    change->wanted[i].revocation, err));
	}
	return spill(output, 0, err);
}

/*
 * `openssl ca` takes no lock of ours, nor does an editor.  What they put in
 * place since, or written into the file, must not be undone.
 */
static enum err
check_untouched(const char *path, const struct stat *before,
    struct error *err)
{
	struct stat now;

	if (stat(path, &now) != 0)
		return file_fail(err, path, "look at");
	if (before->st_dev == now.st_dev && before->st_ino == now.st_ino &&
	    before->st_size == now.st_size &&
	    before->st_mtim.tv_sec == now.st_mtim.tv_sec &&
	    before->st_mtim.tv_nsec == now.st_mtim.tv_nsec)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_LOCKED, "%s was changed by "
	    "another program meanwhile: it is left as it is now", path),
	    "run the same command again");
}

static enum err
replace(const struct change *change, struct window *window,
    struct error *err)
{
	__attribute__((cleanup(output_release))) struct output output = {
	    .writer = FILE_WRITER_NONE};
	char target[PATH_MAX];

	/* A link in place of the index stays one. */
	if (realpath(change->path, target) == NULL)
		return file_fail(err, change->path, "find");
	TRY(file_writer_open(&output.writer, target, 0644, err));
	TRY(put_all(change, &output, window, err));
	/* It takes its time, in which others may write: so not in between. */
	TRY(file_writer_sync(&output.writer, err));
	TRY(check_untouched(target, &change->before, err));
	return file_writer_commit(&output.writer, err);
}

enum err
index_revoke(const char *path, const struct revocation *list,
    size_t count, const struct index_certificate *certificate,
    struct index_written *out, struct error *err)
{
	__attribute__((cleanup(change_release))) struct change change = {
	    .path = path, .certificate = certificate};
	RELEASE_INDEX_LINES struct index_lines lines = INDEX_LINES_NONE;
	struct index_line line;
	bool has_line;

	TRY(change_prepare(&change, list, count, err));
	TRY(index_lines_open(path, &lines, err));
	if (fstat(lines.fd, &change.before) != 0)
		return file_fail(err, path, "look at");
	do {
		TRY(index_lines_next(&lines, &line, &has_line, err));
		if (has_line)
			TRY(survey_line(&change, &lines, &line, err));
	} while (has_line);
	for (size_t i = 0; i < change.count; i++)
		change.written.added += change.wanted[i].line == 0;
	if (change.written.changed + change.written.added > 0)
		TRY(replace(&change, &lines.window, err));
	*out = change.written;
	return ERR_OK;
}
