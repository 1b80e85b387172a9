/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "pki/der.h"
#include "pki/pem.h"

#define LINE_SIZE 64
#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define BOUNDARY_SIZE sizeof(BEGIN DASHES "\n")	/* without its label */

/* Take a line off the front of text; its LF is taken, but not part of it. */
static struct span
take_line(struct span *text)
{
	const uint8_t *feed = memchr(text->data, '\n', text->size);
	struct span line = *text;
	size_t taken = text->size;

	if (feed != NULL) {
		line.size = (size_t)(feed - text->data);
		taken = line.size + 1;
	}
	text->data += taken;
	text->size -= taken;
	/* As OpenSSL has it: blanks, and every control character. */
	while (line.size > 0 && line.data[line.size - 1] <= ' ')
		line.size--;
	return line;
}

/* Has the line this boundary in it, and which label? */
static bool
is_boundary(struct span line, const char *begin, struct span *label)
{
	size_t begin_size = strlen(begin), dashes_size = strlen(DASHES);

	if (line.size <= begin_size + dashes_size ||
	    memcmp(line.data, begin, begin_size) != 0 ||
	    memcmp(line.data + line.size - dashes_size, DASHES,
	    dashes_size) != 0)
		return false;
	label->data = line.data + begin_size;
	label->size = line.size - begin_size - dashes_size;
	return true;
}

/* Printable ASCII only: labels are shown (RFC 7468 3). */
static bool
copy_label(struct span label, char out[64])
{
	if (label.size > 63)
		return false;
	for (size_t i = 0; i < label.size; i++)
		if (label.data[i] < 0x20 || label.data[i] > 0x7e)
			return false;
	memcpy(out, label.data, label.size);
	out[label.size] = '\0';
	return true;
}

/*
 * One pass: a boundary that does not belong to the block which is open ends
 * it, so that many false beginnings cost no more than one.
 */
bool
pem_next(struct span text, size_t *offset, struct pem_block *out)
{
	struct pem_block block;
	struct span rest, line, label;
	bool is_open = false;

	if (*offset >= text.size)
		return false;
	rest.data = text.data + *offset;
	rest.size = text.size - *offset;
	/* A byte order mark, of each file that went into this one. */
	(void)text_skip_mark(&rest);
	while (rest.size > 0) {
		size_t begin = (size_t)(rest.data - text.data);

		line = take_line(&rest);
		if (is_boundary(line, BEGIN, &label)) {
			is_open = copy_label(label, block.label);
			block.begin = begin;
			block.body.data = rest.data;
		} else if (is_open && is_boundary(line, END, &label)) {
			is_open = false;
			if (!span_equals(label, span_of_text(block.label)))
				continue;
			block.body.size = (size_t)(line.data - block.body.data);
			block.end = (size_t)(rest.data - text.data);
			*offset = block.end;
			*out = block;
			return true;
		}
	}
	return false;
}

enum err
pem_decode(const struct pem_block *block, struct buffer *out,
    struct error *err)
{
	return err_about(err, base64_decode(block->body, true, out, err),
	    block->label);
}

static enum err
append_lines(struct buffer *out, struct span text, struct error *err)
{
	for (size_t i = 0; i < text.size; i += LINE_SIZE) {
		size_t left = text.size - i;

		TRY(buffer_append(out, text.data + i,
		    left < LINE_SIZE ? left : LINE_SIZE, err));
		TRY(buffer_append(out, "\n", 1, err));
	}
	return ERR_OK;
}

enum err
pem_encode(const char *label, struct span der, struct buffer *out,
    struct error *err)
{
	RELEASE_BUFFER struct buffer text = {0};

	TRY(base64_encode(der, &text, err));
	/* All the room first, so that a failure leaves out as it was. */
	TRY(buffer_reserve(out, 2 * (strlen(label) + BOUNDARY_SIZE) +
	    text.size + text.size / LINE_SIZE + 1, err));
	TRY(buffer_appendf(out, err, BEGIN "%s" DASHES "\n", label));
	TRY(append_lines(out, span_of_buffer(&text), err));
	return buffer_appendf(out, err, END "%s" DASHES "\n", label);
}

bool
pem_is_der(struct span file)
{
	return file.size >= 2 && file.data[0] == DER_SEQUENCE &&
	    ((file.data[1] & 0xf0) == 0x80 ||
	    file.data[1] == file.size - 2);
}

bool
pem_is_label(const char *wanted, const char *label)
{
	return strcmp(label, wanted) == 0 ||
	    (strcmp(wanted, PEM_CERTIFICATE) == 0 &&
	    (strcmp(label, "X509 CERTIFICATE") == 0 ||
	    strcmp(label, PEM_TRUSTED) == 0));
}

/* One SEQUENCE and nothing behind it. */
static enum err
check_frame(struct span der, const char *label, struct error *err)
{
	struct der_value value;

	TRY(der_expect(&der, DER_SEQUENCE, label, &value, err));
	return der_end(der, label, err);
}

static enum err
find_only_block(struct span file, const char *label, struct pem_block *out,
    struct error *err)
{
	struct pem_block block;
	size_t offset = 0, found = 0;

	while (pem_next(file, &offset, &block)) {
		if (!pem_is_label(label, block.label))
			continue;
		if (found++ == 0)
			*out = block;
	}
	if (found == 1)
		return ERR_OK;
	return found == 0 ? err_fail(err, ERR_FORMAT,
	    "%s: neither DER nor such a PEM block", label) :
	    err_fail(err, ERR_FORMAT, "%s: want one PEM block, have %zu",
	    label, found);
}

enum err
pem_or_der(struct span file, const char *label, struct buffer *out,
    struct error *err)
{
	struct pem_block block;
	size_t before = out->size;
	struct der_value value;
	struct span der;
	enum err code;

	if (pem_is_der(file)) {
		TRY(check_frame(file, label, err));
		return buffer_append(out, file.data, file.size, err);
	}
	TRY(find_only_block(file, label, &block, err));
	TRY(pem_decode(&block, out, err));
	der.data = out->data + before;
	der.size = out->size - before;
	if (strcmp(block.label, PEM_TRUSTED) == 0 && der_next(&der, label,
	    &value, NULL) == ERR_OK) {
		der = value.whole;
		out->size = before + der.size;
	}
	code = check_frame(der, label, err);
	if (code != ERR_OK)
		out->size = before;
	return code;
}
