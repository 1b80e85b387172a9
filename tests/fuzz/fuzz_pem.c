/* SPDX-License-Identifier: ISC */
/*
 * Every refusal must say why; blocks lie in the text, one behind the other, and
 * what is decoded comes back from its own text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ferry/kind.h"
#include "must.h"
#include "pki/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From "-----BEGIN" to behind "-----END", and the body between the two. */
static void
check_place(struct span text, size_t after, const struct pem_block *block)
{
	static const char begin[] = "-----BEGIN ", end[] = "-----END ";
	const uint8_t *body = block->body.data;
	const uint8_t *body_end = body + block->body.size;

	if (block->begin < after || block->end <= block->begin ||
	    block->end > text.size || body < text.data + block->begin ||
	    body_end > text.data + block->end ||
	    memcmp(text.data + block->begin, begin, strlen(begin)) != 0 ||
	    memcmp(body_end, end, strlen(end)) != 0)
		abort();
	if (memchr(block->label, '\0', sizeof(block->label)) == NULL ||
	    !text_is_printable(block->label, sizeof(block->label)))
		abort();
}

/* Behind what stood in the buffer before, which stays. */
static void
try_decode(const struct pem_block *block)
{
	RELEASE_BUFFER struct buffer out = {0}, text = {0}, again = {0};
	struct pem_block second;
	struct error err = {0};
	size_t offset = 0;

	if (buffer_append_text(&out, "x", NULL) != ERR_OK)
		abort();
	if (is_refused(pem_decode(block, &out, &err), &err)) {
		if (out.size != 1)
			abort();
		return;
	}
	if (out.size - 1 > block->body.size || out.data[0] != 'x' ||
	    pem_encode(block->label, span_of_buffer(&out), &text, &err) !=
	    ERR_OK ||
	    !pem_next(span_of_buffer(&text), &offset, &second) ||
	    offset != text.size || strcmp(second.label, block->label) != 0 ||
	    pem_decode(&second, &again, &err) != ERR_OK ||
	    !span_equals(span_of_buffer(&out), span_of_buffer(&again)))
		abort();
}

/* The whole as one file: DER, or one block. */
static void
try_file(struct span file, const char *label)
{
	RELEASE_BUFFER struct buffer out = {0}, text = {0}, again = {0};
	struct error err = {0};

	if (is_refused(pem_or_der(file, label, &out, &err), &err)) {
		if (out.size != 0)
			abort();
		return;
	}
	if (out.size == 0 || out.size > file.size ||
	    pem_encode(label, span_of_buffer(&out), &text, &err) != ERR_OK ||
	    pem_or_der(span_of_buffer(&text), label, &again, &err) !=
	    ERR_OK ||
	    !span_equals(span_of_buffer(&out), span_of_buffer(&again)))
		abort();
}

/* The same of a file that somebody hands over: of it, text alone is shown. */
static void
try_kind(struct span file, enum kind want)
{
	RELEASE_BUFFER struct buffer out = {0};
	struct error err = {0};

	if (is_refused(kind_take("f", file, want, &out, &err), &err))
		must(out.size == 0 && err.remedy[0] != '\0' &&
		    text_is_printable(err.what, sizeof(err.what)) &&
		    text_is_printable(err.remedy, sizeof(err.remedy)));
	else
		must(out.size > 0 && out.size <= file.size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { data, size };
	struct pem_block block;
	size_t offset = 0, before;

	for (before = 0; pem_next(text, &offset, &block); before = offset) {
		if (offset != block.end)
			abort();
		check_place(text, before, &block);
		try_decode(&block);
	}
	try_file(text, PEM_CRL);
	try_file(text, PEM_CERTIFICATE);
	try_kind(text, KIND_CRL);
	try_kind(text, KIND_CERTIFICATE);
	try_kind(text, kind_of(text));
	must(kind_name(text) == NULL || kind_name(text)[0] != '\0');
	return 0;
}
