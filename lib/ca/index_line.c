/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/utc.h"
#include "ca/index_line.h"
#include "pki/crl.h"

#define FIELDS 6
#define CTRL_Z 0x1a
#define COMMENT_SIZE 511	/* that openssl does not read as one */

enum field {
	FIELD_STATUS,
	FIELD_EXPIRY,
	FIELD_REVOKED,
	FIELD_SERIAL,
	FIELD_FILE,
	FIELD_SUBJECT,
};

/* A tab that follows a backslash belongs to the field. */
static bool
split_fields(struct span line, struct span fields[FIELDS])
{
	const uint8_t *at = line.data;
	const uint8_t *end = line.data + line.size;
	const uint8_t *begin = at;
	size_t count = 0;

	for (; at < end; at++) {
		if (*at != '\t' || (at > begin && at[-1] == '\\'))
			continue;
		if (count == FIELDS - 1)
			return false;
		fields[count++] = (struct span){begin, (size_t)(at - begin)};
		begin = at + 1;
	}
	fields[count++] = (struct span){begin, (size_t)(end - begin)};
	return count == FIELDS;
}

static bool
parse_time(struct span text, int64_t *out_s)
{
	return utc_from_utctime(text, out_s) ||
	    utc_from_generalizedtime(text, out_s);
}

static enum err
parse_revoked(struct span field, struct index_line *out, struct error *err)
{
	struct span date = index_word_take(&field);

	if (!parse_time(date, &out->revocation.revoked_at_s))
		return err_fail(err, ERR_FORMAT, "revocation date \"%.*s\" is "
		    "not YYMMDDHHMMSSZ", SHOWN(date));
	TRY(index_reason_parse(field, &out->revocation, out->hold, err));
	/* unspecified is said by leaving the reason out (RFC 5280 5.3.1). */
	if (out->revocation.reason == 0)
		out->revocation.reason = REASON_NONE;
	return ERR_OK;
}

static enum err
fail_serial(struct span text, struct error *err)
{
	uint8_t octets[1024];
	struct span digits = text;
	size_t count;

	if (digits.size > 0 && digits.data[0] == '-') {
		digits.data++;
		digits.size--;
	}
	if (digits.size > 0 && hex_decode(digits, octets, sizeof(octets),
	    &count))
		return err_fail(err, ERR_FORMAT, "serial \"%.*s\" has %zu "
		    "octets, and %d at most are read", SHOWN(text), count,
		    SERIAL_OCTETS_MAX - 1);
	return err_fail(err, ERR_FORMAT, "serial \"%.*s\" is not an even "
	    "number of hex digits", SHOWN(text));
}

enum err
index_line_parse(struct span text, struct index_line *out, struct error *err)
{
	struct span fields[FIELDS];

	out->revocation = (struct revocation){.reason = REASON_NONE};
	out->text = text;
	if (text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	if (!split_fields(text, fields))
		return err_fail(err, ERR_FORMAT, "the line does not have %d "
		    "fields divided by tabs", FIELDS);
	if (fields[FIELD_STATUS].size != 1 ||
	    memchr("VRE", fields[FIELD_STATUS].data[0], 3) == NULL)
		return err_fail(err, ERR_FORMAT, "status \"%.*s\" is none of "
		    "V, R and E", SHOWN(fields[FIELD_STATUS]));
	out->status = (char)fields[FIELD_STATUS].data[0];
	if (!parse_time(fields[FIELD_EXPIRY], &out->not_after_s))
		return err_fail(err, ERR_FORMAT, "expiry \"%.*s\" is not "
		    "YYMMDDHHMMSSZ", SHOWN(fields[FIELD_EXPIRY]));
	out->subject = fields[FIELD_SUBJECT];
	if (!serial_parse(fields[FIELD_SERIAL], out->serial,
	    &out->serial_size))
		return fail_serial(fields[FIELD_SERIAL], err);
	if (out->status == 'R')
		return parse_revoked(fields[FIELD_REVOKED], out, err);
	if (fields[FIELD_REVOKED].size > 0)
		return err_fail(err, ERR_FORMAT, "status %c has a "
		    "revocation date", out->status);
	return ERR_OK;
}

enum err
index_lines_open(const char *path, struct index_lines *out, struct error *err)
{
	enum err code;

	out->path = path;
	code = file_open(path, FILE_TRUSTED, &out->fd, err);
	if (code == ERR_MISSING)
		return err_remedy(err, code, "restore the index from a backup, "
		    "or correct \"index\" in the configuration");
	/* A folder, a device or a FIFO. */
	if (code == ERR_FORMAT)
		return err_remedy(err, code, "correct \"index\" in the "
		    "configuration (init: --index)");
	TRY(code);
	return window_init_file(&out->window, out->fd, err);
}

void
index_lines_release(struct index_lines *lines)
{
	window_release(&lines->window);
	file_close(&lines->fd);
}

static struct shell_word
path_word(const struct index_lines *lines)
{
	return shell_word(lines->path, strlen(lines->path));
}

/* It ends a text on DOS. */
static enum err
fail_ctrl_z(const struct index_lines *lines, struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_FORMAT, "the line is a Ctrl-Z "
	    "(0x1A) alone, as editors of DOS end a file"), "remove it: sed -i "
	    "'/^\\x1a\\r*$/d' %s", path_word(lines).text);
}

