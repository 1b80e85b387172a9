/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/utc.h"
#include "ca/index_line.h"
#include "ca/index_write.h"

#define PIECE_SIZE (64 * 1024)

/* One of the list, and its line in the index: 0 where it has none. */
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

/* What is written, gathered into larger pieces. */
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

	return span_compare(one->revocation->serial,
	    two->revocation->serial);
}

static enum err
change_prepare(struct change *change, const struct revocation *list,
    size_t count, struct error *err)
{
	char hex[INDEX_SERIAL_TEXT_SIZE];
	size_t i;

	change->wanted = calloc(count + 1, sizeof(*change->wanted));
	if (change->wanted == NULL)
		return err_fail(err, ERR_IO, "memory: want more, have none");
	change->count = count;
	for (i = 0; i < count; i++)
		change->wanted[i].revocation = &list[i];
	qsort(change->wanted, count, sizeof(*change->wanted),
	    compare_wanted);
	for (i = 1; i < count; i++) {
		if (compare_wanted(&change->wanted[i - 1],
		    &change->wanted[i]) != 0)
			continue;
		index_serial_format(change->wanted[i].revocation->serial, hex);
		return err_fail(err, ERR_FORMAT, "serial %s: want it revoked "
		    "once, have it twice", hex);
	}
	return ERR_OK;
}

/* What becomes of one line of the index. */
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
		return err_fail(err, ERR_FORMAT, "%s:%lu: want each serial "
		    "once, have that of line %lu again", change->path,
		    lines->number, wanted->line);
	wanted->line = lines->number;
	if (line->status == 'R')
		return ERR_OK;
	/* Status and expiry are sound: two tabs there are. */
	tab = memchr(text + 2, '\t', line->text.size - 2);
	edit = (struct edit){
	    .offset = lines->offset - line->text.size - 1,
	    .prefix = (size_t)(tab - text) + 1,
	    .revocation = wanted->revocation};
	change->written.changed++;
	return buffer_append(&change->edits, &edit, sizeof(edit), err);
}

static enum err
survey(struct change *change, struct index_lines *lines, struct error *err)
{
	struct index_line line;
	bool has_line;
	size_t i;

	do {
		TRY(index_lines_next(lines, &line, &has_line, err));
		if (has_line)
			TRY(survey_line(change, lines, &line, err));
	} while (has_line);
	for (i = 0; i < change->count; i++)
		change->written.added += change->wanted[i].line == 0;
	return ERR_OK;
}

static enum err
output_flush(struct output *output, struct error *err)
{
	TRY(file_writer_write(&output->writer,
	    span_of_buffer(&output->gathered), err));
	output->gathered.size = 0;
	return ERR_OK;
}

static enum err
put(struct output *output, const void *data, size_t size, struct error *err)
{
	TRY(buffer_append(&output->gathered, data, size, err));
	if (output->gathered.size >= PIECE_SIZE)
		TRY(output_flush(output, err));
	return ERR_OK;
}

static enum err
put_text(struct output *output, const char *text, struct error *err)
{
	return put(output, text, strlen(text), err);
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
static enum err
put_time(struct output *output, int64_t at_s, struct error *err)
{
	uint8_t der[17];
	size_t size = utc_to_der(at_s, der);

	return put(output, der + 2, size - 2, err);
}

/* "260102030405Z,superseded" */
static enum err
put_revoked(struct output *output, const struct revocation *revocation,
    struct error *err)
{
	char reason[INDEX_REASON_SIZE];

	TRY(index_reason_format(revocation, reason, err));
	TRY(put_time(output, revocation->revoked_at_s, err));
	if (reason[0] != '\0')
		TRY(put_text(output, ",", err));
	return put_text(output, reason, err);
}

static enum err
put_added(const struct change *change, struct output *output,
    const struct revocation *revocation, struct error *err)
{
	/* The root signs nothing that ends later. */
	static const struct index_certificate unknown = {
	    UTC_MAX_S, "/CN=unknown"};
	const struct index_certificate *certificate =
	    change->certificate == NULL ? &unknown : change->certificate;
	char hex[INDEX_SERIAL_TEXT_SIZE];

	index_serial_format(revocation->serial, hex);
	TRY(put_text(output, "R\t", err));
	TRY(put_time(output, certificate->not_after_s, err));
	TRY(put_text(output, "\t", err));
	TRY(put_revoked(output, revocation, err));
	TRY(put_text(output, "\t", err));
	TRY(put_text(output, hex, err));
	TRY(put_text(output, "\tunknown\t", err));
	TRY(put_text(output, certificate->subject, err));
	return put_text(output, "\n", err);
}

static enum err
put_all(const struct change *change, struct output *output,
    struct window *window, struct error *err)
{
	const struct edit *edits = (const void *)change->edits.data;
	uint64_t at = 0;
	size_t i;

	for (i = 0; i < change->written.changed; i++) {
		TRY(copy_until(output, window, &at, edits[i].offset, err));
		TRY(put_text(output, "R", err));
		at++;
		TRY(copy_until(output, window, &at,
		    edits[i].offset + edits[i].prefix, err));
		TRY(put_revoked(output, edits[i].revocation, err));
	}
	TRY(copy_until(output, window, &at, window->size, err));
	for (i = 0; i < change->count; i++) {
		if (change->wanted[i].line == 0)
			TRY(put_added(change, output,
			    change->wanted[i].revocation, err));
	}
	return output_flush(output, err);
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
	return err_fail(err, ERR_LOCKED, "%s: want it as it was read, have "
	    "it changed by another program", path);
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

static enum err
revoke(const char *path, const struct revocation *list, size_t count,
    const struct index_certificate *certificate, struct index_written *out,
    struct error *err)
{
	__attribute__((cleanup(change_release))) struct change change = {
	    .path = path, .certificate = certificate};
	RELEASE_WINDOW struct window window = WINDOW_NONE;
	struct index_lines lines = {0};
	CLOSE_FD int fd = -1;

	TRY(change_prepare(&change, list, count, err));
	TRY(index_lines_open(path, &window, &fd, &lines, err));
	if (fstat(fd, &change.before) != 0)
		return file_fail(err, path, "look at");
	TRY(survey(&change, &lines, err));
	if (change.written.changed + change.written.added > 0)
		TRY(replace(&change, &window, err));
	*out = change.written;
	return ERR_OK;
}

enum err
index_revoke(const char *path, const struct revocation *list, size_t count,
    struct index_written *out, struct error *err)
{
	return revoke(path, list, count, NULL, out, err);
}

enum err
index_revoke_certificate(const char *path,
    const struct revocation *revocation,
    const struct index_certificate *certificate, struct index_written *out,
    struct error *err)
{
	return revoke(path, revocation, 1, certificate, out, err);
}
