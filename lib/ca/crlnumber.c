/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "ca/crlnumber.h"

#define FILE_MAX (64 * 1024)
#define ALONE_MAX 128		/* of a number and nothing else */
#define GETS_MAX 1023		/* what OpenSSL takes of a line at once */
#define BLANKS " \t\r\n"

static void
skip(struct span *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

static void
skip_blanks(struct span *text)
{
	while (text->size > 0 && memchr(BLANKS, text->data[0],
	    strlen(BLANKS)) != NULL)
		skip(text, 1);
}

static size_t
count_digits(struct span text)
{
	size_t count = 0;

	while (count < text.size && isxdigit(text.data[count]) != 0)
		count++;
	return count;
}

/* As BIO_gets takes it, up to a NUL, and without its end. */
static struct span
take_line(struct span *rest)
{
	struct span line = *rest;
	const uint8_t *end;

	if (line.size > GETS_MAX)
		line.size = GETS_MAX;
	end = line.size == 0 ? NULL : memchr(line.data, '\n', line.size);
	if (end != NULL)
		line.size = (size_t)(end - line.data);
	skip(rest, line.size + (end != NULL));
	end = line.size == 0 ? NULL : memchr(line.data, '\0', line.size);
	if (end != NULL)
		line.size = (size_t)(end - line.data);
	if (line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	return line;
}

/*
 * The digits that a2i_ASN1_INTEGER reads: those of the first line, and as long
 * as a line ends with a backslash, which costs the digit before it, those of
 * the next.  *rest is what it does not look at; *fault why it fails, or NULL.
 */
static enum err
read_digits(struct span *rest, struct buffer *digits, const char **fault,
    struct error *err)
{
	bool goes_on = true;

	*fault = NULL;
	while (goes_on && *fault == NULL) {
		const struct span before = *rest;
		const struct span line = take_line(rest);
		size_t count = count_digits(line);

		if (line.size == 0)
			*fault = before.size == 0 && digits->size == 0 ?
			    "is empty" : "has an empty line in place of the "
			    "number";
		else if (count < 2)
			*fault = digits->size == 0 ? "does not begin with two "
			    "hexadecimal digits" : "goes on in a line that "
			    "does not begin with two hexadecimal digits";
		goes_on = line.size > 0 && line.data[line.size - 1] == '\\';
		if (*fault != NULL)
			return ERR_OK;
		count -= goes_on ? 1 : 0;
		if (count % 2 != 0)
			*fault = "has an odd number of digits";
		TRY(buffer_append(digits, line.data, count, err));
		if (!goes_on) {
			*rest = before;
			skip(rest, count);
		}
	}
	return ERR_OK;
}

/*
 * Can it be nothing but a number, however it was edited?  Another file, such as
 * the key, may have been named for it, and must not be written over.
 */
static bool
is_number_alone(struct span text)
{
	static const char known[] = "0123456789abcdefABCDEFxX+-\\";

	if (text.size > ALONE_MAX)
		return false;
	skip_blanks(&text);
	while (text.size > 0 && memchr(BLANKS, text.data[text.size - 1],
	    strlen(BLANKS)) != NULL)
		text.size--;
	for (size_t i = 0; i < text.size; i++)
		if (memchr(known, text.data[i], strlen(known)) == NULL)
			return false;
	return true;
}

/* The commands are for what can only be a number. */
static enum err
remedy_other(enum err code, struct error *err)
{
	return err_remedy(err, code, "if that is another file, correct "
	    "\"crlnumber\" in the configuration (init: --crlnumber); else "
	    "write the number of the next CRL alone to it, in hexadecimal");
}

/* UTF-16 without the octets that make it that. */
static enum err
refuse_wide(const char *path, struct span file, struct error *err)
{
	const enum err code = err_fail(err, ERR_FORMAT, "%s is UTF-16 text, "
	    "which openssl does not read either", path);
	uint8_t narrow[ALONE_MAX];
	size_t size = 0;

	for (size_t i = 2; i < file.size && size < ALONE_MAX; i++)
		if (file.data[i] != '\0')
			narrow[size++] = file.data[i];
	if (size == ALONE_MAX ||
	    !is_number_alone((struct span){narrow, size}))
		return remedy_other(code, err);
	return err_remedy(err, code, "write the number to it as plain text: "
	    "echo NUMBER >%s", shell_word(path, strlen(path)).text);
}

/* Why OpenSSL reads no number either, and the command that mends it. */
static enum err
refuse(const char *path, struct span file, const char *fault,
    struct error *err)
{
	const struct shell_word word = shell_word(path, strlen(path));
	struct span text = file;
	size_t count;
	enum err code;

	if (text_is_utf16(text))
		return refuse_wide(path, file, err);
	if (text_skip_mark(&text)) {
		code = err_fail(err, ERR_FORMAT, "%s begins with a byte order "
		    "mark, which openssl does not read either", path);
		return !is_number_alone(text) ? remedy_other(code, err) :
		    err_remedy(err, code, "take it off: sed -i "
		    "'1s/^\\xEF\\xBB\\xBF//' %s", word.text);
	}
	code = err_fail(err, ERR_FORMAT, "%s %s, and openssl does not read it "
	    "either", path, fault);
	if (!is_number_alone(text))
		return remedy_other(code, err);
	skip_blanks(&text);
	if (span_starts_with(text, "0x") || span_starts_with(text, "0X"))
		skip(&text, 2);
	count = count_digits(text);
	if (count > 0 && count < NUMBER_TEXT_SIZE)
		return err_remedy(err, code, "if this is the number of the "
		    "next CRL: echo %s%.*s >%s", count % 2 == 0 ? "" : "0",
		    (int)count, (const char *)text.data, word.text);
	return err_remedy(err, code, "write the number of the next CRL to it, "
	    "in hexadecimal: echo NUMBER >%s", word.text);
}

static enum err
read_file(const char *path, struct buffer *out, struct error *err)
{
	const enum err code = file_read(path, FILE_TRUSTED, FILE_MAX, out,
	    err);

	/* A folder, a FIFO, or something far too large. */
	return code == ERR_FORMAT ? err_remedy(err, code, "correct "
	    "\"crlnumber\" in the configuration (init: --crlnumber)") : code;
}

enum err
crlnumber_load(const char *path, bool *found, struct number *next,
    struct notices *notices, struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0}, digits = {0};
	struct span rest;
	const char *fault;
	bool is_there;

	TRY(file_find(path, &is_there, err));
	*found = false;
	if (!is_there)
		return ERR_OK;
	TRY(read_file(path, &text, err));
	rest = span_of_buffer(&text);
	TRY(read_digits(&rest, &digits, &fault, err));
	if (fault != NULL)
		return refuse(path, span_of_buffer(&text), fault, err);
	if (!number_from_hex(span_of_buffer(&digits), next) ||
	    !number_fits(next))
		return err_remedy(err, err_fail(err, ERR_FORMAT,
		    "%s: the number is larger than 2^159-1", path),
		    "move it away, and it is made again from the archive and "
		    "the ledger; if that is another file, correct "
		    "\"crlnumber\" in the configuration");
	skip_blanks(&rest);
	if (rest.size > 0)
		notice(notices, "%s has more than a number in it, which is "
		    "left out when the next is written, as openssl does",
		    path);
	*found = true;
	return ERR_OK;
}

enum err
crlnumber_save(const char *path, const struct number *next,
    struct error *err)
{
	char line[NUMBER_TEXT_SIZE + 1];
	char hex[NUMBER_TEXT_SIZE];
	char target[PATH_MAX];
	bool is_there;

	/* A link in its place stays one, as with the index. */
	TRY(file_find(path, &is_there, err));
	if (is_there) {
		if (realpath(path, target) == NULL)
			return file_fail(err, path, "find");
		path = target;
	}
	number_format_hex(next, hex);
	snprintf(line, sizeof(line), "%s\n", hex);
	return file_replace(path, span_of_text(line), 0644, err);
}

void
crlnumber_note_leap(const char *subject, const struct number *last,
    const struct number *next, struct notices *notices)
{
	const struct number most = number_from_u64(LEAP_MAX);
	char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
	struct number leap;

	if (number_compare(next, last) <= 0)
		return;
	leap = number_difference(next, last);
	if (number_compare(&leap, &most) <= 0)
		return;
	number_format(last, 0, from);
	number_format(next, 0, to);
	notice_safety(notices, "ATTENTION: %s: the number leaps from #%s to "
	    "#%s, and a subordinate that has it never takes a lower one again: "
	    "if that is a mistake, export nothing and see RECOVERING in "
	    "crlferry-root(1)", subject, from, to);
}