/* openssl passes such a line over, whatever it revokes. */
static enum err
fail_end(const struct index_lines *lines, struct span view, struct error *err)
{
	const struct shell_word path = path_word(lines);
	const uint8_t *lone = memchr(view.data, '\r', view.size);

	if (lone != NULL && lone != view.data + view.size - 1)
		return err_remedy(err, err_fail(err, ERR_FORMAT, "the lines "
		    "end with CR alone"), "make line feeds of them: sed -i "
		    "'s/\\r/\\n/g' %s", path.text);
	if (view.size == 1 && view.data[0] == CTRL_Z)
		return fail_ctrl_z(lines, err);
	return err_remedy(err, err_fail(err, ERR_FORMAT, "the last line has no "
	    "end: it was cut off, or saved without one"), "if the line is "
	    "whole, end it: echo >>%s; else restore the index from backup",
	    path.text);
}

/* The raw line at the offset, its LF not included. */
static enum err
take_line(struct index_lines *lines, struct span *out, struct error *err)
{
	uint64_t left = lines->window.size - lines->offset;
	size_t need = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
	const uint8_t *end;
	struct span view;

	TRY(window_view(&lines->window, lines->offset, 1, &view, err));
	end = memchr(view.data, '\n', view.size);
	if (end == NULL && view.size < need) {
		TRY(window_view(&lines->window, lines->offset, need, &view,
		    err));
		end = memchr(view.data, '\n', view.size);
	}
	if (end == NULL && left > WINDOW_SIZE)
		return err_fail(err, ERR_FORMAT,
		    "the line is longer than 256 KiB");
	if (end == NULL)
		return fail_end(lines, view, err);
	*out = (struct span){view.data, (size_t)(end - view.data)};
	lines->offset += out->size + 1;
	return ERR_OK;
}

/* UTF-16 of which encoding?  NULL: it is not.  With or without a mark. */
static const char *
find_wide(struct span view)
{
	const uint8_t *data = view.data;

	if (text_is_utf16(view))
		return "UTF-16";
	if (view.size < 4)
		return NULL;
	return data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0 ?
	    "UTF-16LE" : data[0] == 0 && data[1] != 0 && data[2] == 0 &&
	    data[3] != 0 ? "UTF-16BE" : NULL;
}

/*
 * Editors of Windows put a mark before the text.  openssl takes it for part of
 * the first line's status, which is none then.  Written back by cat, the index
 * keeps its owner and mode.
 */
static enum err
check_mark(struct index_lines *lines, struct error *err)
{
	const struct shell_word path = path_word(lines);
	const char *wide;
	struct span view;

	if (lines->window.size < 3)
		return ERR_OK;
	TRY(window_view(&lines->window, 0, lines->window.size < 4 ? 3 : 4,
	    &view, err));
	wide = find_wide(view);
	if (text_skip_mark(&view))
		return err_remedy(err, err_fail(err, ERR_FORMAT, "the file "
		    "begins with a UTF-8 byte order mark"), "remove the mark: "
		    "sed -i '1s/^\\xef\\xbb\\xbf//' %s", path.text);
	return wide == NULL ? ERR_OK : err_remedy(err, err_fail(err,
	    ERR_FORMAT, "the file is UTF-16"), "make it ASCII again: iconv -f "
	    "%s -t UTF-8 %s >index.new && cat index.new >%s", wide, path.text,
	    path.text);
}

/*
 * openssl takes a line in pieces of 511 octets, and drops but one that begins
 * with #: what follows in the comment is a line of its own to it.
 */
static enum err
check_comment(const struct index_lines *lines, struct span text,
    struct error *err)
{
	if (text.size < COMMENT_SIZE)
		return ERR_OK;
	return err_remedy(err, err_fail(err, ERR_FORMAT, "the comment has %zu "
	    "octets, and openssl reads what is behind the %dth as a line of "
	    "its own", text.size, COMMENT_SIZE), "divide it: LC_ALL=C sed -i "
	    "'/^#/s/.\\{500\\}/&\\n#/g' %s", path_word(lines).text);
}

/* Its errors are those of index_lines_next, without path and number. */
static enum err
next_line(struct index_lines *lines, struct index_line *out, bool *has_line,
    struct error *err)
{
	struct span text;

	for (;;) {
		*has_line = lines->offset < lines->window.size;
		if (!*has_line)
			return ERR_OK;
		if (lines->number++ == 0)
			TRY(check_mark(lines, err));
		out->offset = lines->offset;
		TRY(take_line(lines, &text, err));
		if (text.size == 0 || text.data[0] != '#')
			break;
		TRY(check_comment(lines, text, err));
	}
	if (text.size == 0 || (text.size == 1 && text.data[0] == '\r'))
		return err_remedy(err, index_line_parse(text, out, err),
		    "remove empty lines: sed -i '/^\\r*$/d' %s",
		    path_word(lines).text);
	if (text.data[0] == CTRL_Z && (text.size == 1 ||
	    (text.size == 2 && text.data[1] == '\r')))
		return fail_ctrl_z(lines, err);
	if (memchr(text.data, '\0', text.size) != NULL)
		return err_fail(err, ERR_FORMAT, "the line has a NUL octet");
	return index_line_parse(text, out, err);
}

enum err
index_lines_next(struct index_lines *lines, struct index_line *out,
    bool *has_line, struct error *err)
{
	enum err code = next_line(lines, out, has_line, err);
	char place[4096 + 24];

	if (code == ERR_OK)
		return ERR_OK;
	if (code == ERR_FORMAT && err != NULL && err->remedy[0] == '\0')
		code = err_remedy(err, code, "correct that line, or restore "
		    "%s from backup", lines->path);
	snprintf(place, sizeof(place), "%s:%lu", lines->path, lines->number);
	return err_about(err, code, place);
}

enum err
index_lines_fail_double(const struct index_lines *lines, unsigned long other,
    struct error *err)
{
	return err_remedy(err, err_fail(err, ERR_FORMAT,
	    "%s:%lu: the serial is that of line %lu again", lines->path,
	    lines->number, other), "remove one of the two lines from %s",
	    lines->path);
}
