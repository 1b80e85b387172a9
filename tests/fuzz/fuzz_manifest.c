/* SPDX-License-Identifier: ISC */
/*
 * Every refusal must say why; what is taken must come back from its own text
 * as the same text.
 */
#include <stdlib.h>

#include "ferry/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RELEASE_MANIFEST struct manifest first = {0}, second = {0};
	RELEASE_BUFFER struct buffer text = {0}, again = {0};
	struct error err = {0};

	if (manifest_parse((struct span){ data, size }, &first, &err) !=
	    ERR_OK) {
		if (err.code == ERR_OK || err.what[0] == '\0')
			abort();
		return 0;
	}
	if (manifest_encode(&first, &text, &err) != ERR_OK)
		abort();
	if (manifest_parse(span_of_buffer(&text), &second, &err) != ERR_OK)
		abort();
	if (manifest_encode(&second, &again, &err) != ERR_OK)
		abort();
	if (!span_equals(span_of_buffer(&text), span_of_buffer(&again)))
		abort();
	return 0;
}
